// A file that is taken in: how far that is, what came of its rows, and those that were refused.

import { html, nothing } from "./part.js";
import { codeWord, t, title } from "./texts.js";
import { HEAD, ThingPage } from "./thing.js";
import { facts } from "./value.js";

const APART = [...HEAD, "kind", "progress", "counts", "rejected_rows"];
const ENDS = ["done", "failed"];
const RUNNING = 1_000; // milliseconds between looks while rows are read

class ScreenImport extends ThingPage {
  title({ kind }) {
    return title("job", kind);
  }

  get fresh() {
    return !this.loaded || ENDS.includes(this.loaded.thing.status) ? super.fresh : RUNNING;
  }

  about(file) {
    const { progress, counts, rejected_rows: rejected } = file;
    const share = t("{done} of {all} bytes", { done: progress?.bytes_read ?? 0, all: progress?.bytes_total ?? 0 });
    return html`<section class="card"><h2>${t("How far it is")}</h2>${progress ? html`<progress max=${progress.bytes_total || 1} value=${progress.bytes_read} aria-label=${share}></progress><p>${share} · ${t("{count} rows", { count: progress.rows_read })}</p>` : html`<p class="faint">${t("Its file has not come yet.")}</p>`}
        ${file.reason ? html`<p class="note bad">${codeWord(file.reason)}</p>` : nothing}</section>
      <div class="sides">${counts ? html`<section class="card"><h2>${t("What came of its rows")}</h2>${facts(counts)}
        ${rejected ? html`<p><a href=${rejected.url} rel="noopener" download=${rejected.name}>${t("The rows that were refused, with the reasons")}</a></p>` : nothing}</section>` : nothing}
        ${file.status === "failed" ? html`<section class="card"><h2>${t("About it")}</h2>${facts(file, { without: APART })}</section>` : nothing}</div>`;
  }
}
customElements.define("screen-import", ScreenImport);

// A run: how far it is while it goes, what came of it, what was set aside and why, and the certificate that it ended with.

import { ifAny, table } from "./hub.js";
import { html, nothing } from "./part.js";
import { codeWord, fieldName, t, title } from "./texts.js";
import { HEAD, ThingPage } from "./thing.js";
import { currencyOf } from "./units.js";
import { facts } from "./value.js";

const APART = [...HEAD, "counts", "failures", "files", "shards", "shards_done", "certificate"];
const ENDS = ["done", "failed"];
const RUNNING = 1_000; // milliseconds between looks while it runs

class ScreenRun extends ThingPage {
  title({ job, period }) {
    return `${title("job", job)} ${period}`;
  }

  get fresh() {
    return !this.loaded || ENDS.includes(this.loaded.thing.status) ? super.fresh : RUNNING;
  }

  /** Amounts that a run counts are those of deposits. */
  async more({ counts }) {
    return Object.keys(counts).some((name) => name.endsWith("_minor")) ? { currency: currencyOf(await ifAny("/v1/deposit-rulebooks")) } : {};
  }

  about(run, { currency }) {
    const share = t("{done} of {all} parts", { done: run.shards_done, all: run.shards });
    return html`<section class="card"><h2>${t("How far it is")}</h2><progress max=${run.shards} value=${run.shards_done} aria-label=${share}></progress><p>${share}</p>
        ${run.certificate ? html`<p>${t("Its certificate, over all it decided:")} <code>${run.certificate}</code></p>` : nothing}
        ${run.reason ? html`<p class="note bad">${codeWord(run.reason)}</p>` : nothing}</section>
      <div class="sides"><section class="card"><h2>${t("What came of it")}</h2>${facts(run.counts, { currency })}</section><section class="card"><h2>${t("About it")}</h2>${facts(run, { without: APART })}</section></div>
      ${run.failures.length ? html`<section class="card"><h2>${t("Set aside")}</h2>${table(run.failures, Object.keys(run.failures[0]).map((name) => [fieldName(name), (failure) => failure[name]]))}</section>` : nothing}
      ${run.files.length ? html`<section class="card"><h2>${t("Files")}</h2><ul class="plain">${run.files.map(({ url }, place) => html`<li><a href=${url} download>${t("Part {number}", { number: place + 1 })}</a></li>`)}</ul></section>` : nothing}`;
  }
}
customElements.define("screen-run", ScreenRun);

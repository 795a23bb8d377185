// One version of the rules: what it changes, what its author was warned of, what trying it out came to, and its terms.

import { get } from "./api.js";
import { changes, findings, tally } from "./rulebook.js";
import { html, nothing } from "./part.js";
import { holds } from "./session.js";
import { pill } from "./status.js";
import { t } from "./texts.js";
import { ThingPage } from "./thing.js";
import { facts, momentText } from "./value.js";

class ScreenRulebook extends ThingPage {
  async more() {
    const [diff, previews] = await Promise.all([get(`${this.path}/diff`), holds(["deposits"]) ? get(`${this.path}/previews`) : { items: [] }]);
    return { diff, previews: previews.items };
  }

  about(book, { diff, previews }) {
    return html`<p>${t("Takes effect {when}", { when: momentText(book.effective_at) })} · <code title=${book.hash}>${book.hash.slice(0, 16)}</code></p>
      ${holds(["deposits"]) ? html`<p class="buttons"><a href="#/rulebook-draft/${book.id}">${t("Write a version based on it")}</a></p>` : nothing}
      ${findings(book.warnings)}
      <section class="card"><h2>${t("What it changes against {version}", { version: diff.from })}</h2>${changes(diff.changes, book.terms.currency)}</section>
      ${previews.toReversed().map((preview) => html`<section class="card"><h2>${t("Tried out {when} against {version}", { when: momentText(preview.at), version: preview.against })} ${pill(preview.status)}</h2>
        ${preview.result ? tally(preview.result) : html`<p><a href="#/runs/${preview.run_id}">${t("How far it has come")}</a></p>`}</section>`)}
      <section class="card"><details><summary>${t("The terms")}</summary>${facts(book.terms)}</details></section>`;
  }
}
customElements.define("screen-rulebook", ScreenRulebook);

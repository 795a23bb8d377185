// Rulebooks of deposits: the one in force, those that are announced and those before; and the way to write the next one.

import { get } from "./api.js";
import { Loading, html, nothing } from "./part.js";
import { holds } from "./session.js";
import { pill } from "./status.js";
import { t } from "./texts.js";
import { momentText } from "./value.js";

class ScreenRulebooks extends Loading {
  get subject() {
    return this.path;
  }

  load() {
    return get("/v1/deposit-rulebooks");
  }

  show({ in_force: book, announced, superseded }) {
    return html`<h1>${t("Rulebooks of deposits")}</h1>
      ${holds(["deposits"]) ? html`<p class="buttons"><a href="#/rulebook-draft/${book.id}">${t("Write the next version")}</a></p>` : nothing}
      <div class="scroll" tabindex="0" role="region" aria-label=${t("Rulebooks of deposits")}><table><thead><tr><th scope="col">${t("Version")}</th><th scope="col">${t("Status")}</th><th scope="col">${t("Announced")}</th><th scope="col">${t("Takes effect")}</th></tr></thead>
        <tbody>${[...announced, book, ...superseded].map((each) => html`<tr><td><a href="#/deposit-rulebooks/${each.id}">${each.id}</a></td><td>${pill(each.status)}</td>
          <td>${momentText(each.announced_at)}</td><td>${momentText(each.effective_at)}</td></tr>`)}</tbody></table></div>`;
  }
}
customElements.define("screen-rulebooks", ScreenRulebooks);

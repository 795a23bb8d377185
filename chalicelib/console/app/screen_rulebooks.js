// Rulebooks of deposits, the last first: those that are announced, the one in force and those before; and the way to write the next one.

import { get } from "./api.js";
import { table } from "./hub.js";
import { Loading, html, nothing } from "./part.js";
import { holds } from "./session.js";
import { pill } from "./status.js";
import { t } from "./texts.js";

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
      ${table([...announced, book, ...superseded].sort((one, other) => other.effective_at.localeCompare(one.effective_at)), [
        [t("Version"), ({ id }) => id],
        [t("Status"), ({ status }) => pill(status)],
        [t("Announced"), ({ announced_at: at }) => at],
        [t("Takes effect"), ({ effective_at: at }) => at],
      ], ({ id }) => `#/deposit-rulebooks/${id}`, t("Rulebooks of deposits"))}`;
  }
}
customElements.define("screen-rulebooks", ScreenRulebooks);

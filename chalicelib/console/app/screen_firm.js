// A firm's profile. What is sealed in it is shown to who has said why, for as long as that lasts; the firm reads it, too.

import { get } from "./api.js";
import { html, nothing } from "./part.js";
import { codeWord, fieldName, t } from "./texts.js";
import { HEAD, ThingPage } from "./thing.js";
import { now } from "./time.js";
import { facts, isObject, momentText } from "./value.js";

const APART = [...HEAD, "name"];

class ScreenFirm extends ThingPage {
  static properties = { ...ThingPage.properties, disclosed: { state: true } };

  async answered({ command, answer }) {
    if (command.name === "firms_disclose") this.disclosed = { of: this.path, until: answer.expires_at, ...(await get(`${this.path}/disclosures/${answer.id}`)) };
  }

  about(firm) {
    const { of, until, opened, documents } = this.disclosed ?? {};
    const isOpen = of === this.path && new Date(until) > now();
    return html`${isOpen ? html`<section class="card"><h2>${t("What was sealed, until {when}", { when: momentText(until) })}</h2>${facts(opened)}
        <ul class="plain">${documents.map(({ name, url }) => html`<li><a href=${url} rel="noopener">${codeWord(name)}</a></li>`)}</ul></section>` : nothing}
      ${this.#profile(firm)}`;
  }

  /** What it is on a line each, then its people, accounts and documents, each over the whole width. */
  #profile(firm) {
    const parts = Object.entries(firm).filter(([name, value]) => !APART.includes(name) && Array.isArray(value) && value.some(isObject));
    return html`<section class="card">${facts(firm, { without: [...APART, ...parts.map(([name]) => name)], of: this.folder })}</section>
      ${parts.map(([name, value]) => html`<section class="card"><h2>${fieldName(name, this.folder)}</h2><a-value .value=${value}></a-value></section>`)}`;
  }
}
customElements.define("screen-firm", ScreenFirm);

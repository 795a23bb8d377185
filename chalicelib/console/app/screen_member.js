// A member's page: who it is, and everything of it that these duties open, with what officers have noted.

import { get } from "./api.js";
import { html, nothing } from "./part.js";
import { ThingPage } from "./thing.js";
import { pill } from "./status.js";
import { codeWord, t } from "./texts.js";
import { placeAt } from "./things.js";
import { facts, moneyText, plain } from "./value.js";

const HEAD = ["id", "version", "status", "created_at", "updated_at", "allowed_actions", "deadlines"];

class ScreenMember extends ThingPage {
  more(member) {
    return get(`/v1/members/${member.id}/overview`);
  }

  about(member, { cover, deposit, sections }) {
    return html`<div class="sides"><section class="card"><h2>${t("Who it is")}</h2>${facts(member, { without: HEAD })}</section>
        ${part(t("Cover"), cover)}${part(t("Deposit"), deposit)}
        ${sections.filter(({ items }) => items.length).map((section) => list(section))}</div>`;
  }
}
customElements.define("screen-member", ScreenMember);

const part = (title, told) => (told ? html`<section class="card"><h2><a href=${placeAt(told.href)}>${title}</a></h2>${facts(told, { without: ["href"] })}</section>` : nothing);

/** The first few of a kind, and the way to all of them. */
const list = ({ name, href, items, has_more: more }) => html`<section class="card"><h2><a href=${placeAt(href)}>${codeWord(name)}</a></h2>
  <ul class="plain">${items.map((item) => html`<li><a href=${placeAt(item.href)}>${item.label ? plain(item.label) : html`<code>${item.id}</code>`}</a>
    ${pill(item.status)} ${item.amount ? html`<span class="money">${moneyText(item.amount)}</span>` : nothing}</li>`)}</ul>
  ${more ? html`<p><a href=${placeAt(href)}>${t("All of them")}</a></p>` : nothing}</section>`;

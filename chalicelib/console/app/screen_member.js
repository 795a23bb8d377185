// A member's page: who it is, and everything of it that these duties open, with what officers have noted.

import { get } from "./api.js";
import { ifAny } from "./hub.js";
import { html, nothing } from "./part.js";
import { HEAD, ThingPage } from "./thing.js";
import { pill } from "./status.js";
import { codeWord, t } from "./texts.js";
import { placeAt } from "./things.js";
import { facts, moneyText, plain } from "./value.js";

class ScreenMember extends ThingPage {
  async more({ id }) {
    const [overview, integrity, supplier] = await Promise.all([get(`/v1/members/${id}/overview`), ifAny(`/v1/members/${id}/integrity`), ifAny(`/v1/suppliers/${id}`)]);
    return { ...overview, integrity, penalties: supplier?.version ? supplier.points : undefined };
  }

  about(member, { cover, deposit, integrity, penalties, sections }) {
    return html`<div class="sides"><section class="card"><h2>${t("Who it is")}</h2>${facts(member, { without: HEAD })}</section>
        ${part(t("Cover"), cover, "cover")}${part(t("Deposit"), deposit, "deposit")}${points(member.id, integrity, penalties)}
        ${sections.filter(({ items }) => items.length).map((section) => list(section))}</div>`;
  }
}
customElements.define("screen-member", ScreenMember);

const part = (title, summary, of) => (summary ? html`<section class="card"><h2><a href=${placeAt(summary.href)}>${title}</a></h2>${facts(summary, { without: ["href"], of })}</section>` : nothing);

/** What it has earned by repaying on time, and what it was given as a supplier for what it did wrong. */
const points = (id, integrity, penalties) => integrity || penalties ? html`<section class="card"><h2>${t("Points")}</h2>
  ${integrity ? html`<p><a href=${placeAt(`/v1/members/${id}/incentives`)}>${t("Earned: {points} of {most}.", { points: integrity.points, most: integrity.most_points })}</a> ${integrity.level ? html`<span class="badge">${codeWord(integrity.level)}</span>` : nothing}</p>` : nothing}
  ${penalties ? html`<p><a href=${placeAt(`/v1/suppliers/${id}`)}>${t("Penalties: {points}.", { points: penalties.total })}</a>
    ${t("From {frozen} its limit rises no more, from {cover} it gets no new cover, from {out} it is out of the programme.", { frozen: penalties.limit_frozen_from, cover: penalties.no_new_cover_from, out: penalties.disqualified_from })}</p>` : nothing}</section>` : nothing;

/** The first few of a kind, and the way to all of them. */
const list = ({ name, href, items, has_more: more }) => html`<section class="card"><h2><a href=${placeAt(href)}>${codeWord(name)}</a></h2>
  <ul class="plain">${items.map((item) => html`<li><a href=${placeAt(item.href)}>${item.label ? plain(item.label) : html`<code>${item.id}</code>`}</a>
    ${pill(item.status)} ${item.amount ? html`<span class="money">${moneyText(item.amount)}</span>` : nothing}</li>`)}</ul>
  ${more ? html`<p><a href=${placeAt(href)}>${t("All of them")}</a></p>` : nothing}</section>`;

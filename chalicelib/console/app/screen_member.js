// A member's page: who it is, and everything of it that an officer may see, each part asked for by itself.

import "./notes.js";
import { get } from "./api.js";
import { listOf, ofMember } from "./of_member.js";
import { Loading, html, nothing } from "./part.js";
import { isThere } from "./routes.js";
import { ThingPage } from "./thing.js";
import { inWords, t, word } from "./texts.js";
import { placeAt } from "./things.js";
import { facts, plain } from "./value.js";

const ONE = [
  ["suppliers", (id) => `/v1/suppliers/${id}`],
  ["coverage", (id) => `/v1/suppliers/${id}/coverage`],
  ["deposits", (id) => `/v1/deposits/${id}`],
  ["firms", (id) => `/v1/firms/${id}`],
  ["credit-limit", (id) => `/v1/members/${id}/credit-limit`],
  ["debts", (id) => `/v1/members/${id}/debts`],
  ["integrity", (id) => `/v1/members/${id}/integrity`],
  ["obligations", (id) => `/v1/members/${id}/obligations`],
];
const MANY = ["orders", "claims", "loans", "guarantee-groups", "alerts", "cases", "sanctions", "recoveries", "credit-applications", "credit-lines", "receivables", "settlements", "listings", "channel-memberships"];
const NO_NEWS = new Set([403, 404]);

class ScreenMember extends ThingPage {
  about(member) {
    return html`<section class="card">${facts(member, { without: ["id", "version", "status", "created_at", "updated_at", "allowed_actions", "deadlines"] })}</section>
      <div class="sides">${ONE.filter(([, place]) => isThere("GET", place(member.id))).map(([name, place]) => html`<member-part name=${name} .place=${place(member.id)}></member-part>`)}
        ${MANY.map((name) => html`<member-list name=${name} of=${member.id}></member-list>`)}</div>
      <officers-notes kind="member" about=${member.id}></officers-notes>`;
  }
}
customElements.define("screen-member", ScreenMember);

/** One thing of a member; nothing where it has none, or the officer may not see it. */
class MemberPart extends Loading {
  static properties = { ...Loading.properties, name: {}, place: { attribute: false } };

  get subject() {
    return this.place;
  }

  load() {
    return get(this.place).catch((problem) => {
      if (NO_NEWS.has(problem.status)) return null;
      throw problem;
    });
  }

  show(thing) {
    if (!thing) return nothing;
    const shown = Object.fromEntries(Object.entries(thing).filter(([, value]) => value === null || typeof value !== "object" || "amount" in value));
    return html`<section class="card"><h2><a href=${placeAt(this.place)}>${inWords(this.name)}</a></h2>${facts(shown, { without: ["id", "version", "updated_at", "member_id", "seller_id"] })}</section>`;
  }
}
customElements.define("member-part", MemberPart);

/** Things of one kind that a member is a party to: the first few, and the way to all of them. */
class MemberList extends Loading {
  static properties = { ...Loading.properties, name: {}, of: {} };

  get subject() {
    return `${this.name}/${this.of}`;
  }

  async load() {
    const [items, address] = await Promise.all([ofMember(this.name, this.of), listOf(this.name, this.of)]);
    return { items, address };
  }

  show({ items, address }) {
    if (!items.length) return nothing;
    return html`<section class="card"><h2><a href=${placeAt(address)}>${inWords(this.name)}</a></h2><ul class="plain">${items.slice(0, 8).map((item) => html`<li>
      <a href=${placeAt(`/v1/${this.name}/${item.id}`)}><code>${item.id}</code></a> <span class="badge">${word("status", item.status ?? "")}</span> <span class="faint">${plain(item.money ?? item.total ?? item.requested ?? item.principal ?? "")}</span></li>`)}</ul>
      ${items.length > 8 ? html`<p class="faint">${t("{count} in all.", { count: items.length })}</p>` : nothing}</section>`;
  }
}
customElements.define("member-list", MemberList);

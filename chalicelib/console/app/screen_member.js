// A member's page: who it is, and everything of it that an officer may see, each part asked for by itself.

import "./notes.js";
import { get } from "./api.js";
import { listOf, ofMember } from "./of_member.js";
import { Loading, html, nothing } from "./part.js";
import { isThere } from "./routes.js";
import { ThingPage } from "./thing.js";
import { inWords, t, word } from "./texts.js";
import { placeAt } from "./things.js";
import { facts, isMoney, plain } from "./value.js";

const ONE = [
  [() => t("As a supplier"), (id) => `/v1/suppliers/${id}`],
  [() => t("Cover"), (id) => `/v1/suppliers/${id}/coverage`],
  [() => t("Deposit"), (id) => `/v1/deposits/${id}`],
  [() => t("As a firm"), (id) => `/v1/firms/${id}`],
  [() => t("Integrity"), (id) => `/v1/members/${id}/integrity`],
  [() => t("Obligations"), (id) => `/v1/members/${id}/obligations`],
];
const MANY = ["orders", "claims", "loans", "guarantee-groups", "alerts", "cases", "sanctions", "recoveries", "credit-applications", "credit-lines", "receivables", "settlements", "listings", "channel-memberships"];
const OWN = new Set(["id", "version", "created_at", "updated_at", "member_id", "seller_id", "supplier_id", "allowed_actions"]);
const FEW = 6;
const NO_NEWS = new Set([403, 404]);

class ScreenMember extends ThingPage {
  about(member) {
    return html`<section class="card">${facts(member, { without: ["id", "version", "status", "created_at", "updated_at", "allowed_actions", "deadlines"] })}</section>
      <div class="sides">${ONE.filter(([, place]) => isThere("GET", place(member.id))).map(([name, place]) => html`<member-part .name=${name} .place=${place(member.id)}></member-part>`)}
        ${MANY.map((name) => html`<member-list name=${name} of=${member.id}></member-list>`)}</div>
      <officers-notes kind="member" about=${member.id}></officers-notes>`;
  }
}
customElements.define("screen-member", ScreenMember);

/** One thing of a member; nothing where it has none, or the officer may not see it. */
class MemberPart extends Loading {
  static properties = { ...Loading.properties, name: { attribute: false }, place: { attribute: false } };

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
    const shown = Object.entries(thing ?? {}).filter(([name, value]) => !OWN.has(name) && isShort(value));
    if (!shown.length) return nothing;
    return html`<section class="card"><h2><a href=${placeAt(this.place)}>${this.name()}</a></h2>${facts(Object.fromEntries(shown))}</section>`;
  }
}
customElements.define("member-part", MemberPart);

/** What fits into a part: a word, an amount, a few parts of the same form. */
const isShort = (value) => value !== null && (typeof value !== "object" || isMoney(value) || (Array.isArray(value) && value.length > 0 && value.length <= FEW));

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

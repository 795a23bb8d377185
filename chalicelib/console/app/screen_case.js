// A case to decide: both sides, what they handed in, the decision as the rules draft it with its arithmetic, and what there was before.
//
// Each kind of case says what it is made of in `KINDS`; what a kind does not name is shown as the plain facts.

import "./evidence.js";
import { get } from "./api.js";
import { table } from "./hub.js";
import { html, nothing } from "./part.js";
import { pill } from "./status.js";
import { differenceName, fieldName, t, title, word } from "./texts.js";
import { placeAt } from "./things.js";
import { ThingPage } from "./thing.js";
import { countryName, inUnit } from "./units.js";
import { facts, moneyText, shareText } from "./value.js";

const DECIDING = ["review", "evidence", "inspection", "escalated", "appealed", "determined"];
const DECISIONS = ["determine", "decide-appeal"];
const HEAD = ["id", "version", "status", "created_at", "updated_at", "allowed_actions", "deadlines"];

const KINDS = {
  claims: { sides: { buyer: "buyer_id", supplier: "supplier_id" }, drafted: true, without: ["evidence", "decisions", "statement", "reason", "requested", "buyer_id", "supplier_id"] },
  sanctions: { sides: { firm: "member_id" } },
  "reconciliation-items": { sides: { member: "member_id" }, without: ["differences"] },
  cases: { sides: { customer: "customer_id" }, without: ["messages"] },
};

class ScreenCase extends ThingPage {
  get kind() {
    return KINDS[this.path.split("/")[2]] ?? {};
  }

  /** Who the sides are, what was decided before, and the draft where there is something to decide. */
  async more(thing) {
    const isUndecided = this.kind.drafted && DECIDING.includes(thing.status);
    const [sides, draft, decisions] = await Promise.all([
      Promise.all(Object.entries(this.kind.sides ?? {}).filter(([, field]) => thing[field]).map(([side, field]) => sideOf(side, thing[field], thing.id))),
      isUndecided ? get(`${this.path}/draft`).catch(() => null) : null,
      this.kind.drafted ? get(`${this.path}/decisions`).catch(() => null) : null,
    ]);
    return { sides, draft, decisions: decisions?.items ?? [] };
  }

  /** A decision begins as the rules draft it. */
  filled({ actions }, { more }) {
    if (!more.draft || !DECISIONS.some((action) => actions.includes(action))) return {};
    const { outcome, approved, supplier_fault_percent: percent } = more.draft.draft;
    return { outcome, approved, supplier_fault_percent: percent };
  }

  about(thing, { sides, draft, decisions }) {
    const { without = [] } = this.kind;
    return html`${thing.requested ? html`<section class="card"><h2>${word("reason", thing.reason)} <span class="faint">${moneyText(thing.requested)}</span></h2><p class="said">${thing.statement}</p></section>` : nothing}
      ${sides.length ? html`<div class="sides">${sides.map((side) => this.#side(side, thing))}</div>` : nothing}
      ${(thing.messages ?? []).map((message) => html`<p class="said card"><span class="faint">${title("actor", message.by)}</span><br>${message.text}</p>`)}
      ${thing.differences?.length ? this.#differing(thing) : nothing}
      ${draft ? this.#draft(draft) : nothing}
      ${decisions.length ? html`<section class="card"><h2>${t("What was decided")}</h2>${decisions.map((decision) => html`${verdict(decision.decided)}<p>${decision.reasoning}</p>`)}</section>` : nothing}
      <section class="card"><h2>${t("All of it")}</h2>${facts(thing, { without: [...HEAD, ...without], of: this.folder })}</section>`;
  }

  #side({ side, id, member, others }, thing) {
    const files = (thing.evidence ?? []).filter(({ by, status }) => by === side && status === "submitted");
    return html`<section class="card"><h2>${word("actor", side)}</h2>
      <p><a href=${placeAt(`/v1/members/${id}`)}>${member?.name ?? id}</a> <span class="faint">${countryName(member?.country ?? "")}</span></p>
      ${files.length ? html`<div class="evidence">${files.map((file) => html`<evidence-file .file=${file} href="${this.path}/evidence/${file.id}"></evidence-file>`)}</div>` : nothing}
      <h3>${t("Earlier cases")}</h3>
      ${others.length ? html`<ul class="plain">${others.map((other) => html`<li>${title("thing", other.folder)} <a href=${placeAt(`/v1/${other.folder}/${other.id}`)}>${other.subject ?? html`<code>${other.id}</code>`}</a> ${pill(other.status)}</li>`)}</ul>` : html`<p class="faint">${t("None.")}</p>`}
    </section>`;
  }

  /** What the two have otherwise: figures are whole minor units, but for those that their name says count something else. */
  #differing({ differences, currency }) {
    const COUNTS = ["dpd", "last_seq"];
    const figure = (of, value) => (COUNTS.includes(of) || value === null ? value : inUnit(of.endsWith("_bp") ? of : `${of}_minor`, value, currency));
    return html`<section class="card"><h2>${t("What differs")}</h2>${table(differences, [
      [t("What"), ({ of }) => differenceName(of)],
      [t("Ours"), ({ of, ours }) => figure(of, ours)],
      [t("Theirs"), ({ of, theirs }) => figure(of, theirs)],
      [fieldName("detail"), ({ detail }) => detail],
    ])}</section>`;
  }

  #draft({ draft, officers_needed: needed }) {
    return html`<section class="card"><h2>${t("As the rules draft it")}</h2>${verdict(draft)}
      ${needed > 1 ? html`<p class="note warn">${t("{count} officers have to decide the same.", { count: needed })}</p>` : nothing}</section>`;
  }
}
customElements.define("screen-case", ScreenCase);

/** A verdict with every rule and number that led to it. */
function verdict({ outcome, approved, supplier_fault_percent: fault, arithmetic = [], findings = [] }) {
  return html`<p><strong>${title("status", outcome)}</strong>: ${moneyText(approved)} · ${t("supplier's fault {percent}", { percent: shareText(fault / 100) })}</p>
    ${arithmetic.length ? html`<ol class="arithmetic">${arithmetic.map((step) => html`<li>${step}</li>`)}</ol>` : nothing}
    ${findings.length ? html`<details><summary>${t("The rules, with their numbers")}</summary><a-value .value=${findings}></a-value></details>` : nothing}`;
}

const OTHERS = ["claims", "sanctions", "recoveries", "cases"];

/** Who is on a side, and the other cases it is or was a party to. */
async function sideOf(side, id, without) {
  const [member, ...found] = await Promise.all([
    get(`/v1/members/${id}`).catch(() => null),
    itemsOf(`/v1/claims?member_id=${id}&as=${side === "supplier" ? "supplier" : "buyer"}`),
    itemsOf(`/v1/sanctions?member_id=${id}`),
    itemsOf(`/v1/recoveries?supplier_id=${id}`),
    itemsOf(`/v1/cases?customer_id=${id}`),
  ]);
  const others = found.flatMap((items, place) => items.map((item) => ({ ...item, folder: OTHERS[place] })));
  return { side, id, member, others: others.filter((other) => other.id !== without) };
}

/** The first of a list; none where these duties do not open it. */
const itemsOf = (path) => get(`${path}&limit=20`).then(({ items }) => items, () => []);

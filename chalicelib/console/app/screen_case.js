// A case to decide: both sides, what they handed in, the decision as the rules draft it with its arithmetic, and what there was before.
//
// Each kind of case says what it is made of in `KINDS`; what a kind does not name is shown as the plain facts.

import { ifAny, itemsOf, table } from "./hub.js";
import { html, nothing } from "./part.js";
import { pill } from "./status.js";
import { differenceName, fieldName, t, title, word } from "./texts.js";
import { placeAt, placeOf } from "./things.js";
import { HEAD, ThingPage } from "./thing.js";
import { countryName, inUnit } from "./units.js";
import { facts, momentText, moneyText, shareText } from "./value.js";

const DECIDING = ["review", "evidence", "inspection", "escalated", "appealed", "determined"];
const DECISIONS = ["determine", "decide-appeal"];

const KINDS = {
  claims: { sides: { buyer: "buyer_id", supplier: "supplier_id" }, drafted: true, without: ["evidence", "decisions", "appeals", "statement", "reason", "requested", "buyer_id", "supplier_id"] },
  sanctions: { sides: { firm: "member_id" } },
  "reconciliation-items": { without: ["differences"] },
  cases: { sides: { customer: "customer_id" }, without: ["messages"] },
};

class ScreenCase extends ThingPage {
  get kind() {
    return KINDS[this.path.split("/")[2]] ?? {};
  }

  /** Who the sides are, what was decided before, and the draft where there is something to decide. */
  async more(thing) {
    const isUndecided = this.kind.drafted && DECIDING.includes(thing.status);
    const parties = Object.entries(this.kind.sides ?? {}).map(([side, field]) => [side, thing[field]]);
    const about = thing.differences && (await ifAny(`/v1${placeOf(thing.aggregate_id).slice(1)}`));
    if (about) parties.push(["member", about.member_id ?? about.seller_id]);
    const [sides, draft, decisions] = await Promise.all([
      Promise.all(parties.filter(([, id]) => id).map(([side, id]) => sideOf(side, id, thing.id))),
      isUndecided ? ifAny(`${this.path}/draft`) : undefined,
      this.kind.drafted ? itemsOf(`${this.path}/decisions`) : [],
    ]);
    return { sides, draft, decisions };
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
      ${(thing.appeals ?? []).map((appeal) => this.#appeal(appeal, thing))}
      ${draft ? this.#draft(draft) : nothing}
      ${decisions.length ? html`<section class="card"><h2>${t("What was decided")}</h2>${decisions.map((decision) => html`${verdict(decision.decided)}<p>${decision.reasoning}</p>`)}</section>` : nothing}
      <section class="card"><h2>${t("All of it")}</h2>${facts(thing, { without: [...HEAD, ...without], of: this.folder })}</section>`;
  }

  /** What the side that appeals brings forward against the decision. */
  #appeal({ by, at, grounds, concedes, files }, thing) {
    const named = (thing.evidence ?? []).filter(({ id }) => files.includes(id));
    return html`<section class="card"><h2>${t("Appeal of the {side}", { side: word("actor", by) })}</h2><p class="said"><span class="faint">${momentText(at)}</span><br>${grounds}</p>
      ${facts({ concedes, files: named.map(({ name }) => name) })}</section>`;
  }

  #side({ side, id, member, others, closed }, thing) {
    const files = (thing.evidence ?? []).filter(({ by, status }) => by === side && status === "submitted");
    return html`<section class="card"><h2>${word("actor", side)}</h2>
      <p><a href=${placeAt(`/v1/members/${id}`)}>${member?.name ?? id}</a> <span class="faint">${countryName(member?.country ?? "")}</span></p>
      ${files.length ? html`<div class="evidence">${files.map((file) => html`<evidence-file .file=${file} href="${this.path}/evidence/${file.id}"></evidence-file>`)}</div>` : nothing}
      <h3>${t("Earlier cases")}</h3>
      ${others.length ? html`<ul class="plain">${others.map((other) => html`<li>${title("thing", other.folder)} <a href=${placeAt(`/v1/${other.folder}/${other.id}`)}>${other.subject ?? html`<code>${other.id}</code>`}</a> ${pill(other.status)}</li>`)}</ul>` : html`<p class="faint">${t("None.")}</p>`}
      ${closed.length ? html`<p class="faint">${t("Not open to your duties: {what}.", { what: closed.map((folder) => word("list", folder)).join(", ") })}</p>` : nothing}
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

/** Who is on a side, the other cases it is or was a party to, and the kinds of cases that these duties do not open. */
async function sideOf(side, id, without) {
  const [member, ...pages] = await Promise.all([
    ifAny(`/v1/members/${id}`),
    ...[`claims?member_id=${id}&as=${side === "supplier" ? "supplier" : "buyer"}`, `sanctions?member_id=${id}`, `recoveries?supplier_id=${id}`, `cases?customer_id=${id}`].map((query) => ifAny(`/v1/${query}&limit=20`)),
  ]);
  const others = pages.flatMap((page, place) => (page?.items ?? []).map((item) => ({ ...item, folder: OTHERS[place] })));
  return { side, id, member, others: others.filter((other) => other.id !== without), closed: OTHERS.filter((_, place) => !pages[place]) };
}

// A seller's deposit: what is missing and what follows, and how the base came about, with the edges of the tiers as a picture.

import "./tier_steps.js";
import { ifAny, itemsOf, table } from "./hub.js";
import { html, nothing } from "./part.js";
import { anyWord, fieldName, t, word } from "./texts.js";
import { placeAt } from "./things.js";
import { ThingPage } from "./thing.js";
import { dayText, facts, momentText, moneyText } from "./value.js";

class ScreenDeposit extends ThingPage {
  async more({ book, seller_id: id }) {
    const [rules, lines, member] = await Promise.all([ifAny(`/v1/deposit-rulebooks/${book}`), itemsOf(`${this.path}/statements?limit=100`), ifAny(`/v1/members/${id}`)]);
    return { terms: rules?.terms, lines, member };
  }

  title(deposit, { member }) {
    return member?.name ?? "";
  }

  about(deposit, { terms, lines }) {
    const { requirement, balance, restrictions, explanation } = deposit;
    return html`<p><a href=${placeAt(`/v1/members/${deposit.seller_id}`)}>${t("The seller")}</a> · <a href=${placeAt(`/v1/deposit-rulebooks/${deposit.book}`)}>${t("The rulebook {version}", { version: deposit.book })}</a></p>
      ${restrictions.length ? html`<p class="note bad">${t("Holds now: {what}.", { what: restrictions.map((each) => word("status", each)).join(", ") })}</p>` : nothing}
      <div class="sides"><section class="card"><h2>${t("Required")}</h2>${facts(requirement)}</section>
        <section class="card"><h2>${t("There is")}</h2>${facts(balance)}</section></div>
      ${deposit.corrections.map((correction) => this.#correction(correction, deposit))}
      ${deposit.risks.length ? html`<section class="card"><h2>${t("Violations")}</h2>${table(deposit.risks, [[t("Class"), ({ risk_class: name }) => name], [t("Case"), ({ case: name }) => name], [t("Required"), ({ money }) => money], [t("Since"), ({ opened_at: at }) => at], [t("Until"), ({ ends_at: at }) => at ?? ""]])}</section>` : nothing}
      ${this.#month(t("The last month"), explanation?.month, terms)}
      ${this.#month(t("The coming month"), explanation?.coming, terms)}
      ${lines.length ? html`<section class="card"><h2>${t("Statement")}</h2><ol class="timeline">${lines.map(({ at, text }) => html`<li><time datetime=${at}>${momentText(at)}</time> <span>${text}</span></li>`)}</ol></section>` : nothing}`;
  }

  /** What an officer proposes beside what is, and the two ways to decide it. */
  #correction({ id, base, risk_id: riskId, reason, proposed_at: at }, { requirement, risks }) {
    const risk = risks.find((each) => each.id === riskId);
    const decisions = this.loaded.actions.filter(({ name }) => name.endsWith("-correction"));
    return html`<section class="card"><h2>${t("Correction to decide")}</h2><p class="said"><span class="faint">${momentText(at)}</span><br>${reason}</p>
      ${base ? facts({ now: requirement.base, then: base }, { named: { now: t("Base now"), then: t("Base as proposed") } }) : html`<p>${t("The violation {case} was none: {money} less is required.", { case: risk?.case ?? riskId, money: risk ? moneyText(risk.money) : "" })}</p>`}
      <p class="buttons">${decisions.map((decision) => html`<button @click=${() => this.beginAt(decision, { correction_id: id })}>${word("action", decision.name)}</button>`)}</p></section>`;
  }

  #month(title, month, terms) {
    if (!month) return nothing;
    const [first] = month.ranking;
    return html`<section class="card"><h2>${title}: ${month.period}</h2>
      <p>${t("{orders} orders from {since} until {until}.", { orders: month.orders, since: dayText(month.window[0]), until: dayText(month.window[1]) })} ${month.clause_text}</p>
      ${terms && first ? html`<tier-steps .tiers=${terms.tiers} .amounts=${terms.groups[first.group]?.amounts_minor} .orders=${month.orders} currency=${month.base.currency} caption=${t("What “{group}” asks for, by orders", { group: anyWord(terms.groups[first.group]?.text ?? first.group) })}></tier-steps>` : nothing}
      ${month.ranking.length > 1 ? table(month.ranking, [[t("Category"), ({ category }) => fieldName(category)], [t("Orders"), ({ orders }) => orders], [t("Sold"), ({ gmv }) => gmv], [t("Amount"), ({ amount }) => amount]]) : nothing}
      ${facts({ raw: month.raw, previous: month.previous, base: month.base, missing: month.next_tier?.missing ?? null }, { named: { raw: t("By the tiers"), previous: t("Base before"), base: t("Base now"), missing: t("Orders up to the next tier") } })}</section>`;
  }
}
customElements.define("screen-deposit", ScreenDeposit);

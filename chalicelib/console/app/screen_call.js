// A call on guarantors as it happens: what is called for, who has paid how much of it, what nobody covers, step by step.

import { itemsOf, table } from "./hub.js";
import { svg } from "lit";
import { called } from "./names.js";
import { isNarrow } from "./narrow.js";
import { html, nothing } from "./part.js";
import { pill } from "./status.js";
import { t, title, word } from "./texts.js";
import { placeAt } from "./things.js";
import { HEAD, ThingPage } from "./thing.js";
import { facts, momentText, moneyText } from "./value.js";

const FRESH = 5_000; // milliseconds between looks
const ROW = 44;
const [DESK, PHONE] = [{ width: 720, left: 190 }, { width: 340, left: 90 }];
const PARTS = [["paid", "paid"], ["due", "due"], ["shortfall", "short"]];
const SHOWN = [...HEAD, "shares", "group_id", "loan_id"];

class ScreenCall extends ThingPage {
  /** A call is followed as it happens. */
  get fresh() {
    return FRESH;
  }

  title({ call_ref: ref }) {
    return ref;
  }

  async more() {
    return { steps: await itemsOf(`${this.path}/statement?limit=100`) };
  }

  about(call, { steps }) {
    return html`<p><a href=${placeAt(`/v1/guarantee-groups/${call.group_id}`)}>${t("The group")}</a> · <a href=${placeAt(`/v1/loans/${call.loan_id}`)}>${t("The loan")}</a> · <a href=${placeAt(`/v1/members/${call.debtor_id}`)}>${t("The debtor")}</a></p>
      <section class="card"><h2>${t("Shares")}</h2>${table(call.shares, [
        [t("Seat"), ({ seat, member_id: id }) => `${seat} ${called(id)}`],
        [t("Status"), ({ status }) => pill(status)],
        [t("Bears in the end"), ({ fair }) => fair],
        [t("To pay now"), ({ due }) => due],
        [t("Paid"), ({ paid }) => paid],
        [t("Until"), ({ due_at: at }) => at ?? ""],
        [t("Objections"), ({ objections }) => objections.length],
      ], ({ member_id: id }) => placeAt(`/v1/members/${id}`))}</section>
      <section class="card"><h2>${t("Step by step")}</h2>${cascade(steps)}
        <ol class="timeline">${steps.map(({ at, event, net, due, paid, shortfall }) => html`<li><time datetime=${at}>${momentText(at)}</time> <strong>${stepName(event)}</strong>
          <span>${t("{net} called for: {paid} paid, {due} to pay, {shortfall} covered by nobody.", { net: moneyText(net), paid: moneyText(paid), due: moneyText(due), shortfall: moneyText(shortfall) })}</span></li>`)}</ol></section>
      ${call.shares.some(({ objections }) => objections.length) ? html`<section class="card"><h2>${t("Objections")}</h2>${call.shares.flatMap(({ seat, member_id: id, objections }) => objections.map((objection) => this.#objection(`${seat} ${called(id)}`, objection)))}</section>` : nothing}
      <section class="card"><h2>${t("All of it")}</h2>${facts(call, { without: SHOWN })}</section>`;
  }

  /** Why a guarantor says that it does not owe its share, and what was decided, or the way to decide it. */
  #objection(whose, { id, at, reason, decide_by: until, outcome, answer }) {
    const decisions = outcome === null || outcome === "undecided" ? this.loaded.actions.filter(({ name }) => name.startsWith("decide")) : [];
    return html`<h3>${whose} ${outcome ? pill(outcome) : html`<span class="faint">${t("to be decided by {when}", { when: momentText(until) })}</span>`}</h3>
      <p class="said"><span class="faint">${momentText(at)}</span><br>${reason}</p>${answer ? html`<p>${answer}</p>` : nothing}
      ${decisions.length ? html`<p class="buttons">${decisions.map((decision) => html`<button @click=${() => this.beginAt(decision, { objection_id: id })}>${word("action", decision.name)}</button>`)}</p>` : nothing}`;
  }
}
customElements.define("screen-call", ScreenCall);

const stepName = (event) => title("event", event.split(".").slice(1).join("_"));

/** A bar for each step, as long as what was called for then: what is paid, what is to be paid, what nobody covers. The list beside it says the same in words. */
function cascade(steps) {
  const most = Math.max(1, ...steps.map(({ net, paid }) => Number(net.amount) + Number(paid.amount)));
  const { width, left } = isNarrow() ? PHONE : DESK;
  const wide = (money) => ((width - left) * Number(money.amount)) / most;
  return html`<div class="picture scroll" tabindex="0" role="group"><svg viewBox="0 0 ${width} ${steps.length * ROW}" role="img" aria-label=${t("How far each step of the call came; the list beside it says the same.")}>${steps.map((step, row) => {
    let x = left;
    const bars = PARTS.map(([name, look]) => {
      const bar = svg`<rect class=${look} x=${x} y=${row * ROW + 8} width=${wide(step[name])} height=${ROW - 18}></rect>`;
      x += wide(step[name]);
      return bar;
    });
    return svg`<text x=${left - 10} y=${row * ROW + 27} text-anchor="end">${stepName(step.event)}</text>${bars}`;
  })}</svg></div>
  <p class="legend"><span class="series-3">■</span> ${t("paid")} <span class="series-2">■</span> ${t("to be paid")} <span class="of-short">■</span> ${t("covered by nobody")}</p>`;
}

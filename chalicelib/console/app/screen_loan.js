// A loan: how it stands, its schedule with what is paid and what is late, and what was booked of it.

import { ifAny, itemsOf, table } from "./hub.js";
import { html, nothing } from "./part.js";
import { fieldName, t, word } from "./texts.js";
import { placeAt } from "./things.js";
import { HEAD, ThingPage } from "./thing.js";
import { dayText, facts, inline } from "./value.js";

const APART = [...HEAD, "standing"];

class ScreenLoan extends ThingPage {
  async more({ member_id: id }) {
    const [lines, borrower] = await Promise.all([itemsOf(`${this.path}/statement?limit=100`), ifAny(`/v1/members/${id}`)]);
    return { lines, borrower };
  }

  title(loan, { borrower }) {
    return borrower?.name ?? "";
  }

  about(loan, { lines }) {
    const { standing } = loan;
    return html`<p><a href=${placeAt(`/v1/members/${loan.member_id}`)}>${t("The borrower")}</a> · <a href=${placeAt(`/v1/credit-lines/${loan.line_id}`)}>${t("The line")}</a></p>
      ${standing?.dpd ? html`<p class="note bad">${t("{days} days past due since {day}; {class}.", { days: standing.dpd, day: dayText(standing.overdue_since), class: word("status", standing.asset_class) })}</p>` : nothing}
      ${standing ? html`<section class="card"><h2>${t("Schedule")}</h2>${schedule(standing)}
        <figure-chart kind="bar" stacked caption=${t("Each instalment: what is paid of it, and what is not")} unit=${standing.principal.currency} .labels=${standing.schedule.map(({ due_on: due }) => due)} .series=${series(standing.schedule)}></figure-chart></section>` : nothing}
      <div class="sides">${standing ? html`<section class="card"><h2>${t("As it stands on {day}", { day: dayText(standing.on) })}</h2>${facts(standing, { without: ["schedule", "on"] })}</section>` : nothing}
        <section class="card"><h2>${t("Terms")}</h2>${facts(loan, { without: APART })}</section></div>
      ${lines.length ? html`<section class="card"><h2>${t("What was booked")}</h2>${table(lines, Object.keys(lines[0]).filter((name) => plain(lines[0][name])).slice(0, 8).map((name) => [fieldName(name), (line) => line[name]]))}</section>` : nothing}`;
  }
}
customElements.define("screen-loan", ScreenLoan);

const plain = (value) => value === null || typeof value !== "object" || "amount" in value;

function schedule({ schedule: rows, on }) {
  const late = ({ due_on: due, unpaid }) => due < on && Number(unpaid.amount) > 0;
  return table(rows, [
    [t("No."), ({ number }) => number],
    [t("Due"), (row) => html`${inline(row.due_on)} ${late(row) ? html`<span class="badge bad">${t("late")}</span>` : Number(row.unpaid.amount) === 0 ? html`<span class="badge good">${t("paid")}</span>` : nothing}`],
    [t("Principal"), ({ principal }) => principal],
    [t("Interest"), ({ interest }) => interest],
    [t("Penalty"), ({ penalty }) => penalty],
    [t("Paid of the principal"), ({ principal_paid: paid }) => paid],
    [t("Unpaid"), ({ unpaid }) => unpaid],
  ]);
}

function series(rows) {
  const paid = (row) => ["principal_paid", "interest_paid", "fee_paid", "penalty_paid"].reduce((sum, name) => sum + Number(row[name].amount), 0);
  return [{ name: t("paid"), values: rows.map(paid) }, { name: t("not paid"), values: rows.map(({ unpaid }) => Number(unpaid.amount)) }];
}

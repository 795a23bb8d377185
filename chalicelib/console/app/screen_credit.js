// Credit: applications by where they are, offers that wait for an answer, lines, loans with the days they are past due, and the portfolio.

import { Hub, brief, itemsOf } from "./hub.js";
import { called } from "./names.js";
import { html, nothing } from "./part.js";
import { pill } from "./status.js";
import { plots, reported } from "./portfolio.js";
import { anyWord, t, word } from "./texts.js";
import { placeAt } from "./things.js";

const BUCKETS = ["current", "1-30", "31-60", "61-90", "91+"];

class ScreenCredit extends Hub {
  async load() {
    const [applications, lines, loans] = await Promise.all(["/v1/credit-applications?limit=100", "/v1/credit-lines?limit=100", "/v1/loans?limit=100"].map(itemsOf));
    const atBanks = applications.filter(({ status }) => status === "with_banks");
    const offers = (await Promise.all(atBanks.map(({ id }) => itemsOf(`/v1/credit-offers?application=${id}`)))).flat();
    const months = await reported([...new Set(loans.map(({ bank_id: bank }) => bank))]);
    return { applications, lines, loans, offers, months };
  }

  show({ applications, lines, loans, offers, months }) {
    const loan = ({ id }) => placeAt(`/v1/loans/${id}`);
    const firm = [t("Firm"), ({ member_id: id }) => called(id)];
    const lent = loans.filter(({ standing }) => standing);
    return html`<h1>${t("Credit")}</h1>
      <p class="buttons">${[...Map.groupBy(applications, ({ status }) => status)].map(([status, some]) => html`<a href="#/credit-applications?status=${status}"><span class="badge">${word("status", status)} <strong>${some.length}</strong></span></a>`)}</p>
      ${brief(t("Applications"), applications.filter(({ ended_at: ended }) => !ended), [
        firm,
        [t("Status"), ({ status }) => pill(status)],
        [t("Amount"), ({ amount }) => amount],
        [t("Banks"), ({ parts }) => parts.map(({ bank_id: bank }) => word("bank", bank)).join(", ")],
        [t("Next"), ({ deadlines: [first] }) => first?.due_at ?? ""],
      ], { place: ({ id }) => placeAt(`/v1/credit-applications/${id}`), all: "#/credit-applications", none: t("An application stands here from when a firm makes one until it ends.") })}
      ${brief(t("Offers side by side"), offers, [
        [t("Bank"), ({ bank_id: bank }) => bank],
        [t("Status"), ({ status }) => pill(status)],
        firm,
        [t("Amount"), ({ terms }) => terms.amount],
        [t("Rate a year"), ({ terms }) => ({ share: terms.rate_bp / 1e4 })],
        [t("Fee"), ({ terms }) => terms.fee],
        [t("Open until"), ({ expires_at: at }) => at],
      ], { place: ({ id }) => placeAt(`/v1/credit-offers/${id}`), none: t("Offers stand here while a firm may choose among those of its banks.") })}
      ${brief(t("Loans"), [...lent].sort((one, other) => other.standing.dpd - one.standing.dpd), [
        firm,
        [t("Status"), ({ status }) => pill(status)],
        [t("Bank"), ({ bank_id: bank }) => bank],
        [t("Principal left"), ({ standing }) => standing.principal],
        [t("Overdue"), ({ standing }) => standing.overdue],
        [t("Days past due"), ({ standing }) => standing.dpd],
        [t("Next due"), ({ standing }) => standing.next_due_on ?? ""],
      ], { place: loan, all: "#/loans", none: t("A loan stands here once its bank has paid out a draw.") })}
      ${lent.length ? html`<section class="card"><figure-chart kind="bar" caption=${t("Principal left by days past due")} unit=${[...new Set(lent.map(({ standing }) => standing.principal.currency))].join(", ")} .labels=${BUCKETS.map(anyWord)} .series=${byBucket(lent)}></figure-chart></section>` : nothing}
      ${plots(months)}
      ${brief(t("Lines"), lines, [
        firm,
        [t("Status"), ({ status }) => pill(status)],
        [t("Bank"), ({ bank_id: bank }) => bank],
        [t("Limit"), ({ limit }) => limit],
        [t("Available"), ({ available }) => available],
        [t("Outstanding"), ({ outstanding }) => outstanding],
        [t("Until"), ({ expires_at: at }) => at ?? ""],
      ], { place: ({ id }) => placeAt(`/v1/credit-lines/${id}`), all: "#/credit-lines", none: t("A credit line stands here once a firm has signed a bank's offer.") })}`;
  }
}
customElements.define("screen-credit", ScreenCredit);

/** One series for each currency. */
function byBucket(loans) {
  const of = Map.groupBy(loans, ({ standing }) => standing.principal.currency);
  return [...of].map(([name, some]) => ({ name, values: BUCKETS.map((bucket) => some.filter(({ standing }) => standing.bucket === bucket).reduce((sum, { standing }) => sum + Number(standing.principal.amount), 0)) }));
}

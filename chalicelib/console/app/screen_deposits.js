// Deposits that wait for something: who owes how much, since when, what holds because of that, and what follows next.

import { Hub, brief, itemsOf, ifAny } from "./hub.js";
import { html, nothing } from "./part.js";
import { pill } from "./status.js";
import { t, word } from "./texts.js";
import { placeAt } from "./things.js";

const MONTHLY = "deposits-monthly";

class ScreenDeposits extends Hub {
  async load() {
    const [waiting, books, runs] = await Promise.all([itemsOf("/v1/deposits?limit=100"), ifAny("/v1/deposit-rulebooks"), itemsOf(`/v1/runs?job=${MONTHLY}&limit=6`)]);
    const sellers = await Promise.all(waiting.map(({ seller_id: id }) => ifAny(`/v1/members/${id}`)));
    return { waiting: waiting.map((deposit, place) => ({ ...deposit, name: sellers[place]?.name ?? deposit.seller_id })), books, runs };
  }

  show({ waiting, books, runs }) {
    const place = ({ seller_id: id }) => placeAt(`/v1/deposits/${id}`);
    const seller = [t("Seller"), ({ name }) => name];
    const missing = [t("Missing"), ({ balance }) => balance.to_pay];
    const next = ({ deadlines: [first] }) => (first ? word("status", first.default_outcome) : "");
    const when = ({ deadlines: [first] }) => first?.due_at ?? "";
    const others = waiting.filter(({ status }) => !["due", "overdue"].includes(status));
    return html`<h1>${t("Deposits")}</h1>
      ${brief(t("Overdue"), waiting.filter(({ status }) => status === "overdue"), [
        seller, missing,
        [t("Since"), ({ due_at: due }) => due],
        [t("What holds now"), ({ restrictions }) => restrictions.map((each) => word("status", each)).join(", ")],
        [t("What follows"), next],
        [t("When"), when],
      ], { place, all: "#/deposits?owes=true", none: t("Nobody is late.") })}
      ${brief(t("Due"), waiting.filter(({ status }) => status === "due"), [
        seller, missing,
        [t("Pay by"), ({ due_at: due }) => due],
        [t("Else"), next],
      ], { place, all: "#/deposits?owes=true", none: t("Nobody has to pay.") })}
      ${others.length ? brief(t("Waiting for something else"), others, [
        seller,
        [t("For"), ({ deadlines: [first] }) => (first ? word("deadline", first.name) : "")],
        [t("When"), when],
      ], { place }) : nothing}
      ${brief(t("Corrections to decide"), waiting.flatMap((deposit) => deposit.corrections.map((each) => ({ ...deposit, correction: each }))), [
        seller,
        [t("Proposed"), ({ correction }) => correction.proposed_at],
        [t("Base"), ({ correction }) => correction.base ?? correction.risk_id],
        [t("Why"), ({ correction }) => correction.reason],
      ], { place, none: t("A correction stands here from when one officer proposes it until another decides.") })}
      ${brief(t("Months"), runs, [
        [t("Month"), ({ period }) => period],
        [t("Status"), ({ status }) => pill(status)],
        [t("Sellers"), ({ counts }) => counts.sellers ?? 0],
        [t("In arrears"), ({ counts }) => counts.in_debt ?? 0],
        [t("Changed"), ({ counts }) => (counts.up ?? 0) + (counts.down ?? 0)],
        [t("Certificate"), ({ certificate }) => certificate ?? ""],
      ], { place: ({ id }) => placeAt(`/v1/runs/${id}`), none: t("A month stands here once its run of the 6th has begun.") })}
      ${brief(t("Rulebooks"), books ? [books.in_force, ...books.announced] : [], [
        [t("Rulebook"), ({ id }) => id],
        [t("Status"), ({ status }) => pill(status)],
        [t("Takes effect"), ({ effective_at: at }) => at],
        [t("Warnings"), ({ warnings }) => warnings?.length ?? 0],
      ], { place: ({ id }) => placeAt(`/v1/deposit-rulebooks/${id}`), none: t("A rulebook stands here once it is announced.") })}`;
  }
}
customElements.define("screen-deposits", ScreenDeposits);

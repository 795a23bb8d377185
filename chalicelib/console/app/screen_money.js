// Money that somebody has to look at: what lies in suspense and what it may be for, what came too early, what banks could not do, and what passed through each.

import { Hub, brief, ifAny, itemsOf, table, today } from "./hub.js";
import { html, nothing } from "./part.js";
import { pill } from "./status.js";
import { capital, codeWord, t, word } from "./texts.js";
import { placeAt } from "./things.js";
import { inFavour, messageOf } from "./transfer.js";

const OPEN = ["manual", "needs_account", "failed", "unknown"];
const DAYS = 30;

class ScreenMoney extends Hub {
  async load() {
    const since = await today(-DAYS);
    const [suspense, parked, refused, ...instructions] = await Promise.all([
      ...["suspense", "parked", "refused"].map((status) => itemsOf(`/v1/bank-events?status=${status}&limit=50`)),
      ...OPEN.map((status) => itemsOf(`/v1/bank-instructions?status=${status}&limit=50`)),
    ]);
    const suggested = await Promise.all(suspense.map(({ id }) => itemsOf(`/v1/bank-events/${id}/suggestions`)));
    const passed = await passedSince(since);
    return { suspense: suspense.map((event, place) => ({ ...event, suggested: suggested[place] })), waiting: [...parked, ...refused], instructions: instructions.flat(), passed };
  }

  show({ suspense, waiting, instructions, passed }) {
    const place = ({ id }) => placeAt(`/v1/bank-events/${id}`);
    const until = ({ deadlines }) => deadlines[0]?.due_at ?? "";
    return html`<h1>${t("Money")}</h1>
      ${brief(t("In suspense"), suspense, [
        [t("Reference"), ({ bank_ref: ref }) => ref],
        [t("Bank"), ({ bank_id: bank }) => bank],
        [t("Amount"), ({ money }) => money],
        [t("Remitter"), (event) => messageOf(event).remitter ?? ""],
        [t("May be for"), ({ suggested }) => best(suggested)],
        [t("Decide by"), until],
      ], { place, all: "#/bank-events?status=suspense", none: t("No money lies in suspense.") })}
      ${brief(t("Waiting or refused"), waiting, [
        [t("What the bank told"), ({ type, id }) => type ?? id],
        [t("Bank"), ({ bank_id: bank }) => bank],
        [t("Why"), ({ detail }) => detail ?? ""],
        [t("Of"), ({ aggregate_id: of }) => of ?? ""],
        [t("Until"), until],
      ], { place, all: "#/bank-events?status=parked", none: t("What a bank told too early stands here until the event before it has come; what was refused, until an officer has seen to it.") })}
      ${brief(t("What banks could not do"), instructions, [
        [t("Instruction"), ({ kind }) => capital(codeWord(kind))],
        [t("Status"), ({ status }) => pill(status)],
        [t("Bank"), ({ bank_id: bank }) => bank],
        [t("Left to pay"), ({ remaining }) => remaining],
        [t("Why"), ({ reason }) => (reason ? codeWord(reason) : "")],
        [t("Decide by"), until],
      ], { place: ({ id }) => placeAt(`/v1/bank-instructions/${id}`), all: "#/bank-instructions?status=manual", none: t("An instruction stands here once its bank could not carry it out, until an officer has settled it.") })}
      <div class="sides">${passed.map(({ currency, days, banks }) => html`<section class="card"><h2>${t("Settled in {currency}, the last {count} days", { currency, count: DAYS })}</h2>
        ${table(banks, [[t("Bank"), ({ account }) => word("bank", account.split(":")[1])], [t("came in"), ({ debit }) => debit], [t("went out"), ({ credit }) => credit]], ({ account }) => placeAt(`/v1/ledger/accounts/${account}?currency=${currency}`))}
        <figure-chart kind="bar" caption=${t("By day, through all banks")} unit=${currency} .labels=${days.map(({ at }) => dayOf(at))}
          .series=${[{ name: t("came in"), values: days.map(({ debit }) => Number(debit.amount)) }, { name: t("went out"), values: days.map(({ credit }) => Number(credit.amount)) }]}></figure-chart></section>`)}</div>`;
  }
}
customElements.define("screen-money", ScreenMoney);

/** The best suggestion, and how many others there are. */
function best([first, ...others]) {
  if (!first) return "—";
  return html`${first.buyer_name} <span class="faint">(${inFavour(first.because)})</span>${others.length ? html` <span class="badge">+${others.length}</span>` : nothing}`;
}

/** In each currency that our accounts at banks have: day by day through all of them, and through each bank in all. */
async function passedSince(since) {
  const [balance, policy] = await Promise.all([ifAny("/v1/ledger/trial-balance"), ifAny("/v1/policies/banks")]);
  const partners = [...(policy?.values.partners ?? []), ...(policy?.values.acquirers ?? [])];
  const currencies = (balance?.accounts ?? []).filter(({ account }) => account === "bank_clearing").map(({ currency }) => currency);
  return Promise.all(currencies.map(async (currency) => {
    const query = `?currency=${currency}&from=${since}`;
    const accounts = partners.map(({ id }) => ({ account: `bank_clearing:${id}` }));
    const [days, ...sums] = await Promise.all([itemsOf(`/v1/ledger/accounts/bank_clearing${query}&limit=100`), ...accounts.map(({ account }) => ifAny(`/v1/ledger/accounts/${account}${query}&limit=1`))]);
    const banks = accounts.map((each, place) => ({ ...each, ...sums[place] && { debit: sums[place].debit, credit: sums[place].credit } }));
    return { currency, days, banks: banks.filter(({ debit, credit }) => Number(debit?.amount) || Number(credit?.amount)) };
  }));
}

/** The business day that begins at a moment. */
const dayOf = (at) => new Date(at).toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" });

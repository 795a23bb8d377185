// What passed through our accounts at banks in a month, in each currency: day by day through all of them, and through each bank in all.

import "./chart.js";
import { ifAny, itemsOf, table, today } from "./hub.js";
import { Loading, html } from "./part.js";
import { t, word } from "./texts.js";
import { placeAt } from "./things.js";

const DAYS = 30;

class SettledMoney extends Loading {
  get subject() {
    return this.localName;
  }

  async load() {
    const [since, balance, policy] = await Promise.all([today(-DAYS), ifAny("/v1/ledger/trial-balance"), ifAny("/v1/policies/banks")]);
    const partners = [...(policy?.values.partners ?? []), ...(policy?.values.acquirers ?? [])];
    const currencies = (balance?.accounts ?? []).filter(({ account }) => account === "bank_clearing").map(({ currency }) => currency);
    return Promise.all(currencies.map((currency) => settledIn(currency, since, partners)));
  }

  show(settled) {
    return html`<div class="sides">${settled.map(({ currency, days, banks }) => html`<section class="card"><h2>${t("Settled in {currency}, the last {count} days", { currency, count: DAYS })}</h2>
      ${table(banks, [[t("Bank"), ({ account }) => word("bank", account.split(":")[1])], [t("came in"), ({ debit }) => debit], [t("went out"), ({ credit }) => credit]], ({ account }) => placeAt(`/v1/ledger/accounts/${account}?currency=${currency}`))}
      <figure-chart kind="bar" caption=${t("By day, through all banks")} unit=${currency} .labels=${days.map(({ at }) => dayOf(at))}
        .series=${[{ name: t("came in"), values: days.map(({ debit }) => Number(debit.amount)) }, { name: t("went out"), values: days.map(({ credit }) => Number(credit.amount)) }]}></figure-chart></section>`)}</div>`;
  }
}
customElements.define("settled-money", SettledMoney);

/** Banks are asked about only where something passed at all. */
async function settledIn(currency, since, partners) {
  const query = `?currency=${currency}&from=${since}`;
  const days = await itemsOf(`/v1/ledger/accounts/bank_clearing${query}&limit=100`);
  const accounts = days.length ? partners.map(({ id }) => `bank_clearing:${id}`) : [];
  const sums = await Promise.all(accounts.map((account) => ifAny(`/v1/ledger/accounts/${account}${query}&limit=1`)));
  const banks = accounts.map((account, place) => ({ account, debit: sums[place]?.debit, credit: sums[place]?.credit }));
  return { currency, days, banks: banks.filter(({ debit, credit }) => Number(debit?.amount) || Number(credit?.amount)) };
}

/** The business day that begins at a moment. */
const dayOf = (at) => new Date(at).toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" });

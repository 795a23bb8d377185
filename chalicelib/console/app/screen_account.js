// An account of the ledger in one currency: what it holds, what stands on it, and what was booked.

import { get } from "./api.js";
import { Loading, html, nothing } from "./part.js";
import { here } from "./router.js";
import { codeWord, t, title, word } from "./texts.js";
import { facts } from "./value.js";

const COLUMNS = ["at", "event", "debit", "credit", "balance"];

class ScreenAccount extends Loading {
  static properties = { ...Loading.properties, currency: { state: true } };

  get subject() {
    return `${this.path}|${this.currency}`;
  }

  async load() {
    const { accounts } = await get("/v1/ledger/trial-balance");
    const [code] = this.ids.account.split(":");
    const currencies = accounts.filter(({ account }) => account === code).map(({ currency }) => currency);
    const currency = this.currency ?? here().query.get("currency") ?? currencies[0];
    return { currencies, statement: await get(`${this.path}?${new URLSearchParams({ limit: 1, ...(currency && { currency }) })}`) };
  }

  show({ currencies, statement }) {
    const { account, kind, holds, currency, opening, closing, debit, credit } = statement;
    const [code, of] = account.split(":");
    return html`<header class="thing"><h1><span class="kind">${t("Account")}</span> ${title("account", code)}${of ? html` · ${word("bank", of)}` : nothing}</h1></header>
      ${currencies.length > 1 ? html`<p class="buttons" role="group" aria-label=${t("Currency")}>${currencies.map((each) => html`<button aria-pressed=${each === currency} @click=${() => (this.currency = each)}>${each}</button>`)}</p>` : nothing}
      <section class="card"><p>${codeWord(kind)}: ${holds}</p>${facts({ opening, debit, credit, closing })}</section>
      <thing-list path=${this.path} .filters=${{ currency }} .columns=${COLUMNS}></thing-list>`;
  }
}
customElements.define("screen-account", ScreenAccount);

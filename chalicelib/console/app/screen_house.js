// Runs of jobs as they go, imports, and the books: whether they balance, and whether every entry is as it was written.

import { Hub, brief, ifAny, itemsOf, table } from "./hub.js";
import { html, nothing } from "./part.js";
import { save } from "./saving.js";
import { pill } from "./status.js";
import { codeWord, fieldName, t, title, word } from "./texts.js";
import { placeAt } from "./things.js";
import { dayText, moneyText, plain } from "./value.js";

const LATEST = 5;
const RUNNING = 2_000; // milliseconds between looks while something runs
const FILES = ["trade_history", "exports", "nominations"];
const JOBS = ["books-close", "deposits-daily", "deposits-monthly", "qualification-monthly", "credit-limits", "monitoring-daily", "contagion-nightly", "portfolio-monthly", "pre-offers-monthly", "peers-monthly"];

class ScreenHouse extends Hub {
  get fresh() {
    return this.loaded?.runs.some(isUnderWay) ? RUNNING : super.fresh;
  }

  async load() {
    const [balance, verification, letters, imports, ...runs] = await Promise.all([
      ifAny("/v1/ledger/trial-balance"), ifAny("/v1/ledger/verification"), itemsOf("/v1/dead-letters"),
      Promise.all(FILES.map((kind) => itemsOf(`/v1/imports?kind=${kind}&limit=${LATEST}`))),
      ...JOBS.map((job) => itemsOf(`/v1/runs?job=${job}&limit=${LATEST}`)),
    ]);
    const latest = runs.flat().sort((one, other) => other.created_at.localeCompare(one.created_at));
    return { balance, verification, letters, imports: imports.flat(), runs: latest };
  }

  show({ balance, verification, letters, imports, runs }) {
    return html`<h1>${t("Runs and books")}</h1>
      ${verification ? this.#verified(verification) : nothing}
      ${brief(t("Runs"), runs, [
        [t("Job"), ({ job }) => title("job", job)],
        [t("For"), ({ period }) => period],
        [t("Status"), (run) => status(run)],
        [t("What came of it"), ({ counts }) => counted(counts)],
        [t("Set aside"), ({ failures }) => failures.length],
        [t("Certificate"), ({ certificate }) => certificate ?? ""],
        [t("Begun"), ({ created_at: at }) => at],
      ], { place: ({ id }) => placeAt(`/v1/runs/${id}`), none: t("A run stands here once its job has begun.") })}
      ${brief(t("Imports"), imports, [
        [t("Import"), ({ kind }) => title("job", kind)],
        [t("Status"), ({ status: name }) => pill(name)],
        [t("Rows"), ({ progress }) => progress?.rows_read ?? 0],
        [t("New"), ({ counts }) => counts?.new ?? 0],
        [t("Refused"), ({ counts }) => counts?.refused ?? 0],
        [t("Begun"), ({ created_at: at }) => at],
      ], { place: ({ id }) => placeAt(`/v1/imports/${id}`), none: t("An import stands here once its file was handed in.") })}
      ${balance ? html`<section class="card"><h2>${t("Trial balance")} <span class="badge ${balance.balanced ? "good" : "bad"}">${balance.balanced ? t("balanced") : t("does not balance")}</span></h2>
        ${table(balance.accounts, [[t("Account"), ({ account }) => title("account", account)], [t("Kind"), ({ kind }) => codeWord(kind)], [t("Debit"), ({ debit }) => debit], [t("Credit"), ({ credit }) => credit], [t("Balance"), ({ balance: left }) => left]], ({ account, currency }) => placeAt(`/v1/ledger/accounts/${account}?currency=${currency}`))}
        <p class="buttons"><button @click=${() => saved(balance)}>CSV</button></p></section>` : nothing}
      ${brief(t("What consumers could not take"), letters, [[t("Consumer"), ({ consumer }) => consumer], [t("Why"), ({ reason }) => reason], [t("Next try"), ({ due_at: at }) => at ?? ""]], { none: t("Everything was taken.") })}`;
  }

  #verified({ ok, complete, entries, chains, first_bad: bad, sums, last_close: close }) {
    return html`<section class="card"><h2>${t("Verification")} <span class="badge ${ok ? "good" : "bad"}">${ok ? t("every entry is as it was written") : t("an entry is not as it was written")}</span></h2>
      <p>${complete ? t("{entries} entries in {chains} chains were read again.", { entries, chains }) : t("The first {entries} entries were read again; there are more.", { entries })} ${bad ? html`<strong>${bad.aggregate_id}: ${bad.why ?? ""}</strong>` : nothing}
        ${close ? t("The books of {day} were closed.", { day: dayText(close.on) }) : nothing}</p>
      <p class="faint">${sums.map(({ debit, credit }) => t("{debit} debited, {credit} credited", { debit: moneyText(debit), credit: moneyText(credit) })).join("; ")}</p></section>`;
  }
}
customElements.define("screen-house", ScreenHouse);

const isUnderWay = ({ status: name }) => !["done", "failed"].includes(name);
const counted = (counts) => Object.entries(counts).filter(([name, count]) => count && !name.endsWith("_minor")).slice(0, 3).map(([name, count]) => `${fieldName(name)}: ${plain(count)}`).join(", ");

function status(run) {
  if (!isUnderWay(run)) return html`<span class="badge ${run.status === "done" ? "good" : "bad"}">${word("status", run.status)}</span>`;
  return html`<progress max=${run.shards} value=${run.shards_done} aria-label=${t("{done} of {all} parts", { done: run.shards_done, all: run.shards })}></progress>`;
}

/** The balance as a file. */
function saved({ on, accounts }) {
  const rows = accounts.map(({ account, currency, debit, credit, balance }) => [account, currency, debit.amount, credit.amount, balance.amount]);
  const text = [["account", "currency", "debit", "credit", "balance"], ...rows].map((row) => row.join(",")).join("\r\n");
  save(new Blob([text], { type: "text/csv" }), `trial-balance-${on}.csv`);
}

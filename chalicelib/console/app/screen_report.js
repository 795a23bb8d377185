// One report: its figures by day or by month as plots and as a table, how each is counted, and the same as a file.

import "./chart.js";
import { csv, get } from "./api.js";
import { table, today } from "./hub.js";
import { Loading, html, nothing } from "./part.js";
import { save } from "./saving.js";
import { codeWord, fieldName, t } from "./texts.js";

const DAYS = 30;
const MOST_SERIES = 6;

class ScreenReport extends Loading {
  get subject() {
    return this.path;
  }

  async load(query) {
    const [since, until] = query ? [] : await Promise.all([today(-DAYS), today(1)]);
    return get(`${this.path}?${new URLSearchParams(query ?? { from: since, to: until, by: "day" })}`);
  }

  show(report) {
    const { title, from, to, by, columns, rows } = report;
    const figures = columns.map(({ name, unit }, place) => [headOf(name, unit), (row) => valueOf(unit, row[place], groupOf(columns, row))]);
    return html`<header class="thing"><h1><span class="kind">${t("Report")}</span> ${title}</h1></header>
      <form class="filters" @submit=${this.#ask}>
        <span><label for="report-from">${t("From")}</label><input id="report-from" name="from" type="date" required value=${from}></span>
        <span><label for="report-to">${t("Until before")}</label><input id="report-to" name="to" type="date" required value=${to}></span>
        <span><label for="report-by">${t("A row is of")}</label><select id="report-by" name="by">${[["day", t("a day")], ["month", t("a month")]].map(([code, says]) => html`<option value=${code} ?selected=${code === by}>${says}</option>`)}</select></span>
        <button>${t("Find")}</button></form>
      ${rows.length ? html`${plots(columns, rows)}<section class="card">${table(rows, figures, undefined, title)}
        <p class="buttons"><button @click=${() => this.#save(report)}>CSV</button></p></section>` : html`<p>${t("Nothing of this happened in these days.")}</p>`}
      <section class="card"><details><summary>${t("How it is counted")}</summary><dl class="facts">${columns.map(({ name, formula }) => html`<dt>${fieldName(name)}</dt><dd>${formula}</dd>`)}</dl></details></section>`;
  }

  /** What was found before stands until the next is found. */
  async #ask(event) {
    event.preventDefault();
    try {
      this.loaded = await this.load(windowOf(Object.fromEntries(new FormData(event.target))));
      this.problem = undefined;
    } catch (problem) {
      this.problem = problem;
    }
  }

  async #save({ name, from, to, by }) {
    try {
      save(await csv(`${this.path}/rows.csv?${new URLSearchParams({ from, to, by })}`), `${name}.csv`);
    } catch (problem) {
      this.problem = problem;
    }
  }
}
customElements.define("screen-report", ScreenReport);

/** By month, months are whole. */
function windowOf({ from, to, by }) {
  if (by !== "month") return { from, to, by };
  const [year, month, day] = to.split("-").map(Number);
  return { from: `${from.slice(0, 7)}-01`, to: new Date(Date.UTC(year, month - (day === 1 ? 1 : 0), 1)).toISOString().slice(0, 10), by };
}

const headOf = (name, unit) => ({ days: t("{name}, in days", { name: fieldName(name) }), hours: t("{name}, in hours", { name: fieldName(name) }), seconds: t("{name}, in seconds", { name: fieldName(name) }) })[unit] ?? fieldName(name);

/** A row of money says as its group in which currency it is. */
const groupOf = (columns, row) => row[columns.findIndex(({ unit }) => unit === "text")];

function valueOf(unit, cell, group) {
  if (cell === null) return "";
  if (unit === "money") return { amount: cell, currency: group };
  return unit === "date" ? cell : unit === "text" ? codeWord(cell) : Number(cell);
}

/** What happened, counted over all groups; and the amounts of each currency. */
function plots(columns, rows) {
  const periods = [...new Set(rows.map(([period]) => period))];
  const placesOf = (unit) => columns.flatMap((column, place) => (column.unit === unit ? [place] : [])).slice(0, MOST_SERIES);
  const picture = (caption, places, some) => {
    if (!places.length) return nothing;
    const sum = (period, place) => some.filter((row) => row[0] === period).reduce((all, row) => all + Number(row[place]), 0);
    return html`<section class="card"><figure-chart kind="bar" .caption=${caption} .labels=${periods} .series=${places.map((place) => ({ name: fieldName(columns[place].name), values: periods.map((period) => sum(period, place)) }))}></figure-chart></section>`;
  };
  const currencies = placesOf("money").length ? [...new Set(rows.map((row) => groupOf(columns, row)))] : [];
  return html`${picture(t("How often"), placesOf("count"), rows)}${currencies.map((currency) => picture(t("How much, in {currency}", { currency }), placesOf("money"), rows.filter((row) => groupOf(columns, row) === currency)))}`;
}

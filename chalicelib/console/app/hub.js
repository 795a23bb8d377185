// A screen made of several short lists: what is asked for together, shown as tables, and walked through by key.

import { get } from "./api.js";
import { listen, rowKeys } from "./keys.js";
import { Loading, html, nothing } from "./part.js";
import { inline, isNumber, isShort } from "./value.js";

const FRESH = 20_000; // milliseconds between looks
const NOT_FOR_YOU = new Set([403, 404]);

/** Subclasses say what they show: `load()`, `show(loaded)`. */
export class Hub extends Loading {
  #forget = () => {};

  get subject() {
    return this.localName;
  }

  get fresh() {
    return FRESH;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#forget = listen(() => this.keys());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#forget();
  }

  keys() {
    return rowKeys((by) => this.#step(by));
  }

  #step(by) {
    const links = [...this.querySelectorAll("tbody tr th a")];
    const now = links.indexOf(document.activeElement);
    links[Math.max(0, Math.min(links.length - 1, now + by))]?.focus();
  }
}

/** What an address answers; nothing where there is none, or it is not for who asks. */
export const ifAny = (path) =>
  get(path).catch((problem) => {
    if (NOT_FOR_YOU.has(problem.status)) return undefined;
    throw problem;
  });

/** The items of a list, under the same condition. */
export const itemsOf = async (path) => (await ifAny(path))?.items ?? [];

/** Things of one kind in a table; `none` says what would stand there, and when. `columns`: `[[name, (item) => value]]`, of which the first leads to the thing at `place(item)`. */
export function brief(title, items, columns, { place, all, none }) {
  return html`<section class="card"><h2>${all ? html`<a href=${all}>${title}</a>` : title} <span class="faint">${items.length || nothing}</span></h2>
    ${items.length ? table(items, columns, place) : html`<p class="faint">${none}</p>`}</section>`;
}

/** A row for each item. On a phone each is a block of its own, in which every value has its name before it. `place` is where an item leads to, `label` what the table is called. */
export function table(items, columns, place, label) {
  const likes = columns.map(([, of]) => items.map(of).find(isThere));
  return html`<div class="scroll" tabindex="0" role=${label ? "region" : "group"} aria-label=${label ?? nothing}><table class="stack"><thead><tr>${columns.map(([name], column) => html`<th scope="col" class=${numeric(likes[column])}>${name}</th>`)}</tr></thead>
    <tbody>${items.map((item) => html`<tr>${columns.map(([name, of], column) => (column ? cell(name, of(item), likes[column]) : head(name, of(item), place?.(item))))}</tr>`)}</tbody></table></div>`;
}

const numeric = (value) => (isNumber(value) ? "number" : nothing);

const isThere = (value) => value !== "" && value !== null && value !== undefined;
const isTemplate = (value) => value !== null && typeof value === "object" && !isNumber(value);
const shown = (value) => (isTemplate(value) ? value : inline(value));

/** What a row is of. A number alone does not say that, and keeps its name before it. */
const head = (name, value, address) => html`<th scope="row" class=${numeric(value)} data-name=${isNumber(value) ? name : nothing}>${address ? html`<a href=${address}>${shown(value)}</a>` : shown(value)}</th>`;

/** `like` is another value of the column: where there is none, its place is as theirs. */
const cell = (name, value, like) => html`<td data-name=${name} class=${isNumber(isThere(value) ? value : like) ? "number" : isTemplate(value) || !isShort(value) ? nothing : "short"}>${shown(value)}</td>`;

/** The business day so many days from today: business time may be ahead of the wall's. */
export async function today(days = 0) {
  const { now } = await get("/v1/health");
  const day = new Date(new Date(now).getTime() + days * 86_400_000);
  return day.toLocaleDateString("sv-SE", { timeZone: "Asia/Shanghai" });
}

// A list of the API as a table: filters from the declaration of its query, pages by cursor, rows drawn only where they are looked at, CSV.

import { repeat } from "lit-html/directives/repeat.js";
import { csv, get } from "./api.js";
import { labelOf } from "./field.js";
import { chosenRow, listen, rowKeys } from "./keys.js";
import { isNarrow } from "./narrow.js";
import { memberName } from "./names.js";
import { Part, html, nothing } from "./part.js";
import { formOf, isThere, routeAt } from "./routes.js";
import { save } from "./saving.js";
import { kindOf, plainOf } from "./schema.js";
import { pill } from "./status.js";
import { codeWord, fieldName, listName, t, word } from "./texts.js";
import { isId, placeAt, placeOf } from "./things.js";
import { currencyOf, inUnit } from "./units.js";
import { byId, facts, inline, isMoment, isMoney, isNumber, nameOf, plain } from "./value.js";

const rowHeight = () => (isNarrow() ? 84 : 40); // pixels, as the style sheet has it
const PAGE = 100;
const MOST = 10_000;
const BEYOND = 10; // rows drawn above and below those that are seen
const MOMENT = "datetime-local";
const PAGING = new Set(["limit", "cursor"]);
const NAMES = ["name", "title", "legal_name"]; // what people call a thing: it comes before the id
const NO_COLUMN = new Set(["version", "allowed_actions", "updated_at", "policy", "hash"]);
const SPEAKS = new Set(["id", "status"]); // what needs no name before it on a phone
const MOST_COLUMNS = 8;
const MOST_FIGURES = 2; // that come before other columns
const WIDE = 70; // rem, that a table has at least
const ASIDE = 17.5; // rem, of the menu and the space around a table
const WIDTHS = { first: 17.5, id: 17.5, moment: 11.5, number: 10, status: 9, flag: 10 }; // rem, by what a column holds
const LEAST = 11; // rem, of a text: it has what the others leave

class ThingList extends Part {
  static properties = {
    path: {},
    columns: { attribute: false },
    filters: { attribute: false, hasChanged: (now, before) => JSON.stringify(now) !== JSON.stringify(before) },
    rows: { state: true },
    from: { state: true },
    problem: { state: true },
    isLoading: { state: true },
    query: { state: true },
    maker: { state: true },
    whole: { state: true },
  };

  #conditions = {}; // the values of its filters, by their names
  #cursor = null;
  #asking = 0;
  #forget = () => {};

  connectedCallback() {
    super.connectedCallback();
    this.#forget = listen(() => rowKeys((by) => this.#step(by)));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#forget();
  }

  askAnew() {
    return this.#ask(true);
  }

  willUpdate(changed) {
    if (!changed.has("path") && !changed.has("filters")) return;
    [this.rows, this.from, this.problem, this.query, this.maker] = [[], 0, undefined, undefined, undefined];
    this.whole = undefined;
    this.#conditions = { ...this.filters };
    void this.#begin();
  }

  /** What it is asked by comes first: some lists are of nothing until that is said. */
  async #begin() {
    const { path } = this;
    const route = routeAt("GET", path)?.route;
    this.isLoading = true;
    try {
      const query = route && (await formOf(route.name));
      if (path !== this.path) return;
      [this.query, this.problem] = [query, undefined];
      await this.#next(true);
    } catch (problem) {
      if (path === this.path) [this.problem, this.isLoading] = [problem, false];
    }
  }

  get #fields() {
    return this.query?.query ? plainOf(this.query.query, this.query.definitions) : {};
  }

  /** Its address without what is asked of it. */
  get #base() {
    return this.path.split("?")[0];
  }

  /** Without which of its fields the list is of nothing. */
  #missing() {
    const query = new URLSearchParams(this.path.split("?")[1]);
    return (this.#fields.required ?? []).filter((name) => !this.#conditions[name] && !query.has(name));
  }

  render() {
    return html`${this.query?.query ? this.#filterForm() : nothing}
      <problem-note .problem=${this.problem} .again=${() => (this.query ? this.#next(!this.rows.length) : this.#begin())}></problem-note>
      <p class="faint" role="status">${this.#state()}</p>
      ${this.rows.length ? this.#table() : nothing}
      ${this.whole ? html`<section class="card">${facts(this.whole)}</section>` : nothing}
      <p class="buttons">
        ${this.#cursor ? html`<button @click=${() => this.#next()} ?disabled=${this.isLoading}>${t("More")}</button>
          <button @click=${this.#all} ?disabled=${this.isLoading}>${t("All of them")}</button>` : nothing}
        ${this.rows.length ? html`<button @click=${this.#save}>CSV</button>` : nothing}
      </p>`;
  }

  #state() {
    if (this.isLoading && !this.rows.length) return t("Looking…");
    if (this.problem) return "";
    if (this.#missing().length) return t("Say first: {what}.", { what: this.#missing().map((name) => fieldName(name)).join(", ") });
    if (this.whole) return "";
    if (!this.rows.length) return this.#none();
    return this.#cursor ? t("{count} so far; there are more.", { count: this.rows.length }) : t("{count} in all.", { count: this.rows.length });
  }

  /** What would be here, and how it comes to be. */
  #none() {
    const what = listName(this.path);
    if (Object.keys(this.#conditions).length) return t("{what}: none is as you asked. Leave a condition out to see more.", { what });
    if (!this.maker) return t("{what}: there is none yet. They come of what happens elsewhere.", { what });
    return t("{what}: there is none yet. Made by: {who}, with POST {path}.", { what, who: this.maker.roles.map((role) => word("actor", role)).join(", "), path: this.maker.path });
  }

  #filterForm() {
    const { definitions } = this.query;
    const properties = Object.entries(this.#fields.properties ?? {}).filter(([name]) => !PAGING.has(name));
    if (!properties.length) return nothing;
    return html`<form class="filters" @submit=${this.#filter}>${properties.map(([name, schema]) => this.#filterField(name, plainOf(schema, definitions), kindOf(schema, definitions)))}
      <button>${t("Find")}</button></form>`;
  }

  #filterField(name, schema, kind) {
    const value = this.#conditions[name] ?? "";
    const isRequired = this.#fields.required?.includes(name);
    const label = html`<label for="filter-${name}">${labelOf(name)}</label>`;
    if (kind === "choice") return html`<span>${label}<select id="filter-${name}" name=${name} ?required=${isRequired}><option value="">—</option>${schema.enum.map((code) => html`<option value=${code} ?selected=${code === value}>${codeWord(code)}</option>`)}</select></span>`;
    if (kind === "flag") return html`<span>${label}<select id="filter-${name}" name=${name}><option value="">—</option><option value="true" ?selected=${value === "true"}>${t("yes")}</option><option value="false" ?selected=${value === "false"}>${t("no")}</option></select></span>`;
    return html`<span>${label}<input id="filter-${name}" name=${name} type=${{ day: "date", moment: MOMENT, number: "number" }[kind] ?? "text"} autocomplete="off" ?required=${isRequired} .value=${kind === "moment" && value ? localOf(value) : value}></span>`;
  }

  #filter(event) {
    event.preventDefault();
    const { elements } = event.target;
    const filled = [...new FormData(event.target)].filter(([, value]) => value !== "");
    this.#conditions = Object.fromEntries(filled.map(([name, value]) => [name, elements[name].type === MOMENT ? new Date(value).toISOString() : value]));
    [this.rows, this.from] = [[], 0];
    void this.#next(true);
  }

  #table() {
    const names = this.columns ?? columnsOf(this.rows.slice(0, PAGE));
    const sample = (name) => this.#valueOf(this.rows.find((row) => row[name] !== null), name);
    const kinds = Object.fromEntries(names.map((name, column) => [name, column === 0 ? "first" : name === "status" ? name : kindOfCell(sample(name))]));
    const columns = isNarrow() ? few(names, kinds, (name) => isMoney(sample(name))) : fitting(names, kinds);
    const last = Math.min(this.rows.length, this.from + Math.ceil(innerHeight / rowHeight()) + 2 * BEYOND);
    const heads = Object.fromEntries(columns.map((name) => [name, nameOf(name, this.#firstOf(name), this.#base.split("/").pop())]));
    return html`<div class="rows" tabindex="0" role="region" aria-label=${listName(this.path)} @scroll=${this.#scrolled}>
      <table class="stack" .style=${isNarrow() ? "" : `min-width: ${WIDE}rem`} aria-rowcount=${this.#cursor ? -1 : this.rows.length + 1}><thead><tr aria-rowindex="1">${columns.map((name) => html`<th scope="col" class=${kinds[name]} .style=${widthOf(kinds[name])}>${heads[name]}</th>`)}</tr></thead>
      <tbody>${space(this.from)}${repeat(this.rows.slice(this.from, last), (_, place) => this.from + place, (row, place) => this.#row(row, this.from + place, heads, kinds))}${space(this.rows.length - last)}</tbody></table></div>`;
  }

  #firstOf(name) {
    return this.rows.find((row) => row[name])?.[name];
  }

  #valueOf(row, name) {
    return row && inUnit(name, row[name], currencyOf(row));
  }

  #row(row, place, heads, kinds) {
    return html`<tr aria-rowindex=${place + 2} data-place=${place}>${Object.entries(heads).map(([name, head], column) => {
      const value = this.#valueOf(row, name);
      const shown = column === 0 ? this.#leading(row, value) : shownIn(name, value);
      return html`<td class=${isNumber(value) ? "number" : kinds[name]} data-name=${column === 0 || SPEAKS.has(name) ? nothing : head}>${shown}</td>`;
    })}</tr>`;
  }

  /** What a row is of leads to it, where there is such a place. */
  #leading(row, value) {
    const place = this.#placeOf(row);
    return place ? html`<a href=${place}>${named(value ?? row.id)}</a>` : inline(value);
  }

  #placeOf(row) {
    if (row.href) return placeAt(row.href);
    const [key] = Object.keys(routeAt("GET", `${this.#base}/…`)?.ids ?? {}); // a deposit is read by its seller
    const own = `${this.#base}/${row[key] ?? row.id ?? row[Object.keys(row)[0]]}`;
    return placeOf(row.id) || (isThere("GET", own) ? placeAt(own) : placeOf(row.aggregate_id));
  }

  #scrolled(event) {
    const { scrollTop, clientHeight, scrollHeight } = event.target;
    const from = Math.max(0, Math.floor(scrollTop / rowHeight()) - BEYOND);
    if (Math.abs(from - this.from) >= BEYOND / 2 || from === 0) this.from = from;
    if (scrollTop + clientHeight > scrollHeight - 20 * rowHeight()) void this.#next();
  }

  /** To the row after, or before, the one that is looked at. */
  async #step(by) {
    const now = this.contains(document.activeElement) ? chosenRow() : -1;
    const place = Math.max(0, Math.min(this.rows.length - 1, now + by));
    if (place < this.from || !this.querySelector(`[data-place="${place}"]`)) this.from = Math.max(0, place - BEYOND);
    await this.updateComplete;
    this.querySelector(`[data-place="${place}"] a`)?.focus();
  }

  #address(more) {
    const [path, search] = this.path.split("?");
    const query = new URLSearchParams(search);
    for (const [name, value] of Object.entries({ ...this.#conditions, ...more })) query.set(name, value);
    return [path, query].filter((part) => String(part)).join("?");
  }

  async #next(isFirst = false) {
    if (!isFirst && (this.isLoading || !this.#cursor)) return;
    this.isLoading = !this.#missing().length;
    if (!this.isLoading) return;
    const show = await this.#ask(isFirst);
    show();
  }

  /** What returns shows the page that came, where nothing else was asked for meanwhile. */
  async #ask(isFirst) {
    const asking = ++this.#asking;
    const showing = (cursor, shown) => () => {
      if (asking !== this.#asking) return;
      this.#cursor = cursor;
      Object.assign(this, { problem: undefined, isLoading: false, ...shown });
    };
    try {
      const page = await get(this.#address({ ...(this.#isPaged() && { limit: PAGE }), ...(isFirst ? {} : { cursor: this.#cursor }) }));
      if (!page.items) return showing(null, { whole: page }); // it tells one thing
      const rows = [...(isFirst ? [] : this.rows), ...page.items];
      const route = rows.length ? undefined : routeAt("POST", this.path)?.route;
      return showing(page.next_cursor ?? null, { rows, ...(route && { maker: await formOf(route.name) }) });
    } catch (problem) {
      return showing(isFirst ? null : this.#cursor, { problem });
    }
  }

  /** Whether the list takes a limit. */
  #isPaged() {
    return Boolean(this.#fields.properties?.limit);
  }

  /** Page by page until the end, or until there are as many as anybody looks through. */
  async #all() {
    this.problem = undefined;
    while (this.#cursor && !this.problem && this.rows.length < MOST) await this.#next();
  }

  async #save() {
    try {
      save(await csv(this.#address({})), `${this.#base.split("/").pop()}.csv`);
    } catch (problem) {
      this.problem = problem;
    }
  }
}
customElements.define("thing-list", ThingList);

const shownIn = (name, value) => (name === "status" && value ? pill(value) : name === "id" && memberName(value) ? byId(value) : inline(value));

/** What a row is of: its name, else its id. */
const named = (value) => (isId(value) && !memberName(value) ? html`<code>${value}</code>` : plain(value));

/** What a column holds decides how wide it is. */
const kindOfCell = (value) => (memberName(value) ? "member" : typeof value === "boolean" ? "flag" : isNumber(value) ? "number" : typeof value === "string" && isMoment(value) ? "moment" : placeOf(String(value)) ? "id" : "text");

/** The columns that have room beside each other: what a row is of, its status, members and a figure or two before the others. A member's id is told by its name. */
function fitting([first, ...others], kinds) {
  const figures = others.filter((name) => kinds[name] === "number").slice(0, MOST_FIGURES);
  const isWanted = (name) => kinds[name] === "status" || kinds[name] === "member" || figures.includes(name);
  const room = Math.max(WIDE, innerWidth / parseFloat(getComputedStyle(document.documentElement).fontSize) - ASIDE);
  const left = others.filter((name) => name !== "id" || kinds.id !== "member");
  const chosen = new Set([first]);
  let width = WIDTHS.first;
  for (const name of [...left.filter(isWanted), ...left.filter((name) => !isWanted(name))]) {
    const wide = WIDTHS[kinds[name]] ?? LEAST;
    if (chosen.size < MOST_COLUMNS && width + wide <= room) [width] = [width + wide, chosen.add(name)];
  }
  return [first, ...others].filter((name) => chosen.has(name));
}

/** On a phone a row has three lines, of four columns: what it is of; its id where it has a name, else a member or a text; its status, and an amount, a moment or a figure. Where one of them is not there, there is room for a second amount: what was debited, and what was credited. */
function few([first, ...others], kinds, isAmount) {
  const next = (...order) => order.map((kind) => others.find((name) => kinds[name] === kind)).find(Boolean);
  return [first, next(...(NAMES.includes(first) ? ["id", "text"] : ["member", "text", "id"])), next("status"), ...others.filter(isAmount), next("moment", "number")].filter(Boolean).slice(0, 4);
}

const widthOf = (kind) => (WIDTHS[kind] ? `width: ${WIDTHS[kind]}rem` : "");

/** A moment as a field of a form holds it: on the clock of who reads it, without a zone. */
const localOf = (moment) => new Date(new Date(moment) - new Date(moment).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

/** Room for rows that are not drawn. */
const space = (rows) => (rows > 0 ? html`<tr aria-hidden="true"><td class="space" .style=${`height: ${rows * rowHeight()}px`}></td></tr>` : nothing);

/** The fields that fit into a cell: what the thing is called, its id and its status, then the others in the order in which the API tells them. */
function columnsOf(rows) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => !NO_COLUMN.has(name));
  const fits = (name) => rows.some((row) => row[name] !== null && row[name] !== "" && row[name] !== undefined) && rows.every((row) => typeof (row[name] ?? "") !== "object" || isMoney(row[name]));
  const columns = names.filter(fits);
  const first = [NAMES.find((name) => columns.includes(name)), "id", "status"].filter((name) => columns.includes(name));
  return [...new Set([...first, ...columns])];
}

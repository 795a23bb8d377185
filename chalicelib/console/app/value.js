// A value of the API as people read it: money, moments, days, ids that lead somewhere, codes in words, and whatever is made of these.

import { memberName } from "./names.js";
import { Part, html, nothing } from "./part.js";
import { anyWord, fieldName, spokenLanguage, t } from "./texts.js";
import { pill } from "./status.js";
import { isId, placeOf } from "./things.js";
import { now } from "./time.js";
import { currencyOf, inUnit, withoutUnit } from "./units.js";

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const MEDIA_TYPE = /^(?:application|audio|image|text|video)\/([\w.+-]+)$/;
const DIGEST = /^[0-9a-f]{16,}$/;

export const isMoment = (value) => MOMENT.test(value);
export const isMoney = (value) => typeof value?.amount === "string" && typeof value?.currency === "string";
const LONG = 24; // characters, from which on a text has a line of its own
const isShare = (value) => typeof value?.share === "number";
const isSize = (value) => typeof value?.bytes === "number";
export const isNumber = (value) => isMoney(value) || isShare(value) || isSize(value) || typeof value === "number";

/** `1,500.00 USD`: the digits of the API, grouped. */
export function moneyText({ amount, currency }) {
  const [whole, digits] = amount.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${digits ? `${grouped}.${digits}` : grouped} ${currency}`;
}

/** `12.5 %`, as the API's sentences write it, on one line; with as many digits as `digits` says. */
export const shareText = (share, digits = { maximumFractionDigits: 2 }) => `${(100 * share).toLocaleString(spokenLanguage(), digits)}\u00a0%`;

/** `802 bytes`, `10 MB`. */
export function sizeText(bytes) {
  const [size, unit] = [[1e6, "megabyte"], [1e3, "kilobyte"]].find(([size]) => bytes >= size) ?? [1, "byte"];
  return new Intl.NumberFormat(spokenLanguage(), { style: "unit", unit, unitDisplay: size === 1 ? "long" : "short", maximumSignificantDigits: 3 }).format(bytes / size);
}

/** What people call the form of a file: `application/pdf` is PDF. */
const formatText = (mediaType) => ({ plain: "TXT" })[mediaType] ?? mediaType.toUpperCase();

export const momentText = (value) =>
  new Date(value).toLocaleString(spokenLanguage(), { dateStyle: "medium", timeStyle: "short" });

/** `7 Mar 2026`, as moments are written: a day is the same day everywhere. */
export const dayText = (value) => new Date(value).toLocaleDateString(spokenLanguage(), { dateStyle: "medium", timeZone: "UTC" });

const UNITS = [[2 * 365 * 86400, 365 * 86400, "year"], [90 * 86400, 30.5 * 86400, "month"], [86400, 86400, "day"], [3600, 3600, "hour"], [60, 60, "minute"]]; // from which number of seconds on, and how many each has

/** How far off a moment is: `in 3 days`, `2 hours ago`, `in 10 years`. */
export function distance(value) {
  const seconds = (new Date(value) - now()) / 1000;
  const [, size, unit] = UNITS.find(([from]) => Math.abs(seconds) >= from) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat(spokenLanguage(), { numeric: "always" }).format(size > 86400 ? Math.round(seconds / size) : Math.trunc(seconds / size), unit);
}

/** A value without any markup, for a cell or a title. Amounts in smallest units are of `currency`. */
export function plain(value, currency = currencyOf(value)) {
  if (value === null || value === undefined || value === "") return "—";
  if (isMoney(value)) return moneyText(value);
  if (isShare(value)) return shareText(value.share);
  if (isSize(value)) return sizeText(value.bytes);
  if (typeof value === "boolean") return value ? t("yes") : t("no");
  if (typeof value === "number") return value.toLocaleString(spokenLanguage());
  if (Array.isArray(value)) return value.length ? value.map((each) => plain(each, currency)).join(", ") : "—";
  if (typeof value === "object") return Object.entries(value).map(([name, inner]) => `${fieldName(name)}: ${plain(inUnit(name, inner, currency), currency)}`).join("; ");
  if (MOMENT.test(value)) return momentText(value);
  if (DAY.test(value)) return dayText(value);
  if (MEDIA_TYPE.test(value)) return formatText(MEDIA_TYPE.exec(value)[1]);
  return memberName(value) ?? (value.length > 2 ? anyWord(value) : value);
}

/** A value in a line. */
export function inline(value, currency) {
  if (typeof value === "string") {
    if (MOMENT.test(value)) return html`<time datetime=${value} title=${value}>${momentText(value)}</time>`;
    if (DAY.test(value)) return html`<time datetime=${value}>${dayText(value)}</time>`;
    const place = placeOf(value);
    if (place) return link(place, value, memberName(value));
    if (isId(value)) return html`<code>${value}</code>`;
    if (DIGEST.test(value)) return html`<code title=${value}>${value.slice(0, 12)}…</code>`;
  }
  return isMoney(value) ? html`<span class="money">${moneyText(value)}</span>` : plain(value, currency);
}

/** A thing by its id, where its name is told beside it. */
export const byId = (value) => link(placeOf(value), value);

const link = (place, id, name) => (name ? html`<a href=${place} title=${id}>${name}</a>` : html`<a href=${place}><code>${id}</code></a>`);

class AValue extends Part {
  static properties = { value: { attribute: false }, currency: {} };

  render() {
    return block(this.value, this.currency);
  }
}
customElements.define("a-value", AValue);

export const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value) && !isNumber(value);

/** What has names of its own inside would make a cell as high as a page. */
const fitsCell = (value) => !isObject(value) && !(Array.isArray(value) && value.some(isObject));

const OF_FIELDS = "known"; // which holds names of fields

function block(value, currency, of) {
  if (Array.isArray(value)) return value.length ? several(of === OF_FIELDS ? value.map((name) => fieldName(name)) : value, currency, of) : "—";
  return isObject(value) ? facts(value, { currency, of }) : inline(value, currency);
}

const MOST_COLUMNS = 9; // more of them lie out of sight on a desk

function several(values, currency, of) {
  const fitsTable = values.every((each) => isObject(each) && Object.values(each).every(fitsCell)) && columnsOf(values).length <= MOST_COLUMNS;
  return fitsTable ? table(values, currency, of) : html`<ul class="plain ${values.some((each) => typeof each === "string" && plain(each).length > LONG) ? "lines" : ""}">${values.map((each) => html`<li>${block(each, currency, of)}</li>`)}</ul>`;
}

/** What may be done with a thing stands on its buttons. */
const NO_FACT = "allowed_actions";
const saysNothing = (value) => value === null || value === "" || (typeof value === "object" && Object.values(value).every(saysNothing));

/** Names and values beside each other; without those that say nothing. Amounts in smallest units are of the currency that the value says, else of `currency`; `of` is the thing or the field that the names are of; `named` are names that this page has for them. */
export function facts(value, { without = [], currency, of, named = {} } = {}) {
  const shown = Object.entries(value).filter(([name, inner]) => name !== NO_FACT && !without.includes(name) && !saysNothing(inner));
  const money = currencyOf(value) || currency;
  const isAmounts = shown.every(([name, inner]) => isNumber(inUnit(name, inner, money)));
  return html`<dl class="facts ${isAmounts ? "amounts" : ""}">${shown.map(([name, inner]) => html`<dt>${named[name] ?? nameOf(name, inner, of)}</dt><dd>${name === "status" ? pill(inner) : block(inUnit(name, inner, money), money, name)}</dd>`)}</dl>`;
}

/** What is told by an id but has a name, such as a bank or a member, is called without it. */
export const nameOf = (name, value, of) => fieldName(typeof value === "string" && plain(value) !== value ? name.replace(/_id$/, "") : name, of);

/** A word or two, which a column keeps in one line. */
export const isShort = (value) => typeof value !== "object" && plain(value).length <= 16;

/** A row may say itself what it counts: one of the name `on_time_bp` holds shares. */
const isCounted = (name) => typeof name === "string" && withoutUnit(name)[1] !== "";

const columnsOf = (rows) => [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => rows.some((row) => row[name] !== null && row[name] !== ""));

function table(rows, currency, of) {
  const columns = columnsOf(rows);
  const valueOf = (row, name) => inUnit(typeof row[name] === "number" && isCounted(row.name) ? row.name : name, row[name], currencyOf(row) || currency);
  const kinds = Object.fromEntries(columns.map((name) => [name, rows.every((row) => isNumber(valueOf(row, name) ?? 0)) ? "number" : nothing]));
  const names = Object.fromEntries(columns.map((name) => [name, nameOf(name, rows[0][name], of)]));
  const cell = (row, name) => html`<td data-name=${names[name]} class="${kinds[name] === nothing ? "" : kinds[name]} ${isShort(valueOf(row, name)) ? "short" : ""}">${block(valueOf(row, name), currencyOf(row) || currency, name)}</td>`;
  return html`<div class="scroll" tabindex="0" role="group"><table class="stack"><thead><tr>${columns.map((name) => html`<th scope="col" class=${kinds[name]}>${names[name]}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${columns.map((name) => cell(row, name))}</tr>`)}</tbody></table></div>`;
}

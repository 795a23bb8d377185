// A value of the API as people read it: money, moments, days, ids that lead somewhere, codes in words, and whatever is made of these.

import { Part, html, nothing } from "./part.js";
import { anyWord, fieldName, spokenLanguage, t } from "./texts.js";
import { placeOf } from "./things.js";
import { now } from "./time.js";

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const CODE = /^[a-z][a-z0-9]*([_-][a-z0-9]+)*$/;
const DIGEST = /^[0-9a-f]{40,}$/;

export const isMoment = (value) => MOMENT.test(value);
export const isMoney = (value) => typeof value?.amount === "string" && typeof value?.currency === "string";

/** `1,500.00 USD`: the digits of the API, grouped. */
export function moneyText({ amount, currency }) {
  const [whole, digits] = amount.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${digits ? `${grouped}.${digits}` : grouped} ${currency}`;
}

export const momentText = (value) =>
  new Date(value).toLocaleString(spokenLanguage(), { dateStyle: "medium", timeStyle: "short" });

/** How far off a moment is: `in 3 days`, `2 hours ago`. */
export function distance(value) {
  const seconds = (new Date(value) - now()) / 1000;
  const [size, unit] = [[86400, "day"], [3600, "hour"], [60, "minute"]].find(([size]) => Math.abs(seconds) >= size) ?? [60, "minute"];
  return new Intl.RelativeTimeFormat(spokenLanguage(), { numeric: "always" }).format(Math.trunc(seconds / size), unit);
}

/** A value without any markup, for a cell or a title. */
export function plain(value) {
  if (value === null || value === undefined || value === "") return "—";
  if (isMoney(value)) return moneyText(value);
  if (typeof value === "boolean") return value ? t("yes") : t("no");
  if (typeof value === "number") return value.toLocaleString(spokenLanguage());
  if (Array.isArray(value)) return value.length ? value.map(plain).join(", ") : "—";
  if (typeof value === "object") return Object.entries(value).map(([name, inner]) => `${fieldName(name)}: ${plain(inner)}`).join("; ");
  if (MOMENT.test(value)) return momentText(value);
  return CODE.test(value) && value.length > 2 ? anyWord(value) : value;
}

/** A value in a line. */
export function inline(value) {
  if (typeof value === "string") {
    if (MOMENT.test(value)) return html`<time datetime=${value} title=${value}>${momentText(value)}</time>`;
    if (DAY.test(value)) return html`<time datetime=${value}>${value}</time>`;
    const place = placeOf(value);
    if (place) return html`<a href=${place}><code>${value}</code></a>`;
    if (DIGEST.test(value)) return html`<code title=${value}>${value.slice(0, 12)}…</code>`;
  }
  return isMoney(value) ? html`<span class="money">${moneyText(value)}</span>` : plain(value);
}

class AValue extends Part {
  static properties = { value: { attribute: false } };

  render() {
    return block(this.value);
  }
}
customElements.define("a-value", AValue);

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value) && !isMoney(value);

/** What has names of its own inside would make a cell as high as a page. */
const fitsCell = (value) => !isObject(value) && !(Array.isArray(value) && value.some(isObject));

function block(value) {
  if (value === null || typeof value !== "object" || isMoney(value)) return inline(value);
  if (!Array.isArray(value)) return facts(value);
  if (value.length === 0) return "—";
  return value.every((each) => isObject(each) && Object.values(each).every(fitsCell)) ? table(value) : html`<ul class="plain">${value.map((each) => html`<li>${block(each)}</li>`)}</ul>`;
}

const saysNothing = (value) => value === null || value === "" || (typeof value === "object" && Object.values(value).every(saysNothing));

/** Names and values beside each other; without those that say nothing. */
export function facts(value, { without = [] } = {}) {
  const shown = Object.entries(value).filter(([name, inner]) => !without.includes(name) && !saysNothing(inner));
  const isAmounts = shown.every(([, inner]) => isMoney(inner) || typeof inner === "number");
  return html`<dl class="facts ${isAmounts ? "amounts" : ""}">${shown.map(([name, inner]) => html`<dt>${fieldName(name)}</dt><dd>${block(inner)}</dd>`)}</dl>`;
}

function table(rows) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => rows.some((row) => row[name] !== null && row[name] !== ""));
  const isNumber = (name) => rows.every((row) => isMoney(row[name]) || typeof (row[name] ?? 0) === "number");
  const kinds = Object.fromEntries(columns.map((name) => [name, isNumber(name) ? "number" : nothing]));
  return html`<div class="scroll" tabindex="0" role="group"><table class="stack"><thead><tr>${columns.map((name) => html`<th scope="col" class=${kinds[name]}>${fieldName(name)}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${columns.map((name) => html`<td data-name=${fieldName(name)} class=${kinds[name]}>${block(row[name])}</td>`)}</tr>`)}</tbody></table></div>`;
}

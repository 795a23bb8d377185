// What is said of a version of the rules: what is wrong with it, what it changes, and what that comes to for all sellers.

import "./chart.js";
import { table } from "./hub.js";
import { html, nothing } from "./part.js";
import { fieldName, placeName, t, word } from "./texts.js";
import { placeAt } from "./things.js";
import { inUnit } from "./units.js";
import { isNumber, moneyText } from "./value.js";

export function findings(items) {
  if (!items.length) return nothing;
  return html`<section class="card"><h2>${t("What was noticed")}</h2><ul class="plain">${items.map(({ level, code, where, text }) => html`<li><span class="badge ${level === "error" ? "bad" : "warn"}" title=${code}>${word("value", code)}</span> <strong title=${where}>${placeName(pointer(where))}</strong> ${text}</li>`)}</ul></section>`;
}

/** What differs, of a book whose amounts are in `currency`. Words of the terms stand as they are written there. */
export function changes(items, currency) {
  if (!items.length) return html`<p class="faint">${t("Nothing.")}</p>`;
  return table(items, [
    [t("Where"), ({ where }) => html`<span title=${where}>${placeName(pointer(where))}</span>`],
    [t("Was"), ({ where, was }) => written(where, was, currency)],
    [t("Is"), ({ where, now_is: is }) => written(where, is, currency)],
  ]);
}

/** `groups.G1.amounts_minor[2]` as a JSON Pointer. */
const pointer = (where) => `/${where.replace(/\[(\d+)\]/g, ".$1").replaceAll(".", "/")}`;

/** A value of the terms: an amount, a share or a number as people read it, else as JSON. */
function written(where, value, currency) {
  const quantity = inUnit(where.split(".").pop().replace(/\[\d+\]$/, ""), value, currency);
  return isNumber(quantity) ? quantity : html`<code>${JSON.stringify(value)}</code>`;
}

/** Who would owe more or less, in numbers and as a picture by category and by tier. */
export function tally(result) {
  return html`<p>${t("{sellers} sellers: {up} owe more, {down} less, {unchanged} the same.", { sellers: result.sellers, up: result.moved.up, down: result.moved.down, unchanged: result.unchanged })}
      ${t("{count} would be in arrears, together with {amount}; the clamp shields {shielded}.", { count: result.new_arrears, amount: moneyText(result.new_arrears_sum), shielded: result.shielded })}</p>
    ${moved(t("By category"), result.by_category, result.new_arrears_sum.currency)}${moved(t("By tier"), result.by_tier, result.new_arrears_sum.currency)}
    ${result.most_affected.length ? html`<details><summary>${t("Most affected")}</summary><ul class="plain">${result.most_affected.map((seller) => html`<li><a href=${placeAt(`/v1/members/${seller.seller_id}`)}><code>${seller.seller_id}</code></a> ${moneyText(seller.base_now)} → ${moneyText(seller.base_then)}</li>`)}</ul></details>` : nothing}`;
}

function moved(caption, groups, currency) {
  const names = Object.keys(groups);
  if (!names.length) return nothing;
  const amounts = (part, sign) => names.map((name) => sign * Number(groups[name][part].amount));
  return html`<figure-chart kind="bar" .caption=${caption} unit=${currency} .labels=${names.map((name) => fieldName(name))} .series=${[{ name: t("more"), values: amounts("up_by", 1) }, { name: t("less"), values: amounts("down_by", -1) }]}></figure-chart>`;
}

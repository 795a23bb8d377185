// What a rule has found, in words: its chance where nothing is wrong, and its numbers beside those it compares with.

import { html, nothing } from "./part.js";
import { fieldName, spokenLanguage, t } from "./texts.js";
import { dayText, shareText } from "./value.js";

const PPM = 1e6;

/** `0.6 %`, or a dash where what was found is a fact and no estimate. */
export function chanceText({ p_ppm: chance } = {}) {
  if (chance === null || chance === undefined) return "—";
  if (chance === 0) return t("less than one in a million");
  return shareText(chance / PPM, { maximumSignificantDigits: 2 });
}

/** What a figure of a rule is called. */
export function figureName(name) {
  const names = {
    silent_days: t("Days without a login"),
    ratio_bp: t("Trade of 28 days, as hundredths of a percent of what was to be expected"),
    orders: t("Orders of the window"),
    ewma_milli: t("Weighted mean of weekly trade (logarithm, thousandths)"),
    cusum_milli: t("Sum of what weekly trade fell short (logarithm, thousandths)"),
    grave_changes: t("Grave changes of the profile"),
    light_changes: t("Light changes of the profile"),
    dpd: t("Days past due"),
    disputes: t("Disputes of 28 days"),
    reporters: t("Firms that reported it"),
    notices: t("Notices of banks and courts"),
  };
  return names[name] ?? fieldName(name);
}

/** One day of an alert's evidence. */
export function evidence({ on, numbers, baseline, p_ppm: chance, low_confidence: isUnsure }) {
  return html`<h3><time datetime=${on}>${dayText(on)}</time></h3>
    ${chance === null ? nothing : html`<p>${t("Where nothing is wrong, as much or more is found with a chance of {chance}.", { chance: chanceText({ p_ppm: chance }) })}</p>`}
    ${isUnsure ? html`<p class="note warn">${t("What is usual rests on little: be careful.")}</p>` : nothing}
    <div class="sides">${numbersOf(t("Found"), numbers)}${numbersOf(t("Compared with"), baseline)}</div>`;
}

function numbersOf(title, numbers) {
  const shown = Object.entries(numbers);
  if (!shown.length) return nothing;
  return html`<div><h4>${title}</h4><dl class="facts amounts">${shown.map(([name, value]) => html`<dt>${figureName(name)}</dt><dd>${value.toLocaleString(spokenLanguage())}</dd>`)}</dl></div>`;
}

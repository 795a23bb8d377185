// What a rule has found, in words: its chance where nothing is wrong, and its numbers beside those it compares with.

import { html, nothing } from "./part.js";
import { inWords, spokenLanguage, t } from "./texts.js";

const PPM = 1e6;

/** `0.6 %`, or a dash where what was found is a fact and no estimate. */
export function chanceText({ p_ppm: chance } = {}) {
  if (chance === null || chance === undefined) return "—";
  if (chance === 0) return t("less than one in a million");
  return new Intl.NumberFormat(spokenLanguage(), { style: "percent", maximumSignificantDigits: 2 }).format(chance / PPM);
}

/** One day of an alert's evidence. */
export function evidence({ on, numbers, baseline, p_ppm: chance, low_confidence: isUnsure }) {
  return html`<h3><time datetime=${on}>${on}</time></h3>
    ${chance === null ? nothing : html`<p>${t("Where nothing is wrong, as much or more is found with a chance of {chance}.", { chance: chanceText({ p_ppm: chance }) })}</p>`}
    ${isUnsure ? html`<p class="note warn">${t("What is usual rests on little: be careful.")}</p>` : nothing}
    <div class="sides">${numbersOf(t("Found"), numbers)}${numbersOf(t("Compared with"), baseline)}</div>`;
}

function numbersOf(title, numbers) {
  const shown = Object.entries(numbers);
  if (!shown.length) return nothing;
  return html`<div><h4>${title}</h4><dl class="facts">${shown.map(([name, value]) => html`<dt>${inWords(name)}</dt><dd>${value.toLocaleString(spokenLanguage())}</dd>`)}</dl></div>`;
}

// What people read: the console's sentences in their language, and the words for codes of the API.

import { fetched, stage } from "./stage.js";

const KEPT = "surety-language";
export const spoken = new EventTarget();

let language = "en";
let texts = {};
let words = {};

/** A sentence in the reader's language; `{name}` stands for a value. What has no translation is said in English. */
export function t(text, values = {}) {
  return (texts[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** The word for a code: `word("status", "part_funded")`. What is not listed is shown as it is. */
export function word(context, code) {
  return words[context]?.[code] ?? inWords(code);
}

/** The word for a code that may be of any kind; what is listed nowhere may be no code at all, and is shown as it is. */
export const anyWord = (code) => listed(code) ?? code;

/** The word for what is a code for certain, such as a choice in a form. */
export const choiceWord = (code) => listed(code) ?? inWords(code);

const listed = (code) => Object.values(words).find((codes) => code in codes)?.[code];

/** The name of a field as people read it: `order_id` is Order id, in their language where it is one of those that are read most. */
export const fieldName = (name) => t(inWords(name));

/** A name of the API as words: `supplier_fault_percent`, `open-evidence`. */
export function inWords(name) {
  const plain = String(name).replace(/[_-]/g, " ").trim();
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

export const spokenLanguage = () => language;

/** Speak a language from now on, here and at the next visit. */
export async function speak(chosen) {
  const [said, vocabulary] = await Promise.all([
    fetched(`console/texts/${chosen}`),
    fetched("v1/vocabulary", { "Accept-Language": chosen }),
  ]);
  [language, texts, words] = [chosen, said.texts, vocabulary];
  localStorage.setItem(KEPT, chosen);
  document.documentElement.lang = chosen;
  spoken.dispatchEvent(new Event("change"));
}

/** The language of an earlier visit, else the browser's, where it is offered. */
export function preferred() {
  const asked = [localStorage.getItem(KEPT), ...navigator.languages].filter(Boolean);
  const found = asked.map((tag) => stage.languages.find((known) => known === tag || known.split("-")[0] === tag.split("-")[0]));
  return found.find(Boolean) ?? "en";
}

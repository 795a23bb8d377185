// What people read: the console's sentences in their language, and the words for codes of the API.

import { fetched, stage } from "./stage.js";
import { withoutUnit } from "./units.js";

const KEPT = "surety-language";
const NO_VALUES = new Set(["field", "list", "thing"]); // words for names, which no field holds
export const spoken = new EventTarget();

let language = "en";
let texts = {};
let words = {};

/** A sentence in the reader's language; `{name}` stands for a value. What has no translation is said in English. */
export function t(text, values = {}) {
  return (texts[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** The word for a code: `word("status", "part_funded")`. */
export const word = (context, code) => words[context]?.[code] ?? codeWord(code);

/** The same where it begins a line. */
export const title = (context, code) => capital(word(context, code));

/** The word for a code that may be of any kind; what is listed nowhere may be no code at all, and is shown as it is. */
export const anyWord = (code) => listed(code) ?? code;

/** The word for what is a code for certain, such as a choice in a form. */
export const codeWord = (code) => listed(code) ?? inWords(code);

const listed = (code) => Object.entries(words).find(([context, codes]) => !NO_VALUES.has(context) && code in codes)?.[1][code];

/** The name of a field as people read it: `order_id` is Order id, `rate_bp` Rate. */
export function fieldName(name) {
  const [plain] = withoutUnit(name);
  return capital(words.field?.[name] ?? words.field?.[plain] ?? listed(plain) ?? inWords(plain));
}

/** What happened, by the type of its event: `claim.filed` is Claim: filed. */
export function eventName(type) {
  const [kind, ...of] = type.split(".");
  return t("{kind}: {event}", { kind: title("kind", kind), event: word("event", of.join("_")) });
}

/** What is at the end of an address: a list by its last word, one thing by that before its id. */
export const listName = (path) => title("list", path.split("?")[0].split("/").pop());
export const thingName = (path) => title("thing", path.split("/").at(-2) ?? "");

/** A name of the API as words: `supplier_fault_percent`, `open-evidence`. */
const inWords = (name) => capital(String(name).replace(/[_-]/g, " ").trim());

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

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

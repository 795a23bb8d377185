// What people read: the console's sentences in their language, and the words for codes of the API.

import { fetched, stage } from "./stage.js";
import { withoutUnit } from "./units.js";

const KEPT = "surety-language";
const NAME = /^[a-z][a-z0-9_-]*$/;
const NO_VALUES = new Set(["field", "list", "thing"]); // words for names, which no field holds
const isLast = (context) => Number(context === "deadline"); // what is due is called otherwise than what it is about: the evidence period, and the evidence
export const spoken = new EventTarget();

let language = "en";
let texts = {};
let words = {};
let anyWords = new Map(); // of every kind together: a list looks up each of its cells

/** A sentence in the reader's language; `{name}` stands for a value. What has no translation is said in English. */
export function t(text, values = {}) {
  return (texts[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** The word for a code: `word("status", "part_funded")`. */
export const word = (context, code) => words[context]?.[code] ?? numbered(context, code) ?? codeWord(code);

/** One of several of a kind, as its code counts or names them: `overdue_3`, the third seat's `grace_3`, `risk rsk_…`. */
function numbered(context, code) {
  const [, of, number] = /^(.+)_(\d+)$/.exec(code) ?? /^(.+) ([a-z]+_\w+)$/.exec(code) ?? [];
  return of && (words[context]?.[of] ?? listed(of)) && `${word(context, of)} ${number}`;
}

/** The same where it begins a line. */
export const title = (context, code) => capital(word(context, code));

/** The word for a code that may be of any kind, or what is said in English; what is listed nowhere may be no code at all, and is shown as it is. */
export const anyWord = (code) => listed(code) ?? (isEvent(code) ? eventName(code) : code);

/** Not so the name of a file, `claim.pdf`. Every event of a kind is `claim.*`. */
function isEvent(code) {
  const [kind, ...of] = code.split(".");
  return Boolean(words.kind?.[kind] && (of[0] === "*" || words.event?.[of.join("_")]));
}

/** The word for what is a code for certain, such as a choice in a form. */
export const codeWord = (code) => listed(code) ?? inWords(code);

const listed = (code) => anyWords.get(code);

/** The name of a field as people read it: `order_id` is Order id, `rate_bp` Rate. What it is of may give it another: the lines of `claims`. */
export function fieldName(name, of = "") {
  const [plain] = withoutUnit(name);
  return capital(words.field?.[`${of}.${name}`] ?? words.field?.[name] ?? words.field?.[plain] ?? listed(plain) ?? inWords(plain));
}

/** What a name of the API is called, a field's, a code's or an event's; nothing where it is none. */
export const calledSo = (name) => (words.field?.[name] ? fieldName(name) : listed(name) ?? (isEvent(name) && eventName(name)));

/** What happened, by the type of its event: `claim.filed` is Claim: filed, and `claim.*` whatever happens to a claim. */
export function eventName(type) {
  const [kind, ...of] = type.split(".");
  if (of[0] === "*") return title("kind", kind);
  return t("{kind}: {event}", { kind: title("kind", kind), event: word("event", of.join("_")) });
}

/** What a partner's books have otherwise: a figure, or one thing of a kind (`event draw.confirmed`, `pledge rcb_…`). */
export function differenceName(of) {
  const [what, which] = of.split(" ");
  return which ? `${fieldName(what)} ${what === "event" ? eventName(which) : which}` : fieldName(of);
}

/** What is written in several languages, in the reader's where it is, else in English or the first that there is. */
export const inOwnLanguage = (texts) => texts[language] ?? texts.en ?? Object.values(texts)[0] ?? "";

/** A place inside values, by its JSON Pointer: `/ladder/0/days` is Ladder › 1 › Days. */
export const placeName = (pointer) => pointer.split("/").slice(1).map((part) => (/^\d+$/.test(part) ? Number(part) + 1 : fieldName(part))).join(" › ");

/** What is at the end of an address: a list by its last word, one thing by that before its id. */
export const listName = (path) => title("list", path.split("?")[0].split("/").pop());
export const thingName = (path) => title("thing", path.split("/").at(-2) ?? "");

/** A name of the API as words: `supplier_fault_percent`, `open-evidence`. What is no such name (`2026-01`, `zh-CN`) stays as it is. */
const inWords = (name) => (NAME.test(name) ? capital(name.replace(/[_-]/g, " ").trim()) : String(name));

export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export const spokenLanguage = () => language;

/** Speak a language from now on, here and at the next visit. */
export async function speak(chosen) {
  const [sentences, vocabulary] = await Promise.all([
    fetched(`console/texts/${chosen}`),
    fetched("v1/vocabulary", { "Accept-Language": chosen }),
  ]);
  [language, texts, words] = [chosen, sentences.texts, vocabulary];
  const kinds = Object.entries(vocabulary).filter(([context]) => !NO_VALUES.has(context)).sort(([one], [other]) => isLast(one) - isLast(other)).reverse(); // of two words the first counts
  anyWords = new Map(kinds.flatMap(([, codes]) => Object.entries(codes)));
  localStorage.setItem(KEPT, chosen);
  const answers = []; // of every part: what shows it in the new language
  spoken.dispatchEvent(new CustomEvent("ask", { detail: answers }));
  const shows = await Promise.all(answers);
  if (language !== chosen) return; // another was chosen meanwhile
  document.documentElement.lang = chosen;
  shows.forEach((show) => show());
  spoken.dispatchEvent(new Event("change"));
}

/** The language of an earlier visit, else the browser's, where it is offered. */
export function preferred() {
  const tags = [localStorage.getItem(KEPT), ...navigator.languages].filter(Boolean);
  const main = (tag) => tag.split("-")[0];
  return tags.map((tag) => stage.languages.find((each) => each === tag || main(each) === main(tag))).find(Boolean) ?? "en";
}

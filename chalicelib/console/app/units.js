// What the name of a field says of its value. The end of a whole number's name says of which parts it is a count, and people read the whole; a country or a language is called by its name, and a year is no count.

const SHARES = { bp: 1e4, ppm: 1e6 };
const PARTS = { hundredths: 100, milli: 1e3, micro: 1e6 };
const COUNTRIES = new Set(["country", "buyer_country", "supplier_country", "origin", "destination", "buyer_markets"]);
const LANGUAGES = new Set(["language", "languages", "required_languages"]);
const SIZE = /(^|_)bytes$|^size$/;
const YEAR = /(^|_)year$/;
const UNIT = /^(.+)_(bp|ppm|minor|hundredths|milli|micro)$/;

/** A name without the unit it ends with, and that unit: `least_usd_minor` is `[least_usd, minor]`. */
export function withoutUnit(name) {
  const match = UNIT.exec(name);
  return match ? [match[1], match[2]] : [name, name in SHARES ? name : ""];
}

/** A field's value as its name means it: an amount of the currency, a share, a number, a year, a country, a language. What has no unit stays as it is. */
export function inUnit(name, value, currency) {
  if (COUNTRIES.has(name)) return called(countryName, value);
  if (LANGUAGES.has(name)) return called(languageName, value);
  if (YEAR.test(name) && typeof value === "number") return String(value);
  if (SIZE.test(name) && typeof value === "number") return { bytes: value };
  const [plain, unit] = withoutUnit(name);
  return unit ? each(value, (number) => meant(number, unit, /usd/.test(plain) ? "USD" : currency)) : value;
}

const called = (tell, value) => (Array.isArray(value) ? value.map((code) => tell(code)) : tell(value));

function meant(number, unit, currency) {
  if (unit === "minor") return currency ? moneyOf(number, currency) : number;
  return unit in SHARES ? { share: number / SHARES[unit] } : number / PARTS[unit];
}

/** Each number in a value, wherever it stands. */
function each(value, tell) {
  if (typeof value === "number") return tell(value);
  if (Array.isArray(value)) return value.map((inner) => each(inner, tell));
  if (value === null || typeof value !== "object" || "amount" in value) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, each(inner, tell)]));
}

/** A country as its readers call it: `KR` is Korea. What is no country's code stays as it is. */
export const countryName = (code) => (/^[A-Z]{2}$/.test(code) ? new Intl.DisplayNames(document.documentElement.lang, { type: "region", style: "short" }).of(code) : code);

/** A language likewise: `zh-Hans` is Simplified Chinese. */
export const languageName = (tag) => (/^[a-z]{2}(-\w+)?$/.test(tag) ? new Intl.DisplayNames(document.documentElement.lang, { type: "language" }).of(tag) : tag);

/** An amount as the API writes it. */
export function moneyOf(minor, currency) {
  const digits = digitsOf(currency);
  const text = String(Math.abs(minor)).padStart(digits + 1, "0");
  const [whole, rest] = [text.slice(0, text.length - digits), text.slice(text.length - digits)];
  return { amount: `${minor < 0 ? "-" : ""}${whole}${rest ? `.${rest}` : ""}`, currency };
}

/** The sum of amounts of one currency, to its last digit. */
export function sumOf(amounts) {
  const [{ currency }] = amounts;
  const scale = 10 ** digitsOf(currency);
  return moneyOf(amounts.reduce((sum, { amount }) => sum + Math.round(Number(amount) * scale), 0), currency);
}

const digitsOf = (currency) => new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;

/** The currency that amounts in a value are in: what it says itself, else that of the first of them. */
export function currencyOf(value) {
  if (value === null || typeof value !== "object") return "";
  if (typeof value.currency === "string") return value.currency;
  return Object.values(value).map(currencyOf).find(Boolean) ?? "";
}

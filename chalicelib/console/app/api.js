// Asks this API: with the token of who has signed in, in the language that is spoken. What is refused is a Problem (RFC 9457).

import { learnNames } from "./names.js";
import { formOf, routeAt } from "./routes.js";
import { holds, session, signOut } from "./session.js";
import { address } from "./stage.js";
import { spokenLanguage, t } from "./texts.js";

const MEMBERS = "/v1/members";

export class Problem extends Error {
  constructor(status, told) {
    super(told.detail ?? told.title);
    this.status = status;
    this.told = told;
  }

  /** Whether the request may have been carried out although nobody said so: then it is sent again under the same key. */
  get isOpen() {
    return this.status === 0 || this.status >= 500;
  }
}

/** What an address answers; what the members in it are called is known then. */
export async function get(path, { signal } = {}) {
  const told = await asked(path, { signal });
  await learnNames(told, namesOf);
  return told;
}

/** A command under its Idempotency-Key; `version` of the thing that was looked at, where it has one. */
export function post(path, body, { key, version } = {}) {
  const headers = { "Content-Type": "application/json" };
  if (key) headers["Idempotency-Key"] = key;
  if (version !== undefined) headers["If-Match"] = `"${version}"`;
  return asked(path, { method: "POST", body: JSON.stringify(body ?? {}), headers });
}

/** A list as a file that a spreadsheet opens: all that the query finds, page by page as the API gives it. */
export async function csv(path) {
  const answer = await sent(path, { headers: { Accept: "text/csv" } });
  return answer.blob();
}

/** The members with these ids, for those whose duties open their list. */
async function namesOf(ids) {
  const { duties } = await formOf(routeAt("GET", MEMBERS).route.name);
  return holds(duties) ? (await asked(`${MEMBERS}?ids=${ids}&limit=${ids.length}`)).items : [];
}

async function asked(path, options) {
  return (await sent(path, options)).json();
}

async function sent(path, { headers = {}, ...options } = {}) {
  const who = session();
  const signed = who ? { Authorization: `Bearer ${who.token}` } : {};
  let answer;
  try {
    answer = await fetch(address(path), { ...options, headers: { ...signed, "Accept-Language": spokenLanguage(), ...headers } });
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new Problem(0, { title: t("The service does not answer."), fix: t("Try again in a moment: the same request is sent, and counts once.") });
  }
  if (answer.ok) return answer;
  if (answer.status === 429) throw new Problem(429, { title: t("Too much was asked at once."), fix: t("Wait a moment, then try again.") });
  const told = await answer.json().catch(() => ({ title: t("The service answered in a way that cannot be read.") }));
  if (answer.status === 401 && who === session()) signOut(told.detail);
  throw new Problem(answer.status, told);
}

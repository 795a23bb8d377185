// Asks this API: with the token of who has signed in, in the language that is spoken. What is refused is a Problem (RFC 9457).

import { learnNames } from "./names.js";
import { formOf, routeAt } from "./routes.js";
import { holds, session, signOut } from "./session.js";
import { Problem, answered, read } from "./stage.js";
import { spokenLanguage, t } from "./texts.js";
import { isAnswered, keyOf } from "./unsent.js";

const MEMBERS = "/v1/members";

export { Problem };

/** What an address answers; what the members in it are called is known then. */
export async function get(path, { signal } = {}) {
  const answer = await ask(path, { signal });
  await learnNames(answer, namesOf);
  return answer;
}

/** A command; `version` of the thing that was looked at, where it has one. It keeps its Idempotency-Key until it is answered: asked once more, it counts once. */
export async function post(path, body = {}, { version } = {}) {
  const request = JSON.stringify([path, body]);
  const headers = { "Content-Type": "application/json", "Idempotency-Key": keyOf(request) };
  if (version !== undefined) headers["If-Match"] = `"${version}"`;
  try {
    const answer = await ask(path, { method: "POST", body: JSON.stringify(body), headers });
    isAnswered(request);
    return answer;
  } catch (problem) {
    if (!problem.isOpen) isAnswered(request);
    throw problem;
  }
}

/** A list as a file that a spreadsheet opens: all that the query finds, page by page as the API gives it. */
export async function csv(path) {
  const answer = await sent(path, { headers: { Accept: "text/csv" } });
  return answer.blob();
}

/** The members with these ids, for those whose duties open their list. */
async function namesOf(ids) {
  const { duties } = await formOf(routeAt("GET", MEMBERS).route.name);
  return holds(duties) ? (await ask(`${MEMBERS}?ids=${ids}&limit=${ids.length}`)).items : [];
}

async function ask(path, options) {
  return read(await sent(path, options));
}

async function sent(path, { headers = {}, ...options } = {}) {
  const who = session();
  const signed = who ? { Authorization: `Bearer ${who.token}` } : {};
  try {
    return await answered(path, { ...options, headers: { ...signed, "Accept-Language": spokenLanguage(), ...headers } });
  } catch (problem) {
    if (problem.status === 401 && who === session()) signOut(problem.document.detail ?? t("Your session is over. Sign in again.")); // a gateway says no more than that
    throw problem;
  }
}

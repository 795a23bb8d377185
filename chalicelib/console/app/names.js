// What members are called. The API names members by their ids; the names of all that an answer holds are asked for together, and each once.

import { changed } from "./session.js";

const MEMBER = /^mem_[0-9A-HJKMNP-TV-Z]{26}$/;
const MOST = 100; // ids that one request may name
const names = new Map(); // by id; none for what has no name, or is not for who asks
const asking = new Map(); // by id: the request that asks for it

changed.addEventListener("change", () => [names, asking].forEach((each) => each.clear()));

/** The name of a member, or nothing where it is not known or the value is no member's id. */
export const memberName = (id) => names.get(id);

/** A member's name, else its id. */
export const called = (id) => names.get(id) ?? id;

/** Learn what the members in an answer are called: those that it does not say itself, `ask` is asked for. */
export async function learnNames(answer, ask) {
  const ids = membersIn(answer);
  const unknown = [...ids].filter((id) => !names.has(id) && !asking.has(id));
  for (let first = 0; first < unknown.length; first += MOST) {
    const some = unknown.slice(first, first + MOST);
    const request = ask(some).then((members) => members.forEach(({ id, name }) => names.set(id, name)), () => some.forEach((id) => asking.delete(id)));
    some.forEach((id) => asking.set(id, request));
  }
  await Promise.all(new Set([...ids].map((id) => asking.get(id))));
}

function membersIn(value, ids = new Set()) {
  if (typeof value === "string" && MEMBER.test(value)) ids.add(value);
  if (value === null || typeof value !== "object") return ids;
  if (MEMBER.test(value.id) && typeof value.name === "string") names.set(value.id, value.name);
  Object.values(value).forEach((inner) => membersIn(inner, ids));
  return ids;
}

// What was begun and is not done: what somebody has written and not sent, and the keys of requests that nobody answered. Both are kept in this page's
// memory for who wrote them, so that nothing is lost when a session ends; an identity provider leads away from the page, and meanwhile they are
// in sessionStorage, and removed as soon as they are read. Who signs out has them forgotten, and so has who signs in as somebody else.

import { changed, session } from "./session.js";

const ON_THE_WAY = "surety-unsent";
const before = JSON.parse(sessionStorage.getItem(ON_THE_WAY) ?? "{}");
sessionStorage.removeItem(ON_THE_WAY);

let writer = before.writer ?? "";
const drafts = new Map(before.drafts);
const keys = new Map(before.keys);

/** What was written at a place, and not sent; `write(place)` forgets it. */
export const written = (place) => drafts.get(place);
export const write = (place, draft) => (draft === undefined ? drafts.delete(place) : drafts.set(place, draft));

/** The Idempotency-Key of a request: the same one until it is answered. */
export function keyOf(request) {
  if (!keys.has(request)) keys.set(request, crypto.randomUUID());
  return keys.get(request);
}

export const isAnswered = (request) => keys.delete(request);

/** The page is left, for a sign-in or to be loaded anew. */
export const carry = () => sessionStorage.setItem(ON_THE_WAY, JSON.stringify({ writer, drafts: [...drafts], keys: [...keys] }));

function forget() {
  drafts.clear();
  keys.clear();
}

changed.addEventListener("change", ({ detail: why }) => {
  const who = session()?.sub;
  if (who ? who !== writer : !why) forget();
  writer = who ?? writer;
});

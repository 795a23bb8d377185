// Where we are: the part of the address behind `#`, which never leaves the browser. It holds ids and codes, and nothing about a person.

const HOME = "/today";
export const moved = new EventTarget();

/** `{path, query}` of the address: `#/claims/clm_1?status=open`. */
export function here() {
  const [path, query] = location.hash.replace(/^#/, "").split("?");
  return { path: path || HOME, query: new URLSearchParams(query) };
}

export const go = (place) => location.assign(place);

/** The ids in a path, where it fits a pattern like `/claims/:id`; else null. */
export function fit(pattern, path) {
  const [wanted, given] = [pattern.split("/"), path.split("/")];
  if (wanted.length !== given.length) return null;
  const ids = {};
  for (const [place, part] of wanted.entries()) {
    if (part.startsWith(":")) ids[part.slice(1)] = decodeURIComponent(given[place]);
    else if (part !== given[place]) return null;
  }
  return ids;
}

addEventListener("hashchange", () => moved.dispatchEvent(new Event("change")));

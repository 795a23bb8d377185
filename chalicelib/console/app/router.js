// Where we are: the part of the address behind `#`, which never leaves the browser. It holds ids and codes, and nothing about a person.

const HOME = "/today";
export const moved = new EventTarget();

/** `{path, query}` of the address: `#/claims/clm_1?status=open`. */
export function here() {
  const [path, query] = location.hash.replace(/^#/, "").split("?");
  return { path: path || HOME, query: new URLSearchParams(query) };
}

export const go = (place) => location.assign(place);

/** The ids in a path, where it fits a pattern like `/claims/:id` or `/v1/claims/{claim_id}`; else null. */
export function fit(pattern, path) {
  const [names, parts] = [pattern.split("/"), path.split("/")];
  if (names.length !== parts.length) return null;
  const ids = {};
  for (const [place, name] of names.entries()) {
    if (parts[place] && (name.startsWith(":") || name.startsWith("{"))) ids[name.replace(/\W/g, "")] = decodeURIComponent(parts[place]);
    else if (name !== parts[place]) return null;
  }
  return ids;
}

addEventListener("hashchange", () => moved.dispatchEvent(new Event("change")));

// What the API offers: its endpoints, the form of each, and which of them an allowed action of a thing is.

import { fit } from "./router.js";
import { fetched } from "./stage.js";
import { spokenLanguage } from "./texts.js";

let routes = [];
const forms = new Map();

export async function learn() {
  routes = (await fetched("console/routes")).items;
}

/** The endpoint of a method at an address, with the ids that stand in it: `{route, ids}`, or undefined. */
export function routeAt(method, path) {
  const [place] = path.split("?");
  const endpoints = routes.filter((route) => route.method === method).map((route) => ({ route, ids: fit(route.path, place) }));
  return endpoints.filter(({ ids }) => ids).sort((one, other) => Object.keys(one.ids).length - Object.keys(other.ids).length)[0];
}

export const isThere = (method, path) => routeAt(method, path) !== undefined;

/** Every command of the thing at an address. */
export function commandsOf(path) {
  const thing = routeAt("GET", path)?.route.path;
  return routes.filter((route) => route.method === "POST" && route.thing === thing && thing);
}

/** The command that an allowed action of the thing at an address is, or undefined. The shortest path is the thing's own. */
export function commandFor(path, action) {
  const fitting = commandsOf(path).filter((route) => route.actions.includes(action));
  return fitting.sort((one, other) => one.actions.indexOf(action) - other.actions.indexOf(action) || one.path.length - other.path.length)[0];
}

/** What an endpoint takes and who may ask it, by its name; what it says of that is in the language that is spoken. */
export function formOf(name) {
  const language = spokenLanguage();
  const key = `${name} ${language}`;
  if (!forms.has(key)) forms.set(key, fetched(`console/forms/${name}`, { "Accept-Language": language }).catch((failure) => { forms.delete(key); throw failure; }));
  return forms.get(key);
}

/** The path of an endpoint with these ids in it. */
export const filled = (path, ids) => path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(ids[name] ?? ""));

/** The lists that need nothing but a duty: a GET at an address without ids, beside which things are that have one. */
export const lists = () =>
  routes.filter(({ method, path }) => method === "GET" && path.startsWith("/v1/") && !path.includes("{") && routes.some((other) => other.path.startsWith(`${path}/{`)));

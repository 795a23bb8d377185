// Every screen of the console: where it is, what it is called, which duties open it, and the key that leads there.
//
// A screen is one module, `screen_<name>.js`, that defines its element; it is loaded when it is first opened, and given the ids of its address.
// `key` and `menu` are for those that stand in the menu. What no screen is for is shown by the two at the end: a list, or a thing.

import { t } from "./texts.js";

export const SCREENS = [
  { path: "/today", tag: "screen-today", module: "./screen_today.js", title: () => t("Today"), duties: [], key: "t", menu: true },
  { path: "/search", tag: "screen-search", module: "./screen_search.js", title: () => t("Search"), duties: [], key: "/", menu: true },
  { path: "/members/:id", tag: "screen-member", module: "./screen_member.js", title: () => t("Member"), duties: [] },
  { path: "/claims/:id", tag: "screen-case", module: "./screen_case.js", title: () => t("Claim"), duties: [] },
  { path: "/sanctions/:id", tag: "screen-case", module: "./screen_case.js", title: () => t("Sanction"), duties: [] },
  { path: "/reconciliation-items/:id", tag: "screen-case", module: "./screen_case.js", title: () => t("Reconciliation item"), duties: [] },
  { path: "/cases/:id", tag: "screen-case", module: "./screen_case.js", title: () => t("Case"), duties: [] },
  { path: "/trail", tag: "screen-trail", module: "./screen_trail.js", title: () => t("Who did what"), duties: [], key: "w", menu: true },
  { path: "/all", tag: "screen-all", module: "./screen_all.js", title: () => t("All lists"), duties: [], key: "l", menu: true },
];

export const LIST = { tag: "screen-list", module: "./screen_list.js" };
export const THING = { tag: "screen-thing", module: "./screen_thing.js" };

// Where a thing is shown: the console's address of it is its address at the API, without the `/v1`.

import { isThere } from "./routes.js";

const FOLDERS = {
  agr: "agreements", alr: "alerts", app: "credit-applications", bev: "bank-events", cas: "cases", chm: "channel-memberships", chn: "channels",
  clm: "claims", cns: "consents", cpy: "payments", exp: "exports", gcl: "guarantee-calls", grp: "guarantee-groups", imp: "imports", inc: "incentives",
  ins: "bank-instructions", lin: "credit-lines", lon: "loans", lst: "listings", mcl: "member-claims", mem: "members", nom: "nominations",
  ofr: "credit-offers", ord: "orders", pro: "pre-offers", qot: "quotes", rbk: "deposit-rulebooks", rci: "reconciliation-items", rcb: "receivables",
  rcv: "recoveries", rpt: "peer-reports", run: "runs", sco: "scores", snc: "sanctions", stl: "settlements", trn: "trainings", whe: "webhook-endpoints",
};
const ID = /^([a-z]{3})_[0-9A-HJKMNP-TV-Z]{26}(_\d+)?$/;

export const isId = (value) => ID.test(value);

/** The console's address of a thing by its id, or nothing where it has none. */
export function placeOf(id) {
  const folder = FOLDERS[ID.exec(id)?.[1]];
  return folder && isThere("GET", `/v1/${folder}/${id}`) ? `#/${folder}/${id}` : "";
}

/** The console's address of what is at an address of the API. */
export const placeAt = (href) => `#${href.replace(/^\/v1/, "")}`;

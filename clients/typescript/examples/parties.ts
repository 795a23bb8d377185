/** Who acts in the examples: an officer, a buyer and a supplier of the world that `make run` begins with. */

import { pathToFileURL } from "node:url";

import { Surety, sandboxToken, type components } from "../src/index.js";

export type Schemas = components["schemas"];
export const url = process.env["SURETY_URL"] ?? "http://127.0.0.1:8000";
export const officer = new Surety(url, sandboxToken(url, "officer", "examples", "admin"));
export const buyer = await member("hansa-moebel");
export const supplier = await member("lantern-works");

/** The id of a member, and the API as that member sees it. */
export async function member(external_ref: string): Promise<{ id: string; surety: Surety }> {
  for await (const { id } of officer.list("/v1/members", { query: { external_ref } })) {
    return { id, surety: new Surety(url, sandboxToken(url, "member", id)) };
  }
  throw new Error(`Nobody is called ${external_ref}.`);
}

/** Whether this module is the one that was started, and not one that another imports. */
export function isStarted(module: ImportMeta): boolean {
  return module.url === pathToFileURL(process.argv[1] ?? "").href;
}

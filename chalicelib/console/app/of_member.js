// The things of a kind that a member is a party to, by whichever name the list's query has for that.

import { get } from "./api.js";
import { formOf, routeAt } from "./routes.js";
import { plainOf } from "./schema.js";

const NAMES = ["party", "member_id", "firm_id", "supplier_id", "seller_id", "customer_id"];
const LIMIT = 20;

/** At most so many of them, as the list tells them; none where the list cannot be asked for a member's, or may not be read. */
export async function ofMember(folder, id) {
  const address = await listOf(folder, id);
  return address ? get(`${address}&limit=${LIMIT}`).then(({ items }) => items, () => []) : [];
}

/** The list's address with the member in its query; empty where it knows no members. */
export async function listOf(folder, id) {
  const route = routeAt("GET", `/v1/${folder}`)?.route;
  const form = route && (await formOf(route.name));
  const properties = form?.query ? plainOf(form.query, form.definitions).properties : {};
  const name = NAMES.find((each) => each in properties);
  return name ? `/v1/${folder}?${name}=${encodeURIComponent(id)}` : "";
}

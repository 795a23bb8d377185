/** Everything there is, page after page: the next page is asked for when the one before is used up. */

import { member, officer } from "./parties.js";

const { surety } = await member("hansa-moebel");
let orders = 0;
for await (const order of surety.list("/v1/orders", { query: { as: "buyer", limit: 2 } })) orders += order.id ? 1 : 0;
console.log(`${orders} orders of the buyer`);
const suppliers = new Set<string>();
for await (const supplier of officer.list("/v1/suppliers", { query: { limit: 1 } })) suppliers.add(supplier.id);
console.log(`${suppliers.size} suppliers, one on each page`);

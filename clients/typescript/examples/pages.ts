/** Everything there is, page after page: the next page is asked for when the one before is used up. */

import { buyer, officer } from "./parties.js";

const orders: Record<string, number> = {};
for await (const { status } of buyer.surety.list("/v1/orders", { query: { as: "buyer", limit: 2 } })) {
  orders[status] = (orders[status] ?? 0) + 1;
}
console.log(`orders of the buyer: ${JSON.stringify(orders)}`);
const suppliers = new Set<string>();
for await (const supplier of officer.list("/v1/suppliers", { query: { limit: 1 } })) suppliers.add(supplier.id);
console.log(`${suppliers.size} suppliers, one on each page`);

/** An order under protection: the buyer proposes the terms, the supplier accepts exactly that version of them. */

import { Problem } from "../src/index.js";
import { buyer, isStarted, supplier, type Schemas } from "./parties.js";
import { terms } from "./quote.js";

export async function agreed(): Promise<Schemas["OrderView"]> {
  const body = { buyer_id: buyer.id, supplier_id: supplier.id, terms };
  const { id, version } = await buyer.surety.post("/v1/orders", { body });
  return supplier.surety.post("/v1/orders/{order_id}/accept", { path: { order_id: id }, body: { version } });
}

if (isStarted(import.meta)) {
  const order = await agreed();
  const { reserved } = order.cover;
  console.log(`order ${order.status}; reserved for it: ${reserved.amount} ${reserved.currency}`);
  try {
    await supplier.surety.post("/v1/orders/{order_id}/accept", { path: { order_id: order.id }, body: { version: 1 } });
  } catch (refused) {
    if (!(refused instanceof Problem)) throw refused;
    console.log(`${refused.status} ${refused.code}: ${refused.fix}`);
  }
}

/** An order under protection: what the terms would be covered for, the buyer's proposal, the supplier's consent. */

import { Problem, type components } from "../src/index.js";
import { member } from "./parties.js";

const buyer = await member("hansa-moebel");
const supplier = await member("lantern-works");
const terms: components["schemas"]["TermsRequest"] = {
  currency: "USD",
  items: [{ name: "Paper lantern, 20 cm", quantity: 100, unit_price: { amount: "2.00", currency: "USD" } }],
  instalments: [{ name: "whole", money: { amount: "200.00", currency: "USD" } }],
  ship_by: { kind: "after_payment", days: 10, payment: "full" },
  cover: "total",
};
const quote = await buyer.surety.post("/v1/cover-quotes", { body: { supplier_id: supplier.id, terms } });
console.log(`covered for ${quote.cap.amount} ${quote.cap.currency}`);
const parties = { buyer_id: buyer.id, supplier_id: supplier.id };
const proposed = await buyer.surety.post("/v1/orders", { body: { ...parties, terms }, key: "example-order" });
const consent = { path: { order_id: proposed.id }, body: { version: proposed.version } };
const agreed = await supplier.surety.post("/v1/orders/{order_id}/accept", consent);
console.log(`order ${agreed.status}`);
try {
  await supplier.surety.post("/v1/orders/{order_id}/accept", consent);
} catch (refused) {
  if (!(refused instanceof Problem)) throw refused;
  console.log(`${refused.status} ${refused.code}: ${refused.fix}`);
}

/** What terms would be covered for, before anybody agrees to them. */

import { buyer, isStarted, supplier, type Schemas } from "./parties.js";

export const terms: Schemas["TermsRequest"] = {
  currency: "USD",
  items: [{ name: "Paper lantern, 20 cm", quantity: 10, unit_price: { amount: "2.00", currency: "USD" } }],
  instalments: [{ name: "whole", money: { amount: "20.00", currency: "USD" } }],
  ship_by: { kind: "after_payment", days: 10, payment: "full" },
  cover: "total",
};

if (isStarted(import.meta)) {
  const quote = await buyer.surety.post("/v1/cover-quotes", { body: { supplier_id: supplier.id, terms } });
  console.log(quote.covered ? `covered for ${quote.cap.amount} ${quote.cap.currency}` : `not covered: ${quote.why}`);
}

/** The buyer asks money back for faulty goods; the supplier offers part of it, and the buyer takes it or goes on. */

import { buyer, isStarted, supplier, type Schemas } from "./parties.js";
import { received } from "./ship.js";

const money = (amount: string) => ({ amount, currency: "USD" });

export async function filed(): Promise<Schemas["ClaimView"]> {
  const statement = "Four of the lanterns are torn.";
  const body = { reason: "quality_mismatch", amount: money("8.00"), statement } as const;
  return buyer.surety.post("/v1/orders/{order_id}/claims", { path: { order_id: (await received()).id }, body });
}

if (isStarted(import.meta)) {
  const claim_id = (await filed()).id;
  const body = { kind: "partial", amount: money("5.00") } as const;
  const { offers } = await supplier.surety.post("/v1/claims/{claim_id}/offers", { path: { claim_id }, body });
  const path = { claim_id, offer_id: offers.at(-1)?.id ?? "" };
  const settled = await buyer.surety.post("/v1/claims/{claim_id}/offers/{offer_id}/accept", { path });
  console.log(`claim ${settled.status}, settled at ${settled.settlement?.amount.amount}`);
}

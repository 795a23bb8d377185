/** The supplier ships, the goods arrive, the buyer has received them: each a step that is on record. */

import { paid } from "./pay.js";
import { buyer, isStarted, supplier, type Schemas } from "./parties.js";

const goods: Schemas["ShipRequest"] = {
  carrier: "DHL",
  tracking_number: "JD014600003828",
  documents: [{ kind: "air_waybill", reference: "020-1234 5675" }],
};

export async function received(): Promise<Schemas["OrderView"]> {
  const path = { order_id: (await paid()).id };
  await supplier.surety.post("/v1/orders/{order_id}/ship", { path, body: goods });
  await supplier.surety.post("/v1/orders/{order_id}/deliver", { path, body: { reference: "POD-88121" } });
  return buyer.surety.post("/v1/orders/{order_id}/receive", { path });
}

if (isStarted(import.meta)) {
  const order = await received();
  console.log(`order ${order.status}; allowed now: ${order.allowed_actions.join(", ") || "nothing"}`);
  const steps: string[] = [];
  const path = { order_id: order.id };
  for await (const entry of buyer.surety.list("/v1/orders/{order_id}/timeline", { path })) steps.push(entry.kind);
  console.log(steps.at(-1));
}

/** The buyer pays the bank, and the bank tells of it. In the sandbox the bank says what it is told to say. */

import { until } from "../src/index.js";
import { agreed } from "./order.js";
import { buyer, isStarted, officer, type Schemas } from "./parties.js";

export async function paid(): Promise<Schemas["OrderView"]> {
  const order = await agreed();
  const path = { order_id: order.id };
  const payment = {
    order_id: order.id,
    bank_ref: `R-${order.id.slice(-8)}`,
    seq: 1,
    account: "TA-USD-01",
    value_date: order.created_at.slice(0, 10),
    money: { amount: "20.00", currency: "USD" },
  };
  const body = { type: "payment.received", data: payment };
  await officer.post("/v1/sandbox/banks/{bank_id}/events", { path: { bank_id: "boc" }, body });
  await until(async () => (await buyer.surety.get("/v1/orders/{order_id}/money", { path })).payments.length > 0);
  return buyer.surety.get("/v1/orders/{order_id}", { path });
}

if (isStarted(import.meta)) {
  const { status, cover } = await paid();
  console.log(`order ${status}; covered: ${cover.active.amount} of ${cover.cap.amount}`);
}

/** A month of a seller's deposit: opened, set after the first trading day, decided anew on the 6th, each step explained. */

import { moveClock, Surety, sandboxToken, until } from "../src/index.js";
import { officer, url } from "./parties.js";

const name = `linen-${crypto.randomUUID().slice(0, 8)}`;
const company = { external_ref: name, name: "Linen House", country: "CN" };
const path = { seller_id: (await officer.post("/v1/members", { body: company })).id };
const shop = new Surety(url, sandboxToken(url, "member", path.seller_id));
await shop.post("/v1/deposits/{seller_id}", { path });
const { now: at } = await officer.get("/v1/sandbox/clock");
const parties = { supplier_ref: name, supplier_country: "CN", buyer_country: "CN", category: "bed_bath_table" };
const instants = { ordered_at: at, paid_at: at, delivered_at: at };
const trade = { ...parties, ...instants, currency: "CNY", amount: "18.00", status: "completed" } as const;
const items = Array.from({ length: 40 }, (_, n) => ({ ...trade, trade_id: `${name}-${n}`, buyer_ref: `b-${n}` }));
await officer.post("/v1/trades", { body: { items } });
await moveClock(officer, { hours: 24 });
const due = await until(async () => {
  const seen = await shop.get("/v1/deposits/{seller_id}", { path });
  return seen.requirement.base.amount !== "0.00" && seen;
});
console.log(`${due.status}: ${due.requirement.total.amount} ${due.currency} required`);
const coming = await shop.get("/v1/deposits/{seller_id}/simulation", { path });
await moveClock(officer, { to: coming.cut_off_at });
await moveClock(officer, { hours: 24 });
const month = { path: { ...path, period: coming.period } };
const decided = await shop.get("/v1/deposits/{seller_id}/adjustments/{period}", month);
console.log(`${coming.period}: ${decided.orders} orders come to ${decided.base.amount}`);
for await (const { text } of shop.list("/v1/deposits/{seller_id}/statements", { path })) console.log(`  ${text}`);

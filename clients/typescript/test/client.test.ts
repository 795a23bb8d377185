/** What the client does around a call. The answers here are invented; the examples are tried against the running product. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Webhook } from "standardwebhooks";

import { moveClock, NotGenuine, opened, Problem, Surety, TookTooLong, Unreachable, until } from "../src/index.js";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** A request as it went out. */
interface Sent {
  url: string;
  headers: Record<string, string>;
  body: unknown;
}

/** Answers with what it was given, one after the other, and keeps the requests and how long the client slept. */
function wire(...answers: (Response | Error)[]) {
  const requests: Sent[] = [];
  const slept: number[] = [];
  const answer = async (url: string, request: RequestInit) => {
    const body = request.body ? JSON.parse(String(request.body)) : null;
    requests.push({ url, headers: request.headers as Record<string, string>, body });
    const next = answers.shift();
    if (!next || next instanceof Error) throw next ?? new Error("nothing more is answered");
    return next;
  };
  const retries = { sleep: async (ms: number) => void slept.push(ms), chance: () => 1 };
  const surety = new Surety("https://api.example/", "a-token", { retries, fetch: answer as typeof fetch });
  return { surety, requests, slept };
}

const json = (status: number, body: unknown, headers = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });
const no = (status: number, code: string, more = {}) => json(status, { status, code, detail: "Not that.", fix: "Do this.", ...more });
const page = (ids: string[], next_cursor: string | null = null) => json(200, { items: ids.map((id) => ({ id })), next_cursor });

test("every request has a key of its own and keeps it however often it is sent", async () => {
  const { surety, requests } = wire(new Error("gone"), no(503, "busy"), json(201, {}), json(201, {}));
  const body = { external_ref: "acme", name: "ACME", country: "DE" };
  await surety.post("/v1/members", { body });
  await surety.post("/v1/members", { body });
  const keys = requests.map((each) => each.headers["Idempotency-Key"]);
  assert.equal(new Set(keys.slice(0, 3)).size, 1);
  assert.notEqual(keys[0], keys[3]);
  assert.deepEqual(requests[0]?.body, body);
  assert.equal(requests[0]?.headers["Authorization"], "Bearer a-token");
});

test("it waits longer each time, and never less than it was told", async () => {
  const { surety, slept } = wire(no(503, "busy"), json(429, {}, { "Retry-After": "7" }), no(409, "race_lost"), json(200, {}));
  await surety.get("/v1/health");
  assert.deepEqual(slept, [250, 7_500, 1_000]);
});

test("who never answers is unreachable, and who is busy to the end says so", async () => {
  const silent = wire(...Array.from({ length: 5 }, () => new Error("gone")));
  await assert.rejects(silent.surety.get("/v1/health"), Unreachable);
  const busy = wire(...Array.from({ length: 5 }, () => no(503, "busy")));
  await assert.rejects(busy.surety.get("/v1/health"), { name: "Problem", code: "busy" });
});

test("a problem says what to do and has the numbers, and is not sent again", async () => {
  const { surety, requests } = wire(no(422, "capacity_exceeded", { param: "terms", shortfall: { amount: "20.00" } }));
  await assert.rejects(surety.get("/v1/orders/{order_id}", { path: { order_id: "a/b" } }), (refused: Problem) => {
    assert.deepEqual([refused.status, refused.fix, refused.param], [422, "Do this.", "terms"]);
    assert.deepEqual(refused.numbers, { shortfall: { amount: "20.00" } });
    return true;
  });
  assert.deepEqual(requests.map((each) => each.url), ["https://api.example/v1/orders/a%2Fb"]);
});

test("a list goes on while there is a cursor, and over pages that hold nothing", async () => {
  const { surety, requests } = wire(page(["a", "b"], "one"), page([], "two"), page(["c"]));
  const ids: string[] = [];
  for await (const order of surety.list("/v1/orders", { query: { as: "supplier" } })) ids.push(order.id);
  assert.deepEqual(ids, ["a", "b", "c"]);
  assert.deepEqual(requests.map((each) => new URL(each.url).search), ["?as=supplier", "?as=supplier&cursor=one", "?as=supplier&cursor=two"]);
});

test("a member acted for is named", async () => {
  const { surety, requests } = wire(page([]));
  await surety.actingFor("mem_7").get("/v1/orders");
  assert.equal(requests[0]?.headers["Surety-Acting-For"], "mem_7");
});

test("a webhook is opened where it is genuine and fresh", () => {
  const body = '{"type":"order.funded","data":{}}';
  const signed = (at: Date) => ({
    "Webhook-Id": "msg_1",
    "Webhook-Timestamp": String(Math.floor(at.getTime() / 1000)),
    "Webhook-Signature": new Webhook(SECRET).sign("msg_1", at, body),
  });
  assert.equal(opened(SECRET, signed(new Date()), body).type, "order.funded");
  assert.throws(() => opened(SECRET, signed(new Date()), `${body} `), NotGenuine);
  assert.throws(() => opened(SECRET, signed(new Date(Date.now() - 360_000)), body), NotGenuine);
});

test("the clock is moved until it has arrived", async () => {
  const moved = (now: string, arrived: boolean) => json(200, { now, arrived, counts: {}, happened: [] });
  const began = json(200, { now: "2026-03-02T02:15:00Z", real_now: "2026-03-02T02:15:00Z" });
  const { surety, requests } = wire(began, moved("2026-03-03T02:15:00Z", false), moved("2026-03-05T02:15:00Z", true));
  assert.equal(await moveClock(surety, { hours: 72 }), "2026-03-05T02:15:00Z");
  const moves = requests.slice(1);
  assert.deepEqual(moves.map((each) => each.body), Array(2).fill({ now: "2026-03-05T02:15:00.000Z" }));
  assert.equal(new Set(moves.map((each) => each.headers["Idempotency-Key"])).size, 2);
});

test("what is waited for is given when it is there, and waiting ends", async () => {
  const seen = [null, false, "there"] as const;
  let looks = 0;
  assert.equal(await until(async () => seen[looks++], 60, 0), "there");
  assert.equal(looks, 3);
  await assert.rejects(until(async () => false, 0, 0), TookTooLong);
});

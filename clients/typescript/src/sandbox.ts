/** What only a sandbox has: tokens for anybody, and a clock that moves. */

import { Surety } from "./client.js";

/** Gives tokens of the sandbox, which signs them for anybody; a new one a minute before the last expires. */
export function sandboxToken(url: string, role: "member" | "bank" | "agency" | "officer", sub: string, ...duties: string[]): () => Promise<string> {
  const nobody = new Surety(url);
  let kept = { token: "", expires_at: "" };
  return async () => {
    if (!kept.token || Date.parse(kept.expires_at) - 60_000 < Date.now()) {
      const body = { role, sub, ...(duties.length ? { duties: duties as never[] } : {}) };
      kept = await nobody.post("/v1/sandbox/tokens", { body });
    }
    return kept.token;
  };
}

/** Moves business time on, in as many requests as it takes: one ends after some seconds, however much fell due on the way. */
export async function moveClock(surety: Surety, by: { hours: number } | { to: string }): Promise<string> {
  const { now } = await surety.get("/v1/sandbox/clock");
  const to = "to" in by ? by.to : new Date(Date.parse(now) + by.hours * 3_600_000).toISOString();
  for (;;) {
    const clock = await surety.post("/v1/sandbox/clock", { body: { now: to } });
    if (clock.arrived) return clock.now;
  }
}

/** Sending a request until it is answered: again after pauses, where the API or the network says that may help. */

import { Unreachable } from "./problems.js";

const AGAIN = new Set([429, 502, 503, 504]);

export interface Retries {
  tries: number;
  firstMs: number;
  longestMs: number;
  sleep: (ms: number) => Promise<void>;
  chance: () => number;
}

export const RETRIES: Retries = {
  tries: 5,
  firstMs: 250,
  longestMs: 8_000,
  sleep: (ms) => new Promise((over) => setTimeout(over, ms)),
  chance: Math.random,
};

/** A response with its body as text. */
export interface Reply {
  response: Response;
  text: string;
}

/** The answer, or the last of those that said to come again. */
export async function untilAnswered(once: () => Promise<Reply>, retries: Retries): Promise<Reply> {
  for (let number = 1; ; number += 1) {
    let reply: Reply | undefined;
    let fault: unknown;
    try {
      reply = await once();
    } catch (error) {
      fault = error;
    }
    if (reply && !mayBeRepeated(reply)) return reply;
    if (number >= retries.tries) {
      if (reply) return reply;
      throw new Unreachable(`Nobody answered in ${retries.tries} tries.`, { cause: fault });
    }
    await retries.sleep(pause(number, reply?.response, retries));
  }
}

/** Longer each time, of a random length, and never shorter than `Retry-After` says. */
function pause(number: number, response: Response | undefined, retries: Retries): number {
  const longest = Math.min(retries.longestMs, retries.firstMs * 2 ** (number - 1));
  return 1_000 * (Number(response?.headers.get("Retry-After")) || 0) + longest * retries.chance();
}

function mayBeRepeated({ response, text }: Reply): boolean {
  return AGAIN.has(response.status) || (response.status === 409 && text.includes('"race_lost"'));
}

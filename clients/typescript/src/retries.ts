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

export interface Told {
  response: Response;
  text: string;
}

/** The answer, or the last of those that said to come again. */
export async function untilAnswered(once: () => Promise<Told>, retries: Retries): Promise<Told> {
  for (let number = 1; ; number += 1) {
    let told: Told | undefined;
    let fault: unknown;
    try {
      told = await once();
    } catch (error) {
      fault = error;
    }
    if (told && !mayBeRepeated(told)) return told;
    if (number >= retries.tries) {
      if (told) return told;
      throw new Unreachable(`Nobody answered in ${retries.tries} tries.`, { cause: fault });
    }
    await retries.sleep(pause(number, told?.response, retries));
  }
}

/** Longer each time, of a random length, and never shorter than `Retry-After` says. */
function pause(number: number, response: Response | undefined, retries: Retries): number {
  const longest = Math.min(retries.longestMs, retries.firstMs * 2 ** (number - 1));
  return 1_000 * (Number(response?.headers.get("Retry-After")) || 0) + longest * retries.chance();
}

function mayBeRepeated({ response, text }: Told): boolean {
  return AGAIN.has(response.status) || (response.status === 409 && text.includes('"race_lost"'));
}

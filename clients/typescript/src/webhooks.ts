/** Webhooks that Surety sends: whether one is genuine, and what it tells. Signed as Standard Webhooks 1.0 says. */

import { Webhook, WebhookVerificationError } from "standardwebhooks";

/** The signature, its time or its form is wrong: answer 401, and do nothing with it. */
export class NotGenuine extends Error {
  override readonly name = "NotGenuine";
}

export interface Event {
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
}

/** The event, where its signature is right and not older than five minutes. `body` is the raw body, byte for byte. */
export function opened(secret: string, headers: Record<string, string>, body: string): Event {
  const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  try {
    return new Webhook(secret).verify(body, named) as Event;
  } catch (wrong) {
    if (wrong instanceof WebhookVerificationError) throw new NotGenuine(wrong.message);
    throw wrong;
  }
}

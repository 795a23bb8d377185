// What a bank told of money, as far as people look at it: who sent it, and what it says it is for.

import { t } from "./texts.js";

/** The data of the message that the bank signed; nothing where it is none that can be read. */
export function messageOf({ payload }) {
  try {
    return JSON.parse(payload).data ?? {};
  } catch {
    return {};
  }
}

/** What speaks for a suggestion, in words. */
export const inFavour = (reasons) => {
  const words = { reference: t("named in the transfer"), same_amount: t("same amount"), remitter: t("remitter's name") };
  return reasons.map((reason) => words[reason] ?? reason).join(", ");
};

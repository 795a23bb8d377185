// Money that somebody has to look at: what lies in suspense and what it may be for, what came too early, what banks could not do; and what passed through each.

import { Hub, brief, itemsOf } from "./hub.js";
import { html, nothing } from "./part.js";
import "./settled_money.js";
import { pill } from "./status.js";
import { capital, codeWord, t } from "./texts.js";
import { placeAt } from "./things.js";
import { inFavour, messageOf } from "./transfer.js";

const OPEN = ["manual", "needs_account", "failed", "unknown"];

class ScreenMoney extends Hub {
  async load() {
    const [suspense, parked, refused, ...instructions] = await Promise.all([
      ...["suspense", "parked", "refused"].map((status) => itemsOf(`/v1/bank-events?status=${status}&limit=50`)),
      ...OPEN.map((status) => itemsOf(`/v1/bank-instructions?status=${status}&limit=50`)),
    ]);
    const suggested = await Promise.all(suspense.map(({ id }) => itemsOf(`/v1/bank-events/${id}/suggestions`)));
    return { suspense: suspense.map((event, place) => ({ ...event, suggested: suggested[place] })), waiting: [...parked, ...refused], instructions: instructions.flat() };
  }

  show({ suspense, waiting, instructions }) {
    const place = ({ id }) => placeAt(`/v1/bank-events/${id}`);
    const until = ({ deadlines }) => deadlines[0]?.due_at ?? "";
    return html`<h1>${t("Money")}</h1>
      ${brief(t("In suspense"), suspense, [
        [t("Reference"), ({ bank_ref: ref }) => ref],
        [t("Bank"), ({ bank_id: bank }) => bank],
        [t("Amount"), ({ money }) => money],
        [t("Remitter"), (event) => messageOf(event).remitter ?? ""],
        [t("May be for"), ({ suggested }) => best(suggested)],
        [t("Decide by"), until],
      ], { place, all: "#/bank-events?status=suspense", none: t("No money lies in suspense.") })}
      ${brief(t("Waiting or refused"), waiting, [
        [t("What the bank told"), ({ type, id }) => type ?? id],
        [t("Bank"), ({ bank_id: bank }) => bank],
        [t("Why"), ({ detail }) => detail ?? ""],
        [t("Of"), ({ aggregate_id: of }) => of ?? ""],
        [t("Until"), until],
      ], { place, all: "#/bank-events?status=parked", none: t("What a bank told too early stands here until the event before it has come; what was refused, until an officer has seen to it.") })}
      ${brief(t("What banks could not do"), instructions, [
        [t("Instruction"), ({ kind }) => capital(codeWord(kind))],
        [t("Status"), ({ status }) => pill(status)],
        [t("Bank"), ({ bank_id: bank }) => bank],
        [t("Left to pay"), ({ remaining }) => remaining],
        [t("Why"), ({ reason }) => (reason ? codeWord(reason) : "")],
        [t("Decide by"), until],
      ], { place: ({ id }) => placeAt(`/v1/bank-instructions/${id}`), all: "#/bank-instructions?status=manual", none: t("An instruction stands here once its bank could not carry it out, until an officer has settled it.") })}
      <settled-money></settled-money>`;
  }
}
customElements.define("screen-money", ScreenMoney);

/** The best suggestion, and how many others there are. */
function best([first, ...others]) {
  if (!first) return "—";
  return html`${first.buyer_name} <span class="faint">(${inFavour(first.because)})</span>${others.length ? html` <span class="badge">+${others.length}</span>` : nothing}`;
}

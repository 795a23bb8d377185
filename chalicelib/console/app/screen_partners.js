// Webhooks and banks: whom we tell what and whether it arrives, what banks told that waits, and how their books agree with ours.

import { Hub, brief, ifAny, itemsOf } from "./hub.js";
import { html } from "./part.js";
import { pill } from "./status.js";
import { anyWord, differenceName, t, word } from "./texts.js";
import { placeAt } from "./things.js";

const OPEN = ["manual", "needs_account", "failed", "unknown"];
const UNTAKEN = ["dead", "held", "queued"];

class ScreenPartners extends Hub {
  async load() {
    const [endpoints, differing, policy, parked, refused, suspense] = await Promise.all([
      itemsOf("/v1/webhook-endpoints?limit=50"), itemsOf("/v1/reconciliation-items?limit=50"), ifAny("/v1/policies/banks"),
      ...["parked", "refused", "suspense"].map((status) => itemsOf(`/v1/bank-events?status=${status}&limit=100`)),
    ]);
    const waiting = await Promise.all([...OPEN, "sent"].map((status) => itemsOf(`/v1/bank-instructions?status=${status}&limit=100`)));
    const untaken = await Promise.all(endpoints.map(async ({ id }) => (await Promise.all(UNTAKEN.map((status) => itemsOf(`/v1/webhook-endpoints/${id}/deliveries?status=${status}&limit=100`)))).flat()));
    const of = (items, id) => items.filter(({ bank_id: bank }) => bank === id).length;
    const partners = [...(policy?.values.partners ?? []), ...(policy?.values.acquirers ?? [])];
    const banks = partners.map(({ id }) => ({ id, parked: of(parked, id), refused: of(refused, id), suspense: of(suspense, id), undone: of(waiting.slice(0, OPEN.length).flat(), id), sent: of(waiting.at(-1), id), differing: of(differing, id) }));
    return { endpoints: endpoints.map((endpoint, place) => ({ ...endpoint, untaken: untaken[place] })), banks, differing };
  }

  show({ endpoints, banks, differing }) {
    const isWell = (bank) => !["parked", "refused", "suspense", "undone", "differing"].some((name) => bank[name]);
    return html`<h1>${t("Webhooks and banks")}</h1>
      ${brief(t("Addresses"), endpoints, [
        [t("Address"), ({ description, url }) => description || url],
        [t("Status"), ({ status }) => html`<span class="badge ${status === "enabled" ? "good" : "bad"}">${word("status", status)}</span>`],
        [t("Kinds"), ({ kinds }) => kinds.map(anyWord).join(", ")],
        [t("Not taken"), ({ untaken }) => untaken.length],
        [t("Since"), ({ untaken }) => untaken.at(-1)?.created_at ?? ""],
      ], { place: ({ id }) => placeAt(`/v1/webhook-endpoints/${id}`), all: "#/webhook-endpoints", none: t("An address stands here once somebody has asked for webhooks.") })}
      ${brief(t("Banks and acquirers"), banks, [
        [t("Partner"), ({ id }) => word("bank", id)],
        [t("State"), (bank) => html`<span class="badge ${isWell(bank) ? "good" : "warn"}">${isWell(bank) ? t("well") : t("look at it")}</span>`],
        [t("Too early"), ({ parked }) => parked],
        [t("Refused"), ({ refused }) => refused],
        [t("In suspense"), ({ suspense }) => suspense],
        [t("Not carried out"), ({ undone }) => undone],
        [t("Under way"), ({ sent }) => sent],
        [t("Differences"), ({ differing: count }) => count],
      ], { none: t("A bank or an acquirer stands here once the policy names it as a partner.") })}
      ${brief(t("What their books have otherwise"), differing, [
        [t("Of"), ({ aggregate_id: of }) => of],
        [t("Bank"), ({ bank_id: bank }) => bank],
        [t("Status"), ({ status }) => pill(status)],
        [t("What differs"), ({ differences }) => differences.map(({ of }) => differenceName(of)).join(", ")],
        [t("As of"), ({ as_of: day }) => day],
      ], { place: ({ id }) => placeAt(`/v1/reconciliation-items/${id}`), all: "#/reconciliation-items", none: t("A difference stands here from when a bank's statement shows it until it is explained.") })}`;
  }
}
customElements.define("screen-partners", ScreenPartners);

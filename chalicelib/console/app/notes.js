// Notes among officers about a thing: a case of their own, without a customer. The first note opens it, the others are replies.

import { post } from "./api.js";
import { ifAny } from "./hub.js";
import { Loading, html, nothing } from "./part.js";
import { t, word } from "./texts.js";
import { write, written } from "./unsent.js";
import { momentText } from "./value.js";

const MOST = 2000; // characters of a message
const FULL = 30; // messages of a case
const KINDS = {
  alerts: "alert", "bank-events": "bank_event", "bank-instructions": "bank_instruction", cases: "case", claims: "claim", "credit-applications": "credit_application",
  "credit-lines": "credit_line", deposits: "deposit", exports: "declaration", firms: "firm", "guarantee-calls": "guarantee_call", "guarantee-groups": "guarantee_group", loans: "loan",
  "member-claims": "member_claim", members: "member", orders: "order", payments: "payment", "reconciliation-items": "reconciliation_item", recoveries: "recovery", sanctions: "sanction",
  settlements: "settlement", suppliers: "supplier",
};

/** Room for notes about the thing at an address, where there may be any. A case of officers' own is notes itself. */
export function notesAbout(path, thing) {
  const [, , folder, id, ...below] = path.split("/");
  const kind = KINDS[folder];
  return !kind || !id || below.length || (kind === "case" && !thing.customer_id) ? nothing : html`<officers-notes kind=${kind} about=${id}></officers-notes>`;
}

class OfficersNotes extends Loading {
  static properties = { ...Loading.properties, kind: {}, about: {}, refused: { state: true } };

  get subject() {
    return this.about;
  }

  /** Where a note is kept until it is sent. */
  get #place() {
    return `note on ${this.about}`;
  }

  async load() {
    const page = await ifAny(`/v1/cases?about=${encodeURIComponent(this.about)}&limit=50`);
    return page ? { cases: page.items.filter(({ customer_id: customer }) => !customer) } : {}; // they are not for every duty
  }

  show({ cases }) {
    if (!cases) return nothing;
    return html`<section class="card" aria-labelledby="notes-${this.about}"><h2 id="notes-${this.about}">${t("Notes among officers")}</h2>
      ${cases.flatMap(({ messages }) => messages).map((message) => html`<p class="said"><span class="faint">${momentText(message.at)} · ${word("actor", message.by)}</span><br>${message.text}</p>`)}
      <form @submit=${this.#write}><label for="note-${this.about}">${t("A note that only officers read")}</label>
        <textarea id="note-${this.about}" name="text" rows="2" required maxlength=${MOST} .value=${written(this.#place) ?? ""} @input=${(event) => write(this.#place, event.target.value)}></textarea>
        ${this.refused ? html`<problem-note .problem=${this.refused}></problem-note>` : nothing}
        <p class="buttons"><button>${t("Write it down")}</button></p></form></section>`;
  }

  async #write(event) {
    event.preventDefault();
    const form = event.target;
    const text = new FormData(form).get("text");
    const open = this.loaded.cases.find(({ status, messages }) => status !== "closed" && status !== "resolved" && messages.length < FULL);
    try {
      if (open) await post(`/v1/cases/${open.id}/reply`, { text });
      else await post("/v1/cases", { kind: "question", about: { kind: this.kind, id: this.about }, subject: t("Notes among officers"), text });
      write(this.#place, undefined);
      this.refused = undefined;
      form.reset();
      await this.reload();
    } catch (problem) {
      this.refused = problem;
    }
  }
}
customElements.define("officers-notes", OfficersNotes);

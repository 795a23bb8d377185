// Notes among officers about a thing: a case of their own, without a customer. The first note opens it, the others are replies.

import { get, post } from "./api.js";
import { Loading, html, nothing } from "./part.js";
import { t, word } from "./texts.js";
import { momentText } from "./value.js";

const MOST = 2000; // characters of a message

class OfficersNotes extends Loading {
  static properties = { ...Loading.properties, kind: {}, about: {}, refused: { state: true } };

  #key = crypto.randomUUID();

  get subject() {
    return this.about;
  }

  async load() {
    const { items } = await get(`/v1/cases?about=${encodeURIComponent(this.about)}&limit=50`);
    return items.filter(({ customer_id: customer }) => !customer);
  }

  show(cases) {
    return html`<section class="card" aria-labelledby="notes-${this.about}"><h2 id="notes-${this.about}">${t("Notes among officers")}</h2>
      ${cases.flatMap(({ messages }) => messages).map((message) => html`<p class="said"><span class="faint">${momentText(message.at)} · ${word("actor", message.by)}</span><br>${message.text}</p>`)}
      <form @submit=${this.#write}><label for="note-${this.about}">${t("A note that only officers read")}</label>
        <textarea id="note-${this.about}" name="text" rows="2" required maxlength=${MOST}></textarea>
        ${this.refused ? html`<problem-note .problem=${this.refused}></problem-note>` : nothing}
        <p class="buttons"><button>${t("Write it down")}</button></p></form></section>`;
  }

  async #write(event) {
    event.preventDefault();
    const form = event.target;
    const text = new FormData(form).get("text");
    const open = this.loaded.find(({ status }) => status !== "closed" && status !== "resolved");
    try {
      if (open) await post(`/v1/cases/${open.id}/reply`, { text }, { key: this.#key });
      else await post("/v1/cases", { kind: "question", about: { kind: this.kind, id: this.about }, subject: t("Notes among officers"), text }, { key: this.#key });
      [this.refused, this.#key] = [undefined, crypto.randomUUID()];
      form.reset();
      await this.reload();
    } catch (problem) {
      this.refused = problem;
      if (!problem.isOpen) this.#key = crypto.randomUUID();
    }
  }
}
customElements.define("officers-notes", OfficersNotes);

// Who did what: entries of the journal by who acted, by thing, beside a thing or by request, and what followed from each.

import { get } from "./api.js";
import { called, memberName } from "./names.js";
import { Loading, Part, html, nothing } from "./part.js";
import { here } from "./router.js";
import { eventName, t, word } from "./texts.js";
import { placeAt } from "./things.js";
import { facts, momentText } from "./value.js";

const SHOWN = ["postings", "deliveries", "not_taken", "payload"];

class ScreenTrail extends Part {
  static properties = { conditions: { state: true }, items: { state: true }, cursor: { state: true }, problem: { state: true }, isAsking: { state: true }, open: { state: true } };

  constructor() {
    super();
    [this.conditions, this.items, this.isAsking] = [{}, [], true];
  }

  firstUpdated() {
    this.conditions = Object.fromEntries([...here().query].filter(([name]) => name === "aggregate" || name === "about"));
    void this.#look();
  }

  render() {
    return html`<h1>${t("Who did what")}</h1>
      <p class="faint">${t("Name who acted, or a thing, or a request. Beside a thing is what changed nothing of it: who opened its files, who was given it. Without any of them: what you did yourself.")}</p>
      <form class="filters" @submit=${this.#ask}>
        ${[["actor", t("Who acted")], ["aggregate", t("Thing")], ["about", t("Beside the thing")], ["request_id", t("Request")]].map(([name, label]) => html`<span class="of-id"><label for="by-${name}">${label}</label><input id="by-${name}" name=${name} .value=${this.conditions[name] ?? ""} maxlength="128" autocomplete="off" spellcheck="false"></span>`)}
        <button>${t("Find")}</button></form>
      <problem-note .problem=${this.problem} .again=${() => this.#look(this.cursor)}></problem-note>
      <p class="faint" role="status" aria-busy=${this.isAsking || nothing}>${this.#state()}</p>
      <ol class="trail">${this.items.map((entry) => this.#entry(entry))}</ol>
      ${this.cursor ? html`<button @click=${() => this.#look(this.cursor)}>${t("More")}</button>` : nothing}`;
  }

  #state() {
    if (this.problem) return "";
    if (this.items.length) return t("{count} shown, the newest first.", { count: this.items.length });
    return this.isAsking ? html`<span class="unseen">…</span>` : t("Nothing was done that fits what you ask.");
  }

  #entry(entry) {
    const isOpen = this.open === entry.id;
    return html`<li><time datetime=${entry.at} title=${entry.at}>${momentText(entry.at)}</time>
      <button class="plain-button" aria-expanded=${isOpen} @click=${() => (this.open = isOpen ? "" : entry.id)}>${eventName(entry.type)}</button>
      <span>${word("actor", entry.role)} ${entry.actor === entry.role ? nothing : memberName(entry.actor) ?? html`<code>${entry.actor}</code>`}${entry.acting_for ? html` ${t("for {whom}", { whom: called(entry.acting_for) })}` : nothing}</span>
      ${entry.href ? html`<a href=${placeAt(entry.href)}><code>${entry.about ?? entry.aggregate}</code></a>` : html`<code>${entry.aggregate}</code>`}
      ${isOpen ? html`<entry-details .entry=${entry}></entry-details>` : nothing}</li>`;
  }

  #ask(event) {
    event.preventDefault();
    [this.items, this.cursor] = [[], undefined];
    this.conditions = Object.fromEntries([...new FormData(event.target)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));
    void this.#look();
  }

  async #look(cursor) {
    this.isAsking = true;
    try {
      const page = await get(`/v1/entries?${new URLSearchParams({ ...this.conditions, limit: 50, ...(cursor ? { cursor } : {}) })}`);
      [this.items, this.cursor, this.problem] = [[...(cursor ? this.items : []), ...page.items], page.next_cursor, undefined];
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.isAsking = false;
    }
  }
}
customElements.define("screen-trail", ScreenTrail);

class EntryDetails extends Loading {
  static properties = { ...Loading.properties, entry: { attribute: false } };

  get subject() {
    return this.entry.id;
  }

  load() {
    return get(`/v1/entries/${this.entry.id}`);
  }

  show(entry) {
    const { id, sequence, request_id: request, recorded_at: recorded } = entry;
    return html`<div class="card">${facts({ id, sequence, request, recorded, ...Object.fromEntries(SHOWN.map((name) => [name, entry[name]])) })}</div>`;
  }
}
customElements.define("entry-details", EntryDetails);

// Today: what waits for an officer with these duties, the earliest due first; how much of each kind, and what is mine.

import { get, post } from "./api.js";
import { chosenRow, listen, rowKeys } from "./keys.js";
import { Loading, html, nothing } from "./part.js";
import { go } from "./router.js";
import { session } from "./session.js";
import { pill } from "./status.js";
import { t, word } from "./texts.js";
import { placeAt } from "./things.js";
import { distance, momentText } from "./value.js";

const FRESH = 30_000; // milliseconds between looks
const LIMIT = 50;

class ScreenToday extends Loading {
  static properties = { ...Loading.properties, kind: { state: true }, whose: { state: true } };

  #forget = () => {};

  constructor() {
    super();
    [this.kind, this.whose] = ["", ""];
  }

  get subject() {
    return `${this.kind}|${this.whose}`;
  }

  get fresh() {
    return FRESH;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#forget = listen(() => this.#keys());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#forget();
  }

  load() {
    const query = new URLSearchParams({ limit: LIMIT });
    if (this.kind) query.set("kind", this.kind);
    if (this.whose) query.set("assignee", this.whose);
    return get(`/v1/work?${query}`);
  }

  show({ items, counts, next_cursor: more }) {
    return html`<h1>${t("Today")}</h1>
      <p class="buttons" role="group" aria-label=${t("Whose work")}>
        ${[["", t("Everybody's")], ["me", t("Mine")], ["nobody", t("Nobody's")]].map(([whose, name]) => html`<button aria-pressed=${this.whose === whose} @click=${() => (this.whose = whose)}>${name}</button>`)}</p>
      <ul class="counts">${counts.filter(({ open }) => open).map((count) => this.#count(count))}</ul>
      ${items.length ? html`<div class="scroll" tabindex="0" role="region" aria-label=${t("Today")}><table class="work stack"><thead><tr>
          <th scope="col">${t("Due")}</th><th scope="col">${t("What waits")}</th><th scope="col">${t("Status")}</th><th scope="col">${t("Who sees to it")}</th></tr></thead>
          <tbody>${items.map((item, place) => this.#item(item, place))}</tbody></table></div>` : html`<p>${t("Nothing waits for you.")}</p>`}
      ${more ? html`<p class="faint">${t("Only the first {count} are shown: choose a kind to see more of it.", { count: LIMIT })}</p>` : nothing}`;
  }

  #count({ kind, open, overdue }) {
    return html`<li><button aria-pressed=${this.kind === kind} @click=${() => (this.kind = this.kind === kind ? "" : kind)}>${word("kind", kind)} <strong>${open}</strong>
      ${overdue ? html`<span class="badge bad">${t("{count} overdue", { count: overdue })}</span>` : nothing}</button></li>`;
  }

  #item(item, place) {
    return html`<tr data-place=${place}>
      <td>${item.due_at ? html`<time datetime=${item.due_at} title=${momentText(item.due_at)}>${distance(item.due_at)}</time>` : html`<span class="faint">${t("no due date")}</span>`} ${item.is_overdue ? html`<span class="badge bad">${t("overdue")}</span>` : nothing}</td>
      <td><a href=${placeAt(item.href)}>${item.title}</a> ${item.subject ?? nothing} <small class="faint">${item.id.split(":").pop()}</small></td>
      <td>${pill(item.status)}</td>
      <td>${item.assignee ?? nothing} ${item.allowed_actions?.includes("assignment") && item.assignee !== session().sub ? html`<button @click=${() => this.#take(item)}>${t("Take it")}</button>` : nothing}</td></tr>`;
  }

  async #take(item) {
    try {
      await post(`/v1/work/${item.id}/assignment`, { assignee: "me" }, { version: item.version });
      await this.reload();
    } catch (problem) {
      if (problem.status === 409) await this.reload(); // somebody else took it
      this.problem = problem;
    }
  }

  #keys() {
    return [
      ...rowKeys((by) => this.#step(by)),
      { key: "m", does: t("mine, or everybody's"), run: () => (this.whose = this.whose === "me" ? "" : "me") },
      { key: "a", does: t("take what is chosen"), run: () => this.#withChosen((item) => item.allowed_actions?.includes("assignment") && this.#take(item)) },
      { key: "o", does: t("open what is chosen"), run: () => this.#withChosen((item) => go(placeAt(item.href))) },
      { key: "1", does: t("open it with its first action"), run: () => this.#withChosen((item) => go(`${placeAt(item.href)}?do=1`)) },
    ];
  }

  #withChosen(run) {
    const item = this.loaded?.items[Math.max(0, chosenRow())];
    if (item) run(item);
  }

  #step(by) {
    const most = (this.loaded?.items.length ?? 0) - 1;
    const place = Math.max(0, Math.min(most, chosenRow() + by));
    this.querySelector(`tr[data-place="${place}"] a`)?.focus();
  }
}
customElements.define("screen-today", ScreenToday);

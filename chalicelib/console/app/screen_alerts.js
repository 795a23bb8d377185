// Alerts: episodes that last, those that began last first, with what was found and how likely that is where nothing is wrong.

import { get } from "./api.js";
import { chanceText } from "./finding.js";
import { chosenRow, listen, rowKeys } from "./keys.js";
import { memberName } from "./names.js";
import { Loading, html, nothing } from "./part.js";
import { go } from "./router.js";
import { pill } from "./status.js";
import { anyWord, t, word } from "./texts.js";
import { placeAt, placeOf } from "./things.js";
import { dayText, distance, momentText } from "./value.js";

const LIMIT = 50;
const CHOICES = ["", "open", "acknowledged", "escalated", "silenced", "resolved", "closed"];

class ScreenAlerts extends Loading {
  static properties = { ...Loading.properties, status: { state: true }, level: { state: true } };

  #forget = () => {};

  constructor() {
    super();
    [this.status, this.level] = ["", ""];
  }

  get subject() {
    return `${this.status}|${this.level}`;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#forget = listen(() => [
      ...rowKeys((by) => this.#step(by)),
      { key: "o", does: t("open what is chosen"), run: () => this.#open("") },
      { key: "1", does: t("open it with its first action"), run: () => this.#open("?do=1") },
      { key: "v", does: t("red ones only, or all"), run: () => (this.level = this.level ? "" : "red") },
    ]);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#forget();
  }

  load() {
    return this.#page({});
  }

  #page(more) {
    return get(`/v1/alerts?${new URLSearchParams({ limit: LIMIT, ...(this.status && { status: this.status }), ...(this.level && { level: this.level }), ...more })}`);
  }

  async #further() {
    const { items, next_cursor: cursor } = this.loaded;
    const page = await this.#page({ cursor });
    this.loaded = { ...page, items: [...items, ...page.items] };
  }

  show({ items, next_cursor: more }) {
    return html`<h1>${t("Alerts")}</h1>
      <p class="buttons" role="group" aria-label=${t("Status")}>${CHOICES.map((status) => html`<button aria-pressed=${this.status === status} @click=${() => (this.status = status)}>${status ? word("status", status) : t("All")}</button>`)}
        <button aria-pressed=${this.level === "red"} @click=${() => (this.level = this.level ? "" : "red")}>${word("level", "red")} <kbd>v</kbd></button></p>
      ${items.length ? html`<div class="scroll" tabindex="0" role="region" aria-label=${t("Alerts")}><table class="stack"><thead><tr>
          <th scope="col">${t("Since")}</th><th scope="col">${t("What was found")}</th><th scope="col">${t("Whose")}</th><th scope="col" class="number">${t("By chance")}</th><th scope="col">${t("Due")}</th></tr></thead>
          <tbody>${items.map((alert, place) => this.#row(alert, place))}</tbody></table></div>` : html`<p>${t("An alert stands here from when a nightly run finds something unusual for a firm until it is closed.")}</p>`}
      ${more ? html`<p class="buttons"><button @click=${this.#further}>${t("More")}</button></p>` : nothing}`;
  }

  #row(alert, place) {
    const [due] = alert.deadlines;
    const { id: about } = alert.about;
    const name = memberName(alert.member_id);
    return html`<tr data-place=${place}>
      <td><time datetime=${alert.started_on}>${dayText(alert.started_on)}</time></td>
      <td><span class="badge ${alert.level === "red" ? "bad" : "warn"}">${word("level", alert.level)}</span> <a href=${placeAt(`/v1/alerts/${alert.id}`)}>${word("rule", alert.rule)}</a> ${pill(alert.status)}</td>
      <td data-name=${t("Whose")}>${placeOf(about) ? html`<a href=${placeOf(about)}>${name ?? html`<code>${about}</code>`}</a>` : name ?? html`${word("kind", alert.about.kind)} ${anyWord(about)}`}</td>
      <td data-name=${t("By chance")} class="number">${chanceText(alert.evidence.at(-1))}</td>
      <td data-name=${t("Due")}>${due ? html`<time datetime=${due.due_at} title=${momentText(due.due_at)}>${distance(due.due_at)}</time>` : "—"}</td></tr>`;
  }

  #open(how) {
    const alert = this.loaded?.items[Math.max(0, chosenRow())];
    if (alert) go(`${placeAt(`/v1/alerts/${alert.id}`)}${how}`);
  }

  #step(by) {
    const place = Math.max(0, Math.min((this.loaded?.items.length ?? 0) - 1, chosenRow() + by));
    this.querySelector(`tr[data-place="${place}"] td:nth-child(2) a`)?.focus();
  }
}
customElements.define("screen-alerts", ScreenAlerts);

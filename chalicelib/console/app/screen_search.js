// Search: ids, references, the beginnings of names. What is looked for stays in this page, and is no part of its address.

import { get } from "./api.js";
import { Part, html, nothing } from "./part.js";
import { pill } from "./status.js";
import { t, word } from "./texts.js";
import { placeAt } from "./things.js";

const PAUSE = 250; // milliseconds without a key, before it is looked for
const LEAST = 2; // characters

class ScreenSearch extends Part {
  static properties = { items: { state: true }, problem: { state: true }, query: { state: true } };

  #waiting = 0;

  firstUpdated() {
    setTimeout(() => this.querySelector("input").focus());
  }

  render() {
    return html`<h1>${t("Search")}</h1>
      <form role="search" @submit=${this.#now}><label for="q">${t("An id, a reference, or how a name begins")}</label>
        <input id="q" type="search" autocomplete="off" spellcheck="false" maxlength="100" @input=${this.#soon}></form>
      <problem-note .problem=${this.problem} .again=${() => this.#look(this.query)}></problem-note>
      <p class="faint" role="status">${this.items ? (this.items.length ? t("{count} found.", { count: this.items.length }) : t("Nothing is found. An id and a reference are found whole, a name by how it begins.")) : nothing}</p>
      ${this.items ? nothing : html`<p class="faint">${t("Members, orders, claims, deposits, loans and whatever else has an id here; a reference may be yours or a bank's.")}</p>
        <dl class="facts examples">${[["ord_01…", t("an order, a claim or a loan by its whole id")], ["FT-2026-0042", t("money by the bank's reference, an order by yours")], ["Nord", t("a member by how its name begins")]].map(([example, what]) => html`<dt><code>${example}</code></dt><dd>${what}</dd>`)}</dl>`}
      ${this.items?.length ? html`<ul class="found">${this.items.map((each) => html`<li><a href=${placeAt(each.href)}>${each.title}</a>
        <span class="badge">${word("kind", each.kind)}</span> ${each.status ? pill(each.status) : nothing}
        <code>${each.id}</code>${isShown(each) ? nothing : html` <small class="faint">· ${each.matched}</small>`}</li>`)}</ul>` : nothing}`;
  }

  #soon(event) {
    clearTimeout(this.#waiting);
    const query = event.target.value.trim();
    this.#waiting = setTimeout(() => this.#look(query), PAUSE);
  }

  async #now(event) {
    event.preventDefault();
    clearTimeout(this.#waiting);
    await this.#look(this.querySelector("input").value.trim());
    this.querySelector(".found a")?.focus();
  }

  async #look(query) {
    this.query = query;
    if (query.length < LEAST) return void ([this.items, this.problem] = [undefined, undefined]);
    try {
      const { items } = await get(`/v1/search?${new URLSearchParams({ q: query })}`);
      if (query === this.query) [this.items, this.problem] = [items, undefined];
    } catch (problem) {
      if (query === this.query) [this.items, this.problem] = [undefined, problem];
    }
  }
}
customElements.define("screen-search", ScreenSearch);

/** What matched is in the title or the id already, but for its capitals. */
const isShown = ({ id, title, matched }) => [id, title.toLowerCase()].includes(matched);

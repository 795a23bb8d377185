// The next version of the rules as it is written: its terms as text, checked while one writes, and announced when it is fit.

import { Problem, get, post } from "./api.js";
import { changes, findings, tally } from "./rulebook.js";
import { Loading, html, nothing } from "./part.js";
import { go } from "./router.js";
import { holds } from "./session.js";
import { t } from "./texts.js";
import { write, written } from "./unsent.js";

const PAUSE = 600; // milliseconds after the last key before terms are checked
const CHECKS = "/v1/deposit-rulebook-checks";

class ScreenRulebookDraft extends Loading {
  static properties = { ...Loading.properties, checked: { state: true }, refused: { state: true }, announcing: { state: true } };

  #clock = 0;
  #asking = 0;

  get subject() {
    return this.ids?.id;
  }

  load() {
    [this.checked, this.refused] = [undefined, undefined];
    return get(`/v1/deposit-rulebooks/${this.ids.id}`);
  }

  /** What was written before is checked as what is written now. */
  updated(changed) {
    if (changed.has("loaded") && this.loaded && written(this.path)) this.#later();
  }

  async #anew() {
    write(this.path, undefined);
    [this.checked, this.refused] = [undefined, undefined];
    await this.requestUpdate();
    this.querySelector("form").reset();
  }

  #keep(event) {
    write(this.path, Object.fromEntries(new FormData(event.currentTarget)));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#clock);
  }

  show(base) {
    const before = written(this.path);
    const isFit = this.checked && !this.checked.findings.some(({ level }) => level === "error");
    return html`<h1>${t("The next version, from {version}", { version: base.id })}</h1>
      <form class="card" @submit=${this.#announce} @input=${this.#keep}>
        <div class="field"><label for="draft-terms">${t("Terms (JSON)")}</label>
          <textarea id="draft-terms" class="code" name="terms" rows="24" spellcheck="false" required aria-describedby="draft-state" @input=${this.#later} .defaultValue=${before?.terms ?? JSON.stringify(base.terms, null, 2)}></textarea></div>
        <p id="draft-state" role="status">${this.#state(isFit)}</p>
        <problem-note .problem=${this.refused}></problem-note>
        <div class="sides"><div class="field"><label for="draft-id">${t("Name of the version")}</label><input id="draft-id" name="id" required pattern="[A-Z0-9][A-Z0-9\\-]{2,31}" autocomplete="off" value=${before?.id ?? ""}></div>
          <div class="field"><label for="draft-day">${t("Takes effect on")}</label><input id="draft-day" name="effective_on" type="date" required value=${before?.effective_on ?? ""}></div></div>
        <p class="buttons"><button type="button" @click=${this.#check}>${t("Check")}</button><button type="button" @click=${this.#anew}>${t("Begin anew")}</button><button class="main" ?disabled=${!isFit || this.announcing || !holds(["deposits"])}>${t("Announce")}</button></p>
      </form>
      ${this.checked ? html`${findings(this.checked.findings)}
        <section class="card"><h2>${t("What it changes against {version}", { version: this.checked.against })}</h2>${changes(this.checked.changes, base.terms.currency)}</section>
        ${this.checked.preview ? html`<section class="card"><h2>${t("What that comes to")}</h2>${tally(this.checked.preview)}</section>` : nothing}` : nothing}`;
  }

  #state(isFit) {
    if (!this.checked) return this.refused ? "" : t("Not checked yet.");
    return isFit ? t("It may be announced.") : t("It contradicts itself: see below.");
  }

  #later() {
    this.checked = undefined;
    clearTimeout(this.#clock);
    this.#clock = setTimeout(() => this.#check(), PAUSE);
  }

  async #check() {
    clearTimeout(this.#clock);
    const asking = ++this.#asking;
    try {
      const checked = await post(CHECKS, { terms: this.#terms(), based_on: this.loaded.id });
      if (asking === this.#asking) [this.checked, this.refused] = [checked, undefined];
    } catch (problem) {
      if (asking === this.#asking) [this.checked, this.refused] = [undefined, problemOf(problem)];
    }
  }

  /** The terms as they are written. What is left out of them is taken away from those they are based on (RFC 7396). */
  #terms() {
    return without(this.loaded.terms, JSON.parse(this.querySelector("#draft-terms").value));
  }

  async #announce(event) {
    event.preventDefault();
    this.announcing = true;
    try {
      const { id, effective_on: day } = Object.fromEntries(new FormData(event.target));
      const body = { id, effective_on: day, based_on: this.loaded.id, terms: this.#terms() };
      const book = await post("/v1/deposit-rulebooks", body);
      write(this.path, undefined);
      go(`#/deposit-rulebooks/${book.id}`);
    } catch (problem) {
      this.refused = problemOf(problem);
    } finally {
      this.announcing = false;
    }
  }
}
customElements.define("screen-rulebook-draft", ScreenRulebookDraft);

const problemOf = (failure) => (failure instanceof Problem ? failure : new Problem(400, { title: t("That is no JSON."), detail: failure.message }));

/** What is written, with null for each name of the base that is not: as a merge patch takes it away. */
function without(base, written) {
  if (!isParts(base) || !isParts(written)) return written;
  const gone = Object.keys(base).filter((name) => !(name in written)).map((name) => [name, null]);
  return { ...Object.fromEntries(gone), ...Object.fromEntries(Object.entries(written).map(([name, value]) => [name, without(base[name], value)])) };
}

const isParts = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

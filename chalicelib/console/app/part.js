// What every part of a page is made of: a Lit element in the light DOM, which is drawn anew when another language is spoken.

import { LitElement, html, nothing } from "lit";
import { Problem } from "./api.js";
import { spoken } from "./texts.js";

export { html, nothing };

/** A sentence of a declaration, with what stands between backticks as code. */
export const withCode = (text) => text.split("`").map((part, place) => (place % 2 ? html`<code>${part}</code>` : part));

export class Part extends LitElement {
  #again = () => this.spokenAnew();

  /** Another language is spoken. */
  spokenAnew() {
    this.requestUpdate();
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    spoken.addEventListener("change", this.#again);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    spoken.removeEventListener("change", this.#again);
  }
}

/**
 * A part that shows what it asks for: `load()` asks and returns it, `show(loaded)` draws it. It is loaded anew whenever `subject` changes, and
 * when another language is spoken, for sentences come from the API as well.
 */
export class Loading extends Part {
  static properties = { loaded: { state: true }, problem: { state: true }, isLoading: { state: true } };

  #subject;

  willUpdate() {
    if (this.subject !== this.#subject) {
      this.#subject = this.subject;
      this.loaded = undefined;
      void this.reload();
    }
  }

  spokenAnew() {
    super.spokenAnew();
    if (this.loaded !== undefined) void this.reload();
  }

  async reload() {
    const subject = this.subject;
    this.isLoading = true;
    try {
      const loaded = await this.load();
      if (subject === this.subject) [this.loaded, this.problem] = [loaded, undefined];
    } catch (problem) {
      if (subject === this.subject) this.problem = problem instanceof Problem ? problem : new Problem(0, { title: String(problem.message ?? problem) });
      if (!(problem instanceof Problem)) console.error(problem);
    } finally {
      this.isLoading = false;
    }
  }

  render() {
    if (this.loaded !== undefined) return html`${this.problem ? html`<problem-note .problem=${this.problem}></problem-note>` : nothing}${this.show(this.loaded)}`;
    if (this.problem) return html`<problem-note .problem=${this.problem}></problem-note>`;
    return html`<p class="waiting" role="status" aria-busy="true"><span class="unseen">…</span></p>`;
  }
}

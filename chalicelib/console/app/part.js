// What every part of a page is made of: a Lit element in the light DOM, which is drawn anew when another language is spoken.

import { LitElement, html, nothing } from "lit";
import { Problem } from "./api.js";
import { isLookedAt } from "./attention.js";
import { calledSo, spoken } from "./texts.js";

export { html, nothing };

/** A sentence of the API: a name between backticks is called as people read it, and what is typed as it is stands as code. */
export const withNames = (text) => text.split("`").map((part, place) => (place % 2 ? named(part) : part));

function named(code) {
  const name = calledSo(code);
  return name ? html`<em>${name}</em>` : html`<code>${code}</code>`;
}

export class Part extends LitElement {
  #answer = ({ detail: answers }) => answers.push(this.askAnew());
  #again = () => this.requestUpdate();

  /** Another language will be spoken: ask for what is told in it. What is returned shows it, once every part has its own: a page is drawn anew once. */
  async askAnew() {
    return () => {};
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    spoken.addEventListener("ask", this.#answer);
    spoken.addEventListener("change", this.#again);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    spoken.removeEventListener("ask", this.#answer);
    spoken.removeEventListener("change", this.#again);
  }
}

/**
 * A part that shows what it asks for: `load()` asks and returns it, `show(loaded)` draws it. It is loaded anew whenever `subject` changes,
 * when another language is spoken, for sentences come from the API as well, and where it does not stay `fresh`.
 */
export class Loading extends Part {
  static properties = { path: {}, loaded: { state: true }, problem: { state: true }, isLoading: { state: true } };

  #subject;
  #clock = 0;

  /** How many milliseconds what is shown stays so; 0: for good. */
  get fresh() {
    return 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#wait();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#clock);
  }

  /** Until it is fresh no more: then it is loaded anew, where somebody looks at it. */
  #wait() {
    clearTimeout(this.#clock);
    if (this.fresh && this.isConnected) this.#clock = setTimeout(() => this.#lookAgain(), this.fresh);
  }

  async #lookAgain() {
    if (isLookedAt() && !this.isLoading) await this.lookAgain();
    this.#wait();
  }

  lookAgain() {
    return this.reload();
  }

  willUpdate() {
    if (this.subject !== this.#subject) {
      this.#subject = this.subject;
      this.loaded = undefined;
      void this.reload();
    }
  }

  askAnew() {
    return this.loaded === undefined ? super.askAnew() : this.#ask();
  }

  async reload() {
    this.isLoading = true;
    const show = await this.#ask();
    show();
    this.isLoading = false;
    this.#wait();
  }

  /** What returns shows what came, where the same is still looked at. */
  async #ask() {
    const subject = this.subject;
    const showing = (shown) => () => subject === this.subject && Object.assign(this, shown);
    try {
      return showing({ loaded: await this.load(), problem: undefined });
    } catch (problem) {
      if (problem instanceof Problem) return showing({ problem });
      console.error(problem);
      return showing({ problem: new Problem(400, { title: String(problem.message ?? problem) }) });
    }
  }

  render() {
    const note = this.problem ? html`<problem-note .problem=${this.problem} .again=${() => this.reload()}></problem-note>` : nothing;
    if (this.loaded !== undefined) return html`${note}${this.show(this.loaded)}`;
    if (this.problem) return note;
    return html`<p class="waiting" role="status" aria-busy="true"><span class="unseen">…</span></p>`;
  }
}

// The form of a command, made from the JSON Schema of its request. What the API refuses is shown at the field it names.
//
// What is filled in is kept until it is sent or cancelled: who comes back to the thing at `place`, also after a new sign-in, finds it as it was.

import { Problem, post } from "./api.js";
import { fields } from "./field.js";
import { Part, html, nothing, withNames } from "./part.js";
import { filled, formOf } from "./routes.js";
import { bodyOf } from "./schema.js";
import { holds } from "./session.js";
import { fieldName, t, word } from "./texts.js";
import { write, written } from "./unsent.js";

class ActionForm extends Part {
  static properties = {
    command: { attribute: false },
    ids: { attribute: false },
    version: { attribute: false },
    currency: { attribute: false },
    filled: { attribute: false },
    partIds: { attribute: false },
    preset: { attribute: false },
    place: {},
    form: { state: true },
    draft: { state: true },
    problem: { state: true },
    isSending: { state: true },
  };

  willUpdate(changed) {
    if (!changed.has("command") && !changed.has("preset")) return;
    const before = written(this.place);
    const draft = before?.command === this.command.name && !this.preset ? before.draft : { body: this.preset ?? this.filled ?? {}, ids: {} };
    [this.form, this.draft, this.problem] = [undefined, draft, undefined];
    void this.#load();
  }

  async #load() {
    const show = await this.askAnew();
    show();
  }

  /** What was filled in stays. */
  async askAnew() {
    const { command } = this;
    const showing = (shown) => () => command === this.command && Object.assign(this, shown);
    try {
      return showing({ form: await formOf(command.name) });
    } catch (problem) {
      return showing({ problem });
    }
  }

  updated(changed) {
    if (changed.has("form") && !changed.get("form") && this.form) this.querySelector("input, select, textarea, button")?.focus();
    if (changed.has("problem") && this.problem) this.querySelector("[aria-invalid=true]")?.focus();
  }

  render() {
    if (!this.form) return html`<problem-note .problem=${this.problem} .again=${() => this.#load()}></problem-note>`;
    const isOpen = holds(this.form.duties);
    return html`<form class="action card" @submit=${this.#send} aria-label=${word("action", this.command.path.split("/").pop())}>
      <h2>${withNames(this.form.says)}</h2>
      ${isOpen ? nothing : html`<p class="note warn">${t("This needs the duty {duties}.", { duties: this.form.duties.join(", ") })}</p>`}
      ${this.#missingIds().map((name) => this.#idField(name))}
      ${this.form.body ? fields(this.#inside(), this.form.body, "", this.draft.body) : nothing}
      ${this.problem ? html`<problem-note .problem=${this.problem}></problem-note>` : nothing}
      <p class="buttons"><button class="main" ?disabled=${this.isSending || !isOpen}>${this.problem?.isOpen ? t("Send again") : t("Send")}</button>
        <button type="button" @click=${this.#leave}>${t("Cancel")}</button></p>
    </form>`;
  }

  #inside() {
    const { definitions } = this.form;
    const set = (path, value) => this.#fill(["body", ...steps(path)], value);
    return { definitions, currency: this.currency, problem: this.problem, set };
  }

  #fill(steps, value) {
    this.draft = replaced(this.draft, steps, value);
    write(this.place, { command: this.command.name, ids: this.ids, draft: this.draft });
  }

  /** Ids in the command's path that the thing's own path does not say. */
  #missingIds() {
    return [...this.form.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).filter((name) => !(name in this.ids));
  }

  #idField(name) {
    const set = (event) => this.#fill(["ids", name], event.target.value);
    return html`<div class="field text"><label for="id-${name}">${fieldName(name)}</label>
      <input id="id-${name}" required list="ids-${name}" autocomplete="off" .value=${this.draft.ids[name] ?? ""} @input=${set}>
      <datalist id="ids-${name}">${(this.partIds ?? []).map((id) => html`<option value=${id}></option>`)}</datalist></div>`;
  }

  async #send(event) {
    event.preventDefault();
    this.isSending = true;
    try {
      const body = this.form.body ? bodyOf(this.form.body, this.form.definitions, this.draft.body) : {};
      const path = filled(this.form.path, { ...this.ids, ...this.draft.ids });
      const answer = await post(path, body, { version: this.version });
      write(this.place, undefined);
      this.dispatchEvent(new CustomEvent("done", { bubbles: true, detail: { command: this.command, answer } }));
    } catch (problem) {
      this.problem = problem instanceof Problem ? problem : new Problem(400, { title: problem.message });
      if (this.problem.document.code === "version_mismatch") this.problem.document.fix = t("You see it as it now is, and below what you wrote. Send it once more if it still holds.");
      this.dispatchEvent(new CustomEvent("refused", { bubbles: true, detail: this.problem }));
    } finally {
      this.isSending = false;
    }
  }

  #leave() {
    write(this.place, undefined);
    this.dispatchEvent(new CustomEvent("left", { bubbles: true }));
  }
}
customElements.define("action-form", ActionForm);

/** `lines[0].amount` as `["lines", 0, "amount"]`. */
const steps = (path) => path.split(/[.[\]]+/).filter((step) => step !== "").map((step) => (/^\d+$/.test(step) ? Number(step) : step));

/** A value with another one in a place of it; what was there before stays as it was. */
function replaced(whole, [step, ...further], value) {
  const inner = further.length ? replaced(whole?.[step], further, value) : value;
  if (typeof step === "number") return Object.assign([...(whole ?? [])], { [step]: inner });
  return { ...whole, [step]: inner };
}

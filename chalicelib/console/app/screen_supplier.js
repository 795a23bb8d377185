// A supplier in the programme: its figures and limit, and the appeals against its penalties, each with the two ways to decide it.

import { itemsOf } from "./hub.js";
import { html, nothing } from "./part.js";
import { commandFor, formOf } from "./routes.js";
import { fieldName, t, word } from "./texts.js";
import { HEAD, ThingPage } from "./thing.js";
import { facts, isObject, momentText } from "./value.js";

const APART = [...HEAD, "name"];

class ScreenSupplier extends ThingPage {
  /** What may be done with an appeal is said where appeals are listed, and not by the supplier. */
  async load() {
    const [loaded, appeals] = await Promise.all([super.load(), itemsOf(`/v1/penalty-appeals?supplier_id=${this.path.split("/").pop()}`)]);
    const names = [...new Set(appeals.flatMap(({ allowed_actions: allowed }) => allowed))];
    const commands = names.map((name) => ({ name, command: commandFor(this.path, name) })).filter(({ command }) => command);
    const forms = await Promise.all(commands.map(({ command }) => formOf(command.name)));
    return { ...loaded, appeals, decisions: commands.map((each, place) => ({ ...each, duties: forms[place].duties })) };
  }

  get offered() {
    return [...super.offered, ...this.loaded.decisions];
  }

  about(supplier) {
    const { appeals, decisions } = this.loaded;
    return html`${appeals.map((appeal) => html`<section class="card"><h2>${t("Appeal against a penalty")} <span class="badge">${word("status", appeal.status)}</span></h2>
        <p class="said">${appeal.penalty.appeal?.text ?? ""}</p>${facts(appeal.penalty, { without: ["id", "appeal"], of: "penalties" })}
        ${appeal.status === "open" ? html`<p>${t("Undecided by {when}, it succeeds.", { when: momentText(appeal.due_at) })}</p>` : nothing}
        <p class="buttons">${decisions.filter(({ name }) => appeal.allowed_actions.includes(name)).map((decision) => html`<button @click=${() => this.beginAt(decision, { penalty_id: appeal.id })}>${word("action", decision.name)}</button>`)}</p></section>`)}
      ${this.#programme(supplier)}`;
  }

  /** What it is told of on a line, then each thing that has parts on a card of its own. */
  #programme(supplier) {
    const parts = Object.entries(supplier).filter(([name, value]) => !APART.includes(name) && isObject(value));
    return html`<section class="card"><h2>${fieldName("programme")}</h2>${facts(supplier, { without: [...APART, ...parts.map(([name]) => name)], of: this.folder })}</section>
      ${parts.map(([name, value]) => html`<section class="card"><h2>${fieldName(name, this.folder)}</h2>${facts(value, { of: name })}</section>`)}`;
  }
}
customElements.define("screen-supplier", ScreenSupplier);

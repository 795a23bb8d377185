// A thing of the API on a page: its status and deadlines, what may be done with it now, everything it says, and what happened to it.

import "./evidence.js";
import { get } from "./api.js";
import { listen } from "./keys.js";
import { called } from "./names.js";
import { notesAbout } from "./notes.js";
import { Loading, html, nothing } from "./part.js";
import { here } from "./router.js";
import { commandFor, commandsOf, formOf, isThere, routeAt } from "./routes.js";
import { holds } from "./session.js";
import { pill } from "./status.js";
import { eventName, t, thingName, title, word } from "./texts.js";
import { now } from "./time.js";
import { currencyOf } from "./units.js";
import { write, written } from "./unsent.js";
import { distance, facts, momentText } from "./value.js";

const FRESH = 20_000; // milliseconds between looks at a thing that lies open
const isFile = ({ media_type: type }) => Boolean(type); // the evidence of a claim; that of an alert is numbers
const UNREAD = ["awaited", "refused"]; // of files: there is nothing to read

/** What the head of a page shows of a thing: it is not shown again among its facts. */
export const HEAD = ["id", "version", "status", "created_at", "updated_at", "allowed_actions", "deadlines"];

/** Subclasses say more of certain things: `more()` asks for it, `about(thing, more)` shows it in the place of the plain facts, `filled()` begins a form. */
export class ThingPage extends Loading {
  static properties = { ...Loading.properties, command: { state: true }, preset: { state: true }, named: { state: true }, outcome: { state: true }, isRefused: { state: true } };

  #forget = () => {};
  #room = 0; // pixels of the form that was sent: what came of it stands in its place, and nothing below moves
  #head = 0; // of the head as it was then, or when somebody else was faster: a deadline that is met leaves its place empty
  #begun = ""; // where the address has asked for an action, and got it

  get subject() {
    return this.path;
  }

  get fresh() {
    return FRESH;
  }

  /** What things of this kind are called in addresses. */
  get folder() {
    return this.path.split("/").at(-2);
  }

  connectedCallback() {
    super.connectedCallback();
    this.#forget = listen(() => this.#keys());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#forget();
  }

  async load() {
    const thing = await get(this.path);
    const timeline = isThere("GET", `${this.path}/timeline`) ? get(`${this.path}/timeline?limit=100`) : { items: [] };
    const [entries, actions, files, more] = await Promise.all([timeline, actionsOf(this.path, thing), this.files(thing), this.more(thing)]);
    return { thing, entries: entries.items, actions, files, more };
  }

  /** Its files that these duties open. */
  async files({ documents = [] }) {
    const kept = documents.filter(({ status }) => !UNREAD.includes(status));
    const endpoint = kept.length ? routeAt("GET", `${this.path}/documents/${kept[0].id}`) : undefined;
    if (!endpoint) return [];
    const { roles, duties } = await formOf(endpoint.route.name);
    return roles.includes("officer") && holds(duties) ? kept : [];
  }

  async more() {
    return {};
  }

  about(thing) {
    return html`<section class="card">${facts(thing, { without: HEAD, of: this.folder })}</section>`;
  }

  /** What came of a command, beside what the thing now says. */
  async answered() {}

  /** What may be done with it and with its parts: `[{name, command, duties}]`. */
  get offered() {
    return this.loaded.actions;
  }

  /** What the form of a command holds at first. */
  filled() {
    return {};
  }

  title(thing, more) {
    return thing.title ?? thing.name ?? thing.subject ?? thing.romanised_name ?? "";
  }

  show({ thing, entries, actions, files, more }) {
    const kind = thingName(this.path);
    const name = this.title(thing, more);
    return html`<header class="thing" .style=${this.outcome || this.isRefused ? `min-height: ${this.#head}px` : ""}>
        <h1>${name ? html`<span class="kind">${kind}</span> ${name}` : kind} <code>${thing.id ?? this.path.split("/").pop()}</code></h1>
        <p>${thing.status ? pill(thing.status) : nothing}
          ${thing.created_at ? html`<span class="faint">${t("created {when}", { when: momentText(thing.created_at) })}</span>` : nothing}
          ${entries.length ? html`<a href="#/trail?aggregate=${entries[0].aggregate_id}">${t("Who did what")}</a>` : nothing}
          ${files.length || thing.evidence?.some(isFile) ? html`<a href="#/trail?about=${thing.id}">${t("Who opened its files")}</a>` : nothing}</p>
        ${(thing.deadlines ?? []).map((deadline) => deadlineNote(deadline))}
      </header>
      ${actions.length || this.outcome ? html`<section class="actions" aria-label=${t("What may be done now")}>${actions.map((action, place) => this.#button(action, place))}</section>` : nothing}
      ${this.command ? nothing : this.#left()}
      ${this.command ? html`<action-form .place=${this.path} .command=${this.command} .ids=${{ ...(routeAt("GET", this.path)?.ids ?? this.ids), ...this.named }} .version=${thing.version} .currency=${currencyOf(thing)} .filled=${this.filled(this.command, this.loaded)} .preset=${this.preset} .partIds=${idsIn(thing)} @done=${this.#done} @refused=${this.#refused} @left=${this.#close}></action-form>` : nothing}
      ${this.outcome ? html`<div .style=${`min-height: ${this.#room}px`}><p class="note good" role="status">${this.outcome}</p></div>` : nothing}
      ${this.about(thing, more)}
      ${files.length ? html`<section class="card"><h2>${t("Documents")}</h2><div class="evidence">${files.map((file) => html`<evidence-file shut .file=${file} href="${this.path}/documents/${file.id}"></evidence-file>`)}</div></section>` : nothing}
      ${notesAbout(this.path, thing)}
      ${entries.length ? timeline(entries, currencyOf(thing)) : nothing}`;
  }

  updated(changed) {
    if (!changed.has("loaded") || !this.loaded) return;
    this.#comeBack();
    const number = here().query.get("do");
    if (!number || this.#begun === this.path) return;
    this.#begun = this.path;
    if (!this.command) this.begin(Number(number) - 1);
  }

  #button({ name, command, duties }, place) {
    const isOpen = holds(duties);
    const why = isOpen ? nothing : t("This needs the duty {duties}.", { duties: duties.join(", ") });
    return html`<button ?disabled=${!isOpen} title=${why} aria-expanded=${this.command === command} @click=${() => this.begin(place)}>${word("action", name)} ${place < 9 ? html`<kbd>${place + 1}</kbd>` : nothing}</button>`;
  }

  /** Open the form of the action in that place. */
  begin(place) {
    const action = this.loaded?.actions[place];
    if (action) this.beginAt(action, {});
  }

  /** Open the form of an action with some of it filled in. */
  beginWith(name, preset) {
    this.begin(this.loaded?.actions.findIndex((action) => action.name === name) ?? -1);
    this.preset = preset;
  }

  /** Open the form of a command about a part of the thing, which these ids name. */
  beginAt({ command, duties }, named) {
    if (holds(duties)) [this.command, this.preset, this.named, this.outcome, this.isRefused] = [command, undefined, named, "", false];
  }

  /** To the form that was left here without being sent. */
  #comeBack() {
    const before = written(this.path);
    const action = !this.command && before && this.offered.find(({ command }) => command.name === before.command);
    if (action) this.beginAt(action, before.ids);
  }

  /** What was written for a command that is not to be had any more. */
  #left() {
    const before = written(this.path);
    if (!before || this.offered.some(({ command, duties }) => command.name === before.command && holds(duties))) return nothing;
    const forget = () => {
      write(this.path, undefined);
      this.requestUpdate();
    };
    return html`<section class="card"><p class="note warn">${t("What you had written here cannot be sent any more.")}</p>${facts(before.draft.body)}
      <p class="buttons"><button @click=${forget}>${t("Forget it")}</button></p></section>`;
  }

  #keys() {
    const digits = (this.loaded?.actions ?? []).slice(0, 9).map(({ name }, place) => ({ key: String(place + 1), does: word("action", name), run: () => this.begin(place) }));
    return this.command ? [{ key: "Escape", does: t("close the form"), run: () => this.#close() }] : digits;
  }

  #close() {
    this.command = undefined;
    this.updateComplete.then(() => this.querySelector(".actions button")?.focus());
  }

  /** Somebody else was faster: the form stays, over the thing as it now is. */
  async #refused({ detail: problem }) {
    if (problem.status !== 409) return;
    this.#head = this.querySelector("header.thing").offsetHeight;
    this.isRefused = true;
    await this.reload();
  }

  async #done({ detail, target }) {
    this.#room = target.querySelector("form").offsetHeight;
    this.#head = this.querySelector("header.thing").offsetHeight;
    this.command = undefined;
    await this.answered(detail);
    this.outcome = t("Done: {what}.", { what: word("action", detail.command.actions[0] ?? "") });
    await this.reload();
  }

  /** What is read stays where it is, whatever there is to say above it now. */
  async lookAgain() {
    if (this.command) return;
    const top = () => this.querySelector(":scope > .card, :scope > .sides")?.getBoundingClientRect().top ?? 0;
    const before = top();
    await this.reload();
    await this.updateComplete;
    scrollBy({ top: top() - before, behavior: "instant" });
  }
}

/** What may be done with a thing now: the command of each allowed action, with the duties that open it. A thing that does not say, or says the same to everybody, has all of its own. */
async function actionsOf(path, thing) {
  const allowed = routeAt("GET", path)?.route.public ? undefined : thing.allowed_actions;
  const actions = allowed?.map((name) => ({ name, command: commandFor(path, name) })) ?? commandsOf(path).map((command) => ({ name: command.actions[0], command }));
  const named = actions.filter(({ command }) => command);
  const forms = await Promise.all(named.map(({ command }) => formOf(command.name)));
  return named.map((action, place) => ({ ...action, roles: forms[place].roles, duties: forms[place].duties })).filter(({ roles }) => roles.includes("officer"));
}

function deadlineNote({ name, due_at: due, owner, default_outcome: outcome }) {
  const isOver = new Date(due) < now();
  return html`<p class="deadline ${isOver ? "over" : ""}"><strong>${title("deadline", name)}</strong> <time datetime=${due} title=${due}>${momentText(due)}</time> · ${distance(due)}
    <span class="faint">${t("Who can meet it: {owner}; else: {outcome}.", { owner: word("actor", owner), outcome: word("status", outcome) })}</span></p>`;
}

export function timeline(entries, currency) {
  return html`<section class="card"><h2>${t("What happened")}</h2><ol class="timeline">${entries.map((entry) => html`<li>
    <time datetime=${entry.at} title=${entry.at}>${momentText(entry.at)}</time> <strong>${eventName(entry.kind)}</strong>
    <span class="faint">${word("actor", entry.by)}${entry.actor ? html` (${called(entry.actor)})` : nothing}</span>
    <details><summary>${t("Details")}</summary>${facts(entry.payload, { currency })}</details></li>`)}</ol></section>`;
}

/** Every id of a part of a thing: what a command may want named. */
function idsIn(value, ids = new Set()) {
  if (value !== null && typeof value === "object") {
    if (typeof value.id === "string") ids.add(value.id);
    Object.values(value).forEach((inner) => idsIn(inner, ids));
  }
  return [...ids];
}

// The console: what stands around every screen, and which screen is open.

import "./chart.js";
import "./form.js";
import "./list.js";
import "./problem.js";
import "./sign_in.js";
import "./value.js";
import { listen, working } from "./keys.js";
import { Part, html, nothing } from "./part.js";
import { fit, go, here, moved } from "./router.js";
import { isThere, learn, routeAt } from "./routes.js";
import { LIST, SCREENS, THING } from "./screens.js";
import { changed, comeBack, holds, session, signOut } from "./session.js";
import { Problem, stage } from "./stage.js";
import { preferred, speak, spokenLanguage, t } from "./texts.js";
import { learnTime } from "./time.js";
import { carry } from "./unsent.js";

const LANGUAGES = { en: "English", "zh-Hans": "简体中文", ko: "한국어" };
const THEME = "surety-theme";
const THEMES = ["", "light", "dark"];
const PARTS = ["work", "money", "house"]; // of the menu

class SuretyConsole extends Part {
  static properties = { isReady: { state: true }, why: { state: true }, screen: { state: true }, failure: { state: true }, unspoken: { state: true }, unbegun: { state: true } };

  connectedCallback() {
    super.connectedCallback();
    changed.addEventListener("change", ({ detail }) => this.#signedInOrOut(detail));
    moved.addEventListener("change", () => this.#open());
    listen(() => this.#keys());
    document.documentElement.dataset.theme = localStorage.getItem(THEME) ?? "";
    void this.#begin();
  }

  async #begin() {
    try {
      await Promise.all([speak(preferred()), learn()]);
      await comeBack();
    } catch (failure) {
      if (failure instanceof Problem) this.unbegun = failure;
      else this.why = failure.message;
    }
    for (const part of this.querySelectorAll(":scope > .first")) part.remove(); // as the page came
    this.isReady = true;
  }

  /** A screen in another language takes the place of the one before; drawn over it, everything would move under the reader's eyes. */
  async askAnew() {
    return () => {
      const main = this.querySelector("main");
      if (!main) return;
      const { scrollX: left, scrollY: top } = window;
      main.hidden = true;
      void main.offsetHeight; // the page is laid out without it, though not shown so
      requestAnimationFrame(() => {
        main.hidden = false;
        scrollTo({ left, top, behavior: "instant" });
      });
    };
  }

  #signedInOrOut(why) {
    this.why = why;
    this.screen = element.kept = undefined; // what it shows was told to who was here
    this.#shut();
    if (session()) void this.#open();
    this.requestUpdate();
  }

  /** The screen of the address; what no screen is for is a thing or a list of the API. */
  async #open() {
    if (!session()) return;
    this.#shut();
    const { path } = here();
    const screen = SCREENS.find((each) => fit(each.path, path)) ?? generic(path);
    try {
      await Promise.all([screen && import(screen.module), learnTime()]);
      if (path !== here().path) return; // somebody went on meanwhile
      this.screen = screen && { ...screen, path, ids: fit(screen.path ?? path, path) ?? {} };
      this.failure = screen ? undefined : new Problem(404, { title: t("There is nothing at this address.") });
    } catch (failure) {
      [this.screen, this.failure] = [undefined, failure instanceof Problem ? failure : new Problem(0)];
      this.again = failure instanceof Problem ? () => this.#open() : anew;
    }
    await this.updateComplete;
    document.title = `${this.querySelector("h1")?.innerText ?? ""} · Surety`;
    this.querySelector("main")?.focus();
  }

  /** Close the menu, which lies over the screen on a phone. */
  #shut() {
    this.querySelector("#menu:popover-open")?.hidePopover();
  }

  render() {
    if (!this.isReady) return nothing;
    return html`<header class="bar"><button class="skip" @click=${() => this.querySelector("main").focus()}>${t("To the content")}</button>
        <p class="head"><button class="menu" popovertarget="menu">${t("Menu")}</button><a class="brand" href="#/">Surety</a><span class="badge">${stage.stage}</span></p>
        <div id="menu" popover>${session() ? this.#menu() : nothing}${this.#settings()}</div></header>
      <main tabindex="-1" id="main" data-place=${this.screen?.path ?? nothing}>${this.unbegun ? html`<h1>${t("Officers' console")}</h1><problem-note .problem=${this.unbegun} .again=${anew}></problem-note>` : session() ? this.#shown() : html`<sign-in .why=${this.why}></sign-in>`}</main>
      <dialog class="keys" aria-label=${t("Keys")}><h2>${t("Keys")}</h2>
        <dl class="facts">${working().map(({ key, does }) => html`<dt><kbd>${key}</kbd></dt><dd>${does}</dd>`)}</dl>
        <form method="dialog"><button>${t("Close")}</button></form></dialog>`;
  }

  #menu() {
    const open = SCREENS.filter(({ menu, duties }) => menu && holds(duties));
    return html`<nav aria-label=${t("Screens")}>${PARTS.map((part) => html`<p>${open.filter(({ menu }) => menu === part).map((screen) => this.#entry(screen))}</p>`)}</nav>`;
  }

  #entry({ path, title, key }) {
    const isHere = this.screen?.path === path;
    return html`<a href="#${path}" aria-current=${isHere ? "page" : nothing} aria-keyshortcuts=${key ?? nothing}>${title()} <kbd aria-hidden="true">${key}</kbd></a>`;
  }

  #settings() {
    return html`<span class="settings">
      ${this.unspoken ? html`<span class="badge bad" role="alert">${t("The service does not answer.")}</span>` : nothing}
      <select aria-label=${t("Language")} @change=${({ target }) => this.#speak(target)}>${stage.languages.map((tag) => html`<option value=${tag} lang=${tag} ?selected=${tag === spokenLanguage()}>${LANGUAGES[tag]}</option>`)}</select>
      <button @click=${this.#turn} aria-label=${t("Light or dark")} title=${t("Light or dark")}>◐</button>
      <button @click=${this.#help} aria-label=${t("Keys")} title=${t("Keys")}>?</button>
      ${session() ? html`<span class="who">${session().sub}</span><button @click=${() => signOut()}>${t("Sign out")}</button>` : nothing}</span>`;
  }

  #shown() {
    if (this.failure?.passes) return html`<h1>${t("This screen has not come.")}</h1><problem-note .problem=${this.failure} .again=${this.again}></problem-note>`;
    if (this.failure) return html`<div role="alert"><h1>${this.failure.document.title}</h1></div><p><a href="#/today">${t("Today")}</a> · <a href="#/search">${t("Search")}</a></p>`;
    return this.screen ? element(this.screen) : html`<p class="waiting" role="status" aria-busy="true"></p>`;
  }

  #keys() {
    const screens = session() ? SCREENS.filter(({ key, duties }) => key && holds(duties)) : [];
    return [
      ...screens.map(({ key, path, title }) => ({ key, does: title(), run: () => go(`#${path}`) })),
      { key: "?", does: t("these keys"), run: () => this.#help() },
    ];
  }

  async #speak(choice) {
    try {
      await speak(choice.value);
      this.unspoken = false;
    } catch {
      [choice.value, this.unspoken] = [spokenLanguage(), true];
    }
  }

  async #help() {
    this.requestUpdate();
    await this.updateComplete;
    this.querySelector("dialog.keys").showModal();
  }

  #turn() {
    const { dataset } = document.documentElement;
    dataset.theme = THEMES[(THEMES.indexOf(dataset.theme ?? "") + 1) % THEMES.length];
    localStorage.setItem(THEME, dataset.theme);
  }
}
customElements.define("surety-console", SuretyConsole);

/** A module that has not come once, or is of a release that is gone, comes with the page; what was written comes along. */
function anew() {
  carry();
  location.reload();
}

/** The element of a screen, kept as long as the same screen is open: it is told where it is. */
function element({ tag, path, ids }) {
  const kept = element.kept?.localName === tag ? element.kept : document.createElement(tag);
  element.kept = Object.assign(kept, { path: `/v1${path}`, ids });
  return kept;
}

function generic(path) {
  const endpoint = routeAt("GET", `/v1${path}`);
  if (!endpoint) return undefined;
  const isList = Object.keys(endpoint.ids).length === 0 || isThere("GET", `/v1${path}/any`);
  return isList && !endpoint.route.path.endsWith("}") ? LIST : THING;
}

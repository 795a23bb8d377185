// One policy: its versions with the days they were announced and take effect, what differs between two of them, and the numbers in force.

import { get } from "./api.js";
import { Loading, html, nothing } from "./part.js";
import { placeName, t, title } from "./texts.js";
import { inUnit } from "./units.js";
import { facts, plain } from "./value.js";

class ScreenPolicy extends Loading {
  static properties = { ...Loading.properties, between: { state: true } };

  get subject() {
    return `${this.ids?.name}|${this.between}`;
  }

  async load() {
    const { name } = this.ids;
    const [{ items }, inForce] = await Promise.all([get("/v1/policies"), get(`/v1/policies/${name}`)]);
    const { versions } = items.find((each) => each.name === name);
    const [from, to] = this.between?.split("|") ?? versions.slice(-2).map(({ version }) => version);
    const diff = from && to && from !== to ? await get(`/v1/policies/${name}/diff?${new URLSearchParams({ from, to })}`) : null;
    return { versions, inForce, from, to: to ?? from, diff };
  }

  show({ versions, inForce, from, to, diff }) {
    return html`<h1>${t("Policy {name}", { name: title("policy", inForce.name) })}</h1>
      <div class="scroll" tabindex="0" role="region" aria-label=${t("Versions")}><table><thead><tr><th scope="col">${t("Version")}</th><th scope="col">${t("Announced")}</th><th scope="col">${t("Takes effect")}</th><th scope="col">${t("Hash")}</th></tr></thead>
        <tbody>${versions.map((each) => html`<tr><th scope="row">${each.version} ${each.version === inForce.version ? html`<span class="badge good">${t("in force")}</span>` : nothing}</th><td>${each.announced_on}</td><td>${each.effective_on}</td><td><code>${each.hash}</code></td></tr>`)}</tbody></table></div>
      ${versions.length > 1 ? html`<form class="filters" @submit=${this.#compare}>${choice("from", t("From"), versions, from)}${choice("to", t("To"), versions, to)}<button>${t("Compare")}</button></form>` : nothing}
      ${diff ? this.#differences(diff) : nothing}
      <section class="card"><h2>${t("In force: {version}", { version: inForce.version })}</h2>${facts(inForce.values)}</section>`;
  }

  #differences({ differences, before, after }) {
    return html`<section class="card"><h2>${t("From {before} to {after}", { before: before.version, after: after.version })}</h2>
      ${differences.length ? html`<div class="scroll" tabindex="0" role="group"><table><thead><tr><th scope="col">${t("Where")}</th><th scope="col">${t("Was")}</th><th scope="col">${t("Is")}</th></tr></thead>
        <tbody>${differences.map((each) => html`<tr><th scope="row">${placeName(each.path)}</th><td>${written(each.path, each.before)}</td><td>${written(each.path, each.after)}</td></tr>`)}</tbody></table></div>` : html`<p class="faint">${t("Nothing.")}</p>`}</section>`;
  }

  #compare(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    this.between = `${form.get("from")}|${form.get("to")}`;
  }
}
customElements.define("screen-policy", ScreenPolicy);

/** A single value as its name means it. */
const written = (path, value) => plain(inUnit(path.split("/").filter((part) => !/^\d+$/.test(part)).pop(), value));

const choice = (name, label, versions, chosen) => html`<span><label for="policy-${name}">${label}</label>
  <select id="policy-${name}" name=${name}>${versions.map(({ version }) => html`<option value=${version} ?selected=${version === chosen}>${version}</option>`)}</select></span>`;

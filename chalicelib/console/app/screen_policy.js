// One policy: its versions with the days they were announced and take effect, what differs between two of them, and the numbers in force.

import { get } from "./api.js";
import { table } from "./hub.js";
import { Loading, html, nothing } from "./part.js";
import { placeName, t, title } from "./texts.js";
import { currencyOf, inUnit } from "./units.js";
import { facts, isNumber, plain } from "./value.js";

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
      ${table(versions, [
        [t("Version"), ({ version }) => html`${version} ${version === inForce.version ? html`<span class="badge good">${t("in force")}</span>` : nothing}`],
        [t("Announced"), ({ announced_on: on }) => on],
        [t("Takes effect"), ({ effective_on: on }) => on],
        [t("Hash"), ({ hash }) => html`<code>${hash}</code>`],
      ], undefined, t("Versions"))}
      ${versions.length > 1 ? html`<form class="filters" @submit=${this.#compare}>${choice("from", t("From"), versions, from)}${choice("to", t("To"), versions, to)}<button>${t("Compare")}</button></form>` : nothing}
      ${diff ? differing(diff, currencyOf(inForce.values)) : nothing}
      <section class="card"><h2>${t("In force: {version}", { version: inForce.version })}</h2>${facts(inForce.values)}</section>`;
  }

  #compare(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    this.between = `${form.get("from")}|${form.get("to")}`;
  }
}
customElements.define("screen-policy", ScreenPolicy);

function differing({ differences, before, after }, currency) {
  return html`<section class="card"><h2>${t("From {before} to {after}", { before: before.version, after: after.version })}</h2>
    ${differences.length ? table(differences, [[t("Where"), ({ path }) => placeName(path)], [t("Was"), (each) => written(each.path, each.before, currency)], [t("Is"), (each) => written(each.path, each.after, currency)]]) : html`<p class="faint">${t("Nothing.")}</p>`}</section>`;
}

/** A single value as its name means it. */
function written(path, value, currency) {
  const quantity = inUnit(path.split("/").filter((part) => !/^\d+$/.test(part)).pop(), value, currency);
  return isNumber(quantity) ? quantity : plain(quantity);
}

const choice = (name, label, versions, chosen) => html`<span><label for="policy-${name}">${label}</label>
  <select id="policy-${name}" name=${name}>${versions.map(({ version }) => html`<option value=${version} ?selected=${version === chosen}>${version}</option>`)}</select></span>`;

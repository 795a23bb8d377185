// Every policy this system decides by, with the version in force and those that are announced.

import { get } from "./api.js";
import { Loading, html } from "./part.js";
import { t, title } from "./texts.js";

class ScreenPolicies extends Loading {
  get subject() {
    return this.path;
  }

  load() {
    return get("/v1/policies");
  }

  show({ items }) {
    return html`<h1>${t("Policies")}</h1><div class="scroll" tabindex="0" role="region" aria-label=${t("Policies")}><table>
      <thead><tr><th scope="col">${t("Policy")}</th><th scope="col">${t("In force")}</th><th scope="col" class="number">${t("Versions")}</th><th scope="col">${t("The last one takes effect")}</th></tr></thead>
      <tbody>${items.map(({ name, in_force: version, versions }) => html`<tr><td><a href="#/policies/${name}">${title("policy", name)}</a></td><td>${version}</td><td class="number">${versions.length}</td><td><time>${versions.at(-1).effective_on}</time></td></tr>`)}</tbody></table></div>`;
  }
}
customElements.define("screen-policies", ScreenPolicies);

// Every policy this system decides by, with the version in force and those that are announced.

import { get } from "./api.js";
import { table } from "./hub.js";
import { Loading, html } from "./part.js";
import { spokenLanguage, t, title } from "./texts.js";

/** In the order of the names that people read. */
const byTitle = (items) => [...items].sort((one, other) => title("policy", one.name).localeCompare(title("policy", other.name), spokenLanguage()));

class ScreenPolicies extends Loading {
  get subject() {
    return this.path;
  }

  load() {
    return get("/v1/policies");
  }

  show({ items }) {
    return html`<h1>${t("Policies")}</h1>${table(byTitle(items), [
      [t("Policy"), ({ name }) => title("policy", name)],
      [t("In force"), ({ in_force: version }) => version],
      [t("Versions"), ({ versions }) => versions.length],
      [t("The last one takes effect"), ({ versions }) => versions.at(-1).effective_on],
    ], ({ name }) => `#/policies/${name}`, t("Policies"))}`;
  }
}
customElements.define("screen-policies", ScreenPolicies);

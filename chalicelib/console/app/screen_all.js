// Every list that an officer with these duties may read: the way to what no screen is for.

import { Loading, html, withNames } from "./part.js";
import { formOf, lists } from "./routes.js";
import { holds } from "./session.js";
import { listName, t } from "./texts.js";
import { placeAt } from "./things.js";

class ScreenAll extends Loading {
  get subject() {
    return "all";
  }

  async load() {
    const forms = await Promise.all(lists().map(({ name }) => formOf(name)));
    const open = forms.filter(({ roles, duties }) => (roles.length === 0 || roles.includes("officer")) && holds(duties));
    return open.sort((one, other) => one.path.localeCompare(other.path));
  }

  show(open) {
    return html`<h1>${t("All lists")}</h1>
      <dl class="lists card">${open.map(({ path, says }) => html`<dt><a href=${placeAt(path)}>${listName(path)}</a></dt><dd>${withNames(says)}</dd>`)}</dl>`;
  }
}
customElements.define("screen-all", ScreenAll);

// Every list that an officer with these duties may read: the way to what no screen is for.

import { Loading, html } from "./part.js";
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
    return forms.filter(({ roles, duties }) => (roles.length === 0 || roles.includes("officer")) && holds(duties));
  }

  show(open) {
    return html`<h1>${t("All lists")}</h1>
      <ul class="columns">${open.map(({ path, says }) => html`<li><a href=${placeAt(path)}>${listName(path)}</a> <small class="faint">${says}</small></li>`)}</ul>`;
  }
}
customElements.define("screen-all", ScreenAll);

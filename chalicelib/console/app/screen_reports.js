// The reports that these duties open. What is counted elsewhere is shown there.

import { table } from "./hub.js";
import { get } from "./api.js";
import { Loading, html } from "./part.js";
import { fieldName, t } from "./texts.js";
import { placeAt } from "./things.js";

const SHOWN = { portfolio: "#/credit", channels: "#/channels", contagion: "#/groups" };

class ScreenReports extends Loading {
  get subject() {
    return this.path;
  }

  load() {
    return get("/v1/reports");
  }

  show({ items }) {
    return html`<h1>${t("Reports")}</h1>${table(items, [
      [t("Report"), ({ title }) => title],
      [t("What it counts"), ({ columns }) => columns.filter(({ unit }) => !["date", "text"].includes(unit)).map(({ name }) => fieldName(name)).join(", ")],
    ], ({ name, href }) => SHOWN[name] ?? placeAt(href), t("Reports"))}`;
  }
}
customElements.define("screen-reports", ScreenReports);

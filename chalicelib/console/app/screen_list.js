// A list for which there is no screen of its own.

import { Part, html } from "./part.js";
import { here } from "./router.js";
import { listName } from "./texts.js";

class ScreenList extends Part {
  static properties = { path: {} };

  render() {
    return html`<h1>${listName(this.path)}</h1>
      <thing-list .path=${this.path} .filters=${Object.fromEntries(here().query)}></thing-list>`;
  }
}
customElements.define("screen-list", ScreenList);

// A thing for which there is no screen of its own.

import { ThingPage } from "./thing.js";

customElements.define("screen-thing", class extends ThingPage {});

// A file that was handed in, fetched by its link, held against its SHA-256, and shown from memory.

import { Loading, html } from "./part.js";
import { Problem, answered } from "./stage.js";
import { t } from "./texts.js";

export class KeptFile extends Loading {
  static properties = { ...Loading.properties, file: { attribute: false } };

  /** A file is the same in every language, and each time that it is asked for is written down. */
  async askAnew() {
    return () => {};
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    if (this.loaded?.address) URL.revokeObjectURL(this.loaded.address);
  }

  async fetched(link) {
    const lost = () => {
      throw new Problem(0, { title: t("The file does not come."), fix: t("Try again in a moment: it is asked for by another link.") });
    };
    const bytes = await answered(link.url).then((answer) => answer.arrayBuffer()).catch(lost);
    const digest = [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    if (digest !== this.file.sha256) return { isAltered: true };
    return { address: URL.createObjectURL(new Blob([bytes], { type: this.file.media_type })) };
  }

  altered() {
    return html`<p class="note bad">${t("This file is not what was handed in: its SHA-256 differs.")}</p>`;
  }
}

// Evidence, shown where it is spoken of: a picture or a PDF itself, anything else by its link.

import { get } from "./api.js";
import { KeptFile } from "./kept_file.js";
import { html, nothing } from "./part.js";
import { anyWord, codeWord, t } from "./texts.js";

const PICTURE = /^image\/(png|jpeg|webp|gif)$/;

class EvidenceFile extends KeptFile {
  static properties = { ...KeptFile.properties, href: {}, isShut: { type: Boolean, attribute: "shut" } };

  get subject() {
    return `${this.href}|${this.isShut}`;
  }

  /** One that is shut is asked for when somebody opens it: who reads it is written down. */
  async load() {
    if (this.isShut) return {};
    const link = await get(this.href);
    const isShown = PICTURE.test(this.file.media_type) || (this.file.media_type === "application/pdf" && navigator.pdfViewerEnabled); // a phone's browser shows none within a page
    return { link, ...(isShown ? await this.fetched(link) : {}) };
  }

  show({ link, address, isAltered }) {
    const name = this.file.name ? anyWord(this.file.name) : codeWord(this.file.kind);
    if (this.isShut) return html`<button @click=${() => (this.isShut = false)}>${t("Open {name}", { name })}</button>`;
    const shown = !address ? nothing : PICTURE.test(this.file.media_type) ? html`<img src=${address} alt=${name}>` : html`<iframe src=${address} title=${name}></iframe>`;
    return html`<figure class="card">${shown}${isAltered ? this.altered() : nothing}
      <figcaption><a href=${link.url} rel="noopener">${name}</a> <span class="faint">${t("{size} bytes", { size: this.file.size })}</span></figcaption></figure>`;
  }
}
customElements.define("evidence-file", EvidenceFile);

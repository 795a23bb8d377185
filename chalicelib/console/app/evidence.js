// Evidence, shown where it is spoken of: a picture or a PDF itself, anything else by its link.

import { get } from "./api.js";
import { KeptFile } from "./kept_file.js";
import { html, nothing } from "./part.js";
import { anyWord, t } from "./texts.js";

const PICTURE = /^image\/(png|jpeg|webp|gif)$/;

class EvidenceFile extends KeptFile {
  static properties = { ...KeptFile.properties, href: {} };

  get subject() {
    return this.href;
  }

  async load() {
    const link = await get(this.href);
    const isShown = PICTURE.test(this.file.media_type) || (this.file.media_type === "application/pdf" && navigator.pdfViewerEnabled); // a phone's browser shows none within a page
    return { link, ...(isShown ? await this.fetched(link) : {}) };
  }

  show({ link, address, isAltered }) {
    const name = anyWord(this.file.name);
    const shown = !address ? nothing : PICTURE.test(this.file.media_type) ? html`<img src=${address} alt=${name}>` : html`<iframe src=${address} title=${name}></iframe>`;
    return html`<figure class="card">${shown}${isAltered ? this.altered() : nothing}
      <figcaption><a href=${link.url} rel="noopener">${name}</a> <span class="faint">${t("{size} bytes", { size: this.file.size })}</span></figcaption></figure>`;
  }
}
customElements.define("evidence-file", EvidenceFile);

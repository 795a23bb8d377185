// Evidence, shown where it is spoken of: a picture or a PDF itself, anything else by its link.

import { get } from "./api.js";
import { KeptFile } from "./kept_file.js";
import { html, nothing } from "./part.js";
import { anyWord, codeWord, t } from "./texts.js";
import { sizeText } from "./value.js";

const PICTURE = /^image\/(png|jpeg|webp|gif)$/;

class EvidenceFile extends KeptFile {
  static properties = { ...KeptFile.properties, href: {}, isShut: { type: Boolean, attribute: "shut" } };

  get subject() {
    return `${this.href}|${this.isShut}`;
  }

  get isPicture() {
    return PICTURE.test(this.file.media_type);
  }

  /** A phone's browser shows no PDF within a page. */
  get isShown() {
    return this.isPicture || (this.file.media_type === "application/pdf" && navigator.pdfViewerEnabled);
  }

  /** One that is shut is asked for when somebody opens it: who reads it is written down. */
  async load() {
    if (this.isShut) return {};
    const link = await get(this.href);
    return { link, ...(this.isShown ? await this.fetched(link) : {}) };
  }

  /** As high before it is there as afterwards: what is known of a file says which room it takes. */
  render() {
    const { link, isAltered } = this.loaded ?? {};
    const name = this.file.name ? anyWord(this.file.name) : codeWord(this.file.kind);
    if (this.isShut) return html`<button @click=${() => (this.isShut = false)}>${t("Open {name}", { name })}</button>`;
    return html`<figure class="card">${this.problem ? html`<problem-note .problem=${this.problem}></problem-note>` : nothing}
      ${this.isShown ? html`<div class="seen ${this.isPicture ? "" : "document"}" aria-busy=${this.loaded || this.problem ? nothing : "true"}>${this.#seen(name)}</div>` : nothing}
      ${isAltered ? this.altered() : nothing}
      <figcaption>${link ? html`<a href=${link.url} rel="noopener">${name}</a>` : name} <span class="faint">${sizeText(this.file.size)}</span></figcaption></figure>`;
  }

  #seen(name) {
    const address = this.loaded?.address;
    if (!address) return nothing;
    return this.isPicture ? html`<img src=${address} alt=${name}>` : html`<iframe src=${address} title=${name}></iframe>`;
  }
}
customElements.define("evidence-file", EvidenceFile);

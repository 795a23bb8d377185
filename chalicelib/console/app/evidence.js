// A file that was handed in, shown where it is spoken of: fetched by its link, held against its SHA-256, and shown from memory.

import { get } from "./api.js";
import { Loading, html, nothing } from "./part.js";
import { t } from "./texts.js";

const PICTURE = /^image\/(png|jpeg|webp|gif)$/;

class EvidenceFile extends Loading {
  static properties = { ...Loading.properties, file: { attribute: false }, href: {} };

  get subject() {
    return this.href;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    if (this.loaded?.address) URL.revokeObjectURL(this.loaded.address);
  }

  async load() {
    const link = await get(this.href);
    if (!PICTURE.test(this.file.media_type) && this.file.media_type !== "application/pdf") return { link };
    const bytes = await (await fetch(link.url)).arrayBuffer();
    const digest = [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    if (digest !== this.file.sha256) return { link, isAltered: true };
    return { link, address: URL.createObjectURL(new Blob([bytes], { type: this.file.media_type })) };
  }

  show({ link, address, isAltered }) {
    const name = this.file.name;
    const shown = !address ? nothing : PICTURE.test(this.file.media_type) ? html`<img src=${address} alt=${name}>` : html`<iframe src=${address} title=${name}></iframe>`;
    return html`<figure class="card">${shown}${isAltered ? html`<p class="note bad">${t("This file is not what was handed in: its SHA-256 differs.")}</p>` : nothing}
      <figcaption><a href=${link.url} rel="noopener">${name}</a> <span class="faint">${t("{size} bytes", { size: this.file.size })}</span></figcaption></figure>`;
  }
}
customElements.define("evidence-file", EvidenceFile);

// A picture of a listing, fetched by its link, held against its SHA-256, and shown from memory.

import { get } from "./api.js";
import { Loading, html } from "./part.js";
import { t } from "./texts.js";

class ListingPicture extends Loading {
  static properties = { ...Loading.properties, listing: {}, alt: {}, file: { attribute: false } };

  get subject() {
    return `${this.listing}/${this.file.id}`;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    if (this.loaded?.address) URL.revokeObjectURL(this.loaded.address);
  }

  async load() {
    const link = await get(`/v1/listings/${this.listing}/documents/${this.file.id}`);
    const bytes = await (await fetch(link.url)).arrayBuffer();
    const digest = [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    if (digest !== this.file.sha256) return { isAltered: true };
    return { address: URL.createObjectURL(new Blob([bytes], { type: this.file.media_type })) };
  }

  show({ address, isAltered }) {
    if (isAltered) return html`<p class="note bad">${t("This file is not what was handed in: its SHA-256 differs.")}</p>`;
    return html`<img class="of-listing" src=${address} alt=${this.alt}>`;
  }
}
customElements.define("listing-picture", ListingPicture);

// A picture of a listing.

import { get } from "./api.js";
import { KeptFile } from "./kept_file.js";
import { html } from "./part.js";

class ListingPicture extends KeptFile {
  static properties = { ...KeptFile.properties, listing: {}, alt: {} };

  get subject() {
    return `${this.listing}/${this.file.id}`;
  }

  async load() {
    return this.fetched(await get(`/v1/listings/${this.listing}/documents/${this.file.id}`));
  }

  show({ address, isAltered }) {
    return isAltered ? this.altered() : html`<img class="of-listing" src=${address} alt=${this.alt}>`;
  }
}
customElements.define("listing-picture", ListingPicture);

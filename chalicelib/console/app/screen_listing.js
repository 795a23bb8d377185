// A listing to look at: what is on sale beside what waits for a person, each in every language and with its pictures.

import "./picture.js";
import { html, nothing } from "./part.js";
import { codeWord, inOwnLanguage, t } from "./texts.js";
import { HEAD, ThingPage } from "./thing.js";
import { languageName } from "./units.js";
import { facts, moneyText } from "./value.js";

const APART = [...HEAD, "offer", "pending", "documents", "findings"];
const SHOWN = ["titles", "texts", "steps", "pictures", "number"];

class ScreenListing extends ThingPage {
  /** They stand with what is offered. */
  async files() {
    return [];
  }

  title(listing) {
    return inOwnLanguage((listing.pending ?? listing.offer).titles);
  }

  about(listing) {
    const isOnSale = Boolean(listing.published_at);
    return html`<div class="sides">${this.#offer(listing, listing.offer, isOnSale ? t("On sale") : t("To be put on sale"))}
        ${listing.pending ? this.#offer(listing, listing.pending, t("Waits for you")) : nothing}</div>
      ${listing.findings.length ? html`<section class="card"><h2>${t("Found at the last look")}</h2><ul>${listing.findings.map((finding) => html`<li><strong>${codeWord(finding.rule)}</strong> ${finding.words}</li>`)}</ul></section>` : nothing}
      <section class="card"><h2>${t("All of it")}</h2>${facts(listing, { without: APART })}</section>`;
  }

  #offer(listing, offer, heading) {
    return html`<section class="card"><h2>${heading}</h2>
      ${Object.entries(offer.titles).map(([language, title]) => html`<h3><span class="faint">${languageName(language)}</span> <span lang=${language}>${title}</span></h3><p lang=${language}>${offer.texts[language] ?? ""}</p>`)}
      <div class="cards">${offer.pictures.map((id) => this.#picture(listing, offer, id))}</div>
      <table class="steps"><thead><tr><th scope="col">${t("From")}</th><th scope="col" class="number">${t("Price")}</th></tr></thead>
        <tbody>${offer.steps.map((step) => html`<tr><td>${step.quantity} ${offer.unit}</td><td class="number">${moneyText(step.price)}</td></tr>`)}</tbody></table>
      ${facts(offer, { without: SHOWN })}</section>`;
  }

  #picture(listing, offer, id) {
    const file = listing.documents.find((document) => document.id === id);
    return file ? html`<listing-picture listing=${listing.id} .file=${file} alt=${inOwnLanguage(offer.titles)}></listing-picture>` : nothing;
  }
}
customElements.define("screen-listing", ScreenListing);

// Country channels: each channel's figures against its targets, the nominations to check, and the listings to look at with their pictures.

import "./chart.js";
import "./picture.js";
import { get } from "./api.js";
import { table } from "./hub.js";
import { Loading, html, nothing } from "./part.js";
import { pill } from "./status.js";
import { anyWord, capital, inOwnLanguage, t } from "./texts.js";
import { placeAt } from "./things.js";
import { now } from "./time.js";
import { distance, moneyText } from "./value.js";

const DAYS = 30; // of figures
const DAY = 86_400_000; // milliseconds
const SHANGHAI = 8 * 3_600_000;
const LIMIT = 20;

class ScreenChannels extends Loading {
  get subject() {
    return "channels";
  }

  async load() {
    const [channels, nominations, listings] = await Promise.all([
      get(`/v1/channels?limit=${LIMIT}`),
      get(`/v1/nominations?status=nominated&limit=${LIMIT}`),
      get(`/v1/listings?status=awaiting_moderation&limit=${LIMIT}`),
    ]);
    return { channels: channels.items, nominations: nominations.items, listings: listings.items };
  }

  show({ channels, nominations, listings }) {
    return html`<h1>${t("Channels")}</h1>
      <section class="card"><h2>${t("Nominations to check")} <span class="faint">${nominations.length}</span></h2>
        ${nominations.length ? html`<ul class="plain">${nominations.map(nomination)}</ul>` : html`<p class="faint">${t("None.")}</p>`}</section>
      <section><h2>${t("Listings to look at")} <span class="faint">${listings.length}</span></h2>
        ${listings.length ? html`<div class="cards">${listings.map(listing)}</div>` : html`<p class="faint">${t("None.")}</p>`}</section>
      <section><h2>${t("Figures against targets")}</h2>${channels.length ? channels.map((channel) => html`<channel-figures .channel=${channel}></channel-figures>`) : html`<p class="faint">${t("None.")}</p>`}</section>`;
  }
}
customElements.define("screen-channels", ScreenChannels);

function nomination(item) {
  const due = (item.deadlines ?? []).find(({ by_clock: isByClock }) => !isByClock);
  return html`<li><a href=${placeAt(`/v1/nominations/${item.id}`)}>${item.legal_name}</a> <span class="faint">${item.romanised_name ?? ""}</span>
    ${pill(item.status)} ${due ? html`<span class="faint">${distance(due.due_at)}</span>` : nothing}</li>`;
}

/** What waits is the pending wording, where another is on sale meanwhile. */
function listing(item) {
  const offer = item.pending ?? item.offer;
  const picture = item.documents.find(({ id }) => id === offer.pictures[0]);
  return html`<article class="card"><h3><a href=${placeAt(`/v1/listings/${item.id}`)}>${inOwnLanguage(offer.titles)}</a></h3>
    ${picture ? html`<listing-picture listing=${item.id} .file=${picture} alt=${inOwnLanguage(offer.titles)}></listing-picture>` : nothing}
    <p>${moneyText(offer.steps[0].price)} <span class="faint">${capital(anyWord(offer.category))}</span></p></article>`;
}

/** One channel: what it has and what it is to have, and what was paid each day beside what is to be. */
class ChannelFigures extends Loading {
  static properties = { ...Loading.properties, channel: { attribute: false } };

  get subject() {
    return this.channel.id;
  }

  load() {
    const tomorrow = now() + SHANGHAI + DAY;
    const [from, to] = [tomorrow - DAYS * DAY, tomorrow].map((at) => new Date(at).toISOString().slice(0, 10));
    return get(`/v1/channels/${this.channel.id}/figures?from=${from}&to=${to}`);
  }

  show({ days, targets, orders, claims, paid, refunded }) {
    const last = days.at(-1);
    const target = Number(targets.paid_a_day.amount);
    const series = [
      { name: t("Paid a day"), values: days.map((day) => Number(day.paid.amount)) },
      { name: t("Target"), tone: "usual", values: days.map(() => target) },
    ];
    return html`<article class="card"><h3><a href=${placeAt(`/v1/channels/${this.channel.id}`)}>${this.channel.name}</a> ${pill(this.channel.status)}</h3>
      ${table([
        { what: t("Suppliers with a valid badge"), now: last.suppliers, target: targets.suppliers },
        { what: t("Listings on sale"), now: last.listings, target: targets.listings },
        { what: t("Paid today"), now: last.paid, target: targets.paid_a_day },
      ], [[t("What"), ({ what }) => what], [t("Now"), ({ now: value }) => value], [t("Target"), (row) => row.target]], undefined, this.channel.name)}
      <p>${t("In {days} days: orders {orders}, paid {paid}, refunded {refunded}, claims {claims}.", { days: DAYS, orders, paid: moneyText(paid), refunded: moneyText(refunded), claims })}</p>
      <figure-chart kind="line" caption=${t("Paid a day")} unit=${paid.currency} .labels=${days.map(({ day }) => day)} .series=${series}></figure-chart></article>`;
  }
}
customElements.define("channel-figures", ChannelFigures);

// What a bank told that somebody has to look at: the transfer as it was told, and what it may be for, each with the form filled in.

import { ifAny } from "./hub.js";
import { html, nothing } from "./part.js";
import { pill } from "./status.js";
import { eventName, t } from "./texts.js";
import { placeAt } from "./things.js";
import { HEAD, ThingPage } from "./thing.js";
import { inFavour, messageOf } from "./transfer.js";
import { facts, moneyText, plain } from "./value.js";

const APART = [...HEAD, "payload", "type", "owner"];

class ScreenBankEvent extends ThingPage {
  title({ type }) {
    return type ? eventName(type) : "";
  }

  more({ status }) {
    return status === "suspense" ? ifAny(`${this.path}/suggestions`) : {};
  }

  about(event, { items = [] }) {
    const message = messageOf(event);
    const again = Object.keys(message).filter((name) => plain(message[name]) === plain(event[name]));
    return html`${event.status === "suspense" ? html`<section class="card"><h2>${t("What it may be for")}</h2>
        ${items.length ? html`<ul class="choices">${items.map((item) => this.#choice(item))}</ul>` : html`<p class="faint">${t("Nothing that awaits money agrees with it.")}</p>`}</section>` : nothing}
      <div class="sides"><section class="card"><h2>${t("What the bank told")}</h2>${facts(message)}</section>
        <section class="card"><h2>${t("What became of it")}</h2>${facts(event, { without: [...APART, ...again] })}</section></div>`;
  }

  #choice({ order_id: orderId, buyer_id: buyerId, buyer_name: name, status, next, left, because }) {
    return html`<li><button @click=${() => this.beginWith("allocate", { order_id: orderId })}>${t("Allocate to this order")}</button>
      <span><a href=${placeAt(`/v1/orders/${orderId}`)}><code>${orderId}</code></a> ${pill(status)}<br>
        ${t("{buyer} has {next} to pay next, {left} in all.", { buyer: name || buyerId, next: moneyText(next), left: moneyText(left) })} <strong>${inFavour(because)}</strong></span></li>`;
  }
}
customElements.define("screen-bank-event", ScreenBankEvent);

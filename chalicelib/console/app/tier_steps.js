// The steps of a rulebook as a picture: how much a shop's base is by its orders, with the edges of the tiers, and where the shop stands.

import { svg } from "lit";
import { isNarrow } from "./narrow.js";
import { Part, html, nothing } from "./part.js";
import { t } from "./texts.js";
import { moneyOf } from "./units.js";
import { moneyText } from "./value.js";

const [HEIGHT, LEFT, TOP, BOTTOM] = [240, 110, 20, 190];
const [DESK, PHONE] = [720, 420];
const ROOM = 90; // for the number of orders, beside its line

class TierSteps extends Part {
  static properties = { tiers: { attribute: false }, amounts: { attribute: false }, orders: { attribute: false }, currency: {}, caption: {} };

  render() {
    if (!this.tiers?.length || !this.amounts?.length) return nothing;
    const width = isNarrow() ? PHONE : DESK;
    const wide = (width - LEFT) / this.tiers.length;
    const most = Math.max(...this.amounts, 1);
    const y = (minor) => BOTTOM - ((BOTTOM - TOP) * minor) / most;
    const amountOf = (place) => this.amounts[Math.min(place, this.amounts.length - 1)];
    const steps = this.tiers.map((tier, place) => ({ tier, left: LEFT + place * wide, height: y(amountOf(place)), minor: amountOf(place) }));
    const path = steps.map(({ left, height }, place) => `${place ? "L" : "M"}${left} ${height}H${left + wide}`).join("");
    const heights = steps.filter(({ height }, place) => place === 0 || steps[place - 1].height - height > 16);
    return html`<figure class="picture chart"><figcaption>${this.caption}</figcaption>
      <div class="scroll" tabindex="0" role="group"><svg viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label=${this.#inWords(steps)}>
        ${heights.map(({ minor, height }) => svg`<line class="line" x1=${LEFT} x2=${width} y1=${height} y2=${height}></line><text class="faint" x=${LEFT - 8} y=${height + 4} text-anchor="end">${moneyText(this.#money(minor))}</text>`)}
        ${steps.slice(1).map(({ left }) => svg`<line class="edge" x1=${left} x2=${left} y1=${TOP} y2=${BOTTOM}></line>`)}
        <path class="curve" d=${path}></path>
        ${steps.map(({ tier, left }) => svg`<text class="faint" x=${left + wide / 2} y=${BOTTOM + 20} text-anchor="middle">${isNarrow() ? edgeOf(tier) : rangeOf(tier)}</text>`)}
        <text class="faint" x=${LEFT + (width - LEFT) / 2} y=${HEIGHT - 8} text-anchor="middle">${t("orders in the window")}</text>
        ${this.#here(width, y, amountOf)}</svg></div></figure>`;
  }

  /** Where the shop stands, as far between the edges of its tier as its orders are. */
  #here(width, y, amountOf) {
    const wide = (width - LEFT) / this.tiers.length;
    const place = this.tiers.findIndex(({ from, to }) => this.orders >= from && (to === null || this.orders <= to));
    if (place < 0) return nothing;
    const { from, to } = this.tiers[place];
    const part = to === null ? 0.5 : (this.orders - from + 0.5) / (to - from + 1);
    const x = LEFT + (place + part) * wide;
    return svg`<line class="here" x1=${x} x2=${x} y1=${TOP} y2=${BOTTOM}></line><circle class="dot" cx=${x} cy=${y(amountOf(place))} r="6"></circle><text x=${Math.min(x + 8, width - ROOM)} y=${TOP + 6}>${t("{count} orders", { count: this.orders })}</text>`;
  }

  #inWords(steps) {
    return [...steps.map(({ tier, minor }) => `${rangeOf(tier)}: ${moneyText(this.#money(minor))}`), t("{count} orders", { count: this.orders })].join("; ");
  }

  #money(minor) {
    return moneyOf(minor, this.currency);
  }
}
customElements.define("tier-steps", TierSteps);

const rangeOf = ({ from, to }) => (to === null ? `${from}+` : `${from}–${to}`);
const edgeOf = ({ from, to }) => (to === null ? `${from}+` : `≤ ${to}`);

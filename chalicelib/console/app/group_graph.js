// Seats in a circle, with a line between any two of which one vouches for the other.

import { svg } from "lit";
import { isNarrow } from "./narrow.js";
import { Part, html, nothing } from "./part.js";
import { t, word } from "./texts.js";

const [HEIGHT, RADIUS, NODE] = [320, 110, 26];
const [DESK, PHONE] = [{ width: 720, wide: 1.9 }, { width: 340, wide: 1.2 }]; // a phone has no room for names: the list below has them
const BAD = /default|fail|enforce|suspend/;

class GroupGraph extends Part {
  static properties = { seats: { attribute: false }, attestations: { attribute: false } };

  render() {
    if (!this.seats?.length) return nothing;
    const { width, wide } = isNarrow() ? PHONE : DESK;
    const places = new Map(this.seats.map(({ number }, place) => {
      const angle = (2 * Math.PI * place) / this.seats.length - Math.PI / 2;
      return [number, { x: width / 2 + RADIUS * wide * Math.cos(angle), y: HEIGHT / 2 + RADIUS * Math.sin(angle) }];
    }));
    const vouched = this.attestations.filter(({ by, of }) => places.has(by) && places.has(of));
    return html`<div class="picture scroll" tabindex="0" role="group"><svg viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label=${this.#inWords(vouched)}>
      ${vouched.filter(({ by, of }) => by < of).map(({ by, of }) => line(places.get(by), places.get(of)))}
      ${this.seats.map((seat) => this.#node(seat, places.get(seat.number), width))}</svg></div>`;
  }

  #node({ number, name, status }, { x, y }, width) {
    const [textX, anchor] = x < width / 2 - 1 ? [x - NODE - 8, "end"] : [x + NODE + 8, "start"];
    const seat = svg`<circle class="node ${BAD.test(status) ? "bad" : ""}" cx=${x} cy=${y} r=${NODE}></circle><text x=${x} y=${y + 5} text-anchor="middle">${number}</text>`;
    return isNarrow() ? seat : svg`${seat}<text x=${textX} y=${y - 2} text-anchor=${anchor}>${short(name)}</text><text class="faint" x=${textX} y=${y + 15} text-anchor=${anchor}>${word("status", status)}</text>`;
  }

  #inWords(vouched) {
    const seats = this.seats.map(({ number, name, status }) => `${number} ${name}: ${word("status", status)}`);
    return [...seats, t("{count} times one vouches for another", { count: vouched.length })].join("; ");
  }
}
customElements.define("group-graph", GroupGraph);

const line = (one, other) => svg`<line class="curve" x1=${one.x} y1=${one.y} x2=${other.x} y2=${other.y}></line>`;
const short = (name) => (name.length > 30 ? `${name.slice(0, 29)}…` : name);

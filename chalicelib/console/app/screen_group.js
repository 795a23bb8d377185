// A group: who stands with whom as a graph, what each may come to bear as a matrix, and the calls on it.

import "./group_graph.js";
import { ifAny, itemsOf } from "./hub.js";
import { called } from "./names.js";
import { html, nothing } from "./part.js";
import { pill } from "./status.js";
import { t, title, word } from "./texts.js";
import { placeAt } from "./things.js";
import { HEAD, ThingPage } from "./thing.js";
import { facts, moneyText, shareText } from "./value.js";

const DRAWN = [...HEAD, "seats", "attestations", "calls", "name"];

class ScreenGroup extends ThingPage {
  async more({ seats }) {
    const there = seats.filter(({ joined_at: joined, left_at: left }) => joined && !left);
    const [exposure, loans] = await Promise.all([
      ifAny(`${this.path}/exposure`),
      Promise.all(there.map(({ member_id: id }) => itemsOf(`/v1/loans?member_id=${id}`))),
    ]);
    return { exposure, seats: there.map((seat, place) => ({ ...seat, name: called(seat.member_id), loans: loans[place] })) };
  }

  about(group, { exposure, seats }) {
    return html`<section class="card"><h2>${t("Who stands with whom")}</h2>
        <group-graph .seats=${seats} .attestations=${group.attestations}></group-graph>
        <ul class="plain">${seats.map((seat) => html`<li><strong>${seat.number}</strong> <a href=${placeAt(`/v1/members/${seat.member_id}`)}>${seat.name}</a> ${pill(seat.status)}
          ${seat.loans.map((loan) => html` <a href=${placeAt(`/v1/loans/${loan.id}`)}>${moneyText(loan.standing?.principal ?? loan.amount)}</a> <span class="faint">${word("status", loan.status)}</span>`)}</li>`)}</ul></section>
      ${exposure ? matrix(exposure, seats) : nothing}
      ${group.calls.length ? html`<section class="card"><h2>${t("Calls on it")}</h2><ul class="plain">${group.calls.map((id) => html`<li><a href=${placeAt(`/v1/guarantee-calls/${id}`)}><code>${id}</code></a></li>`)}</ul></section>` : nothing}
      <section class="card"><h2>${t("All of it")}</h2>${facts(group, { without: DRAWN })}</section>`;
  }
}
customElements.define("screen-group", ScreenGroup);

/** What the seat of each row may come to bear when that of the column fails, when all others do, and how much of its sales that is. */
function matrix({ seats: rows, warn_bp: warn, stop_bp: stop, mode }, seats) {
  const columns = rows.map(({ seat }) => seat);
  const nameOf = (number) => seats.find((seat) => seat.number === number)?.name ?? number;
  const level = (share) => (share >= stop ? "stop" : share >= warn ? "warning" : "");
  const amount = ({ money, sales_bp: share }) => html`<td class=${level(share)}>${moneyText(money)} <small>${shareText(share / 1e4, { minimumFractionDigits: 1, maximumFractionDigits: 1 })}</small></td>`;
  return html`<section class="card"><h2>${t("What each may come to bear")}</h2>
    <p class="faint">${title("value", mode)}. ${t("Beside each amount its share of what the firm sold in twelve months; from {warn} on it is a warning, from {stop} on nobody signs without its bank.", { warn: shareText(warn / 1e4), stop: shareText(stop / 1e4) })}</p>
    <div class="scroll" tabindex="0" role="group"><table class="matrix"><thead><tr><th scope="col">${t("Bears")}</th>${columns.map((seat) => html`<th scope="col" class="number">${t("if seat {seat} fails", { seat })}</th>`)}<th scope="col" class="number">${t("if all others fail")}</th></tr></thead>
      <tbody>${rows.map((row) => html`<tr><th scope="row">${row.seat} ${nameOf(row.seat)}</th>${columns.map((seat) => {
        const single = row.singles.find(({ defaulting }) => defaulting[0] === seat);
        return single ? amount(single) : html`<td class="faint">—</td>`;
      })}${amount(row.all_others)}</tr>`)}</tbody></table></div></section>`;
}

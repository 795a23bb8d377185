// An address that we send to: what was sent or waits, with every attempt, and sending again what did not arrive.

import { post } from "./api.js";
import { itemsOf, table } from "./hub.js";
import { html, nothing } from "./part.js";
import { pill } from "./status.js";
import { codeWord, eventName, t } from "./texts.js";
import { placeOf } from "./things.js";
import { ThingPage } from "./thing.js";
import { facts, momentText } from "./value.js";

const SHOWN = 100;

class ScreenEndpoint extends ThingPage {
  title({ description, url }) {
    return description || url;
  }

  async more() {
    return { deliveries: await itemsOf(`${this.path}/deliveries?limit=${SHOWN}`) };
  }

  about(endpoint, { deliveries }) {
    const untaken = deliveries.filter(({ status }) => ["dead", "held"].includes(status));
    return html`<section class="card"><h2>${t("Where to, and what")}</h2>${facts({ url: endpoint.url, kinds: endpoint.kinds, why: endpoint.why })}</section>
      <section class="card"><h2>${t("Deliveries")}</h2>
        ${untaken.length && endpoint.status === "enabled" ? html`<p class="buttons"><button class="main" @click=${() => this.#again(endpoint, untaken)}>${t("Send the {count} that did not arrive again", { count: untaken.length })}</button></p>` : nothing}
        ${untaken.length && endpoint.status !== "enabled" ? html`<p class="note warn">${t("{count} are held: enable the address, then send them again.", { count: untaken.length })}</p>` : nothing}
        ${deliveries.length ? table(deliveries, [
          [t("What"), ({ kind }) => eventName(kind)],
          [t("Status"), ({ status, why }) => html`${pill(status)} <span class="faint">${why ? codeWord(why) : nothing}</span>`],
          [t("Of"), ({ aggregate_id: of }) => of],
          [t("Number"), ({ seq }) => seq],
          [t("Attempts"), ({ attempts }) => attempts.map(({ at, code, why }) => `${momentText(at)}: ${code ?? codeWord(why ?? "")}`).join("; ")],
          [t("Since"), ({ created_at: at }) => at],
        ], ({ aggregate_id: of }) => placeOf(of)) : html`<p class="faint">${t("Nothing was sent yet.")}</p>`}</section>`;
  }

  async #again(endpoint, untaken) {
    try {
      const body = { ids: untaken.map(({ id }) => id) };
      const { replayed } = await post(`${this.path}/replay`, body, { version: endpoint.version });
      this.outcome = t("{count} are on their way again.", { count: replayed });
      await this.reload();
    } catch (problem) {
      this.problem = problem;
    }
  }
}
customElements.define("screen-endpoint", ScreenEndpoint);

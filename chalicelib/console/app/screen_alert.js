// An alert: the course of what its rule compares, with what is usual and from when on it is amber or red; what was found, and what the firm says of it.

import "./chart.js";
import { get } from "./api.js";
import { chanceText, evidence, figureName } from "./finding.js";
import { html, nothing } from "./part.js";
import { anyWord, codeWord, t, title, word } from "./texts.js";
import { HEAD, ThingPage } from "./thing.js";
import { placeOf } from "./things.js";
import { dayText, facts, momentText } from "./value.js";

const SHOWN = [...HEAD, "rule", "level", "about", "evidence", "explanations"];

class ScreenAlert extends ThingPage {
  title(alert) {
    return title("rule", alert.rule);
  }

  async more(alert) {
    return get(`/v1/alerts/${alert.id}/figures`);
  }

  about(alert, figures) {
    const place = placeOf(alert.about.id);
    return html`<section class="card">
        <p><span class="badge ${alert.level === "red" ? "bad" : "warn"}">${word("level", alert.level)}</span>
          ${t("since {when}", { when: dayText((alert.level === "red" && alert.red_on) || alert.started_on) })} · ${word("kind", alert.about.kind)} ${place ? html`<a href=${place}><code>${alert.about.id}</code></a>` : anyWord(alert.about.id)}</p>
        ${alert.evidence.at(-1).p_ppm === null ? nothing : html`<p>${t("Chance that it means nothing: {chance}.", { chance: chanceText(alert.evidence.at(-1)) })}</p>`}</section>
      ${figures.series.map(picture)}
      ${figures.not_judged.length ? html`<p class="note warn">${t("Days that were not judged: {count} ({why}).", { count: figures.not_judged.length, why: [...new Set(figures.not_judged.map(({ why }) => codeWord(why)))].join(", ") })}</p>` : nothing}
      <section class="card"><h2>${t("What was found")}</h2>${alert.evidence.map(evidence)}</section>
      ${alert.explanations.length ? html`<section class="card"><h2>${t("What the firm says")}</h2>${alert.explanations.map(({ text, at }) => html`<p class="said"><span class="faint">${momentText(at)}</span><br>${text}</p>`)}</section>` : nothing}
      <section class="card"><h2>${t("All of it")}</h2>${facts(alert, { without: SHOWN })}</section>`;
  }
}
customElements.define("screen-alert", ScreenAlert);

/** The figure, what is usual, and the values from which on it is something: a line for each that there is. */
function picture({ name, worse, points }) {
  const lines = [["value", figureName(name), ""], ["usual", t("usual"), "usual"], ["amber", word("level", "amber"), "warn"], ["red", word("level", "red"), "bad"]];
  const series = lines.filter(([field]) => points.some((point) => point[field] !== null)).map(([field, says, tone]) => ({ name: says, tone, values: points.map((point) => point[field]) }));
  const caption = worse === "higher" ? t("{figure}: more is worse", { figure: figureName(name) }) : t("{figure}: less is worse", { figure: figureName(name) });
  return html`<section class="card"><figure-chart .caption=${caption} .labels=${points.map(({ on }) => on)} .series=${series}></figure-chart></section>`;
}

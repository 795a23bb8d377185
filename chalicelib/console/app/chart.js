// A picture of figures, with the figures as a table beside it for whoever does not see it. Chart.js draws it; uPlot where the series is long.

import { isNarrow } from "./narrow.js";
import { Part, html, nothing } from "./part.js";
import { capital, spokenLanguage, t } from "./texts.js";
import { plain } from "./value.js";

const LONG = 400; // points beyond which a series is uPlot's
const HEIGHT = 260;
const DASHED = [6, 4];
const MOST_POINTS = 20; // beyond which a line has no dots
const DAY = /^\d{4}-\d\d-\d\d$/;
const COMPACT = 10_000; // from which on an axis says 450K

/** `7 Mar`, for there are many of them below an axis; the table beside it has the year. */
const dayText = (label) => (DAY.test(label) ? new Date(label).toLocaleDateString(spokenLanguage(), { day: "numeric", month: "short", timeZone: "UTC" }) : label);
const numberText = (value) => value.toLocaleString(spokenLanguage(), Math.abs(value) >= COMPACT ? { notation: "compact" } : {});

let last = Promise.resolve();

/** A turn of its own for each figure: between two of them, and after a library was loaded, whoever presses a key is answered. */
const ownTurn = () => (last = last.then(() => new Promise((go) => setTimeout(go))));

/** `unit`: what its axis counts, where the caption does not say so. `labels`, and `series`: `[{name, values, tone}]`, each as long as the labels; one with a `tone` (usual, warn, bad) is a line to compare with. `kind` is `line` or `bar`; bars of a `stacked` one stand on each other. Labels of a long series are days or moments. */
class FigureChart extends Part {
  static properties = {
    kind: {},
    isStacked: { type: Boolean, attribute: "stacked" },
    caption: {},
    unit: {},
    labels: { attribute: false },
    series: { attribute: false },
  };

  #drawn = null;

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#drawn?.destroy();
    this.#drawn = null;
  }

  render() {
    const isLong = (this.labels?.length ?? 0) > LONG;
    return html`<figure class="chart"><figcaption>${this.caption}${this.unit ? html` <span class="faint">(${this.unit})</span>` : nothing}</figcaption>
      <div class="drawing">${isLong ? html`<div class="long"></div>` : html`<canvas role="img" aria-label=${this.caption ?? ""}></canvas>`}</div>
      <span hidden>${[1, 2, 3, 4, 5, 6].map((number) => html`<i class="series-${number}"></i>`)}<i class="of-usual"></i><i class="of-warn"></i><i class="of-bad"></i><i class="of-text"></i><i class="of-line"></i></span>
      <details><summary>${t("The figures")}</summary><div class="scroll" tabindex="0" role="group"><table>
        <thead><tr><td></td>${(this.series ?? []).map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
        <tbody>${(this.labels ?? []).map((label, place) => html`<tr><th scope="row">${label}</th>${this.series.map(({ values }) => html`<td class="number">${plain(values[place])}</td>`)}</tr>`)}</tbody>
      </table></div></details></figure>`;
  }

  async updated() {
    if (!this.series?.length || !this.labels?.length) return;
    const drawing = this.querySelector(".drawing");
    drawing.setAttribute("aria-busy", "true");
    try {
      const draw = this.labels.length > LONG ? await this.#long() : await this.#short();
      await ownTurn();
      this.#drawn?.destroy();
      if (this.isConnected) this.#drawn = draw();
    } catch {
      this.querySelector("details").open = true; // what draws it has not come
    } finally {
      drawing.removeAttribute("aria-busy");
    }
  }

  async #short() {
    await import("chart.js");
    const isMany = this.labels.length > MOST_POINTS;
    const datasets = this.series.map(({ name, values, tone }, place) => ({ label: capital(name), data: values, borderColor: this.#colour(place, tone), backgroundColor: this.#colour(place, tone), pointRadius: tone || isMany ? 0 : 3, pointHoverRadius: 4, borderWidth: 2, borderRadius: 3, maxBarThickness: 40, borderDash: tone ? DASHED : [] }));
    const [text, line] = [this.#colourOf(".of-text"), this.#colourOf(".of-line")];
    const isAllZero = this.series.every(({ values }) => values.every((value) => !value)); // for which the axis would go below zero
    const labels = this.labels.map(dayText);
    const x = { stacked: this.isStacked, grid: { display: false }, border: { color: line }, ticks: { color: text, maxRotation: 0, autoSkipPadding: isNarrow() ? 6 : 16 } };
    const y = { stacked: this.isStacked, beginAtZero: isAllZero, grid: { color: line }, border: { display: false }, ticks: { color: text, maxTicksLimit: isAllZero ? 2 : 6, callback: (value) => numberText(value) } };
    const legend = { display: datasets.length > 1, align: "start", labels: { color: text, usePointStyle: true, pointStyle: this.kind === "bar" ? "rectRounded" : "line", boxHeight: 7 } };
    const options = { responsive: true, maintainAspectRatio: false, animation: false, color: text, interaction: { mode: "index", intersect: false }, scales: { x, y }, plugins: { legend } };
    const canvas = this.querySelector("canvas");
    return () => new globalThis.Chart(canvas, { type: this.kind ?? "line", data: { labels, datasets }, options });
  }

  async #long() {
    const { default: Plot } = await import("uplot");
    const place = this.querySelector(".long");
    const text = this.#colourOf(".of-text");
    const series = [{}, ...this.series.map(({ name, tone }, number) => ({ label: capital(name), stroke: this.#colour(number, tone), width: 1.5, dash: tone ? DASHED : [] }))];
    const grid = { stroke: this.#colourOf(".of-line"), width: 1 };
    const axes = [{ stroke: text, grid: { show: false }, ticks: grid }, { stroke: text, grid, ticks: grid }];
    const data = [this.labels.map((label) => new Date(label) / 1000), ...this.series.map(({ values }) => values)];
    return () => new Plot({ width: place.clientWidth, height: HEIGHT, series, axes }, data, place);
  }

  #colour(place, tone) {
    return this.#colourOf(tone ? `.of-${tone}` : `.series-${(place % 6) + 1}`);
  }

  #colourOf(selector) {
    return getComputedStyle(this.querySelector(selector)).color;
  }
}
customElements.define("figure-chart", FigureChart);

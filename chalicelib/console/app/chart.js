// A picture of figures, with the figures as a table beside it for whoever does not see it. Chart.js draws it; uPlot where the series is long.

import { Part, html } from "./part.js";
import { t } from "./texts.js";
import { plain } from "./value.js";

const LONG = 400; // points beyond which a series is uPlot's
const HEIGHT = 260;
const DASHED = [6, 4];

/** `labels`, and `series`: `[{name, values, tone}]`, each as long as the labels; one with a `tone` (usual, warn, bad) is a line to compare with. `kind` is `line` or `bar`. Labels of a long series are days or moments. */
class FigureChart extends Part {
  static properties = {
    kind: {},
    caption: {},
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
    return html`<figure class="chart"><figcaption>${this.caption}</figcaption>
      <div class="drawing">${isLong ? html`<div class="long"></div>` : html`<canvas role="img" aria-label=${this.caption ?? ""}></canvas>`}</div>
      <span hidden>${[1, 2, 3, 4, 5, 6].map((number) => html`<i class="series-${number}"></i>`)}<i class="of-usual"></i><i class="of-warn"></i><i class="of-bad"></i><i class="of-text"></i></span>
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
      this.#drawn?.destroy();
      if (this.isConnected) this.#drawn = draw();
    } finally {
      drawing.removeAttribute("aria-busy");
    }
  }

  async #short() {
    await import("chart.js");
    const datasets = this.series.map(({ name, values, tone }, place) => ({ label: name, data: values, borderColor: this.#colour(place, tone), backgroundColor: this.#colour(place, tone), pointRadius: tone ? 0 : 2, borderWidth: 2, maxBarThickness: 48, borderDash: tone ? DASHED : [] }));
    const text = this.#colourOf(".of-text");
    const isAllZero = this.series.every(({ values }) => values.every((value) => !value)); // for which the axis would go below zero
    const options = { responsive: true, maintainAspectRatio: false, animation: false, color: text, scales: { x: { ticks: { color: text } }, y: { beginAtZero: isAllZero, ticks: { color: text } } }, plugins: { legend: { display: datasets.length > 1, labels: { color: text } } } };
    const canvas = this.querySelector("canvas");
    return () => new globalThis.Chart(canvas, { type: this.kind ?? "line", data: { labels: this.labels, datasets }, options });
  }

  async #long() {
    const { default: Plot } = await import("uplot");
    const place = this.querySelector(".long");
    const text = this.#colourOf(".of-text");
    const series = [{}, ...this.series.map(({ name, tone }, number) => ({ label: name, stroke: this.#colour(number, tone), width: 1.5, dash: tone ? DASHED : [] }))];
    const axes = [{ stroke: text }, { stroke: text }];
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

// A refusal as people read it: what is wrong, what to do about it, the numbers involved, and where it is explained.

import { Part, html, nothing, withNames } from "./part.js";
import { fieldName, t } from "./texts.js";

const OWN = new Set(["type", "title", "status", "detail", "instance", "code", "request_id", "doc_url", "fix", "param"]);

class ProblemNote extends Part {
  static properties = { problem: { attribute: false } };

  render() {
    if (!this.problem) return nothing;
    const { told } = this.problem;
    const numbers = Object.entries(told).filter(([name, value]) => !OWN.has(name) && value !== null);
    return html`<div class="note bad" role="alert">
      <p><strong>${withNames(told.title)}</strong> ${withNames(told.detail ?? "")}</p>
      ${told.fix ? html`<p>${withNames(told.fix)}</p>` : nothing}
      ${numbers.length ? html`<dl class="facts">${numbers.map(([name, value]) => html`<dt>${fieldName(name)}</dt><dd><a-value .value=${value}></a-value></dd>`)}</dl>` : nothing}
      ${told.code ? html`<p class="faint"><a href=${told.doc_url} target="_blank" rel="noopener"><code>${told.code}</code></a> · ${t("request {id}", { id: told.request_id })}</p>` : nothing}
    </div>`;
  }
}
customElements.define("problem-note", ProblemNote);

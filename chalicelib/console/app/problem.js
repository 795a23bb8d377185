// A refusal as people read it: what is wrong, what to do about it, the numbers involved, and where it is explained.

import { Part, html, nothing, withNames } from "./part.js";
import { fieldName, t } from "./texts.js";

const OWN = new Set(["type", "title", "status", "detail", "instance", "code", "request_id", "doc_url", "fix", "param", "seconds"]);

/** A document where the service sent none. */
function unsaid({ status, document }) {
  if (status === 429) return { title: t("Too much was asked at once."), fix: document.seconds ? t("Wait {seconds} seconds, then try again.", document) : t("Wait a moment, then try again.") };
  if (status === 0 || status >= 500) return { title: t("The service does not answer."), fix: t("Try again in a moment: the same request is sent, and counts once.") };
  return { title: t("The service answered in a way that cannot be read.") };
}

/** `again` does once more what has failed: it is offered where that may go well. */
class ProblemNote extends Part {
  static properties = { problem: { attribute: false }, again: { attribute: false } };

  render() {
    if (!this.problem) return nothing;
    const document = { ...unsaid(this.problem), ...this.problem.document };
    const numbers = Object.entries(document).filter(([name, value]) => !OWN.has(name) && value !== null);
    return html`<div class="note bad" role="alert">
      <p><strong>${withNames(document.title)}</strong> ${withNames(document.detail ?? "")}</p>
      ${document.fix ? html`<p>${withNames(document.fix)}</p>` : nothing}
      ${numbers.length ? html`<dl class="facts">${numbers.map(([name, value]) => html`<dt>${fieldName(name)}</dt><dd><a-value .value=${value}></a-value></dd>`)}</dl>` : nothing}
      ${this.again && this.problem.passes ? html`<p class="buttons"><button type="button" @click=${() => this.again()}>${t("Try again")}</button></p>` : nothing}
      ${document.code ? html`<p class="faint"><a href=${document.doc_url} target="_blank" rel="noopener"><code>${document.code}</code></a> · ${t("request {id}", { id: document.request_id })}</p>` : nothing}
    </div>`;
  }
}
customElements.define("problem-note", ProblemNote);

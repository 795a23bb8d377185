/** What can go wrong with a request. */

/** Nobody answered, however often the request was sent. Whether it was carried out is not known: send it again under the same key. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** What every problem may have; whatever else a document holds is of the rule that was broken. */
const USUAL = new Set(["type", "title", "status", "detail", "instance", "code", "request_id", "doc_url", "fix", "param"]);

/** The API said no. `numbers` holds what a broken rule tells beside the usual fields: `shortfall`, `maximum`, `due_at`. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly fix: string;
  readonly param: string | undefined;
  readonly requestId: string | undefined;
  readonly docUrl: string | undefined;
  readonly numbers: Record<string, unknown>;

  constructor(document: Record<string, unknown>) {
    const text = (name: string) => (typeof document[name] === "string" ? document[name] : undefined);
    super([`${document["status"]} ${text("code") ?? ""}:`, text("detail") ?? text("title"), text("fix")].filter(Boolean).join(" "));
    this.status = Number(document["status"]);
    this.code = text("code") ?? "";
    this.detail = text("detail") ?? "";
    this.fix = text("fix") ?? "";
    this.param = text("param");
    this.requestId = text("request_id");
    this.docUrl = text("doc_url");
    this.numbers = Object.fromEntries(Object.entries(document).filter(([name]) => !USUAL.has(name)));
  }
}

/** The problem of an answer that says no; of one that no problem came with, a `Problem` without a code. */
export function problemOf(response: Response, text: string): Problem {
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document === "object" && document !== null && "code" in document) return new Problem(document as Record<string, unknown>);
  } catch {
    // a proxy's page
  }
  return new Problem({ status: response.status, title: response.statusText, detail: text.slice(0, 300) });
}

// What the page was told of its stage: whether it is a sandbox, where people sign in, which languages there are.

export const stage = JSON.parse(document.getElementById("stage").textContent);

/** An address of this API, wherever the page is served from. */
export const address = (path) => new URL(path.replace(/^\//, ""), document.baseURI);

/** What was refused, with its problem document (RFC 9457), or was not answered: then its status is 0. What it says where the document says nothing is said where it is shown. */
export class Problem extends Error {
  constructor(status, document = {}) {
    super(document.detail ?? document.title ?? String(status));
    this.status = status;
    this.document = document;
  }

  /** Whether the request may have been carried out although nobody said so: then it is sent again under the same key. */
  get isOpen() {
    return this.status === 0 || this.status >= 500;
  }

  /** Whether the same may go well a moment later. */
  get passes() {
    return this.isOpen || this.status === 429;
  }
}

const PATIENCE = 60_000; // milliseconds without an answer, after which none is awaited any more

/** The answer to a request. Throws a Problem where there is none that says it went well. */
export async function answered(path, options) {
  const answer = await fetch(address(path), { signal: AbortSignal.timeout(PATIENCE), ...options }).catch(() => {
    throw new Problem(0);
  });
  if (answer.ok) return answer;
  const document = await answer.json().catch(() => ({}));
  throw new Problem(answer.status, answer.status === 429 ? { seconds: answer.headers.get("Retry-After") } : document);
}

/** What an answer says. One that breaks off is none. */
export const read = (answer) => answer.json().catch(() => {
  throw new Problem(0);
});

/** What is for everybody: asked without a token. */
export const fetched = async (path, headers = {}) => read(await answered(path, { headers }));

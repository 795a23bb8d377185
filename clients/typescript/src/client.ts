/** The client: every call of the API by its method and path, typed by the API document. */

import type { Answer, Arguments, Item, ListPath, Method, PathOf, RequestOf } from "./calls.js";
import { problemOf } from "./problems.js";
import { RETRIES, untilAnswered, type Retries } from "./retries.js";
import type { paths } from "./schema.js";

/** A token, or what gives one whenever a request is sent. */
export type Token = string | (() => string | Promise<string>);

export interface Options {
  retries?: Partial<Retries>;
  fetch?: typeof fetch;
  headers?: Record<string, string>;
}

/** A request of any call. */
interface AnyRequest {
  path?: Record<string, unknown> | undefined;
  query?: Record<string, unknown> | undefined;
  body?: unknown;
  key?: string;
  headers?: Record<string, string>;
}

export class Surety {
  readonly #url: string;
  readonly #token: Token | undefined;
  readonly #options: Options;

  constructor(url: string, token?: Token, options: Options = {}) {
    this.#url = url.replace(/\/+$/, "");
    this.#token = token;
    this.#options = options;
  }

  get<P extends PathOf<"get">>(path: P, ...[request]: Arguments<RequestOf<P, "get">>): Promise<Answer<P, "get">> {
    return this.#send("get", path, request as AnyRequest | undefined) as Promise<Answer<P, "get">>;
  }

  post<P extends PathOf<"post">>(path: P, ...[request]: Arguments<RequestOf<P, "post">>): Promise<Answer<P, "post">> {
    return this.#send("post", path, request as AnyRequest | undefined) as Promise<Answer<P, "post">>;
  }

  /** Everything a list holds, page after page: `for await (const order of surety.list("/v1/orders"))`. */
  async *list<P extends ListPath>(path: P, ...[request]: Arguments<RequestOf<P, "get">>): AsyncGenerator<Item<P>> {
    const { query, ...others } = (request ?? {}) as AnyRequest;
    let cursor: string | null | undefined;
    do {
      const page = (await this.#send("get", path, { ...others, query: { ...query, ...(cursor ? { cursor } : {}) } })) as { items: Item<P>[]; next_cursor?: string | null };
      yield* page.items;
      cursor = page.next_cursor;
    } while (cursor);
  }

  /** The same calls, each that member's: for a marketplace's backend, whose token has the duty `act`. */
  actingFor(memberId: string): Surety {
    const headers = { ...this.#options.headers, "Surety-Acting-For": memberId };
    return new Surety(this.#url, this.#token, { ...this.#options, headers });
  }

  async #send(method: Method, path: keyof paths, request: AnyRequest = {}): Promise<unknown> {
    const headers: Record<string, string> = { ...this.#options.headers, ...request.headers };
    if (method === "post") {
      headers["Content-Type"] = "application/json";
      headers["Idempotency-Key"] ??= request.key ?? crypto.randomUUID();
    }
    const body = method === "post" ? JSON.stringify(request.body ?? {}) : null;
    const { response, text } = await untilAnswered(
      () => this.#once(this.#address(path, request), { method: method.toUpperCase(), headers, body }),
      { ...RETRIES, ...this.#options.retries },
    );
    if (!response.ok) throw problemOf(response, text);
    return response.headers.get("Content-Type")?.includes("json") ? JSON.parse(text) : text;
  }

  async #once(url: string, init: RequestInit & { headers: Record<string, string> }) {
    const token = typeof this.#token === "function" ? await this.#token() : this.#token;
    const headers = { ...init.headers, ...(token ? { Authorization: `Bearer ${token}` } : {}) };
    const response = await (this.#options.fetch ?? fetch)(url, { ...init, headers, redirect: "error" });
    return { response, text: await response.text() };
  }

  #address(path: string, request: AnyRequest): string {
    const place = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(request.path?.[name])));
    const values = Object.entries(request.query ?? {}).filter(([, value]) => value !== undefined && value !== null);
    const query = new URLSearchParams(values.map(([name, value]) => [name, String(value)]));
    return `${this.#url}${place}${values.length ? `?${query}` : ""}`;
  }
}

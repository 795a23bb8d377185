/** The client: every call of the API by its method and path, typed by the API document. */

import type { Answer, Arguments, Given, Item, ListPath, Method, PathOf } from "./calls.js";
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

interface Asked {
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

  get<P extends PathOf<"get">>(path: P, ...given: Arguments<Given<P, "get">>): Promise<Answer<P, "get">> {
    return this.#send("get", path, given[0] as Asked | undefined) as Promise<Answer<P, "get">>;
  }

  post<P extends PathOf<"post">>(path: P, ...given: Arguments<Given<P, "post">>): Promise<Answer<P, "post">> {
    return this.#send("post", path, given[0] as Asked | undefined) as Promise<Answer<P, "post">>;
  }

  /** Everything a list holds, page after page: `for await (const order of surety.list("/v1/orders"))`. */
  async *list<P extends ListPath>(path: P, ...given: Arguments<Given<P, "get">>): AsyncGenerator<Item<P>> {
    const asked = (given[0] ?? {}) as Asked;
    let cursor: string | null | undefined;
    do {
      const query = { ...asked.query, ...(cursor ? { cursor } : {}) };
      const page = (await this.#send("get", path, { ...asked, query })) as { items: Item<P>[]; next_cursor?: string | null };
      yield* page.items;
      cursor = page.next_cursor;
    } while (cursor);
  }

  /** The same calls, each that member's: for a marketplace's backend, whose token has the duty `act`. */
  actingFor(memberId: string): Surety {
    const headers = { ...this.#options.headers, "Surety-Acting-For": memberId };
    return new Surety(this.#url, this.#token, { ...this.#options, headers });
  }

  async #send(method: Method, path: keyof paths, asked: Asked = {}): Promise<unknown> {
    const headers: Record<string, string> = { ...this.#options.headers, ...asked.headers };
    if (method === "post") {
      headers["Content-Type"] = "application/json";
      headers["Idempotency-Key"] ??= asked.key ?? crypto.randomUUID();
    }
    const body = method === "post" ? JSON.stringify(asked.body ?? {}) : null;
    const { response, text } = await untilAnswered(
      () => this.#once(this.#address(path, asked), { method: method.toUpperCase(), headers, body }),
      { ...RETRIES, ...this.#options.retries },
    );
    if (!response.ok) throw problemOf(response, text);
    return response.headers.get("Content-Type")?.includes("json") ? JSON.parse(text) : text;
  }

  async #once(url: string, request: RequestInit & { headers: Record<string, string> }) {
    const token = typeof this.#token === "function" ? await this.#token() : this.#token;
    const headers = { ...request.headers, ...(token ? { Authorization: `Bearer ${token}` } : {}) };
    const response = await (this.#options.fetch ?? fetch)(url, { ...request, headers, redirect: "error" });
    return { response, text: await response.text() };
  }

  #address(path: string, asked: Asked): string {
    const place = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(asked.path?.[name])));
    const given = Object.entries(asked.query ?? {}).filter(([, value]) => value !== undefined && value !== null);
    const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
    return `${this.#url}${place}${given.length ? `?${query}` : ""}`;
  }
}

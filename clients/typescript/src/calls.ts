/** What the API document says of each call, as types: its path, its query, its body, its answer. */

import type { paths } from "./schema.js";

export type Method = "get" | "post";
/** The paths that take a method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never;
}[keyof paths];

type Operation<P extends keyof paths, M extends Method> = paths[P] extends Record<M, infer O> ? O : never;
type Content<R> = R extends { content: { "application/json": infer T } } ? T : R extends { content: Record<string, infer T> } ? T : unknown;
type Responses<O> = O extends { responses: infer R } ? R : never;

/** What a call answers when it is granted. */
export type Answer<P extends keyof paths, M extends Method> =
  Responses<Operation<P, M>> extends { 201: infer R } ? Content<R>
  : Responses<Operation<P, M>> extends { 202: infer R } ? Content<R>
  : Responses<Operation<P, M>> extends { 200: infer R } ? Content<R>
  : unknown;

/** What a list holds. */
export type Item<P extends keyof paths> = Answer<P, "get"> extends { items: (infer T)[] } ? T : never;
/** The paths of lists in pages. */
export type ListPath = {
  [P in PathOf<"get">]: Answer<P, "get"> extends { items: unknown[]; next_cursor?: string | null } ? P : never;
}[PathOf<"get">];

type PathPart<O> = O extends { parameters: { path: infer T } } ? { path: T } : { path?: never };
type QueryPart<O> =
  O extends { parameters: { query: infer T } } ? { query: T }
  : O extends { parameters: { query?: infer T } } ? { query?: T }
  : { query?: never };
type BodyPart<O> =
  O extends { requestBody: { content: { "application/json": infer T } } } ? { body: T }
  : O extends { requestBody?: { content: { "application/json": infer T } } } ? { body?: T }
  : { body?: never };

/** What a call takes. */
export type RequestOf<P extends keyof paths, M extends Method> = PathPart<Operation<P, M>> &
  QueryPart<Operation<P, M>> &
  BodyPart<Operation<P, M>> & {
    /** The Idempotency-Key, where a request must stay the same over restarts; else each POST has a new one. */
    key?: string;
    headers?: Record<string, string>;
  };

/** A call of which no part is required may leave out its request. */
export type Arguments<R> = Record<string, never> extends R ? [request?: R] : [request: R];

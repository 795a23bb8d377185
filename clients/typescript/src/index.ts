export { Surety, sandboxToken, type Options, type Token } from "./client.js";
export { Problem, Unreachable } from "./problems.js";
export type { Retries } from "./retries.js";
export { NotGenuine, opened, type Event } from "./webhooks.js";
export type { components, paths } from "./schema.js";

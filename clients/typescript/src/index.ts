export { Surety, type Options, type Token } from "./client.js";
export { Problem, Unreachable } from "./problems.js";
export type { Retries } from "./retries.js";
export { moveClock, sandboxToken } from "./sandbox.js";
export { upload, UploadRefused } from "./uploads.js";
export { TookTooLong, until } from "./waiting.js";
export { NotGenuine, opened, type Event } from "./webhooks.js";
export type { components, paths } from "./schema.js";

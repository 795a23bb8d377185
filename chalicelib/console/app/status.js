// A status as people read it: its word in a pill whose colour says whether something is well, waits, or went wrong.

import { html } from "./part.js";
import { word } from "./texts.js";

const GOOD = /^(active|approved|completed|delivered|done|enabled|in_force|matched|paid|published|resolved|settled|valid|verified)/;
const WARN = /^(appealed|called|escalated|frozen|held|in_arrears|manual|needs_|parked|part_|suspense)/;
const BAD = /^(breached|dead|debtor_default|defaulted|disabled|failed|overdue|refused|rejected|revoked|suspended)/;
const OVER = /^(cancelled|closed|expired|lapsed|not_|superseded|withdrawn)/;

const tone = (status) => [[GOOD, "good"], [WARN, "warn"], [BAD, "bad"], [OVER, ""]].find(([form]) => form.test(status))?.[1] ?? "info";

export const pill = (status) => html`<span class="badge ${tone(status)}">${word("status", status)}</span>`;

/** Register a company under the name it has with you. Sent again under the same key, the request is answered as before. */

import assert from "node:assert/strict";

import { officer } from "./parties.js";

const body = { external_ref: "nordlicht", name: "Nordlicht Handel AB", country: "SE", zone: "Europe/Stockholm" };
const registered = await officer.post("/v1/members", { body, key: "register-nordlicht" });
const again = await officer.post("/v1/members", { body, key: "register-nordlicht" });
assert.deepEqual(again, registered);
console.log(`${registered.name} is ${registered.status}`);

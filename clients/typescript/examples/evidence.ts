/** A photo as evidence: announced with its hash, sent straight to storage, then submitted. */

import { createHash } from "node:crypto";

import { moveClock, until, upload } from "../src/index.js";
import { filed } from "./claim.js";
import { buyer, officer } from "./parties.js";

const photo = new Uint8Array(Buffer.from("89504e470d0a1a0a6120636172746f6e", "hex"));
const path = { claim_id: (await filed()).id };
await moveClock(officer, { hours: 3 * 24 }); // how long the two sides negotiate at least
await buyer.surety.post("/v1/claims/{claim_id}/escalate", { path });
const sha256 = createHash("sha256").update(photo).digest("hex");
const file = { name: "carton.png", media_type: "image/png", size: photo.length, sha256 } as const;
const body = { code: "photos", ...file } as const;
const announced = await buyer.surety.post("/v1/claims/{claim_id}/evidence", { path, body });
if (announced.upload) await upload(announced.upload, photo);
await until(async () => (await buyer.surety.get("/v1/claims/{claim_id}", { path })).evidence.at(-1)?.arrived_at);
const submitted = { ...path, evidence_id: announced.evidence_id };
const seen = await buyer.surety.post("/v1/claims/{claim_id}/evidence/{evidence_id}/submit", { path: submitted });
console.log(`claim ${seen.status}; evidence: ${seen.evidence.map(({ code }) => code).join(", ")}`);

/** Being told instead of asking: an endpoint of yours, a delivery to it, and the proof that it came from Surety. */

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import { opened } from "../src/index.js";
import { buyer } from "./parties.js";

const { surety } = buyer;
const server = createServer().listen(0, "127.0.0.1");
await once(server, "listening");
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
const endpoint = await surety.post("/v1/webhook-endpoints", { body: { url, kinds: ["order.*"] } });
const path = { endpoint_id: endpoint.id };
const ping = surety.post("/v1/webhook-endpoints/{endpoint_id}/ping", { path });
const [request, response] = (await once(server, "request")) as [IncomingMessage, ServerResponse];
const event = opened(endpoint.secret ?? "", request.headers as Record<string, string>, await text(request));
response.writeHead(204).end();
await ping;
console.log(`genuine: ${event.type}`);
await surety.post("/v1/webhook-endpoints/{endpoint_id}/delete", { path });
server.close();

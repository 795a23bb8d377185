// Sends an endpoint's example from its page, as somebody the reader chooses. Only sandbox stages serve it: there anybody gets a token.

const API = new URL("..", import.meta.url);
const NOTED = ["content-type", "etag", "idempotent-replayed", "location", "retry-after", "x-request-id"];
const NAME = /\$([A-Z_]+_ID)\b/g;

const MARGIN = 60_000; // milliseconds before its end from which on a token is not used any more

const kept = new Map(); // answers that are asked for once, however many examples of the page need them

/** What `ask` answers. It is asked once for a key, and again where it failed. */
function once(key, ask) {
  if (!kept.has(key)) {
    const forget = (failure) => {
      kept.delete(key);
      throw failure;
    };
    kept.set(key, ask().catch(forget));
  }
  return kept.get(key);
}

/** Who asks in the examples, and where their ids are. */
const samples = () => once("samples", () => fetch(new URL("samples.json", import.meta.url)).then((answer) => answer.json()));

for (const place of document.querySelectorAll(".try")) {
  place.querySelector("button").addEventListener("click", ({ target }) => {
    target.hidden = true;
    place.append(panel(JSON.parse(place.dataset.request)));
    place.querySelector("select, input, textarea, form button")?.focus();
  });
}

function panel(endpoint) {
  const form = document.createElement("form");
  const role = select(endpoint.roles);
  const sub = field("input", "");
  const path = field("input", endpoint.example);
  const body = endpoint.body === null ? null : field("textarea", JSON.stringify(endpoint.body, null, 2));
  const send = document.createElement("button");
  const output = document.createElement("output");
  send.className = "main";
  send.textContent = "Send";
  if (endpoint.roles.length) {
    role.value = endpoint.role;
    form.append(labelled("As", role), labelled("Whose token: a member's id, a bank's or an agency's, any name for an officer", sub));
    role.addEventListener("change", async () => (sub.value = await subOf(endpoint, role.value)));
    if (endpoint.roles.includes("member")) offerMembers(sub);
  }
  form.append(labelled("Path", path), ...(body ? [labelled("Body", body)] : []), send, output);
  const fillAll = () => fill(endpoint, { role, sub, path, body });
  fillAll().catch(() => {}); // who sends it is told
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    output.replaceChildren("Sending…");
    try {
      await fillAll();
      output.replaceChildren(...(await sent(endpoint, role.value, sub.value, path.value, body?.value)));
    } catch (failure) {
      output.replaceChildren(note(failure.message));
    } finally {
      send.disabled = false;
    }
  });
  return form;
}

/** Puts ids of what there is in the place of their names, and asks for none where everything is typed. What somebody has typed meanwhile stays. */
async function fill(endpoint, { role, sub, path, body }) {
  if (endpoint.roles.length && !sub.value) {
    const who = await subOf(endpoint, role.value);
    sub.value ||= who;
  }
  for (const input of [path, body].filter(Boolean)) {
    const before = input.value;
    const after = await filled(before);
    if (input.value === before) input.value = after;
  }
}

async function filled(text) {
  const ids = new Map();
  for (const [, name] of text.matchAll(NAME)) ids.set(name, await idOf(name));
  return text.replace(NAME, (match, name) => ids.get(name) ?? match);
}

/** The id that stands under this name, or nothing where this sandbox has none yet. */
async function idOf(name) {
  const { by, path, at } = (await samples()).ids[name];
  const key = `${by} ${path}`;
  const body = await once(key, async () => bodyOf(by, await filled(path)));
  const id = at.match(/\w+/g).reduce((value, part) => value?.[part], body);
  if (!id) kept.delete(key);
  return id;
}

/** What somebody of the examples gets at a path, or null where that is nothing. */
async function bodyOf(who, path) {
  const headers = { Authorization: `Bearer ${await tokenOf(who)}` };
  const answer = await fetch(new URL(path.slice(1), API), { headers });
  return answer.ok ? answer.json() : null;
}

async function tokenOf(who) {
  const { role, sub, duties } = (await samples()).who[who];
  return token(role, await filled(sub), duties);
}

async function subOf(endpoint, role) {
  const { who } = await samples();
  return filled(role === "member" ? who[endpoint.member].sub : who[role.toUpperCase()].sub);
}

async function sent(endpoint, role, sub, path, body) {
  const headers = { Accept: "application/json" };
  if (endpoint.roles.length) headers.Authorization = `Bearer ${await token(role, sub, endpoint.duties)}`;
  if (endpoint.keyed) headers["Idempotency-Key"] = crypto.randomUUID();
  for (const [name, value] of endpoint.headers) headers[name] = await filled(value);
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(new URL(path.replace(/^\//, ""), API), { method: endpoint.method, headers, body });
  if (answer.status === 401) kept.clear(); // whoever signed the tokens has begun anew
  return [shown(answer), pre(await answer.text())];
}

/** A token for anybody: the same one until shortly before it ends. */
async function token(role, sub, duties) {
  const request = JSON.stringify({ role, sub, ...(role === "officer" ? { duties } : {}) });
  const before = await kept.get(request);
  if (before && Date.parse(before.expires_at) - MARGIN < Date.now()) kept.delete(request);
  return (await once(request, () => signed(request))).token;
}

async function signed(request) {
  const answer = await fetch(new URL("v1/sandbox/tokens", API), { method: "POST", body: request, headers: { "Content-Type": "application/json" } });
  const body = await answer.json();
  if (!answer.ok) throw new Error(`No token: ${body.detail}`);
  return body;
}

/** Ids of members that are there, to choose from; whoever has none types one. */
async function offerMembers(input) {
  const page = await bodyOf("OFFICER", "/v1/members?limit=50");
  if (!page) return;
  const list = document.createElement("datalist");
  list.id = `members-${crypto.randomUUID()}`;
  for (const { id, name } of page.items) list.append(new Option(name, id));
  input.setAttribute("list", list.id);
  input.after(list);
}

function shown(answer) {
  const lines = NOTED.filter((name) => answer.headers.has(name)).map((name) => `${name}: ${answer.headers.get(name)}`);
  return pre([`${answer.status} ${answer.statusText}`.trim(), ...lines].join("\n"));
}

function pre(text) {
  const block = document.createElement("pre");
  block.tabIndex = 0;
  block.textContent = indented(text);
  return block;
}

function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function note(text) {
  const paragraph = document.createElement("p");
  paragraph.className = "note bad";
  paragraph.textContent = text;
  return paragraph;
}

function select(options) {
  const control = document.createElement("select");
  control.append(...options.map((name) => new Option(name, name)));
  return control;
}

function field(name, value) {
  const control = document.createElement(name);
  control.value = value;
  control.spellcheck = false;
  return control;
}

function labelled(words, control) {
  const label = document.createElement("label");
  label.append(words, control);
  return label;
}

// Sends an endpoint's example from its page, as somebody the reader chooses. Only sandbox stages serve it: there anybody gets a token.

const API = new URL("..", import.meta.url);
const NOTED = ["content-type", "etag", "idempotent-replayed", "location", "retry-after", "x-request-id"];
const NAME = /\$([A-Z_]+_ID)\b/g;

let told; // who asks in the examples, and where their ids are found
const samples = () => (told ??= fetch(new URL("samples.json", import.meta.url)).then((answer) => answer.json()));

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
  const ready = fill(endpoint, { role, sub, path, body });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    output.replaceChildren("Sending…");
    if (isOpen(endpoint, sub) || [path, body].some((input) => input?.value.includes("$"))) await ready; // what is typed whole needs no id
    output.replaceChildren(...(await sent(endpoint, role.value, sub.value, path.value, body?.value)));
    send.disabled = false;
  });
  return form;
}

/** Whether nobody has said yet whose token is asked for. */
const isOpen = ({ roles }, sub) => roles.length > 0 && !sub.value;

/** Puts ids of what there is in the place of their names. What somebody has typed meanwhile stays. */
async function fill(endpoint, { role, sub, path, body }) {
  if (endpoint.roles.length) {
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
  const found = new Map();
  for (const [, name] of text.matchAll(NAME)) found.set(name, await idOf(name));
  return text.replace(NAME, (named, name) => found.get(name) ?? named);
}

/** The id that stands under this name, or null where this sandbox has none. */
async function idOf(name) {
  const { by, path, at } = (await samples()).ids[name];
  const headers = { Authorization: `Bearer ${await tokenOf(by)}` };
  const answer = await fetch(new URL((await filled(path)).slice(1), API), { headers });
  if (!answer.ok) return null;
  return at.match(/\w+/g).reduce((value, part) => value?.[part], await answer.json()) ?? null;
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
  try {
    const headers = { Accept: "application/json" };
    if (endpoint.roles.length) headers.Authorization = `Bearer ${await token(role, sub, endpoint.duties)}`;
    if (endpoint.keyed) headers["Idempotency-Key"] = crypto.randomUUID();
    for (const [name, value] of endpoint.headers) headers[name] = await filled(value);
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const answer = await fetch(new URL(path.replace(/^\//, ""), API), { method: endpoint.method, headers, body });
    return [shown(answer), pre(await answer.text())];
  } catch (failure) {
    return [note(failure.message)];
  }
}

async function token(role, sub, duties) {
  const asked = { role, sub, ...(role === "officer" ? { duties } : {}) };
  const answer = await fetch(new URL("v1/sandbox/tokens", API), { method: "POST", body: JSON.stringify(asked), headers: { "Content-Type": "application/json" } });
  const told = await answer.json();
  if (!answer.ok) throw new Error(`No token: ${told.detail}`);
  return told.token;
}

/** Ids of members that are there, to choose from; whoever has none types one. */
async function offerMembers(input) {
  const headers = { Authorization: `Bearer ${await tokenOf("OFFICER")}` };
  const answer = await fetch(new URL("v1/members?limit=50", API), { headers });
  if (!answer.ok) return;
  const list = document.createElement("datalist");
  list.id = `members-${crypto.randomUUID()}`;
  for (const { id, name } of (await answer.json()).items) list.append(new Option(name, id));
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
  const told = document.createElement("p");
  told.className = "note bad";
  told.textContent = text;
  return told;
}

function select(options) {
  const made = document.createElement("select");
  made.append(...options.map((name) => new Option(name, name)));
  return made;
}

function field(name, value) {
  const made = document.createElement(name);
  made.value = value;
  made.spellcheck = false;
  return made;
}

function labelled(words, control) {
  const label = document.createElement("label");
  label.append(words, control);
  return label;
}

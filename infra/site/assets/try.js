// Sends an endpoint's example from its page, as somebody the reader chooses. Only sandbox stages serve it: there anybody gets a token.

const API = new URL("..", import.meta.url);
const NOTED = ["content-type", "etag", "idempotent-replayed", "location", "retry-after", "x-request-id"];
const SUBS = { officer: "docs-reader", bank: "boc", agency: "kotra" };

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
  const sub = field("input", endpoint.roles.length ? (SUBS[endpoint.roles[0]] ?? "") : "");
  const path = field("input", endpoint.example);
  const body = endpoint.body === null ? null : field("textarea", JSON.stringify(endpoint.body, null, 2));
  const send = document.createElement("button");
  const output = document.createElement("output");
  send.className = "main";
  send.textContent = "Send";
  if (endpoint.roles.length) {
    form.append(labelled("As", role), labelled("Whose token: a member's id, a bank's or an agency's, any name for an officer", sub));
    role.addEventListener("change", () => (sub.value = SUBS[role.value] ?? ""));
    if (endpoint.roles.includes("member")) offerMembers(sub);
  }
  form.append(labelled("Path", path), ...(body ? [labelled("Body", body)] : []), send, output);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    output.replaceChildren(...(await sent(endpoint, role.value, sub.value, path.value, body?.value)));
    send.disabled = false;
  });
  return form;
}

async function sent(endpoint, role, sub, path, body) {
  try {
    const headers = { Accept: "application/json" };
    if (endpoint.roles.length) headers.Authorization = `Bearer ${await token(role, sub, endpoint.duties)}`;
    if (endpoint.keyed) headers["Idempotency-Key"] = crypto.randomUUID();
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
  const headers = { Authorization: `Bearer ${await token("officer", SUBS.officer, ["admin"])}` };
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

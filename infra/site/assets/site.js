// What a script adds to a page that reads well without one: languages in tabs, buttons that copy, search by `/`.

const HERE = new URL(".", import.meta.url);
const CHOSEN = "surety-docs-language";

function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

// --- code ---------------------------------------------------------------------------------------------------------

for (const block of document.querySelectorAll(".code")) {
  const button = element("button", { type: "button", class: "copy" }, "Copy");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.querySelector("code").textContent);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
  block.append(button);
}

function choose(language) {
  for (const tabs of document.querySelectorAll(".tabs")) {
    const sections = [...tabs.querySelectorAll(":scope > section")];
    const shown = sections.find((section) => section.dataset.language === language) ?? sections[0];
    for (const section of sections) {
      section.classList.toggle("shown", section === shown);
      const tab = document.getElementById(section.getAttribute("aria-labelledby"));
      tab.setAttribute("aria-selected", String(section === shown));
      tab.tabIndex = section === shown ? 0 : -1;
    }
  }
}

let number = 0;
for (const tabs of document.querySelectorAll(".tabs")) {
  const list = element("div", { class: "tablist", role: "tablist", "aria-label": "Language" });
  for (const section of tabs.querySelectorAll(":scope > section")) {
    const id = `tab-${(number += 1)}`;
    Object.assign(section, { role: "tabpanel", id: `${id}-panel` });
    section.setAttribute("aria-labelledby", id);
    list.append(element("button", { type: "button", role: "tab", id, "aria-controls": `${id}-panel` }, section.dataset.language));
  }
  list.addEventListener("click", ({ target }) => {
    if (target.role !== "tab") return;
    localStorage.setItem(CHOSEN, target.textContent);
    const before = target.getBoundingClientRect().top;
    choose(target.textContent);
    scrollBy({ top: target.getBoundingClientRect().top - before, behavior: "instant" }); // what was clicked stays where it is
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const all = [...list.children];
    const next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
    next.click();
    next.focus();
  });
  tabs.prepend(list);
  tabs.classList.add("ready");
}
if (number) choose(localStorage.getItem(CHOSEN));

// --- search -------------------------------------------------------------------------------------------------------

let index; // the rows and what ranks them, fetched once

async function find(query) {
  index ??= Promise.all([import("./search.js"), fetch(new URL("search.json", HERE)).then((answer) => answer.json())]);
  const [{ rank }, rows] = await index;
  return rank(rows, query);
}

const input = element("input", { type: "search", id: "query", autocomplete: "off", spellcheck: "false" });
const results = element("ol");
const count = element("p", { role: "status" });
const dialog = element("dialog", { class: "search", "aria-label": "Search the documentation" }, element("label", { for: "query" }, "Search names, fields, errors, events and guides", input), count, results);
document.body.append(dialog);

input.addEventListener("input", async () => {
  const query = input.value;
  const rows = await find(query);
  if (query !== input.value) return; // somebody typed on
  count.textContent = query.trim() ? `${rows.length || "Nothing"} found` : "";
  results.replaceChildren(...rows.map(row));
});

function row([kind, title, words, place]) {
  const link = element("a", { href: new URL(`../${place}`, HERE) }, element("span", { class: "kind" }, kind), element("strong", {}, title), element("small", {}, words));
  link.addEventListener("click", () => dialog.close());
  return element("li", {}, link);
}

dialog.addEventListener("keydown", (event) => {
  const links = [...results.querySelectorAll("a")];
  const at = links.indexOf(document.activeElement);
  if (event.key === "ArrowDown") (links[at + 1] ?? links[0])?.focus();
  else if (event.key === "ArrowUp") (links[at - 1] ?? input).focus();
  else if (event.key === "Enter" && document.activeElement === input) links[0]?.click();
  else return;
  event.preventDefault();
});

function open() {
  dialog.showModal();
  input.select();
}

document.querySelector(".find").addEventListener("click", open);
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  open();
});

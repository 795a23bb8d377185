"""What the eye would find first wrong with a page: texts that are cut, what lies out of sight, codes where words belong, too little contrast."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page

FAULTS: Final = r"""
() => {
  const found = [];
  const isClipped = (element) => element && getComputedStyle(element).clipPath !== "none";
  const isSeen = (element) => element.checkVisibility({visibilityProperty: true}) && !element.closest(".unseen, .skip, dialog:not([open])") && !isClipped(element.closest("thead"));
  const say = (what, element) => found.push(`${what}: ${element.textContent.trim().slice(0, 80)} <${element.localName} class="${element.className}">`);
  if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
  for (const element of document.querySelectorAll("body :is(h1, h2, h3, h4, p, button, label, legend, dt, dd, summary, li, th, .badge, time, .money)")) {
    if (!isSeen(element) || element.scrollWidth <= element.clientWidth + 1 || getComputedStyle(element).display === "inline") continue;
    if (getComputedStyle(element).overflowX !== "visible") say("cut", element);
    else if (!element.closest(".scroll, .rows, pre") && !element.querySelector(".scroll, .rows, pre")) say("too wide", element);
  }
  for (const control of document.querySelectorAll("input, select, textarea")) {
    if (isSeen(control) && control.getBoundingClientRect().right > control.parentElement.getBoundingClientRect().right + 1) found.push(`over its neighbour: ${control.outerHTML.slice(0, 100)}`);
  }
  for (const table of document.querySelectorAll("surety-console .scroll > table:not(.matrix)")) {
    if (isSeen(table) && table.scrollWidth > table.parentElement.clientWidth + 1) say("out of sight", table);
  }
  for (const rows of document.querySelectorAll(".rows")) {
    if (innerWidth <= 800 && rows.scrollWidth > rows.clientWidth) say("out of sight", rows);
    for (const cell of rows.querySelectorAll("td:has(> code, > a > code)")) if (cell.scrollWidth > cell.clientWidth + 1) say("cut", cell);
  }
  const texts = document.createTreeWalker(document.querySelector("surety-console main") ?? document.createElement("i"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim();
    const within = texts.currentNode.parentElement;
    if (/(^|\s)[a-z]+([_.][a-z]+)+$|^[a-z]{3}_[0-9A-Z]{20,}|\bundefined\b|\bNaN\b|\[object /.test(text) && !within.closest("code, small, textarea, pre, .arithmetic, .rows") && isSeen(within)) say("a code", within);
  }
  return found;
}
"""


def faults(page: Page) -> list[str]:
    found: list[str] = page.evaluate(FAULTS)
    return found


def faint_texts(page: Page, axe: Path) -> list[str]:
    """What has too little contrast with what it stands on."""
    page.evaluate(axe.read_text(encoding="utf-8"))
    told: Any = page.evaluate("axe.run(document, {runOnly: ['color-contrast'], resultTypes: ['violations']})")
    return [node["html"][:160] for each in told["violations"] for node in each["nodes"]]

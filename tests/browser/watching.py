"""What a page may not do while it is looked at: ask others, complain, move things that are read, or keep the reader waiting."""

from __future__ import annotations

import json
from typing import Any, Final

from playwright.sync_api import ConsoleMessage, Page, Request

MOST_SHIFT: Final = 0.1
MOST_TASK_MS: Final = 200
TRACED: Final = ["-*", "toplevel", "blink.user_timing"]
"""What Chromium is to write down for `longest_tasks`."""
PLACE: Final = "place "
OWN_SCHEMES: Final = ("data:", "blob:", "about:", "chrome:", "chrome-extension:")
"""The last two are the browser's own viewer of PDFs."""
MEASURING: Final = """
window.measured = {shift: 0, moved: [], tasks: []};
window.counted = (entries) => entries.filter((each) => !each.hadRecentInput).forEach((each) => {
  measured.shift += each.value;
  measured.moved.push(...each.sources.map(({node}) => `${each.value.toFixed(3)} ${node?.outerHTML?.slice(0, 120)}`));
});
window.shifts = new PerformanceObserver((list) => counted(list.getEntries()));
shifts.observe({type: "layout-shift", buffered: true});
new PerformanceObserver((list) => list.getEntries().forEach((each) => measured.tasks.push(Math.round(each.duration))))
  .observe({type: "longtask", buffered: true});
"""
DRAWN: Final = """
async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  counted(shifts.takeRecords());
  return measured;
}
"""
"""What is measured once the page has drawn everything that was done to it. A busy machine draws late: what is read before that belongs to what comes next."""


def go(page: Page, place: str) -> None:
    """What the page is busy with from now on is on the way to this place, and at it."""
    page.evaluate("mark => performance.mark(mark)", f"{PLACE}{place}")


def longest_tasks(trace: bytes) -> dict[str, int]:
    """For how many milliseconds of its processor the page answered nobody at once, by place. Beside a busy suite the clock would say more."""
    content = json.loads(trace)["traceEvents"]
    pages = {
        each["tid"] for each in content if each["name"] == "thread_name" and each["args"]["name"] == "CrRendererMain"
    }
    found: dict[str, int] = {}
    place = ""
    for each in sorted(content, key=lambda each: each.get("ts", 0)):
        if each["cat"] == "blink.user_timing" and each["name"].startswith(PLACE):
            place = each["name"].removeprefix(PLACE)
        elif each["name"].endswith("RunTask") and each["tid"] in pages and place:
            found[place] = max(found.get(place, 0), each.get("tdur", 0) // 1000)
    return found


class Watched:
    """A page from its first request on. `allowed` are other places that it may ask: a bucket, an identity provider."""

    def __init__(self, page: Page, url: str, allowed: tuple[str, ...] = ()) -> None:
        self.page, self.url, self.allowed = page, url, allowed
        self.asked_others: list[str] = []
        self.complaints: list[str] = []
        page.add_init_script(MEASURING)
        page.on("request", self._asked)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def must_be_clean(self) -> None:
        assert not self.asked_others, self.asked_others
        assert not self.complaints, self.complaints
        assert self.measured()["shift"] <= MOST_SHIFT, self.measured()

    def measured(self) -> Any:
        return self.page.evaluate(f"window.measured ? ({DRAWN})() : {{shift: 0, tasks: []}}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.url, *OWN_SCHEMES, *self.allowed)):
            self.asked_others.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        """A refusal of the API is no complaint: the browser names every answer that is none."""
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

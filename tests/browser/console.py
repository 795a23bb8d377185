"""The officers' console as somebody uses it: signs in, goes somewhere, presses keys, reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Locator, Page

from tests.browser.watching import DRAWN, MOST_SHIFT

RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


class Console:
    def __init__(self, page: Page, service: Any, axe: Path) -> None:
        self.page, self.service, self._axe = page, service, axe

    def enter(self, *duties: str, at: str = "") -> None:
        """Sign in to the sandbox with the keyboard: as an officer with every duty, or with these."""
        self.page.goto(f"{self.service.url}/console{f'#{at}' if at else ''}")
        if not duties:
            self.page.get_by_role("button", name="An officer with every duty").press("Enter")
        for duty in duties:
            self.page.get_by_role("checkbox", name=duty).press("Space")
        if duties:
            self.page.get_by_role("button", name="Begin").press("Enter")
        self.page.locator("main[data-place]").wait_for()

    def open(self, place: str) -> None:
        self.must_be_still()
        self.page.evaluate("place => { location.hash = place }", place)
        self.page.locator(f"main[data-place='{place.partition('?')[0]}']").wait_for()
        self.settle()

    def speak(self, language: str) -> None:
        """In this language from now on. On a phone the choice lies in the menu."""
        self.page.locator(".settings select").select_option(language, force=True)
        self.page.locator(f"html[lang='{language}']").wait_for()

    def settle(self) -> None:
        """Until everything that was asked for is shown."""
        self.heading().wait_for()
        self.page.wait_for_load_state("networkidle")
        self.page.locator("main [aria-busy]").first.wait_for(state="detached")

    def must_be_still(self) -> None:
        """Nothing moved under the reader's eyes at the place that is shown; the next one is measured for itself."""
        measured = self.page.evaluate(DRAWN)
        assert measured["shift"] <= MOST_SHIFT, measured
        self.measure_anew()

    def measure_anew(self) -> None:
        """What moved until now was asked for, and what is still to be drawn of that too."""
        self.page.evaluate(DRAWN)
        self.page.evaluate("Object.assign(measured, {shift: 0, moved: []})")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def heading(self) -> Locator:
        return self.page.locator("main h1")

    def main(self) -> Locator:
        return self.page.locator("main")

    def must_be_accessible(self) -> None:
        """axe-core finds nothing wrong with the page once it has a heading. Playwright runs it beside the page's own policy."""
        self.heading().wait_for()
        self.page.evaluate(self._axe.read_text(encoding="utf-8"))
        told = self.page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
        found = [(each["id"], [node["html"][:160] for node in each["nodes"]][:4]) for each in told["violations"]]
        assert not found, found

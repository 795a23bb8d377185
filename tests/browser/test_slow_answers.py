"""Nothing moves under the reader's eyes however late answers come, and in whichever order: a phone's network brings the last first.

No clock is involved. Each answer is held back until the page has drawn what it has, and what waits longest is answered last. Nobody touches
the page meanwhile, so that the browser counts everything that moves.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import pytest
from playwright.sync_api import Page, Route, ViewportSize

from tests.browser.console import Console
from tests.browser.shots import SHOTS, WIDTHS
from tests.browser.watching import DRAWN, MOST_SHIFT

HAS_ALL: Final = """
place => document.querySelector(`main[data-place="${place}"] h1`) !== null && !document.querySelector("main [aria-busy]")
"""


class Late:
    """Answers of the API to a page, each held back until it is its turn."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._waiting: list[Route] = []
        page.route("**/v1/**", self._hold)

    def _hold(self, route: Route) -> None:
        self._waiting.append(route)

    def answer(self, place: str) -> None:
        """One after the other, what was asked last first, until the page has everything."""
        while self._waiting or not self._page.evaluate(HAS_ALL, place.partition("?")[0]):
            self._page.evaluate(DRAWN)
            if self._waiting:
                route = self._waiting.pop()
                route.fulfill(response=route.fetch())


def _places(console: Console) -> Collection[str]:
    """Every place of the console that has a picture, once."""
    there = (shot.place(console.service.sample) for shot in SHOTS)
    return dict.fromkeys(place.removeprefix("#") for place in there if place.startswith("#") and "?do=" not in place)


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_every_screen_stays_where_it_is_while_answers_come_late_and_the_last_first(
    console: Console, width: int
) -> None:
    console.page.set_viewport_size(ViewportSize(width=width, height=WIDTHS[width]))
    console.enter(at="/policies")
    console.settle()
    late = Late(console.page)
    moved = {}
    for place in _places(console):
        console.measure_anew()
        console.page.evaluate("place => { location.hash = place }", place)
        late.answer(place)
        measured = console.page.evaluate(DRAWN)
        if measured["shift"] > MOST_SHIFT:
            moved[place] = (measured["shift"], measured["moved"][:6])
    console.measure_anew()
    assert not moved, moved

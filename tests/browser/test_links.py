"""Every link in the console leads somewhere: to a screen that shows what it is of, and to no refusal."""

from __future__ import annotations

import re
from typing import Final

from tests.browser.console import Console

LINKS: Final = "links => links.map((link) => link.hash.slice(1))"
REFUSED: Final = "main problem-note .note, main > [role=alert]"
NAMED: Final = re.compile(r"[A-Z0-9:]|^(policies|reports)$")
"""What a part of an address is that names one of several: an id, an account, a version; and after it nothing does."""


def kind_of(place: str) -> str:
    """What places of one kind have in common: `/claims/*`, `/runs?job`."""
    path, _, query = place.partition("?")
    _, folder, *parts = path.split("/")
    alike = ["*" if NAMED.search(part) or NAMED.fullmatch(folder) else part for part in parts]
    names = sorted(each.partition("=")[0] for each in query.split("&") if each)
    return "/".join(["", folder, *alike]) + ("?" + "&".join(names) if names else "")


def test_no_link_of_any_screen_leads_to_a_refusal(console: Console) -> None:
    """From the menu on, one of each kind; lists that are of nothing until something is said ask for that, and are not asked without it."""
    console.enter(at="/search")
    page, main = console.page, console.main()
    waiting = [*page.locator("nav a").evaluate_all(LINKS)]
    known = {kind_of(place) for place in waiting}
    refused: dict[str, str] = {}
    visited: list[str] = []
    while waiting:
        place = waiting.pop(0)
        console.must_be_still()
        visited.append(kind_of(place))
        page.evaluate("place => { location.hash = place }", place)
        page.locator(f"main[data-place='{place.partition('?')[0]}'], main > [role=alert]").first.wait_for()
        page.wait_for_load_state("networkidle")
        main.locator("[aria-busy]").first.wait_for(state="detached")
        if main.locator(REFUSED).count():
            refused[place] = main.locator(REFUSED).first.inner_text()
        assert console.heading().count() or refused, place
        for link in main.locator("a[href^='#/']").evaluate_all(LINKS):
            if kind_of(link) not in known:
                known.add(kind_of(link))
                waiting.append(link)
    console.must_be_still()
    assert refused == {}
    assert len(visited) > 90, visited
    for expected in ("/claims/*", "/channels/*", "/reports/*", "/ledger/accounts/*?currency", "/imports/*", "/runs/*"):
        assert expected in visited

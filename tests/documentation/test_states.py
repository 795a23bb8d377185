"""State machines as pictures: everything that leads on is drawn, and nothing lies on anything else."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from chalicelib.banks.rules.feed import PREFIX as FEED
from chalicelib.registry import MACHINES
from chalicelib.webhooks.service import parties
from infra.site import diagram, layering
from infra.site.states import States, statuses
from infra.site.webhooks import NOBODY_ELSE, Webhooks

RULES = States(MACHINES).rules


@pytest.mark.parametrize("kind", RULES)
def test_every_status_and_every_way_on_is_in_the_picture(kind: str) -> None:
    table = RULES[kind].table
    picture = diagram.drawn(kind, "", table.transitions, table.ends)
    words = {element.text for element in ElementTree.fromstring(picture).iter() if element.tag.endswith("text")}
    moving = {each.name for each in table.transitions if each.targets - each.sources}
    shown = {
        status for each in table.transitions if each.targets - each.sources for status in each.targets - each.sources
    }
    assert shown <= words
    assert len(moving - words) == 0 or "and " in "".join(filter(None, words))
    assert picture == diagram.drawn(kind, "", table.transitions, table.ends)


@pytest.mark.parametrize("kind", RULES)
def test_no_status_lies_on_another(kind: str) -> None:
    table = RULES[kind].table
    picture = diagram.drawn(kind, "", table.transitions, table.ends)
    boxes = [
        tuple(map(float, found)) for found in re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"', picture)
    ]
    assert len(boxes) == len(set(boxes)) > 0
    for one in boxes:
        for other in boxes:
            if one < other and one[0] < other[0] + other[2] and other[0] < one[0] + one[2]:
                assert abs(one[1] - other[1]) >= diagram.STATUS_HEIGHT


@pytest.mark.parametrize("kind", RULES)
def test_a_picture_fits_a_page_on_a_desk(kind: str) -> None:
    """The style sheet shrinks what is a little wider; its letters stay legible down to four fifths."""
    table = RULES[kind].table
    picture = ElementTree.fromstring(diagram.drawn(kind, "", table.transitions, table.ends))
    assert int(picture.attrib["width"]) * 0.8 <= diagram.WIDEST


@pytest.mark.parametrize("kind", RULES)
def test_the_page_of_a_machine_says_all_of_it_in_words(kind: str) -> None:
    content = States(MACHINES).page(kind).content
    for status in statuses(RULES[kind].table):
        assert f"<code>{status.replace('_', '_<wbr>')}</code>" in content, "and breaks on a phone where its words meet"
    assert content.count("<tr>") >= len(RULES[kind].table.transitions) + len(RULES[kind].timers)


def test_lines_run_to_the_right_and_back_only_in_a_circle() -> None:
    place, back = layering.columns(["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "b"), ("a", "c")])
    assert place == {"a": 0, "b": 1, "c": 2}
    assert back == {("c", "b")}


def test_every_kind_of_thing_that_is_told_of_says_who_hears_it() -> None:
    families = {each.kind: each for each in Webhooks(MACHINES).families}
    assert families.keys() == RULES.keys() | parties.NO_MACHINE.keys()
    assert families["channel"].hearers == NOBODY_ELSE
    assert families["order"].hearers.startswith("Buyer and supplier")
    data = {family.hearers for family in families.values()}
    silent = [
        name
        for name, audience in parties.PARTIES.items()
        if " ".join((audience.__doc__ or "The member itself.").split()) not in data
    ]
    assert silent == [f"{FEED}_"], "banks' feeds are on the pages of bank events"

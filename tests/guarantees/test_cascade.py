"""The picture of a call: the same bytes for the same steps, whole in height, and all of it in words."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest

from chalicelib.guarantees.views.cascade import TALL, Column, Part, drawing
from chalicelib.shared.texts import as_kept, say
from tests.guarantees.standing import ANN, BOC, Standing, bank, standing

__all__ = ["bank", "standing"]

SVG = "{http://www.w3.org/2000/svg}"
J13 = (
    Column(
        date(2026, 3, 2),
        say("call noticed"),
        (Part("due", 150_000_00, say("Seat 2")), Part("due", 150_000_00, say("Seat 3"))),
    ),
    Column(
        date(2026, 3, 10),
        say("Seat 3 pays"),
        (Part("due", 150_000_00, say("Seat 2")), Part("paid", 150_000_00, say("Seat 3"))),
    ),
    Column(
        date(2026, 3, 23),
        say("Seat 2 fails"),
        (Part("paid", 150_000_00, say("Seat 3")), Part("due", 100_000_00, say("Seat 3")), Part("shortfall", 50_000_00)),
    ),
)


def drawn(*columns: Column, title: str = "Call 7 of loan L-1") -> ElementTree.Element:
    return ElementTree.fromstring(drawing(as_kept(title), columns, "CNY"))


def boxes(picture: ElementTree.Element) -> list[ElementTree.Element]:
    return picture.findall(f"{SVG}g/{SVG}rect")


def test_title_and_description_say_everything() -> None:
    picture = drawn(*J13)
    assert (picture.get("role"), picture.get("aria-labelledby")) == ("img", "title description")
    assert picture.findtext(f"{SVG}title") == "Call 7 of loan L-1"
    assert picture.findtext(f"{SVG}desc") == (
        "2026-03-02, call noticed: Seat 2: 150,000.00 CNY due; Seat 3: 150,000.00 CNY due. "
        "2026-03-10, Seat 3 pays: Seat 2: 150,000.00 CNY due; Seat 3: 150,000.00 CNY paid. "
        "2026-03-23, Seat 2 fails: Seat 3: 150,000.00 CNY paid; Seat 3: 100,000.00 CNY due; "
        "50,000.00 CNY nobody can be made to pay."
    )
    assert [box.findtext(f"{SVG}title") for box in boxes(picture)] == [
        "Seat 2: 150,000.00 CNY due",
        "Seat 3: 150,000.00 CNY due",
        "Seat 2: 150,000.00 CNY due",
        "Seat 3: 150,000.00 CNY paid",
        "Seat 3: 150,000.00 CNY paid",
        "Seat 3: 100,000.00 CNY due",
        "50,000.00 CNY nobody can be made to pay",
    ]


def test_the_same_steps_give_the_same_bytes() -> None:
    assert drawing(say("A call"), J13, "CNY") == drawing(say("A call"), J13, "CNY")


def test_the_parts_of_a_column_make_up_its_height() -> None:
    thirds = Column(
        date(2026, 3, 2),
        say("noticed"),
        tuple(Part("due", minor, say("Seat {seat}", seat=minor)) for minor in (34, 33, 32, 1)),
    )
    heights = [float(box.get("height", "")) for box in boxes(drawn(thirds))]
    assert sum(heights) == pytest.approx(TALL)


def test_what_is_paid_due_and_short_is_told_apart_without_colours() -> None:
    due, _, _, paid, _, _, short = boxes(drawn(*J13))
    assert due.get("fill") == "#ffffff" != paid.get("fill") == paid.get("stroke")
    assert (short.get("stroke-dasharray"), due.get("stroke-dasharray")) == ("4 3", None)


def test_a_call_of_nothing_is_a_picture_too() -> None:
    picture = drawn(Column(date(2026, 3, 2), say("withdrawn"), ()))
    assert boxes(picture) == []
    assert picture.findtext(f"{SVG}desc") == "2026-03-02, withdrawn: nothing is owed."
    assert drawn().findtext(f"{SVG}desc") is None or drawn().findtext(f"{SVG}desc") == ""


def test_what_people_wrote_is_text_and_never_markup() -> None:
    picture = drawn(
        Column(date(2026, 3, 2), say("<script>"), (Part("paid", 1, say('A "&" B')),)), title="</svg><script>"
    )
    assert picture.findtext(f"{SVG}title") == "</svg><script>"
    assert {element.tag.removeprefix(SVG) for element in picture.iter()} == {
        "svg",
        "title",
        "desc",
        "rect",
        "g",
        "text",
    }


def test_each_party_sees_the_cascade_of_a_call_as_far_as_it_may(standing: Standing) -> None:
    call_id = standing.called("A", 300_000_00, dict.fromkeys("BCD", 1_000_000_00))
    standing.pay("A", "C", 100_000_00)
    standing.pay("A", "A", 30_000_00)
    path = f"/v1/guarantee-calls/{call_id}/cascade"

    def seen(by: str) -> str:
        reply = standing.api.get(path, by)
        assert (reply.status, reply.headers["Content-Type"]) == (200, "image/svg+xml")
        return ElementTree.fromstring(reply.raw).findtext(f"{SVG}desc") or ""

    assert seen(BOC) == seen(ANN)
    assert seen(BOC).endswith("Seat 2: 85,000.00 CNY due; Seat 3: 100,000.00 CNY paid; Seat 4: 85,000.00 CNY due.")
    assert seen(standing.token("B")).endswith(
        "Your share, seat 2: 85,000.00 CNY due; The others: 100,000.00 CNY paid; The others: 85,000.00 CNY due."
    )
    assert seen(standing.token("A")).endswith(
        "The guarantors: 100,000.00 CNY paid; The guarantors: 170,000.00 CNY due."
    )
    assert standing.api.get(path, standing.token("E")).status == 404
    assert standing.api.get(path, BOC).raw == standing.api.get(path, BOC).raw

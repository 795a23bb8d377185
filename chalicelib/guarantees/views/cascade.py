"""A call's cascade as a picture: after each step a column of what each seat has paid, what it still owes, and what nobody can be made to pay.

The same steps give the same bytes. Colours keep a contrast of 3:1 to white and differ in lightness; what is paid is full, what is due is framed,
and the shortfall is dashed, so that the picture reads without colours. Everything in it stands in the titles of its parts as words, and the
description of the whole says it once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Final, Literal
from xml.etree import ElementTree

from chalicelib.guarantees.rules.call import Actor as Reader
from chalicelib.guarantees.rules.call import Call
from chalicelib.guarantees.views.calls import CallStatementLine
from chalicelib.shared import svg
from chalicelib.shared.languages import ENGLISH
from chalicelib.shared.money import Money, printed
from chalicelib.shared.periods import business_date
from chalicelib.shared.texts import NOTHING, Text, as_kept, in_language, say

Kind = Literal["paid", "due", "shortfall"]
MOST_COLUMNS: Final = 30
"""The last ones of a call with more steps."""

COLOURS: Final = (
    "#1b6ca8",
    "#b35900",
    "#3d7a37",
    "#8e3b8a",
    "#a63030",
    "#5a6570",
    "#7a6a00",
    "#00747a",
    "#6a4fbf",
    "#2f4f4f",
)
STEPS: Final = {
    "opened": say("opened"),
    "checked": say("checked"),
    "noticed": say("noticed"),
    "escalated": say("escalated"),
    "recomputed": say("recomputed"),
    "share_objected": say("share objected"),
    "share_overdue": say("share overdue"),
    "objection_decided": say("objection decided"),
    "member_failed": say("member failed"),
    "refund_due": say("refund due"),
    "paid": say("paid"),
    "exhausted": say("exhausted"),
    "withdrawn": say("withdrawn"),
    "closed": say("closed"),
}
"""What the events of a call are called."""
WIDTH, GAP, TALL, TOP, LEFT, LINE, FOOT, TITLE_CHARACTER = 84, 28, 240, 64, 24, 18, 58, 9
"""Of a column, between two, and of the tallest; above them; left of them; of a line of text; below them; of a letter of the title."""


@dataclass(frozen=True)
class Part:
    """So much of a column. `who` bears it, as whoever looks at it calls that one; nobody bears a shortfall."""

    kind: Kind
    minor: int
    who: Text = NOTHING


@dataclass(frozen=True)
class Column:
    """What is owed after a step, and how far it is paid."""

    on: date
    step: Text
    parts: tuple[Part, ...]

    @property
    def minor(self) -> int:
        return sum(part.minor for part in self.parts)


def picture(call: Call, lines: Sequence[CallStatementLine], reader: Reader, language: str) -> str:
    """The picture of a statement, for one who may see its lines: a step that changed nothing has no column."""
    columns = list(_changing(_column(line, reader) for line in lines))
    title = say("Call {call_ref} on those who stand for loan {loan_id}", call_ref=call.call_ref, loan_id=call.loan_id)
    return drawing(title, columns[-MOST_COLUMNS:], call.currency, language)


def _column(line: CallStatementLine, reader: Reader) -> Column:
    """Each share that is shown, and the rest of what was paid and is due together: a guarantor sees nobody else's."""
    is_own = reader == "guarantor"
    shares = [
        (
            say("Your share, seat {seat}", seat=share.seat) if is_own else say("Seat {seat}", seat=share.seat),
            share.paid.minor(),
            share.due.minor(),
        )
        for share in line.shares
    ]
    rest = say("The guarantors") if reader == "debtor" else say("The others")
    rest_paid = line.paid.minor() - sum(paid for _, paid, _ in shares)
    rest_due = line.due.minor() - sum(due for _, _, due in shares)
    parts = [
        part
        for who, paid, due in (*shares, (rest, rest_paid, rest_due))
        for part in (Part("paid", paid, who), Part("due", due, who))
    ]
    event = line.event.rpartition(".")[2]
    step = STEPS.get(event) or as_kept(event.replace("_", " "))
    shown = (*(part for part in parts if part.minor), Part("shortfall", line.shortfall.minor()))
    return Column(business_date(line.at), step, shown)


def _changing(columns: Iterable[Column]) -> Iterator[Column]:
    parts: tuple[Part, ...] | None = None
    for column in columns:
        if column.parts != parts:
            yield column
        parts = column.parts


def drawing(heading: Text, columns: Sequence[Column], currency: str, language: str = ENGLISH) -> str:
    """The picture as a document of its own, with title and description for those who cannot see it."""
    title = in_language(heading, language)
    names = list(dict.fromkeys(part.who for column in columns for part in column.parts if part.who))
    colours = {name: COLOURS[place % len(COLOURS)] for place, name in enumerate(names)}
    width = max(LEFT + len(columns) * (WIDTH + GAP), 2 * LEFT + TITLE_CHARACTER * svg.columns(title))
    height = TOP + TALL + FOOT + LINE * (len(names) + 1)
    root = svg.document(title, _sentences(columns, currency, language), width, height, language)
    svg.text(root, LEFT, 28, title, font_size="16")
    tallest = max((column.minor for column in columns), default=0)
    for place, column in enumerate(columns):
        _draw(root, column, LEFT + place * (WIDTH + GAP), tallest, colours, currency, language)
    for line, (name, colour) in enumerate(colours.items()):
        y = TOP + TALL + FOOT + LINE * line
        svg.box(root, LEFT, y, 12, 12, {"fill": colour})
        svg.text(root, LEFT + 20, y + 10, in_language(say("{who}: full is paid, framed is due", who=name), language))
    y = TOP + TALL + FOOT + LINE * len(names)
    svg.box(root, LEFT, y, 12, 12, _style("shortfall", ""))
    svg.text(root, LEFT + 20, y + 10, in_language(say("dashed: nobody can be made to pay it"), language))
    return svg.written(root)


def _draw(
    root: ElementTree.Element,
    column: Column,
    x: int,
    tallest: int,
    colours: dict[Text, str],
    currency: str,
    language: str,
) -> None:
    """A column from the ground up; heights are whole tenths of a point, and the last of them ends at the column's own."""
    group = ElementTree.SubElement(root, "g")
    tops = [_tenths(minor, tallest) for minor in accumulate(part.minor for part in column.parts)]
    for part, bottom, top in zip(column.parts, [0, *tops], tops, strict=False):
        if top > bottom:
            y = 10 * (TOP + TALL) - top
            box = svg.box(group, x, y / 10, WIDTH, (top - bottom) / 10, _style(part.kind, colours.get(part.who, "")))
            svg.say(box, "title", in_language(_words(part, currency), language))
            if top - bottom >= 10 * LINE:
                on = "#ffffff" if part.kind == "paid" else "#333333"
                svg.text(group, x + 6, y / 10 + 14, Money.of(part.minor, currency).amount, fill=on)
    ground = TOP + TALL
    svg.text(group, x, ground - _tenths(column.minor, tallest) / 10 - 6, _amount(column.minor, currency))
    svg.text(group, x, ground + 16, column.on.isoformat())
    for line, words in enumerate(_broken(in_language(column.step, language))):
        svg.text(group, x, ground + 30 + 12 * line, words, font_size="10")


def _tenths(minor: int, tallest: int) -> int:
    return minor * TALL * 10 // tallest if tallest else 0


def _style(kind: Kind, colour: str) -> dict[str, str]:
    if kind == "paid":
        return {"fill": colour, "stroke": colour}
    if kind == "due":
        return {"fill": "#ffffff", "stroke": colour, "stroke-width": "2"}
    return {"fill": "#ffffff", "stroke": "#333333", "stroke-dasharray": "4 3"}


def _sentences(columns: Sequence[Column], currency: str, language: str) -> Iterator[str]:
    for column in columns:
        parts = "; ".join(in_language(_words(part, currency), language) for part in column.parts if part.minor)
        sentence = say("{on}, {step}: {parts}.", on=column.on, step=column.step, parts=parts or say("nothing is owed"))
        yield in_language(sentence, language)


def _words(part: Part, currency: str) -> Text:
    amount = _amount(part.minor, currency)
    match part.kind:
        case "shortfall":
            return say("{amount} nobody can be made to pay", amount=amount)
        case "paid":
            return say("{who}: {amount} paid", who=part.who, amount=amount)
        case "due":
            return say("{who}: {amount} due", who=part.who, amount=amount)


def _amount(minor: int, currency: str) -> str:
    return printed(minor, currency)


def _broken(words: str) -> list[str]:
    """A step in at most two lines that a column has room for."""
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + len(word) >= WIDTH // 5:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines[:2]

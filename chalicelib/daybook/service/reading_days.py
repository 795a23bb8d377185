"""The day-book of one member, for its own eyes or an officer's."""

from __future__ import annotations

from typing import Final

from chalicelib.daybook import records
from chalicelib.daybook.views.days import DaysQuery, DaysView, view
from chalicelib.members import service as members
from chalicelib.shared.errors import Malformed
from chalicelib.shared.request import Caller
from chalicelib.shared.texts import say

MOST_DAYS: Final = 366
MOST_INQUIRIES: Final = 15_000
"""Told one by one in an answer: about a megabyte."""


class BadWindow(Malformed):
    code = "bad_window"
    title = "That is not a window of the day-book."
    fix = "Ask from one date up to a later one, at most 366 days; ask again for more."


def day_book(member_id: str, query: DaysQuery, caller: Caller) -> DaysView:
    """The days of a window on which something happened, and their total. NotFound for anybody else; BadWindow."""
    members.find(member_id, caller)
    if not 1 <= (query.end - query.start).days <= MOST_DAYS:
        raise BadWindow(
            say("A question covers 1 to {most_days} days.", most_days=MOST_DAYS), param="to", maximum=MOST_DAYS
        )
    rows = records.rows(member_id, query.start, query.end)
    if (inquiries := sum(len(row.inquiries) for row in rows)) > MOST_INQUIRIES:
        raise BadWindow(
            say(
                "It holds {inquiries} inquiries, which are told one by one; an answer has room for {most_inquiries}.",
                inquiries=inquiries,
                most_inquiries=MOST_INQUIRIES,
            ),
            param="to",
            inquiries=inquiries,
            maximum=MOST_INQUIRIES,
            fix="Ask for fewer days at a time.",
        )
    return view(member_id, query, rows)

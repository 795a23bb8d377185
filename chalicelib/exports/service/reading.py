"""Reading what an exporter exported, and what is known of a declaration."""

from __future__ import annotations

from datetime import date
from typing import Final

from chalicelib.exports import records
from chalicelib.exports.rules import declaration
from chalicelib.exports.rules.days import ExportDay
from chalicelib.exports.rules.declaration import Declaration
from chalicelib.exports.views import declarations as declaration_views
from chalicelib.exports.views import months as month_views
from chalicelib.exports.views.declarations import DeclarationView
from chalicelib.exports.views.months import ExportsQuery, ExportsView
from chalicelib.members import service as members
from chalicelib.shared import access, ids
from chalicelib.shared.errors import Malformed, NotFound
from chalicelib.shared.kept import Kept
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say

MOST_DAYS: Final = 184
"""The longest six months there are, which is what limits are decided on."""
MOST_SHOWN_DAYS: Final = 366
MOST_BUYERS: Final = 5_000
"""Rows of buyers in an answer: about a megabyte."""


class BadExportsWindow(Malformed):
    code = "bad_exports_window"
    title = "That is not a window of exports."
    fix = "Ask from one date up to a later one, at most 366 days; ask again for more."


def exports(member_id: str, query: ExportsQuery, request: RequestContext) -> ExportsView:
    """What a member exported in a window, by month and buyer. NotFound for anybody else; BadExportsWindow."""
    members.find(member_id, request.caller)
    if not 1 <= (query.end - query.start).days <= MOST_SHOWN_DAYS:
        raise BadExportsWindow(
            say("A question covers 1 to {most_shown_days} days.", most_shown_days=MOST_SHOWN_DAYS),
            param="to",
            maximum=MOST_SHOWN_DAYS,
        )
    view = month_views.view(member_id, query, records.days(member_id, query.start, query.end))
    if (buyers := sum(len(month.buyers) for month in view.months)) > MOST_BUYERS:
        raise BadExportsWindow(
            say(
                "It holds {buyers} rows of buyers; an answer has room for {most_buyers}.",
                buyers=buyers,
                most_buyers=MOST_BUYERS,
            ),
            param="to",
            buyers=buyers,
            maximum=MOST_BUYERS,
            fix="Ask for fewer days at a time.",
        )
    return view


def show(declaration_id: str, request: RequestContext) -> DeclarationView:
    """One declaration, for its exporter and for officers."""
    kept, caller = find(declaration_id), request.caller
    if not (caller.is_officer or caller.is_member(kept.content.fact.member_id)):
        raise _not_found(declaration_id)
    return declaration_views.view(kept.content, kept.version, may_correct=caller.has_duty(access.FEEDS))


def find(declaration_id: str) -> Kept[Declaration]:
    """What is known of a declaration, by its id or its number at customs. For use-cases that decide who may see it."""
    if not declaration_id.isascii():
        raise _not_found(declaration_id)
    is_id = ids.is_id(declaration_id, declaration.PREFIX)
    key = (declaration_id if is_id else declaration.id_of(declaration_id),)
    kept = records.DECLARATIONS.load([key]).get(key)
    if kept is None:
        raise _not_found(declaration_id)
    return kept


def _not_found(declaration_id: str) -> NotFound:
    return NotFound(say("There is no declaration {declaration_id!r:.60}.", declaration_id=declaration_id))


def days(member_id: str, since: date, until: date) -> tuple[ExportDay, ...]:
    """The exporter's days from `since` up to but not including `until`, oldest first; days on which nothing counted have none.

    For slices above, which decide who may see what. At most MOST_DAYS.
    """
    assert 0 <= (until - since).days <= MOST_DAYS, "a window is at most six months"
    return tuple(records.days(member_id, since, until))

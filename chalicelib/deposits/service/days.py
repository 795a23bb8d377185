"""Opening a deposit, and the days of trade that ride on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from msgspec.structs import replace

from chalicelib.daybook.rules.days import DayRow
from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.deposits import records
from chalicelib.deposits.aggregate import DEPOSITS, NoDeposit, actor_of
from chalicelib.deposits.rulebooks import rulebook_repository
from chalicelib.deposits.rules import membership
from chalicelib.deposits.rules.cut_offs import KEPT_DAYS, ordinal
from chalicelib.deposits.rules.deposit import Days
from chalicelib.deposits.rules.kept_days import with_room
from chalicelib.deposits.rules.snapshots import told_days, with_snapshots
from chalicelib.members import service as members
from chalicelib.shared.commit import StoredResponse, retry_on_conflict
from chalicelib.shared.errors import Conflict
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say


class DepositExists(Conflict):
    code = "deposit_exists"
    title = "The seller has a deposit already."
    fix = "Read it: GET /v1/deposits/{seller_id}."


def open_deposit(seller_id: str, request: RequestContext) -> StoredResponse:
    """A deposit of a member: nothing is required of it until it trades. DepositExists."""
    members.find(seller_id, request.caller)
    actor = actor_of(seller_id, request.caller)
    if actor is None:
        raise NoDeposit(say("There is no deposit of {seller_id!r:.60}.", seller_id=seller_id))
    if DEPOSITS.repository.load(seller_id) is not None:
        raise DepositExists(say("{seller_id} has a deposit.", seller_id=seller_id))
    books = rulebook_repository.books(request.now)
    opened = membership.opened(seller_id, _days(seller_id, request.now), books, request.now)
    return DEPOSITS.create(opened, books, request, actor)


@retry_on_conflict
def tell_days(seller_id: str, known_at: datetime, now: datetime) -> bool:
    """Put the last days of the day-book onto a seller's deposit, if it has one. Whether they were others than before.

    `known_at` is when the day-book came to know of them: what was known before a cut-off counts for it.
    """
    loaded = DEPOSITS.catch_up(seller_id, now)
    if loaded is None:
        return False
    was, books, days = loaded.state, loaded.context, _days(seller_id, now)
    facts = told_days(was, days, known_at, now, books)
    if days == was.days and facts.snapshots == with_snapshots(was, now, books).snapshots:
        return False
    after = replace(facts, version=was.version + 1)
    records.save(after, DEPOSITS.machine.next_due(after, books))
    return True


def packed(rows: Iterable[DayRow]) -> Days:
    """Days with orders as a deposit keeps them: amounts in the currency of rulebooks, in as many categories as there is room for."""
    return with_room(
        tuple(
            (
                row.day.toordinal(),
                tuple((category, orders, cny) for category, (orders, _, cny) in sorted(row.orders.items())),
            )
            for row in rows
            if row.orders
        )
    )


def _days(seller_id: str, now: datetime) -> Days:
    """Until the day after: a marketplace's clock may be ahead of ours, and of what it told before midnight nobody tells again."""
    today = ordinal(now)
    return packed(daybook_recording.rows(seller_id, date.fromordinal(today - KEPT_DAYS), date.fromordinal(today + 2)))

"""What was true at a cut-off: snapshots of a deposit, taken before it changes. Pure.

Late payments, late orders and late runs never change what was true at T: a deposit that changes after T first keeps a `Snapshot` of
itself. A month is decided on that, or on the record as it stands where it has not changed since. Only what counts as known at T
although it is written later (a first trade of the day before, the month before it decided late, a correction) amends it.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chalicelib.deposits.rules.book import Book, Books
from chalicelib.deposits.rules.cut_offs import KEPT_DAYS, CutOff, cut_off, ordinal, passed
from chalicelib.deposits.rules.deposit import MOST_SNAPSHOTS, Days, Deposit, Risk, Snapshot, Totals
from chalicelib.deposits.rules.requirement import cover_minor, risk_minor, special_minor


class NoSnapshot(Exception):
    """A month that lies so far back that what was true at its cut-off is not on the record any more. It needs a person."""


def with_snapshots(deposit: Deposit, now: datetime, books: Books) -> Deposit:
    """The deposit with a snapshot of every cut-off that has passed since it last changed, at most the last three.

    Every step begins with this, and ends with `updated_at` at the instant it is written.
    """
    missing = [each for each in passed(deposit.updated_at, now, MOST_SNAPSHOTS) if _is_needed(deposit, each)]
    if not missing:
        return deposit
    taken = tuple(take_snapshot(deposit, each, books.in_force(each.at)) for each in missing)
    return replace(deposit, snapshots=(*deposit.snapshots, *taken)[-MOST_SNAPSHOTS:])


def take_snapshot(deposit: Deposit, at: CutOff, book: Book) -> Snapshot:
    """The deposit as it stands, seen at a cut-off."""
    terms = book.terms
    risk = risk_minor(deposit.risks, terms, at.at) if deposit.risks else 0
    special = special_minor(deposit) if deposit.specials else 0
    return Snapshot(
        period=at.period,
        status=deposit.status,
        awaiting_first_trade=deposit.awaiting_first_trade,
        membership_period=deposit.membership_period,
        base_minor=deposit.base_minor,
        rest_minor=risk + special + deposit.owed_minor,
        risks=deposit.risks,
        cover_minor=cover_minor(deposit, at.at) if deposit.insurances else 0,
        available_minor=deposit.available_minor,
        frozen_minor=deposit.frozen_minor,
        due_at=deposit.due_at,
        totals=totals(deposit.days, at.first_day(terms.window), at.day),
    )


def seen_at(deposit: Deposit, at: CutOff, book: Book) -> Snapshot:
    """What was true at a cut-off: its snapshot, or the record where it has not changed since."""
    for snapshot in deposit.snapshots:
        if snapshot.period == at.period:
            return snapshot
    if at.at < deposit.updated_at:
        raise NoSnapshot(f"{deposit.id} has changed since {at.period} was cut off, and is not known as of then.")
    return take_snapshot(deposit, at, book)


def totals(days: Days, first: int, end: int) -> Totals:
    """The orders from the day `first` up to but not including the day `end`, by category."""
    sums: Totals = {}
    for day, sold in days:
        if first <= day < end:
            for category, orders, gmv in sold:
                if category in sums:
                    before = sums[category]
                    sums[category] = before[0] + orders, before[1] + gmv
                else:
                    sums[category] = orders, gmv
    return sums


def rebased(deposit: Deposit, value_time: datetime, **new: object) -> Deposit:
    """The deposit with another base (or `awaiting_first_trade`, or `membership_period`), here and in the snapshots of all cut-offs from `value_time` on."""
    amended = tuple(
        replace(snapshot, **new) if cut_off(snapshot.period).at >= value_time else snapshot
        for snapshot in deposit.snapshots
    )
    return replace(deposit, snapshots=amended, **new)


def corrected(
    deposit: Deposit, decided: str, books: Books, *, base_minor: int | None = None, risk_id: str = ""
) -> Deposit:
    """The deposit with another base, or without a violation that was none, here and for every month after the last that is `decided`.

    What was wrong at a cut-off is not held against a shop because its month is decided after the correction.
    """

    def amended(snapshot: Snapshot) -> Snapshot:
        if snapshot.period <= decided:
            return snapshot
        if base_minor is None:
            return _without_risk(snapshot, risk_id, books)
        is_over = snapshot.membership_period != deposit.membership_period
        return snapshot if is_over else replace(snapshot, base_minor=base_minor)

    return replace(
        deposit,
        snapshots=tuple(amended(snapshot) for snapshot in deposit.snapshots),
        base_minor=deposit.base_minor if base_minor is None else base_minor,
        risks=_others(deposit.risks, risk_id),
    )


def _without_risk(snapshot: Snapshot, risk_id: str, books: Books) -> Snapshot:
    at = cut_off(snapshot.period).at
    terms, left = books.in_force(at).terms, _others(snapshot.risks, risk_id)
    lower = risk_minor(snapshot.risks, terms, at) - risk_minor(left, terms, at)
    return replace(snapshot, risks=left, rest_minor=snapshot.rest_minor - lower)


def _others(risks: tuple[Risk, ...], risk_id: str) -> tuple[Risk, ...]:
    return tuple(each for each in risks if each.id != risk_id)


def told_days(deposit: Deposit, days: Days, known_at: datetime, now: datetime, books: Books) -> Deposit:
    """The deposit with the trade of its last days as the day-book knew it at `known_at`.

    What was known before a cut-off counts for it however late it is told; what became known after one leaves its snapshot alone.
    """
    seen = with_snapshots(deposit, now, books)
    oldest = ordinal(now) - KEPT_DAYS
    facts = replace(
        seen,
        days=tuple(day for day in days if day[0] >= oldest),
        updated_at=now,
    )
    return replace(facts, snapshots=tuple(_recounted(snapshot, facts, known_at, books) for snapshot in facts.snapshots))


def _recounted(snapshot: Snapshot, deposit: Deposit, known_at: datetime, books: Books) -> Snapshot:
    at = cut_off(snapshot.period)
    if known_at > at.at:
        return snapshot
    terms = books.in_force(at.at).terms
    return replace(snapshot, totals=totals(deposit.days, at.first_day(terms.window), at.day))


def _is_needed(deposit: Deposit, at: CutOff) -> bool:
    """Not where the month has been decided, has a snapshot, or the deposit did not exist."""
    taken = any(snapshot.period == at.period for snapshot in deposit.snapshots)
    return not taken and at.period > deposit.adjusted and deposit.opened_at <= at.at

"""The decision of a month: one pure function for the run, for what-if and for the preview of a rulebook.

    raw  = the tier amount of the whole shop's orders in its higher category, over the window
    new  = max(raw, prev) with arrears, min(raw, prev) without        the clamp of 2023; other books, other clamps
    idle = raw 0, then the clamp, then the shop awaits its first trade again where it ends at 0

Everything is as of T. A deposit that has been decided for the period answers the same again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from datetime import date, datetime

from msgspec.structs import replace

from chalicelib.deposits.rules.book import Book, Books, Clamp
from chalicelib.deposits.rules.cut_offs import CutOff, cut_off, ordinal, start_of_day
from chalicelib.deposits.rules.deposit import Clause, Decision, Deposit, Skip, Snapshot, Totals
from chalicelib.deposits.rules.requirement import cash, covered, with_due
from chalicelib.deposits.rules.snapshots import rebased, seen_at, totals, with_snapshots


def higher(cats: Mapping[str, tuple[int, int]], book: Book) -> tuple[str | None, int]:
    """The higher category of a window and the orders of the whole shop; (None, 0) where there were none.

    Ranked by amount, then orders (or the other way round, as the book says), then the lower tier amount, then the category's id.
    """
    orders = sum([count for count, _ in cats.values()])
    if orders <= 0:
        return None, 0
    if len(cats) == 1:
        return next(iter(cats)), orders
    return ranking(cats, book)[0], orders


def ranking(cats: Mapping[str, tuple[int, int]], book: Book) -> list[str]:
    """Categories with orders, the higher first."""
    first, second = (0, 1) if book.terms.category_rank == "orders" else (1, 0)
    rows, tier = book.rows, bisect_left(book.edges, size(cats, book))
    ranked = [
        (-sales[first], -sales[second], rows.get(category, book.default_row)[tier], category)
        for category, sales in cats.items()
        if sales[0] > 0
    ]
    ranked.sort()
    return [category for _, _, _, category in ranked]


def size(cats: Mapping[str, tuple[int, int]], book: Book) -> int:
    """What the tiers of a book count: the orders of a shop, or their amount, at least 1 where there were orders; else 0."""
    orders = sum([count for count, _ in cats.values()])
    if book.terms.tier_axis == "orders" or orders <= 0:
        return max(0, orders)
    return max(1, sum([gmv for _, gmv in cats.values()]))


def tier_of(book: Book, size: int) -> int:
    """The place of a size among the tiers, from 0."""
    return bisect_left(book.edges, size)


def amount(book: Book, category: str | None, size: int) -> int:
    """The tier amount of a category, of the default group where the book does not name it; 0 where nothing was sold."""
    if size <= 0:
        return 0
    return book.rows.get(category or "", book.default_row)[bisect_left(book.edges, size)]


def decide(deposit: Deposit, book: Book, period: str) -> Decision:
    """What a period comes to for a deposit, under the book in force at its T. Raises NoSnapshot for a month long past."""
    done = deposit.adjustment
    if done is not None and done.period >= period:
        return done if done.period == period else _skip(deposit, book, period, "later_decided")
    at = cut_off(period)
    if deposit.opened_at > at.at:
        return _skip(deposit, book, period, "not_open_yet")
    return decide_on(deposit.id, seen_at(deposit, at, book), book, at)


def decide_on(seller_id: str, snapshot: Snapshot, book: Book, at: CutOff) -> Decision:
    """The decision about what was true at a cut-off."""
    terms, prev, rest, cover = book.terms, snapshot.base_minor, snapshot.rest_minor, snapshot.cover_minor
    held = snapshot.available_minor + snapshot.frozen_minor if terms.frozen_covers else snapshot.available_minor
    lacking = prev + rest - held - (covered(terms, prev, rest, cover) if cover else 0)
    if snapshot.awaiting_first_trade or snapshot.status != "open":
        return _not_concerned(seller_id, snapshot, book, at, lacking)
    plain = terms.debt_scope == "total" and terms.debt_test == "shortfall"
    in_debt = lacking > 0 if plain else _in_debt(snapshot, book, at)
    category, orders = higher(snapshot.totals, book)
    if category is None:
        raw = prev if terms.idle_policy == "keep" else 0
    else:
        raw = amount(book, category, orders if terms.tier_axis == "orders" else size(snapshot.totals, book))
    new, clause = clamped(terms.clamp, prev, raw, in_debt)
    after = lacking if new == prev else new + rest - held - (covered(terms, new, rest, cover) if cover else 0)
    return Decision(
        seller_id=seller_id,
        period=at.period,
        book=book.id,
        hash=book.hash,
        membership_period=snapshot.membership_period,
        prev_minor=prev,
        orders=orders,
        gmv_minor=sum([gmv for _, gmv in snapshot.totals.values()]),
        category=category or "",
        unmapped=category is not None and category not in book.rows,
        raw_minor=raw,
        base_minor=new,
        in_debt=in_debt,
        clause=clause,
        awaits_first_trade_again=category is None and new == 0 and terms.idle_policy == "rearm",
        arrears_before_minor=lacking if lacking > 0 else 0,
        arrears_minor=after if after > 0 else 0,
        releasable_minor=min(-after, snapshot.available_minor) if after < 0 else 0,
        rest_minor=rest,
        cover_minor=cover,
        available_minor=snapshot.available_minor,
        frozen_minor=snapshot.frozen_minor,
        due_at=snapshot.due_at,
        totals=snapshot.totals,
    )


def rested_on(decision: Decision) -> Snapshot:
    """What was true at the cut-off, as a decision remembers it: under another book it would have come out otherwise."""
    return Snapshot(
        period=decision.period,
        status="closed" if decision.skipped == "closed" else "open",
        awaiting_first_trade=bool(decision.skipped),
        membership_period=decision.membership_period,
        base_minor=decision.prev_minor,
        rest_minor=decision.rest_minor,
        cover_minor=decision.cover_minor,
        available_minor=decision.available_minor,
        frozen_minor=decision.frozen_minor,
        due_at=decision.due_at,
        totals=decision.totals,
    )


def clamped(clamp: Clamp, prev: int, raw: int, in_debt: bool) -> tuple[int, Clause]:
    """The new base, and which half of the clamp acted: it acted where it changed the outcome."""
    if clamp == "none" or raw == prev:
        return raw, "none"
    if in_debt:
        return (raw, "none") if raw > prev else (prev, "floor")
    if clamp == "floor_only" or raw < prev:
        return raw, "none"
    return prev, "ceiling"


def applied(deposit: Deposit, decision: Decision, now: datetime, books: Books) -> Deposit:
    """The deposit after its month was decided, however late. Does nothing where that month changes nothing.

    A shop that was closed since T, or has begun a new membership period, stays as it is. The version is the caller's to raise. The time to pay runs from T, or
    where the month is decided on a later day from that day.
    """
    if not decision.changes or deposit.adjusted >= decision.period:
        return deposit
    at = cut_off(decision.period)
    book = books.in_force(at.at)
    was = with_snapshots(
        replace(deposit, adjustment=decision), now, books
    )  # of this month and before nothing is needed any more
    kept = tuple(snapshot for snapshot in was.snapshots if snapshot.period > decision.period)
    now_is = replace(was, snapshots=kept, updated_at=now)
    if deposit.membership_period != decision.membership_period or deposit.status != "open":
        return now_is
    if decision.awaits_first_trade_again:
        now_is = rebased(
            now_is, at.at, base_minor=0, awaiting_first_trade=True, membership_period=decision.membership_period + 1
        )
        now_is = replace(now_is, awaiting_since=at.day)
    else:
        now_is = rebased(now_is, at.at, base_minor=decision.base_minor)
    return with_due(was, now_is, book, _time_runs_from(at.at, now))


def first_traded(
    deposit: Deposit, book: Book, day: int, now: datetime, books: Books
) -> tuple[Deposit, Decision] | None:
    """The deposit after its first trading day, and how that was decided; None where it had none on that day.

    `book` is the version in force on that day. The base counts as known from the first instant of the next day, and is due 72 hours
    after it; found later than on the next day, 72 hours after the day it was found.
    """
    if deposit.status != "open" or not deposit.awaiting_first_trade or day < deposit.awaiting_since:
        return None
    cats = totals(deposit.days, day, day + 1)
    category, orders = higher(cats, book)
    if orders == 0:
        return None
    raw, value_time = amount(book, category, size(cats, book)), start_of_day(day + 1)
    was = with_snapshots(deposit, now, books)
    now_is = replace(
        rebased(was, value_time, base_minor=raw, awaiting_first_trade=False), first_trade_day=day, updated_at=now
    )
    return with_due(was, now_is, book, _time_runs_from(value_time, now)), _first_decision(deposit, book, day, cats, raw)


def first_trade_day(deposit: Deposit, until: int) -> int | None:
    """The first day before the day `until` on which a shop that awaits its first trade has orders that count, or None."""
    if not deposit.awaiting_first_trade or deposit.status != "open":
        return None
    return next(
        (
            day
            for day, sold in deposit.days
            if deposit.awaiting_since <= day < until and sum(each[1] for each in sold) > 0
        ),
        None,
    )


def _first_decision(deposit: Deposit, book: Book, day: int, cats: Totals, raw: int) -> Decision:
    category, orders = higher(cats, book)
    return Decision(
        seller_id=deposit.id,
        period=date.fromordinal(day).isoformat(),
        book=book.id,
        hash=book.hash,
        membership_period=deposit.membership_period,
        orders=orders,
        gmv_minor=sum(gmv for _, gmv in cats.values()),
        category=category or "",
        unmapped=category is not None and not book.knows(category),
        raw_minor=raw,
        base_minor=raw,
        clause="none",
        available_minor=deposit.available_minor,
        frozen_minor=deposit.frozen_minor,
        totals=cats,
    )


def _time_runs_from(value_time: datetime, now: datetime) -> datetime:
    """From when the time to pay runs: the value time, or for what was found late the day on which it was found."""
    return max(value_time, start_of_day(ordinal(now)))


def tested_arrears(snapshot: Snapshot, book: Book) -> int:
    """The arrears that the clamp asks about: of the whole total, or of the base alone."""
    terms, base, rest = book.terms, snapshot.base_minor, 0 if book.terms.debt_scope == "base" else snapshot.rest_minor
    need = base + rest - covered(terms, base, rest, snapshot.cover_minor)
    return max(0, need - cash(terms, snapshot.available_minor, snapshot.frozen_minor))


def _in_debt(snapshot: Snapshot, book: Book, at: CutOff) -> bool:
    """For books that ask for arrears of the base alone, or for arrears whose term is over."""
    overdue = snapshot.due_at is not None and snapshot.due_at <= at.at
    return tested_arrears(snapshot, book) > 0 and (overdue or book.terms.debt_test == "shortfall")


def _not_concerned(seller_id: str, snapshot: Snapshot, book: Book, at: CutOff, lacking: int) -> Decision:
    """A shop that is closed, or has not traded since it began to await its first trade: its base stays."""
    return Decision(
        seller_id=seller_id,
        period=at.period,
        book=book.id,
        hash=book.hash,
        skipped="awaiting_first_trade" if snapshot.status == "open" else "closed",
        membership_period=snapshot.membership_period,
        prev_minor=snapshot.base_minor,
        base_minor=snapshot.base_minor,
        in_debt=lacking > 0,
        arrears_before_minor=max(0, lacking),
        arrears_minor=max(0, lacking),
        releasable_minor=min(snapshot.available_minor, max(0, -lacking)),
        rest_minor=snapshot.rest_minor,
        cover_minor=snapshot.cover_minor,
        available_minor=snapshot.available_minor,
        frozen_minor=snapshot.frozen_minor,
        due_at=snapshot.due_at,
    )


def _skip(deposit: Deposit, book: Book, period: str, why: Skip) -> Decision:
    base = deposit.base_minor if why == "later_decided" else 0
    return Decision(
        seller_id=deposit.id,
        period=period,
        book=book.id,
        hash=book.hash,
        skipped=why,
        membership_period=deposit.membership_period,
        prev_minor=base,
        base_minor=base,
    )

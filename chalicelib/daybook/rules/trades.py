"""A trade fact: somebody sold something to somebody. Told again it may only move forward; what it counts for follows from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Final, Literal

import msgspec

from chalicelib.daybook.rules.days import DayRow, combined
from chalicelib.daybook.rules.facts import Contradiction, History, Outcome, is_duplicate, remembered
from chalicelib.shared import ids
from chalicelib.shared.fx import DEPOSIT_CURRENCY, NoRate, Quote, across
from chalicelib.shared.periods import business_date

Status = Literal["placed", "paid", "shipped", "completed", "cancelled", "refunded"]
"""`refunded`: the buyer got all of it back, be it after the delivery."""
QuoteFor = Callable[[str, date], Quote]
"""The table rate of a currency on a business date; raises NoRate where there is none."""

_RANK: Final[dict[str, int]] = {"placed": 0, "paid": 1, "shipped": 2, "completed": 3, "cancelled": 3, "refunded": 4}
_FIXED: Final = (
    "buyer_ref",
    "supplier_country",
    "buyer_country",
    "category",
    "currency",
    "amount_minor",
    "ordered_at",
)
_FILLED_IN: Final = ("paid_at", "ship_by", "shipped_at", "promised_by", "delivered_at")


class TradeFact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One telling of one trade. `member_id` is the supplier; instants are in UTC, whole milliseconds; `source` names the telling."""

    member_id: str
    trade_id: str
    buyer_ref: str
    supplier_country: str
    buyer_country: str
    category: str
    currency: str
    amount_minor: int
    ordered_at: datetime
    paid_at: datetime | None = None
    ship_by: datetime | None = None
    shipped_at: datetime | None = None
    promised_by: datetime | None = None
    delivered_at: datetime | None = None
    status: Status
    protected: bool = False
    source: str = ""


class Counted(msgspec.Struct, frozen=True, omit_defaults=True):
    """US cents a trade was counted with, each fixed when it first counted: a later rate table changes nothing already counted.

    `paid_cny_minor` is the paid amount in the currency of deposits, from the trade's own and not from its dollars.
    """

    paid_minor: int | None = None
    delivered_minor: int | None = None
    exported_minor: int | None = None
    paid_cny_minor: int | None = None


class Trade(msgspec.Struct, frozen=True, omit_defaults=True, tag="trade"):
    """What is known of a trade: the fact as far as it has come, what it was counted with, and the tellings that changed it."""

    fact: TradeFact
    counted: Counted = Counted()
    history: History = ()


def tell(trade: Trade | None, trade_fact: TradeFact, quote: QuoteFor) -> tuple[Trade | None, Outcome]:
    """The trade after one more telling, and what became of the telling. NoRate where it would count in a currency without a rate."""
    if trade is None:
        return Trade(
            trade_fact, counted(trade_fact, Counted(), quote), remembered((), trade_fact.source, "new")
        ), Outcome("new")
    if (first := is_duplicate(trade.history, trade_fact.source)) is not None:
        return trade, first
    try:
        fact = merged(trade.fact, trade_fact)
    except Contradiction as contradiction:
        return trade, contradiction.outcome
    if fact == trade.fact:
        return trade, Outcome("known")
    history = remembered(trade.history, trade_fact.source, "updated")
    return Trade(fact, counted(fact, trade.counted, quote), history), Outcome("updated")


def merged(trade_fact: TradeFact, later: TradeFact) -> TradeFact:
    """Both tellings together: status moves forward, empty instants are filled in; Contradiction where they cannot both be true."""
    for name in _FIXED:
        if getattr(trade_fact, name) != getattr(later, name):
            raise Contradiction("amount" if name == "amount_minor" else name)
    filled = {name: _either(trade_fact, later, name) for name in _FILLED_IN}
    status = _further(trade_fact.status, later.status)
    return msgspec.structs.replace(
        trade_fact, **filled, status=status, protected=trade_fact.protected or later.protected
    )


def counted(fact: TradeFact, before: Counted, quote: QuoteFor) -> Counted:
    """The amounts a fact counts with, those already fixed unchanged."""

    def usd_minor(fixed: int | None, instant: datetime | None) -> int | None:
        if fixed is not None or instant is None:
            return fixed
        return quote(fact.currency, business_date(instant)).convert(fact.amount_minor)

    stands = fact.status not in ("cancelled", "refunded")
    paid_at = fact.paid_at if stands else None
    return Counted(
        usd_minor(before.paid_minor, paid_at),
        usd_minor(before.delivered_minor, fact.delivered_at if fact.status == "completed" else None),
        usd_minor(before.exported_minor, fact.shipped_at if stands and is_export(fact) else None),
        before.paid_cny_minor
        if paid_at is None or before.paid_cny_minor is not None
        else _cny_minor(fact, paid_at, quote),
    )


def _cny_minor(fact: TradeFact, paid_at: datetime, quote: QuoteFor) -> int | None:
    """None before the table of rates begins: no deposit was decided on then."""
    on = business_date(paid_at)
    try:
        return across(fact.amount_minor, quote(fact.currency, on), quote(DEPOSIT_CURRENCY, on))
    except NoRate:
        return None


def is_export(fact: TradeFact) -> bool:
    return fact.supplier_country != fact.buyer_country


def days_of(trade: Trade) -> tuple[DayRow, ...]:
    """What a trade counts for: parts of the rows of the days of payment, ship-by, shipment and delivery.

    Cancelled: nothing. Refunded: only whether it was shipped in time.
    """
    fact, cents = trade.fact, trade.counted
    if fact.status == "cancelled":
        return ()
    stands = fact.status != "refunded"
    parts: list[DayRow] = []
    if fact.paid_at is not None and stands:
        paid = {fact.category: (1, cents.paid_minor or 0, cents.paid_cny_minor or 0)}
        parts.append(DayRow(day=business_date(fact.paid_at), orders=paid, open=int(was_open(fact))))
    if fact.ship_by is not None:
        in_time = fact.shipped_at is not None and fact.shipped_at <= fact.ship_by
        parts.append(DayRow(day=business_date(fact.ship_by), due=1, on_time=int(in_time)))
    if fact.shipped_at is not None and cents.exported_minor and stands:
        parts.append(DayRow(day=business_date(fact.shipped_at), exports_usd_minor=cents.exported_minor))
    if fact.status == "completed" and fact.delivered_at is not None:
        ends = int(fact.paid_at is not None)
        parts.append(_completed(business_date(fact.delivered_at), cents.delivered_minor or 0, fact.protected, ends))
    return tuple(parts)


def was_open(fact: TradeFact) -> bool:
    """Paid for, and not at its end then. A protected order that is told as paid has ended: it was given up because it never shipped."""
    if fact.status == "completed":
        return fact.delivered_at is not None
    return not (fact.status == "paid" and ids.is_id(fact.trade_id, "ord"))


def _completed(day: date, usd_minor: int, protected: bool, ends: int) -> DayRow:
    """The row of the day of delivery, on which a trade that was paid for comes to its end: that of its payment stays as it was."""
    row = DayRow(day=day, open=-ends, completed=1, gmv_usd_minor=usd_minor)
    return combined(row, DayRow(day=day, protected_completed=1, protected_usd_minor=usd_minor)) if protected else row


def _either(trade_fact: TradeFact, later: TradeFact, name: str) -> datetime | None:
    mine: datetime | None = getattr(trade_fact, name)
    theirs: datetime | None = getattr(later, name)
    if mine is not None and theirs is not None and mine != theirs:
        raise Contradiction(name)
    return mine if theirs is None else theirs


def _further(mine: Status, theirs: Status) -> Status:
    if {mine, theirs} == {"cancelled", "refunded"}:
        return "cancelled"
    if mine != theirs and _RANK[mine] == _RANK[theirs]:
        raise Contradiction("status")
    return mine if _RANK[mine] >= _RANK[theirs] else theirs

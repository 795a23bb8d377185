"""What an exporter gets for a payment, in its settlement currency, by the rate of the quote. Pure.

due ─→ instructed ─→ settled            at once, where the fee takes all of it
 │         └──→ failed ─→ settled     the acquirer is told again; what it cannot pay is an officer's
 └──→ void                            nothing was left to settle: the buyer has its money back

It falls due some business days of both countries after capture: what the cover stands for is settled then, if no claim is open, and the rest
when the order is completed. Each payment's settlement is of what came by it. Each part is the difference of two whole sums, so that all parts together are what the quote says.

While the platform has revoked the supplier's membership of the channel for fraud, what its open exposure needs is kept back: it is looked at
again every business day, officers are told, and it goes on when the exposure is over or the revocation is.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal, get_args

import msgspec
from msgspec.structs import replace

from chalicelib.ledger.rules import chart
from chalicelib.orders.rules import acquired
from chalicelib.orders.rules.channel_terms import ChannelTerms
from chalicelib.orders.rules.order import ENDS as ORDER_ENDS
from chalicelib.orders.rules.order import Order
from chalicelib.quotes.rules.amounts import part
from chalicelib.shared import ids, money
from chalicelib.shared.bounds import characters, most
from chalicelib.shared.fx import Quote
from chalicelib.shared.journal import Event, PaymentOrder, Posting, transfer
from chalicelib.shared.periods import Calendar, business_days_at_most
from chalicelib.shared.state_machine import (
    Among,
    Change,
    InvalidTransition,
    StateMachine,
    Table,
    Timer,
    Transition,
    telling,
)
from chalicelib.suppliers.rules import exposure as exposures
from chalicelib.suppliers.rules.exposure import Exposure

PREFIX: Final = "stl"
PURPOSE: Final = "settlement"
Status = Literal["due", "instructed", "settled", "failed", "void"]
Actor = Literal["supplier", "officer"]
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDS: Final[frozenset[Status]] = frozenset({"settled", "void"})
RELEASING: Final = frozenset({"funded", "shipped", "delivered", "received"})
FROZEN: Final = "payouts_frozen"
LONGEST_HOLIDAYS_DAYS: Final = 10
"""What a year whose holidays are not known yet may bring: a settlement is a day late then rather than refused."""


class SettlementNotInThisStatus(InvalidTransition):
    code = "settlement_not_in_this_status"
    title = "The settlement does not allow that now."


class Settlement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One settlement: `released_minor` of the order, in the buyer's currency, becomes `amount_minor` of `currency` after `fee_minor`.

    `due_at` is None where it waits for the order's completion. `is_rest`: it settles what the first one left. `released_by`: the entry that
    released it, where that is not its own, after `before_minor` and as the last part or not. `kept_minor` is kept back for the `exposure`.
    """

    id: str
    order_id: str
    payment_id: str
    bank_id: str
    supplier_id: str
    currency: str
    buyer_currency: str
    fee_currency: str
    status: Status
    version: int
    seq: int = 0
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str = ""
    due_at: datetime | None = None
    is_rest: bool = False
    released_minor: int = 0
    fee_minor: int = 0
    amount_minor: int = 0
    released_by: str = ""
    before_minor: int = 0
    is_last: bool = False
    kept_minor: int = 0
    exposure: Exposure | None = None
    reason: Annotated[str, characters(200)] = ""
    settled_at: datetime | None = None


class Freeze(msgspec.Struct, frozen=True, kw_only=True):
    """The platform has revoked the supplier's membership of the channel for fraud: what is open, at the rates of the day."""

    exposure: Exposure
    quotes: dict[str, Quote]
    calendar: Calendar


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a settlement is decided on."""

    order: Order
    freeze: Freeze | None = None

    def free_minor(self, minor: int) -> int:
        """What of it may leave: all of it, unless payouts are frozen to what is open."""
        if self.freeze is None or not self.freeze.exposure.total_minor:
            return minor
        currency = self.order.terms.currency
        return exposures.free_minor(currency, {currency: minor}, self.freeze.exposure, self.freeze.quotes)


class Worth(msgspec.Struct, frozen=True, kw_only=True):
    """What a part of an order comes to: the fee in the currency of the price, the amount in that of the settlement."""

    fee_minor: int
    amount_minor: int


SettlementChange = Change[Settlement]
_CLOCK: Final = frozenset({"clock"})


_in: Final = Among[Status]()


TABLE: Final = Table[Settlement, Context](
    kind="settlement",
    error=SettlementNotInThisStatus,
    ends=ENDS,
    payload=telling("order_id", "payment_id", "supplier_id", "bank_id", "currency"),
    transitions=(
        Transition("wait", _in("due"), _CLOCK, _in("due")),
        Transition("keep-back", _in("due"), _CLOCK, _in("due")),
        Transition("instruct", _in("due"), _CLOCK, _in("instructed", "settled")),
        Transition("void", _in("due"), _CLOCK, _in("void")),
        Transition("settle", _in("instructed", "failed"), _CLOCK, _in("settled")),
        Transition("fail", _in("instructed", "failed", "settled"), _CLOCK, _in("failed")),
    ),
)


def id_of(payment_id: str) -> str:
    """The settlement that falls due after a payment's capture."""
    return ids.derived_id(PREFIX, payment_id)


def id_of_rest(entry_id: str, payment_id: str) -> str:
    """The one that the completion of an order brings for a payment, where the first is under way."""
    return ids.derived_id(PREFIX, entry_id, payment_id)


def both(mine: Calendar, theirs: Calendar) -> Calendar:
    """The days on which the banks of both countries work."""
    return Calendar(
        name=f"{mine.name} and {theirs.name}",
        first_year=max(mine.first_year, theirs.first_year),
        published_year=min(mine.published_year, theirs.published_year),
        last_year=min(mine.last_year, theirs.last_year),
        closed=mine.closed | theirs.closed,
        open=mine.open & theirs.open,
    )


def due_at(captured_at: datetime, days: int, calendar: Calendar) -> datetime:
    """The beginning of the n-th business day after the day of the capture, which does not count."""
    return business_days_at_most(captured_at, days, calendar, LONGEST_HOLIDAYS_DAYS) - timedelta(days=1)


def due(order: Order, payment_id: str, bank_id: str, at: datetime | None, now: datetime) -> Settlement:
    """The first version, for the commit that books the capture."""
    channel = _channel_of(order)
    return Settlement(
        id=id_of(payment_id),
        order_id=order.id,
        payment_id=payment_id,
        bank_id=bank_id,
        supplier_id=order.supplier_id,
        currency=channel.settlement_currency,
        buyer_currency=order.terms.currency,
        fee_currency=channel.price_currency,
        status="due",
        version=1,
        created_at=now,
        updated_at=now,
        due_at=at,
    )


def worth(order: Order, before_minor: int, minor: int, *, is_last: bool) -> Worth:
    """What `minor` released after `before_minor` comes to. The fee of what claims were paid stays with the channel: the exporter was at fault.

    It is taken of the last part, as far as that goes.
    """
    channel, until = _channel_of(order), before_minor + minor
    whole = channel.amounts.buyer_minor

    def share(total: int, start: int, end: int) -> int:
        return part(total, end, whole) - part(total, start, whole)

    fee = share(channel.amounts.fee_minor, before_minor, until)
    amount = share(channel.amounts.exporter_minor, before_minor, until)
    at_fault = sum(claim.paid_minor for claim in order.claims) if is_last else 0
    kept = share(channel.amounts.fee_minor, until, min(whole, until + at_fault))
    taken = min(
        amount,
        money.convert(kept, of=channel.price_currency, to=channel.settlement_currency, rate=channel.settlement_rate),
    )
    if channel.price_currency == channel.settlement_currency:
        kept = taken
    return Worth(fee_minor=fee + kept, amount_minor=amount - taken)


def early(was: Settlement, context: Context, at: datetime) -> SettlementChange:
    """Its day has come: what the cover stands for is settled, if no claim is open; else it waits for the order's completion."""
    order = context.order
    if order.status in ORDER_ENDS and order.status != "completed":
        return void(was, at)
    minor = min(order.early_minor, order.releasable_of(was.payment_id)) if order.status in RELEASING else 0
    if not minor:
        return TABLE.change(was, "wait", at, event="waits_for_completion", **_NOT_KEPT)
    free = context.free_minor(minor)
    value = worth(order, order.released_minor, free, is_last=False)
    if free < minor and not value.amount_minor:
        return _keep_back(was, context, minor, at)
    return _instruct(
        was, order, value, free, (chart.HELD, order.id), at, also=(acquired.release(order, was.payment_id, free, at),)
    )


def rest(
    was: Settlement, context: Context, before_minor: int, minor: int, by: str, at: datetime, *, is_last: bool
) -> SettlementChange:
    """The order is completed, and an entry has released so much, after `before_minor`: with that, or with a dispute that was won later."""
    return _rest(replace(was, released_by=by, before_minor=before_minor, is_last=is_last), context, minor, at)


def _rest(was: Settlement, context: Context, minor: int, at: datetime) -> SettlementChange:
    """What is kept back of it becomes another settlement, where a part is paid."""
    order, free = context.order, context.free_minor(minor)
    value = worth(order, was.before_minor, free, is_last=was.is_last and free == minor)
    if free < minor and not value.amount_minor:
        return _keep_back(was, context, minor, at)
    also = (_kept_of(was, context, free, minor - free, at),) if free < minor else ()
    return _instruct(was, order, value, free, (chart.SETTLEMENTS_DUE, order.id), at, also=also)


def look(was: Settlement, context: Context, at: datetime) -> SettlementChange:
    """Its day has come, or that on which one that is kept back is looked at again."""
    return _rest(was, context, was.kept_minor, at) if was.released_by else early(was, context, at)


def begun_for_rest(was: Settlement, entry_id: str, now: datetime) -> SettlementChange:
    """The first version of one for what is left, like the one before it."""
    settlement = replace(_begun_like(was, id_of_rest(entry_id, was.payment_id), now), seq=1)
    return SettlementChange(state=settlement, event=Event("settlement.due", _facts(settlement)), at=now)


def void(was: Settlement, at: datetime) -> SettlementChange:
    """The order has ended, and nothing of it is the exporter's."""
    return TABLE.change(was, "void", at, to="void", **_NOT_KEPT)


def settled(was: Settlement, at: datetime) -> SettlementChange:
    return TABLE.change(was, "settle", at, to="settled", settled_at=at, reason="")


def failed(was: Settlement, reason: str, at: datetime) -> SettlementChange:
    """The acquirer could not pay it, or it came back: the instruction is tried again, or an officer's."""
    return TABLE.change(
        was, "fail", at, to="failed", settled_at=None, reason=reason[:200], payload={"reason": reason[:200]}
    )


def _begun_like(was: Settlement, settlement_id: str, now: datetime) -> Settlement:
    """For what is left of the same payment."""
    return Settlement(
        id=settlement_id,
        order_id=was.order_id,
        payment_id=was.payment_id,
        bank_id=was.bank_id,
        supplier_id=was.supplier_id,
        currency=was.currency,
        buyer_currency=was.buyer_currency,
        fee_currency=was.fee_currency,
        status="due",
        is_rest=True,
        version=1,
        policy=was.policy,
        created_at=now,
        updated_at=now,
    )


_NOT_KEPT: Final[dict[str, Any]] = {"due_at": None, "kept_minor": 0, "exposure": None, "reason": ""}


def _kept(context: Context, minor: int, at: datetime) -> dict[str, Any]:
    """So much waits for what is open, and is looked at again on the next business day."""
    assert context.freeze is not None, "nothing is kept back of what is not frozen"
    again = due_at(at, 1, context.freeze.calendar)
    return {"due_at": again, "kept_minor": minor, "exposure": context.freeze.exposure, "reason": FROZEN}


def _keep_back(was: Settlement, context: Context, minor: int, at: datetime) -> SettlementChange:
    payload = {"kept_minor": minor, "reason": FROZEN}
    return TABLE.change(was, "keep-back", at, event="kept_back", payload=payload, **_kept(context, minor, at))


def _kept_of(was: Settlement, context: Context, free: int, kept: int, at: datetime) -> Settlement:
    """The settlement of what is kept back where the part before it is paid."""
    return replace(
        _begun_like(was, ids.derived_id(PREFIX, was.id, "kept"), at),
        released_by=was.released_by,
        before_minor=was.before_minor + free,
        is_last=was.is_last,
        **_kept(context, kept, at),
    )


def _instruct(
    was: Settlement,
    order: Order,
    value: Worth,
    minor: int,
    source: tuple[str, str],
    at: datetime,
    **more: Any,
) -> SettlementChange:
    """What the fee takes all of moves nothing at the acquirer: it is settled at once."""
    payout = PaymentOrder(
        kind="payout",
        bank_id=was.bank_id,
        aggregate_id=was.id,
        currency=was.currency,
        amount_minor=value.amount_minor,
        party=was.supplier_id,
        purpose=PURPOSE,
    )
    status: Status = "instructed" if value.amount_minor else "settled"
    return TABLE.change(
        was,
        "instruct",
        at,
        to=status,
        settled_at=None if value.amount_minor else at,
        released_minor=minor,
        fee_minor=value.fee_minor,
        amount_minor=value.amount_minor,
        payload={"released_minor": minor, "fee_minor": value.fee_minor, "amount_minor": value.amount_minor},
        postings=_postings(was, order, value, minor, source),
        payment_orders=(payout,) if value.amount_minor else (),
        **_NOT_KEPT,
        **more,
    )


def _postings(was: Settlement, order: Order, value: Worth, minor: int, source: tuple[str, str]) -> tuple[Posting, ...]:
    """Through the exchange: each currency balances by itself."""
    exchange = (chart.FX_DIFFERENCE, was.bank_id)
    return (
        *transfer(minor, was.buyer_currency, debit_to=source, credit_to=exchange),
        *transfer(
            value.fee_minor,
            was.fee_currency,
            debit_to=exchange,
            credit_to=(chart.CHANNEL_FEES, _channel_of(order).channel_id),
        ),
        *transfer(value.amount_minor, was.currency, debit_to=exchange, credit_to=(chart.PAYOUTS_PAYABLE, was.id)),
    )


def _facts(settlement: Settlement) -> dict[str, Any]:
    return {**TABLE.payload(settlement, settlement), "from": ""}


def _channel_of(order: Order) -> ChannelTerms:
    assert order.channel is not None, f"{order.id} is no channel's"
    return order.channel


MACHINE: Final = StateMachine[Settlement, Context](
    table=TABLE,
    timers=(
        Timer(
            "settlement",
            _in("due"),
            lambda settlement, context: settlement.due_at,
            lambda settlement: "officer" if settlement.kept_minor else "acquirer",
            lambda settlement: "looked_at_again" if settlement.kept_minor else "instructed",
            look,
            funded=True,
        ),
    ),
)

"""Reports: what each entry of the journal adds to which figure, and how a figure is read. Pure.

A figure is kept by day and by group: a currency, an alert's rule and level, a kind of instruction. An entry counts on the Shanghai day on
which it took effect, however late it is told. A level is what came less what went, up to the end of a day or a month. How long a bank event
waited is known when it has ended, and counts on that day; whatever waits still is in `GET /v1/work`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from chalicelib.bank_events.rules import GapNotFilled
from chalicelib.banks.rules.inbox import BankEvent
from chalicelib.banks.rules.protocol import TargetUnknown
from chalicelib.banks.rules.suspense import ENDS
from chalicelib.ledger.rules.chart import DEPOSITS_FROZEN, DEPOSITS_HELD, LINE_GRANTED, SUSPENSE
from chalicelib.shared.access import ANY_DUTY
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date
from chalicelib.shared.texts import Text, say

Unit = Literal["count", "money", "days", "hours", "seconds"]
Adds = Callable[[Entry], Iterable[tuple[str, int]]]
"""What an entry adds to a figure: groups, each with a number."""


def _nothing(entry: Entry) -> Iterable[tuple[str, int]]:
    """Of a figure that is counted of something else than entries."""
    return ()


class Column(NamedTuple):
    """`per`: the figure is an average, of what is added over another column."""

    name: str
    unit: Unit
    formula: Text
    adds: Adds = _nothing
    is_level: bool = False
    per: str = ""


class Report(NamedTuple):
    """`group` says what its rows are told apart by beside the day; empty where by nothing."""

    name: str
    title: Text
    duties: tuple[str, ...]
    group: str
    columns: tuple[Column, ...]


class Fact(NamedTuple):
    """What an entry adds to a figure of a day."""

    report: str
    day: str
    column: str
    group: str
    number: int


def facts_of(entry: Entry) -> list[Fact]:
    """Everything that an entry adds to any report. Nothing for most."""
    day = business_date(entry.at).isoformat()
    return [
        Fact(report.name, day, column.name, group, number)
        for report in REPORTS.values()
        for column in report.columns
        for group, number in _summed(column.adds(entry)).items()
        if number
    ]


def facts_of_bank_event(event: BankEvent, suspense: timedelta) -> list[Fact]:
    """What the waits of a bank event that are over add. `suspense`: how long its money might lie there, by the policy of its time.

    The same however often it is asked after they are over: money that was given back stays so when its bank takes it back afterwards.
    """
    return [*_came_early(event), *_left_suspense(event, suspense)]


def _came_early(event: BankEvent) -> Iterator[Fact]:
    if event.number and event.status not in ("received", "parked"):
        until = event.suspended_at or event.since
        in_vain = event.reason in (GapNotFilled.code, TargetUnknown.code)
        numbers = {"waited": 1, "wait": _seconds(event.received_at, until), "in_vain": in_vain}
        yield from _facts("bank-events", until, event.bank_id, numbers)


def _left_suspense(event: BankEvent, suspense: timedelta) -> Iterator[Fact]:
    if event.movement and event.suspended_at and event.status in ENDS:
        lay = event.since - event.suspended_at
        numbers = {
            "items_cleared": 1,
            "time_in_suspense": _seconds(event.suspended_at, event.since),
            "overdue": lay >= suspense,
        }
        yield from _facts("money", event.since, event.movement.currency, numbers)


def _facts(report: str, at: datetime, group: str, numbers: Mapping[str, int]) -> Iterator[Fact]:
    day = business_date(at).isoformat()
    return (Fact(report, day, column, group, int(number)) for column, number in numbers.items() if number)


def _seconds(since: datetime, until: datetime) -> int:
    return (until - since) // timedelta(seconds=1)


def _summed(added: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for group, number in added:
        sums[group] += number
    return sums


def _one(entry: Entry) -> str:
    return ""


def _of_currency(entry: Entry) -> str:
    return str(entry.event.payload.get("currency", "CNY"))


def _of_rule(entry: Entry) -> str:
    payload = entry.event.payload
    return f"{payload['rule']}/{payload['level']}"


def _of_kind(entry: Entry) -> str:
    return str(entry.event.payload["kind"])


def _counts(*kinds: str, group: Callable[[Entry], str] = _one, if_: Mapping[str, Any] | None = None) -> Adds:
    """One for each entry of these kinds, where its facts are such."""
    wanted = (if_ or {}).items()

    def adds(entry: Entry) -> Iterator[tuple[str, int]]:
        if entry.event.kind in kinds and all(entry.event.payload.get(name) in values for name, values in wanted):
            yield group(entry), 1

    return adds


def _comes_to(of: str, status: str, group: Callable[[Entry], str] = _one) -> Adds:
    """One for each thing that comes to a status."""

    def adds(entry: Entry) -> Iterator[tuple[str, int]]:
        payload = entry.event.payload
        is_new = payload.get("to") == status != payload.get("from")
        if is_new and entry.event.kind.startswith(f"{of}."):
            yield group(entry), 1

    return adds


def _amount(*kinds: str) -> Adds:
    def adds(entry: Entry) -> Iterator[tuple[str, int]]:
        if entry.event.kind in kinds:
            yield _of_currency(entry), entry.event.payload["amount_minor"]

    return adds


def _booked(account: str, *more: str, came: bool = True, went: bool = True) -> Adds:
    """What entries book on accounts that stand on the credit side: what came in less what went out, or one of the two."""

    def adds(entry: Entry) -> Iterator[tuple[str, int]]:
        for posting in entry.event.postings:
            if posting.account in (account, *more):
                minor = posting.credit_minor * came - posting.debit_minor * went
                yield posting.currency, minor if went and came else abs(minor)

    return adds


def _days_to_decide(entry: Entry) -> Iterator[tuple[str, int]]:
    if entry.event.kind == "claim.determined" and (days := entry.event.payload.get("days")) is not None:
        yield "", days


_ORDERS: Final = Report(
    "orders",
    say("Orders"),
    ANY_DUTY,
    "",
    (
        Column("proposed", "count", say("orders proposed or placed"), _counts("order.proposed", "order.placed")),
        Column("agreed", "count", say("orders on whose terms both sides agreed"), _comes_to("order", "agreed")),
        Column("funded", "count", say("orders fully paid"), _comes_to("order", "funded")),
        Column("shipped", "count", say("orders whose first shipment left"), _comes_to("order", "shipped")),
        Column("completed", "count", say("orders completed"), _comes_to("order", "completed")),
        Column("cancelled", "count", say("orders cancelled"), _comes_to("order", "cancelled")),
        Column("expired", "count", say("orders that nobody agreed to or paid in time"), _comes_to("order", "expired")),
    ),
)
_CLAIMS: Final = Report(
    "claims",
    say("Claims"),
    ANY_DUTY,
    "",
    (
        Column("filed", "count", say("claims filed"), _counts("claim.filed")),
        Column("escalated", "count", say("claims brought before an officer"), _comes_to("claim", "escalated")),
        Column("determined", "count", say("claims an officer or the rules decided"), _counts("claim.determined")),
        Column(
            "won",
            "count",
            say("decisions that gave the buyer something"),
            _counts("claim.determined", if_={"outcome": ("full", "partial", "return")}),
        ),
        Column(
            "lost",
            "count",
            say("decisions that gave the buyer nothing"),
            _counts("claim.determined", if_={"outcome": ("none",)}),
        ),
        Column("paid", "count", say("claims whose refund has arrived"), _comes_to("claim", "paid")),
        Column("withdrawn", "count", say("claims withdrawn"), _comes_to("claim", "withdrawn")),
        Column(
            "days_to_decide",
            "days",
            say("whole days from filing to decision, added up and divided by the claims determined"),
            _days_to_decide,
            per="determined",
        ),
    ),
)
_DEPOSITS: Final = Report(
    "deposits",
    say("Seller deposits"),
    ANY_DUTY,
    "currency",
    (
        Column("paid", "money", say("paid into deposits"), _amount("deposit.paid")),
        Column("released", "money", say("given back to sellers"), _amount("deposit.released")),
        Column(
            "deducted",
            "money",
            say("taken from deposits for cases and claims"),
            _amount("deposit.deducted", "deposit.deducted_for_claim"),
        ),
        Column(
            "held",
            "money",
            say("held at the end: credits less debits of the accounts deposits_held and deposits_frozen"),
            _booked(DEPOSITS_HELD, DEPOSITS_FROZEN),
            is_level=True,
        ),
        Column(
            "became_overdue", "count", say("steps of dunning reached"), _counts("deposit.overdue", group=_of_currency)
        ),
    ),
)
_MONEY: Final = Report(
    "money",
    say("Money in suspense"),
    ("payments",),
    "currency",
    (
        Column("suspended", "money", say("credits of the account suspense"), _booked(SUSPENSE, went=False)),
        Column("cleared", "money", say("debits of the account suspense"), _booked(SUSPENSE, came=False)),
        Column(
            "in_suspense",
            "money",
            say("credits less debits of the account suspense, up to the end"),
            _booked(SUSPENSE),
            is_level=True,
        ),
        Column("items_cleared", "count", say("items whose money has all left suspense")),
        Column(
            "time_in_suspense",
            "hours",
            say("time from suspense to the end of an item, added up and divided by the items cleared"),
            per="items_cleared",
        ),
        Column(
            "overdue",
            "count",
            say("items cleared that had lain in suspense for as long as the policy allows, or longer"),
        ),
    ),
)
_BANK_EVENTS: Final = Report(
    "bank-events",
    say("Bank events that came too early"),
    ANY_DUTY,
    "bank",
    (
        Column(
            "waited",
            "count",
            say("events that waited for an earlier one, or for what they are about, and wait no longer"),
        ),
        Column(
            "wait",
            "hours",
            say("time from arrival to the end of the wait, added up and divided by the events that waited"),
            per="waited",
        ),
        Column(
            "in_vain",
            "count",
            say("events among them that waited in vain: they were refused, or their money went to suspense"),
        ),
    ),
)
_CREDIT: Final = Report(
    "credit",
    say("Credit lines and loans"),
    ("risk",),
    "currency",
    (
        Column(
            "lines_activated",
            "count",
            say("credit lines that banks activated"),
            _counts("line.activated", group=_of_currency),
        ),
        Column("granted", "money", say("credits of the account line_granted"), _booked(LINE_GRANTED, went=False)),
        Column(
            "limits",
            "money",
            say("credits less debits of the account line_granted, up to the end"),
            _booked(LINE_GRANTED),
            True,
        ),
        Column(
            "lines_frozen",
            "count",
            say("credit lines that were frozen"),
            _comes_to("line", "frozen", _of_currency),
        ),
        Column("requested", "count", say("draws asked for"), _counts("loan.draw_requested", group=_of_currency)),
        Column("disbursed", "count", say("loans disbursed"), _counts("loan.draw_disbursed", group=_of_currency)),
        Column("drawn", "money", say("principal disbursed"), _amount("loan.draw_disbursed")),
        Column(
            "in_arrears", "count", say("loans that fell into arrears"), _comes_to("loan", "in_arrears", _of_currency)
        ),
        Column(
            "defaulted",
            "count",
            say("loans that banks declared in default"),
            _comes_to("loan", "defaulted", _of_currency),
        ),
        Column("repaid", "count", say("loans repaid"), _comes_to("loan", "repaid", _of_currency)),
        Column("written_off", "count", say("loans written off"), _comes_to("loan", "written_off", _of_currency)),
    ),
)
_ALERTS: Final = Report(
    "alerts",
    say("Alerts"),
    ("risk",),
    "rule and level",
    (
        Column("raised", "count", say("alerts raised"), _counts("alert.raised", group=_of_rule)),
        Column(
            "resolved",
            "count",
            say("alerts that a person dealt with, or that ended"),
            _comes_to("alert", "resolved", _of_rule),
        ),
        Column(
            "false_alarms",
            "count",
            say("alerts that a person called a false alarm"),
            _counts("alert.resolved", group=_of_rule, if_={"outcome": ("false_alarm",)}),
        ),
        Column(
            "escalated", "count", say("alerts brought before a supervisor"), _comes_to("alert", "escalated", _of_rule)
        ),
    ),
)
_BANKS: Final = Report(
    "banks",
    say("Instructions to banks"),
    ("payments",),
    "kind of instruction",
    (
        Column("created", "count", say("instructions given"), _counts("instruction.created", group=_of_kind)),
        Column(
            "settled",
            "count",
            say("instructions that banks carried out"),
            _counts("instruction.settled", group=_of_kind),
        ),
        Column("failed", "count", say("attempts that banks refused"), _counts("instruction.failed", group=_of_kind)),
        Column(
            "unknown",
            "count",
            say("attempts whose outcome a bank did not say"),
            _counts("instruction.unknown", group=_of_kind),
        ),
        Column(
            "manual", "count", say("instructions left to an officer"), _counts("instruction.manual", group=_of_kind)
        ),
    ),
)
_WEBHOOKS: Final = Report(
    "webhooks",
    say("Deliveries of webhooks"),
    ("admin",),
    "family of events",
    (
        Column("attempts", "count", say("attempts to send a message")),
        Column("delivered", "count", say("messages that receivers took, before any replay")),
        Column("delivered_again", "count", say("messages that receivers took after a replay")),
        Column("failed", "count", say("attempts that receivers did not take")),
        Column("given_up", "count", say("messages that are not sent any more, and were not delivered")),
        Column(
            "time_to_deliver",
            "seconds",
            say("time from the event until its message was taken, added up and divided by the messages delivered"),
            per="delivered",
        ),
    ),
)
REPORTS: Final = {
    each.name: each for each in (_ORDERS, _CLAIMS, _DEPOSITS, _MONEY, _CREDIT, _ALERTS, _BANKS, _BANK_EVENTS, _WEBHOOKS)
}
"""Every report that counters are kept for."""

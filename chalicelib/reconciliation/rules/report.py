"""An acquirer's account of a day, currency by currency, and how it is compared with ours: to the minor unit. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final

import msgspec

from chalicelib.banks.rules.protocol import BankMessage, InboundType, MinorOrNone
from chalicelib.banks.rules.references import BankRef
from chalicelib.ledger.rules.chart import BANK_CLEARING
from chalicelib.reconciliation.rules.item import Difference
from chalicelib.reconciliation.rules.snapshot import TABLE, BankBooks, name_of
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.money import MOST_MINOR
from chalicelib.shared.ranges import PastDay
from chalicelib.shared.state_machine import Change
from chalicelib.shared.texts import say

RECEIVED: Final = "bank_books.report_received"
Balance = Annotated[int, msgspec.Meta(gt=-MOST_MINOR, lt=MOST_MINOR)]


class Total(msgspec.Struct, frozen=True, kw_only=True):
    """One currency of a day, in minor units: what came in for us, what went out, and what the acquirer then holds for us; below zero it is owed.
    What it keeps of captures for itself went out."""

    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]
    received: MinorOrNone
    paid: MinorOrNone
    balance: Balance


class DailyReport(BankMessage, frozen=True, kw_only=True):
    """`data` of `report.daily`: all currencies of the Shanghai day `as_of`, each once."""

    acquirer_id: BankRef
    as_of: PastDay
    totals: Annotated[list[Total], msgspec.Meta(max_length=50)]


REPORT: Final = InboundType("report.daily", DailyReport, "bank_books", lambda event: name_of(event.acquirer_id))


class CurrencyTwice(RuleViolation):
    code = "report_currency_twice"
    title = "A report names each currency once."
    fix = "Send the report again, with one total for each currency."


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What our books say of a currency and a day."""

    received: int = 0
    paid: int = 0
    balance: int = 0


def receive(was: BankBooks, context: tuple[()], event: DailyReport, bank_id: str, now: datetime) -> Change[BankBooks]:
    """It is compared by what follows its entry."""
    currencies = [total.currency for total in event.totals]
    if len({*currencies}) < len(currencies):
        raise CurrencyTwice(say("A currency stands in it twice."), param="data.totals")
    return TABLE.change(
        was,
        "receive",
        now,
        event="report_received",
        currencies=tuple(currencies),
        payload={
            "as_of": event.as_of,
            "totals": msgspec.to_builtins(event.totals),
            "before": [currency for currency in was.currencies if currency not in currencies],
        },
    )


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A report as its entry tells of it. `before`: currencies that the report before had, and this one has not."""

    bank_id: str
    as_of: date
    totals: tuple[Total, ...]
    before: tuple[str, ...] = ()

    @classmethod
    def of(cls, payload: dict[str, Any]) -> Report:
        return msgspec.convert(payload, cls)

    def differences(self, ours: Mapping[str, Figures]) -> Iterator[tuple[str, list[Difference]]]:
        """By currency, of all that either side has: what is not the same."""
        theirs = {total.currency: total for total in self.totals}
        for currency in sorted({*theirs, *ours, *self.before}):
            here = ours.get(currency, Figures())
            there = theirs.get(currency) or Total(currency=currency, received=0, paid=0, balance=0)
            yield (
                currency,
                [
                    Difference(of=of, ours=mine, theirs=yours)
                    for of, mine, yours in (
                        ("received", here.received, there.received),
                        ("paid", here.paid, there.paid),
                        ("balance", here.balance, there.balance),
                    )
                    if mine != yours
                ],
            )


def account_of(bank_id: str, currency: str) -> str:
    """What an item is about: our clearing account at the acquirer, in one currency."""
    return f"{BANK_CLEARING}:{bank_id}:{currency}"

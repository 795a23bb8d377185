"""The daily close: what the journal adds up to against what the books say. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated

import msgspec

from chalicelib.ledger.rules.accounts import Turnover, balance_minor
from chalicelib.ledger.rules.chain import Findings
from chalicelib.shared.bounds import most
from chalicelib.shared.periods import month_of, months_before


class Difference(msgspec.Struct, frozen=True):
    """An account code whose totals in the books are not what the journal adds up to."""

    code: str
    currency: str
    journal: Turnover
    books: Turnover


class Unitemised(msgspec.Struct, frozen=True):
    """An account every unit of which belongs to an item, and whose items do not add up to it."""

    code: str
    currency: str
    account_minor: int
    items_minor: int


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """The books of a business date, as found at `as_of`."""

    on: date
    as_of: datetime
    findings: Findings
    differences: tuple[Difference, ...] = ()
    unitemised: Annotated[tuple[Unitemised, ...], most(200, why="each suspense account once in each currency")] = ()

    @property
    def ok(self) -> bool:
        return self.findings.ok and not self.differences and not self.unitemised


def carried_until(on: date) -> str:
    """The last month that the close of a business date carries: the one before it has a whole month for what comes late."""
    return month_of(months_before(on.replace(day=1), 2))


class Lag(msgspec.Struct, frozen=True):
    """How long after it was written the newest entry of a batch was booked."""

    milliseconds: int
    measured_at: datetime


def closing(on: date, as_of: datetime, parts: Iterable[Findings], books: Mapping[tuple[str, str], Turnover]) -> Closing:
    """The close of a business date from the findings of its parts and the totals of the books, by (code, currency)."""
    findings = Findings(until=on)
    for part in parts:
        findings.join(part)
    return Closing(on=on, as_of=as_of, findings=findings, differences=tuple(_differences(findings.sums, books)))


def unitemised(code: str, findings: Findings, items: Mapping[str, int]) -> tuple[Unitemised, ...]:
    """Where the journal's balance of an account is not what its items come to, by currency."""
    account = {
        key.rpartition("#")[2]: balance_minor(code, total)
        for key, total in findings.sums.items()
        if key.rpartition("#")[0] == code
    }
    return tuple(
        Unitemised(code, currency, account.get(currency, 0), items.get(currency, 0))
        for currency in sorted(account.keys() | items.keys())
        if account.get(currency, 0) != items.get(currency, 0)
    )


def _differences(sums: Mapping[str, Turnover], books: Mapping[tuple[str, str], Turnover]) -> Iterable[Difference]:
    journal = {(key.rpartition("#")[0], key.rpartition("#")[2]): total for key, total in sums.items()}
    for code, currency in sorted(books.keys() | journal.keys()):
        ours, theirs = journal.get((code, currency), Turnover()), books.get((code, currency), Turnover())
        if ours != theirs:
            yield Difference(code, currency, ours, theirs)

"""What clients send and see of the books."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from chalicelib.ledger.rules.accounts import Turnover, balance_minor
from chalicelib.ledger.rules.chain import Findings
from chalicelib.ledger.rules.chart import CHART
from chalicelib.ledger.rules.close import Closing, Difference, Lag
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Paging
from chalicelib.shared.quarantine import Quarantine
from chalicelib.shared.ranges import BookDay
from chalicelib.shared.text import prose
from chalicelib.shared.views import view_of


class StatementQuery(Paging, frozen=True, kw_only=True, rename={"since": "from", "until": "to"}):
    """The business dates (Asia/Shanghai) of a statement, both included; without them all up to today."""

    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")] | None = None
    """Only lines in this currency."""
    since: BookDay | None = None
    until: BookDay | None = None


class LineView(msgspec.Struct, frozen=True, kw_only=True):
    """One posting, or, on the statement of a whole code, one day. `balance` is the account's after it."""

    at: datetime
    event: str
    aggregate_id: str | None
    seq: int | None
    entry_id: str | None
    debit: Money
    credit: Money
    balance: Money


class StatementView(msgspec.Struct, frozen=True, kw_only=True, rename={"since": "from", "until": "to"}):
    """An account between two business dates: what it stood at, what was booked, what it stands at. Balances are on its normal side."""

    account: str
    kind: str
    normal: str
    holds: str
    currency: str
    since: date | None
    until: date
    opening: Money
    closing: Money
    debit: Money
    credit: Money
    items: list[LineView]
    next_cursor: str | None


class TrialBalanceQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    on: BookDay | None = None
    """A business date (Asia/Shanghai); everything up to its end counts. Today where it is left out."""


class AccountTotalView(msgspec.Struct, frozen=True, kw_only=True):
    account: str
    kind: str
    normal: str
    currency: str
    debit: Money
    credit: Money
    balance: Money


class CurrencyTotalView(msgspec.Struct, frozen=True, kw_only=True):
    currency: str
    debit: Money
    credit: Money


class TrialBalanceView(msgspec.Struct, frozen=True, kw_only=True):
    """Debits and credits of every account code.

    Promises (memorandum accounts) and the mirror of what banks have lent stand apart from money; each balances on its own.
    """

    on: date
    balanced: bool
    accounts: list[AccountTotalView]
    totals: list[CurrencyTotalView]
    memorandum: list[AccountTotalView]
    memorandum_totals: list[CurrencyTotalView]
    mirror: list[AccountTotalView]
    mirror_totals: list[CurrencyTotalView]


class VerificationQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    aggregate_id: Annotated[str, msgspec.Meta(min_length=1, max_length=128)] | None = None
    """One chain: the id of an order, a member, a claim. Without it the whole journal is gone through."""
    cursor: Annotated[str, msgspec.Meta(max_length=6000)] = ""
    """`next_cursor` of the part before."""


class BadEntryView(msgspec.Struct, frozen=True, kw_only=True):
    aggregate_id: str
    seq: int
    entry_id: str
    why: str


class QuarantineView(msgspec.Struct, frozen=True, kw_only=True):
    """A mark on a thing whose chain was found broken: while it is `marked`, every write to the thing is refused."""

    aggregate_id: str
    status: Literal["marked", "lifted"]
    seq: int
    entry_id: str
    why: str
    quarantined_at: datetime
    lifted_at: datetime | None
    reason: str | None


class LiftRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`reason`: what was wrong, and how it was repaired."""

    reason: Annotated[str, prose(500, least=1)]
    """Why, in words that those concerned read."""


class DifferenceView(msgspec.Struct, frozen=True, kw_only=True):
    """An account whose projected totals are not what the journal adds up to."""

    account: str
    currency: str
    journal_debit: Money
    journal_credit: Money
    books_debit: Money
    books_credit: Money


class UnitemisedView(msgspec.Struct, frozen=True, kw_only=True):
    """An account every unit of which belongs to an item, and what its items come to in truth."""

    account: str
    currency: str
    balance: Money
    items: Money


class CloseView(msgspec.Struct, frozen=True, kw_only=True):
    """What the last finished daily close found: every chain, and the journal's sums against the books', up to a business date."""

    on: date
    as_of: datetime
    ok: bool
    entries: int
    chains: int
    bad: int
    first_bad: BadEntryView | None
    unbooked: int
    differences: list[DifferenceView]
    unitemised: list[UnitemisedView]


class ProjectionView(msgspec.Struct, frozen=True, kw_only=True):
    """How far the books follow the journal: the lag of the last batch of entries they took in."""

    lag_ms: int
    measured_at: datetime


class VerificationView(msgspec.Struct, frozen=True, kw_only=True):
    """What has been gone through since the first page: go on with `next_cursor` until `complete`.

    `quarantine` is that of the one thing asked about. `unbooked` are entries the books do not have yet. `sums` are of all postings of the journal, by currency, and stand only where `complete`.
    """

    as_of: datetime
    aggregate_id: str | None
    ok: bool
    complete: bool
    entries: int
    chains: int
    bad: int
    first_bad: BadEntryView | None
    quarantine: QuarantineView | None
    unbooked: int
    sums: list[CurrencyTotalView]
    next_cursor: str | None
    last_close: CloseView | None
    projection: ProjectionView | None


def totals_view(totals: Mapping[tuple[str, str], Turnover]) -> list[AccountTotalView]:
    return [
        view_of(
            AccountTotalView,
            turnover,
            currency,
            account=code,
            kind=CHART[code].kind,
            normal=CHART[code].normal,
            currency=currency,
            balance=Money.of(balance_minor(code, turnover), currency),
        )
        for (code, currency), turnover in totals.items()
    ]


def sums_view(sums: dict[str, Turnover]) -> list[CurrencyTotalView]:
    return [view_of(CurrencyTotalView, total, currency, currency=currency) for currency, total in sorted(sums.items())]


def verification_view(
    *,
    as_of: datetime,
    aggregate_id: str | None,
    complete: bool,
    findings: Findings,
    mark: QuarantineView | None,
    next_cursor: str | None,
    last_close: Closing | None,
    lag: Lag | None,
) -> VerificationView:
    return view_of(
        VerificationView,
        findings,
        as_of=as_of,
        aggregate_id=aggregate_id,
        complete=complete,
        quarantine=mark,
        sums=sums_view(findings.by_currency()) if complete and aggregate_id is None else [],
        next_cursor=next_cursor,
        last_close=_close_view(last_close) if last_close else None,
        projection=ProjectionView(lag_ms=lag.milliseconds, measured_at=lag.measured_at) if lag else None,
    )


def quarantine_view(
    mark: Quarantine, *, lifted_at: datetime | None = None, reason: str | None = None
) -> QuarantineView:
    status = "lifted" if lifted_at else "marked"
    return view_of(QuarantineView, mark, status=status, lifted_at=lifted_at, reason=reason)


def _close_view(closing: Closing) -> CloseView:
    findings = closing.findings
    return view_of(
        CloseView,
        closing,
        entries=findings.entries,
        chains=findings.chains,
        bad=findings.bad,
        first_bad=view_of(BadEntryView, findings.first_bad) if findings.first_bad else None,
        unbooked=findings.unbooked,
        differences=[_difference_view(difference) for difference in closing.differences],
        unitemised=[
            view_of(
                UnitemisedView,
                off,
                account=off.code,
                balance=Money.of(off.account_minor, off.currency),
            )
            for off in closing.unitemised
        ],
    )


def _difference_view(difference: Difference) -> DifferenceView:
    currency = difference.currency
    return DifferenceView(
        account=difference.code,
        currency=currency,
        journal_debit=Money.of(difference.journal.debit_minor, currency),
        journal_credit=Money.of(difference.journal.credit_minor, currency),
        books_debit=Money.of(difference.books.debit_minor, currency),
        books_credit=Money.of(difference.books.credit_minor, currency),
    )

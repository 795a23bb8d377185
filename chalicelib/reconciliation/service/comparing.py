"""What entries of the journal say of differences: pages of banks' snapshots, what banks report of loans, what they contradict themselves in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import takewhile
from typing import Any, Final

from chalicelib.banks.rules.protocol import REFUSED, ToldOtherwise
from chalicelib.ledger.rules.chart import BANK_CLEARING
from chalicelib.ledger.service import statements
from chalicelib.loans.aggregate import LOANS
from chalicelib.loans.rules.loan import Context as LoanContext
from chalicelib.loans.rules.loan import Loan
from chalicelib.loans.rules.position import position_on
from chalicelib.loans.service import reading as loans_reading
from chalicelib.reconciliation import records
from chalicelib.reconciliation.rules import report, snapshot
from chalicelib.reconciliation.rules.item import Difference, Policy, name_of
from chalicelib.reconciliation.rules.report import Figures, Report
from chalicelib.reconciliation.rules.snapshot import Balance, Page
from chalicelib.reconciliation.service import items
from chalicelib.shared import policies
from chalicelib.shared.aggregates import Loaded
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import CLOCK, RequestContext

SNAPSHOT: Final = "bank_books.snapshot_received"
BANK_EVENT_REFUSED: Final = "bank_event.refused"


def follow(entry: Entry, now: datetime) -> None:
    """Open, amend or resolve the items that an entry is about. Once, however often it is called."""
    payload = entry.event.payload
    if entry.event.kind == SNAPSHOT:
        _compare(Page.of(payload), entry, now)
    elif entry.event.kind == report.RECEIVED:
        _compare_report(Report.of(payload), entry, now)
    elif _is_contradiction(entry):
        target = payload.get("aggregate_id") or entry.aggregate_id
        _differs(payload["bank_id"], target, "", [_contradiction(payload)], entry, now)
    elif reported := payload.get("differences") if entry.event.kind.startswith("loan.") else None:
        differences = [_reported(each) for each in reported]
        _differs(payload["bank_id"], entry.aggregate_id, payload["currency"], differences, entry, now)


def _compare(page: Page, entry: Entry, now: datetime) -> None:
    """Each loan on a page, and each of ours that would stand on it."""
    theirs = snapshot.by_loan(page.loans)
    loans = LOANS.load_many(sorted({*theirs, *_ours_on(page)}), now)
    known = records.ITEMS.load_all(name_of(page.bank_id, loan_id) for loan_id in {*theirs, *loans})
    tolerance = policies.in_force("reconciliation", business_date(now)).read_as(Policy).tolerance_minor
    for loan_id in sorted({*theirs, *loans}):
        ours = _balance(loans.get(loan_id), page)
        differences = snapshot.differences(theirs.get(loan_id), ours, tolerance)
        if differences or (differences is not None and name_of(page.bank_id, loan_id) in known):
            _differs(page.bank_id, loan_id, page.currency, differences, entry, now, as_of=page.as_of, of_all=True)


def _compare_report(day_report: Report, entry: Entry, now: datetime) -> None:
    """Each currency that an acquirer or our books have of a day: an item for what is not the same."""
    ours = {
        currency: Figures(
            received=day.debit_minor, paid=day.credit_minor, balance=in_all.debit_minor - in_all.credit_minor
        )
        for currency, (day, in_all) in statements.turnovers_on(
            BANK_CLEARING, day_report.bank_id, day_report.as_of
        ).items()
    }
    for currency, differences in day_report.differences(ours):
        account = report.account_of(day_report.bank_id, currency)
        if differences or records.ITEMS.load(name_of(day_report.bank_id, account)):
            _differs(
                day_report.bank_id, account, currency, differences, entry, now, as_of=day_report.as_of, of_all=True
            )


def _ours_on(page: Page) -> Iterator[str]:
    ids = loans_reading.ids_of_bank(page.bank_id, page.after or None)
    return takewhile(page.holds, ids)


def _balance(loaded: Loaded[Loan, LoanContext] | None, page: Page) -> Balance | None:
    """What we hold of a loan of that bank as of the day of the snapshot; None where it was not lent by then."""
    if loaded is None or loaded.state.bank_id != page.bank_id:
        return None
    loan = loaded.state
    if loan.value_on is None or loan.value_on > page.as_of:
        return None
    position = position_on(loan, loaded.context.product, page.as_of)
    return Balance(
        principal=position.principal_minor,
        interest=position.interest_minor,
        penalty=position.penalty_minor,
        dpd=position.dpd,
        last_seq=loan.bank_seq,
    )


def _is_contradiction(entry: Entry) -> bool:
    """A bank told of one happening in two ways: by its number an entry of the aggregate, out of its turn one of the event."""
    kind = entry.event.kind
    refused = kind == BANK_EVENT_REFUSED or kind.endswith(f".{REFUSED}")
    return refused and entry.event.payload["reason"] == ToldOtherwise.code


def _contradiction(payload: dict[str, Any]) -> Difference:
    return Difference(of=f"event {payload['type']}"[:60], detail=payload["detail"][:200])


def _reported(data: dict[str, Any]) -> Difference:
    """What a loan's entry tells of a difference."""
    ours, theirs = (data.get(side, data.get(f"{side}_minor")) for side in ("ours", "theirs"))
    return Difference(of=data["of"], ours=ours, theirs=theirs, detail=data.get("detail", ""))


def _differs(
    bank_id: str,
    aggregate_id: str,
    currency: str,
    differences: list[Difference],
    entry: Entry,
    now: datetime,
    *,
    as_of: date | None = None,
    of_all: bool = False,
) -> None:
    request = RequestContext(caller=CLOCK, now=now, request_id=entry.entry_id).derived(
        "reconciliation", f"{entry.entry_id}:{aggregate_id}", "compared"
    )
    on = as_of or business_date(entry.at)
    items.compared(bank_id, aggregate_id, currency, differences, on, request, of_all=of_all)

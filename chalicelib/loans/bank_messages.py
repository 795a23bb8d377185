"""What banks tell of loans, and what they hear of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

from chalicelib.banks.rules.protocol import InboundType
from chalicelib.banks.service.messages import Inbound, Outbound
from chalicelib.loans.aggregate import LOANS
from chalicelib.loans.rules import receiving, schedule_changes, servicing
from chalicelib.loans.rules.events import (
    AboutLoan,
    Charged,
    DefaultDeclared,
    Disbursed,
    Hardship,
    Overdue,
    RecoveryReceived,
    RepaymentReceived,
    RepaymentReversed,
    ScheduleChanged,
    WrittenOff,
)
from chalicelib.loans.rules.loan import Context, Loan
from chalicelib.loans.rules.transitions import LoanChange
from chalicelib.shared.journal import Entry

F = TypeVar("F", bound=AboutLoan)


def _of_loan(
    name: str, form: type[F], decide: Callable[[Loan, Context, F, str, datetime], LoanChange | None]
) -> Inbound[Loan, Context, F]:
    return Inbound(type=InboundType(name, form, "loan", lambda event: event.loan_id), aggregate=LOANS, decide=decide)


INBOUND: Final[tuple[Inbound[Loan, Context, Any], ...]] = (
    _of_loan("draw.disbursed", Disbursed, servicing.disburse),
    _of_loan("schedule.changed", ScheduleChanged, schedule_changes.change_schedule),
    _of_loan("repayment.received", RepaymentReceived, receiving.receive_repayment),
    _of_loan("repayment.reversed", RepaymentReversed, receiving.reverse_repayment),
    _of_loan("interest.charged", Charged, receiving.charge_interest),
    _of_loan("penalty.charged", Charged, receiving.charge_penalty),
    _of_loan("loan.overdue", Overdue, servicing.report_overdue),
    _of_loan("loan.cured", AboutLoan, servicing.report_cured),
    _of_loan("hardship.granted", Hardship, servicing.grant_hardship),
    _of_loan("hardship.ended", Hardship, servicing.end_hardship),
    _of_loan("default.declared", DefaultDeclared, servicing.declare_default),
    _of_loan("default.revoked", AboutLoan, servicing.revoke_default),
    _of_loan("recovery.received", RecoveryReceived, receiving.receive_recovery),
    _of_loan("loan.written_off", WrittenOff, servicing.write_off),
    _of_loan("loan.closed", AboutLoan, servicing.close),
)


def _about(*names: str) -> Callable[[Entry], Mapping[str, Any]]:
    return lambda entry: {
        "loan_id": entry.aggregate_id,
        "line_id": entry.event.payload["line_id"],
        **{name: entry.event.payload[name] for name in names},
    }


OUTBOUND: Final = (
    Outbound(name="hardship.requested", kind="loan.hardship_requested", data=_about("from_on", "to_on")),
    Outbound(name="restructuring.signed", kind="loan.restructuring_signed", data=_about("restructuring_id", "hash")),
)

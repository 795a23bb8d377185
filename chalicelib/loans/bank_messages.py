"""What banks tell of loans, and what they hear of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from chalicelib.banks.rules.protocol import InboundType
from chalicelib.banks.service.messages import Inbound, Outbound
from chalicelib.credit.aggregate.lines import LINES
from chalicelib.credit.rules.line import Line
from chalicelib.credit.rules.line_transitions import LineChange
from chalicelib.credit.rules.procedure import Context as LineContext
from chalicelib.loans.aggregate import LOANS, policy_at
from chalicelib.loans.rules import calls, cards, draws, events, receiving, schedule_changes, servicing
from chalicelib.loans.rules.loan import Context, Loan
from chalicelib.loans.rules.transitions import LoanChange
from chalicelib.shared.journal import Entry

F = TypeVar("F", bound=events.AboutLoan)
D = TypeVar("D", bound=events.AboutDraw)


def _of_loan(
    name: str, form: type[F], decide: Callable[[Loan, Context, F, str, datetime], LoanChange | None]
) -> Inbound[Loan, Context, F]:
    return Inbound(type=InboundType(name, form, "loan", lambda event: event.loan_id), aggregate=LOANS, decide=decide)


def _of_draw(
    name: str, form: type[D], decide: Callable[[Loan, Context, D, str, datetime], LoanChange | None]
) -> Inbound[Loan, Context, D]:
    return Inbound(type=InboundType(name, form, "loan", lambda event: event.draw_id), aggregate=LOANS, decide=decide)


def _charge(was: Line, context: LineContext, event: events.CardCharged, bank_id: str, now: datetime) -> LineChange:
    """A payment by card is a loan of the day on which the bank tells of it."""
    return cards.charge(was, context, event, policy_at(now), now)


INBOUND: Final[tuple[Inbound[Any, Any, Any], ...]] = (
    _of_draw("draw.approved", events.AboutDraw, draws.approve),
    _of_draw("draw.failed", events.DrawFailed, draws.fail),
    Inbound(
        type=InboundType("card.charged", events.CardCharged, "line", lambda event: event.line_id),
        aggregate=LINES,
        decide=_charge,
    ),
    _of_loan("draw.disbursed", events.Disbursed, servicing.disburse),
    _of_loan("schedule.changed", events.ScheduleChanged, schedule_changes.change_schedule),
    _of_loan("repayment.received", events.RepaymentReceived, receiving.receive_repayment),
    _of_loan("repayment.reversed", events.RepaymentReversed, receiving.reverse_repayment),
    _of_loan("interest.charged", events.Charged, receiving.charge_interest),
    _of_loan("penalty.charged", events.Charged, receiving.charge_penalty),
    _of_loan("loan.overdue", events.Overdue, servicing.report_overdue),
    _of_loan("loan.cured", events.AboutLoan, servicing.report_cured),
    _of_loan("hardship.granted", events.Hardship, servicing.grant_hardship),
    _of_loan("hardship.ended", events.Hardship, servicing.end_hardship),
    _of_loan("default.declared", events.DefaultDeclared, servicing.declare_default),
    _of_loan("default.revoked", events.AboutLoan, servicing.revoke_default),
    _of_loan("call.requested", events.CallRequested, calls.request),
    _of_loan("call.confirmed", events.AboutCall, calls.confirm),
    _of_loan("call.withdrawn", events.AboutCall, calls.withdraw),
    _of_loan("recovery.received", events.RecoveryReceived, receiving.receive_recovery),
    _of_loan("loan.written_off", events.WrittenOff, servicing.write_off),
    _of_loan("loan.closed", events.AboutLoan, servicing.close),
)


def _about(*names: str, where_known: Sequence[str] = ()) -> Callable[[Entry], Mapping[str, Any]]:
    """The loan, its line, and these facts of the entry; those `where_known` only where it has them."""
    return lambda entry: {
        "loan_id": entry.aggregate_id,
        "line_id": entry.event.payload["line_id"],
        **{name: entry.event.payload[name] for name in names},
        **{name: entry.event.payload[name] for name in where_known if name in entry.event.payload},
    }


def _restructuring(*names: str) -> Callable[[Entry], Mapping[str, Any]]:
    """What is proposed; where it is heavier also for how much which guarantors would not answer, before the bank decides."""
    return _about("restructuring_id", "hash", *names, where_known=("heavier_minor", "unbound_seats"))


def _of_receivable(entry: Entry) -> Mapping[str, Any]:
    """What an order has paid, and goes to the bank for the loan that is drawn against it."""
    payload = entry.event.payload
    names = ("loan_id", "currency", "amount_minor", "released_minor")
    return {"receivable_id": entry.aggregate_id, **{name: payload[name] for name in names}}


OUTBOUND: Final = (
    Outbound(
        name="draw.requested",
        kind="loan.draw_requested",
        data=_about(
            "product_id",
            "currency",
            "amount_minor",
            "months",
            "method",
            "receivables",
            where_known=("group_id", "seat", "repayment_days"),
        ),
    ),
    Outbound(name="draw.cancelled", kind="loan.draw_cancelled", data=_about("reason")),
    Outbound(name="draw.lapsed", kind="loan.draw_lapsed", data=_about("reason")),
    Outbound(
        name="card.drawn", kind="loan.drawn_by_card", data=_about("bank_ref", "currency", "amount_minor", "due_on")
    ),
    Outbound(name="receivable.paid_out", kind="receivable.paid_out", data=_of_receivable),
    Outbound(
        name="guarantee.period_ending",
        kind="loan.guarantee_period_ending",
        data=_about("group_id", "guaranteed_until", "days"),
    ),
    Outbound(name="hardship.requested", kind="loan.hardship_requested", data=_about("from_on", "to_on")),
    Outbound(
        name="restructuring.proposed",
        kind="loan.restructuring_proposed",
        data=_restructuring("schedule"),
    ),
    Outbound(name="restructuring.signed", kind="loan.restructuring_signed", data=_restructuring()),
    Outbound(
        name="restructuring.consented", kind="loan.restructuring_consented", data=_restructuring("guarantor_seat")
    ),
)

"""The doors through which suspended money leaves."""

from __future__ import annotations

from chalicelib.banks.rules.desk import NotOfInstruction
from chalicelib.banks.rules.event_transitions import NotSuspended
from chalicelib.banks.rules.suspense import NotForThat
from chalicelib.banks.rules.transitions import NotInThisState as InstructionNotInThisState
from chalicelib.banks.views.inbox import BankEventView
from chalicelib.claims.rules.inspecting import FeeDiffers
from chalicelib.deposits.rules.amounts import NotDepositCurrency
from chalicelib.deposits.rules.insuring import MoreThanInsurerOwes
from chalicelib.orders.rules.payments import OrderClosed, ReturnNotMatched, WrongCurrency
from chalicelib.recoveries.rules.receiving import MoreThanOwed, OtherCurrency
from chalicelib.recoveries.rules.transitions import NotInThisState as RecoveryNotInThisState
from chalicelib.settlement import examples
from chalicelib.settlement.service import resolving
from chalicelib.settlement.views import AllocateAsked
from chalicelib.shared.commit import Answer
from chalicelib.shared.http import OFFICER, Routes
from chalicelib.shared.request import Request, Stale

PAYMENTS = OFFICER.with_duty("payments")

routes = Routes(group="Banks")


@routes.command(
    "/v1/bank-events/{event_id}/allocate",
    asks=AllocateAsked,
    answers=BankEventView,
    by=PAYMENTS,
    refuses=[
        NotSuspended,
        NotForThat,
        OrderClosed,
        WrongCurrency,
        ReturnNotMatched,
        NotDepositCurrency,
        MoreThanInsurerOwes,
        MoreThanOwed,
        OtherCurrency,
        RecoveryNotInThisState,
        FeeDiffers,
        InstructionNotInThisState,
        NotOfInstruction,
        Stale,
    ],
    examples={
        "an order's": examples.TO_ORDER,
        "a deposit's": examples.TO_DEPOSIT,
        "an insurer's": examples.TO_INSURER,
        "a recovery's": examples.TO_RECOVERY,
        "of a payment of another name": examples.TO_PAYMENT,
    },
)
def allocate(event_id: str, asked: AllocateAsked, request: Request) -> Answer:
    """Say what suspended money is for: that takes it in the same commit, or says why it does not."""
    return resolving.allocate(event_id, asked, request)


@routes.command("/v1/bank-events/{event_id}/return", answers=BankEventView, by=PAYMENTS, refuses=[NotSuspended, Stale])
def give_back(event_id: str, request: Request) -> Answer:
    """Owe suspended money back to its remitter; claim what a bank took or paid back of the bank."""
    return resolving.give_back(event_id, request)


@routes.command("/v1/bank-events/{event_id}/reverse", answers=BankEventView, by=PAYMENTS, refuses=[NotSuspended, Stale])
def reverse(event_id: str, request: Request) -> Answer:
    """Undo a booking under a reference that was used before, where it is another notice of the same transfer."""
    return resolving.reverse(event_id, request)

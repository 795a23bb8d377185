"""The endpoints through which suspended money leaves, and by which a refused event is looked at again."""

from __future__ import annotations

from chalicelib.bank_events import examples
from chalicelib.bank_events.service import resolving
from chalicelib.bank_events.views import AllocateRequest
from chalicelib.banks.rules.event_transitions import NotSuspended
from chalicelib.banks.rules.operations import NotOfInstruction
from chalicelib.banks.rules.suspense import NotForThat
from chalicelib.banks.rules.transitions import NotInThisState as InstructionNotInThisState
from chalicelib.banks.views.inbox import BankEventView
from chalicelib.claims.rules.inspecting import FeeDiffers
from chalicelib.deposits.rules.amounts import NotDepositCurrency
from chalicelib.deposits.rules.insuring import MoreThanInsurerOwes
from chalicelib.orders.rules.payments import MethodNotAgreed, OrderClosed, ReturnNotMatched, WrongCurrency
from chalicelib.recoveries.rules.receiving import MoreThanOwed, OtherCurrency
from chalicelib.recoveries.rules.transitions import NotInThisState as RecoveryNotInThisState
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import OFFICER, Routes
from chalicelib.shared.request import RequestContext, Stale

PAYMENTS = OFFICER.with_duty("payments")

routes = Routes(group="Banks", response=BankEventView)


@routes.command(
    "/v1/bank-events/{event_id}/allocate",
    by=PAYMENTS,
    errors=[
        NotSuspended,
        NotForThat,
        OrderClosed,
        WrongCurrency,
        MethodNotAgreed,
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
def allocate(event_id: str, body: AllocateRequest, request: RequestContext) -> StoredResponse:
    """Say what suspended money is for: that takes it in the same commit, or says why it does not."""
    return resolving.allocate(event_id, body, request)


@routes.command("/v1/bank-events/{event_id}/return", by=PAYMENTS, errors=[NotSuspended, Stale])
def give_back(event_id: str, request: RequestContext) -> StoredResponse:
    """Owe suspended money back to its remitter; claim what a bank took or paid back of the bank."""
    return resolving.give_back(event_id, request)


@routes.command("/v1/bank-events/{event_id}/retry", by=PAYMENTS, errors=[NotSuspended, Stale])
def retry(event_id: str, request: RequestContext) -> StoredResponse:
    """Have a refused event looked at once more, where what it was refused for is over: a fault of ours, a gap, something not known then."""
    return resolving.retry(event_id, request)


@routes.command("/v1/bank-events/{event_id}/reverse", by=PAYMENTS, errors=[NotSuspended, Stale])
def reverse(event_id: str, request: RequestContext) -> StoredResponse:
    """Undo a booking under a reference that was used before, where it is another notice of the same transfer."""
    return resolving.reverse(event_id, request)

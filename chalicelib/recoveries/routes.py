"""The endpoints of recoveries."""

from __future__ import annotations

from chalicelib.banks.rules.references import ReferenceUsed
from chalicelib.recoveries.examples import PLAN, RECEIPT, WRITE_OFF
from chalicelib.recoveries.rules.instalments import BadPlan
from chalicelib.recoveries.rules.receiving import MoreThanOwed, OtherCurrency
from chalicelib.recoveries.rules.recovery import TooManyReceipts
from chalicelib.recoveries.rules.transitions import NotInThisState
from chalicelib.recoveries.service import commands, reading
from chalicelib.recoveries.service.commands import UnknownBank
from chalicelib.recoveries.views.recovery import RecoveryView
from chalicelib.recoveries.views.requests import PlanRequest, ReceiptRequest, RecoveriesQuery, WriteOffRequest
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import ANY_DUTY, MEMBER, OFFICER, Routes
from chalicelib.shared.money import UnknownCurrency
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.periods import BeyondCalendar
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Recoveries", response=RecoveryView)


@routes.read("/v1/recoveries", by=MEMBER | OFFICER.with_duty(*ANY_DUTY), errors=[BadCursor])
def recoveries(query: RecoveriesQuery, request: RequestContext) -> Page[RecoveryView]:
    """What suppliers owe for claims the platform advanced and for payments that banks took back: your own, or as an officer all."""
    return reading.listed(query, request)


@routes.read("/v1/recoveries/{recovery_id}", by=MEMBER | OFFICER.with_duty(*ANY_DUTY))
def recovery(recovery_id: str, request: RequestContext) -> RecoveryView:
    """One recovery: advanced, received, left, and what is due next."""
    return reading.recovery(recovery_id, request)


@routes.read("/v1/recoveries/{recovery_id}/timeline", by=MEMBER | OFFICER.with_duty(*ANY_DUTY))
def timeline(recovery_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to a recovery, oldest first."""
    return reading.timeline(recovery_id, query, request)


@routes.command(
    "/v1/recoveries/{recovery_id}/instalments",
    by=MEMBER,
    errors=[NotInThisState, BadPlan, BeyondCalendar, OtherCurrency, UnknownCurrency, Stale],
    examples={"two parts": PLAN},
)
def instalments(recovery_id: str, body: PlanRequest, request: RequestContext) -> StoredResponse:
    """As the supplier, propose to pay what is left in parts: an officer accepts, and while it is kept nobody is suspended."""
    return commands.propose_instalments(recovery_id, body, request)


@routes.command(
    "/v1/recoveries/{recovery_id}/accept-instalments", by=OFFICER.with_duty("claims"), errors=[NotInThisState, Stale]
)
def accept_instalments(recovery_id: str, request: RequestContext) -> StoredResponse:
    """Agree to the plan that waits."""
    return commands.accept_instalments(recovery_id, request)


@routes.command(
    "/v1/recoveries/{recovery_id}/receipts",
    by=OFFICER.with_duty("claims"),
    errors=[
        NotInThisState,
        MoreThanOwed,
        OtherCurrency,
        ReferenceUsed,
        TooManyReceipts,
        UnknownBank,
        UnknownCurrency,
        Stale,
    ],
    examples={"a transfer": RECEIPT},
)
def receipts(recovery_id: str, body: ReceiptRequest, request: RequestContext) -> StoredResponse:
    """Record money that reached a bank of ours outside our debits, by the bank's reference."""
    return commands.record_receipt(recovery_id, body, request)


@routes.command(
    "/v1/recoveries/{recovery_id}/write-off",
    by=OFFICER.with_duty("claims"),
    errors=[NotInThisState, Stale],
    examples={"struck off": WRITE_OFF},
)
def write_off(recovery_id: str, body: WriteOffRequest, request: RequestContext) -> StoredResponse:
    """From 90 days on, give up what is left. The supplier's limit stays as low as it is."""
    return commands.write_off(recovery_id, body, request)

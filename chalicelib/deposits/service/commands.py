"""What officers record of a seller, and how a deposit is closed and opened again. One read and one transaction each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVarTuple

from chalicelib.deposits.aggregate import DEPOSITS
from chalicelib.deposits.monthly import service as monthly
from chalicelib.deposits.rules import holds_and_releases, membership, requirement_changes
from chalicelib.deposits.rules.account import Correction, Hold
from chalicelib.deposits.rules.amounts import must_be_of
from chalicelib.deposits.rules.book import Books
from chalicelib.deposits.rules.deposit import Deposit, Insurance
from chalicelib.deposits.rules.transitions import Actor, DepositChange
from chalicelib.deposits.views import requests
from chalicelib.shared import ids
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.periods import whole_ms
from chalicelib.shared.request import RequestContext

Given = TypeVarTuple("Given")


def open_risk(seller_id: str, body: requests.RiskRequest, request: RequestContext) -> StoredResponse:
    risk = (_named("rsk", request), body.risk_class, body.case, body.reason)
    return _execute(seller_id, request, "risks", requirement_changes.risk_opened, *risk)


def close_risk(seller_id: str, risk_id: str, request: RequestContext) -> StoredResponse:
    return _execute(seller_id, request, "close-risk", requirement_changes.risk_closed, risk_id)


def enter_special(seller_id: str, body: requests.SpecialRequest, request: RequestContext) -> StoredResponse:
    return _execute(seller_id, request, "specials", requirement_changes.special_entered, body.special)


def leave_special(seller_id: str, special: str, request: RequestContext) -> StoredResponse:
    return _execute(seller_id, request, "leave-special", requirement_changes.special_left, special)


def add_insurance(seller_id: str, body: requests.InsuranceRequest, request: RequestContext) -> StoredResponse:
    """Insurance is known by its insurer's reference: the same policy is registered once."""

    def decide(was: Deposit, books: Books, actor: Actor) -> DepositChange:
        insurance = Insurance(
            id=ids.derived_id("sub", seller_id, body.insurer, body.reference),
            minor=must_be_of(body.money, books.in_force(request.now), "money"),
            from_=whole_ms(body.valid_from),
            until=whole_ms(body.valid_until),
            insurer=body.insurer,
        )
        return requirement_changes.insurance_on(was, insurance, books, request.now)

    return DEPOSITS.execute(seller_id, request, "substitutes", decide)


def hold(seller_id: str, body: requests.HoldRequest, request: RequestContext) -> StoredResponse:
    def decide(was: Deposit, books: Books, actor: Actor) -> DepositChange:
        minor = must_be_of(body.money, books.in_force(request.now), "money")
        held = Hold(id=_named("hld", request), minor=minor, case=body.case, reason=body.reason, at=request.now)
        return holds_and_releases.held(was, held, books, request.now)

    return DEPOSITS.execute(seller_id, request, "holds", decide)


def lift(seller_id: str, hold_id: str, request: RequestContext) -> StoredResponse:
    return _execute(seller_id, request, "lift-hold", holds_and_releases.lifted, hold_id)


def propose_correction(seller_id: str, body: requests.CorrectionRequest, request: RequestContext) -> StoredResponse:
    def decide(was: Deposit, books: Books, actor: Actor) -> DepositChange:
        book = books.in_force(request.now)
        correction = Correction(
            id=_named("cor", request),
            base_minor=must_be_of(body.base, book, "base", least=0) if body.base else None,
            risk_id=body.risk_id or "",
            reason=body.reason,
            by=request.caller.sub,
            at=request.now,
        )
        return requirement_changes.correction_proposed(was, correction, books, request.now)

    return DEPOSITS.execute(seller_id, request, "corrections", decide)


def approve_correction(seller_id: str, correction_id: str, request: RequestContext) -> StoredResponse:
    """It counts for months that are not decided yet, too."""
    of = (correction_id, request.caller.sub, monthly.latest_decided() or "")
    return _execute(seller_id, request, "approve-correction", requirement_changes.corrected, *of)


def reject_correction(seller_id: str, correction_id: str, request: RequestContext) -> StoredResponse:
    return _execute(seller_id, request, "reject-correction", requirement_changes.correction_rejected, correction_id)


def close(seller_id: str, request: RequestContext) -> StoredResponse:
    return _execute(seller_id, request, "close", membership.closed)


def reopen(seller_id: str, request: RequestContext) -> StoredResponse:
    return _execute(seller_id, request, "reopen", membership.reopened)


def _execute(
    seller_id: str,
    request: RequestContext,
    action: str,
    rule: Callable[[Deposit, *Given, Books, datetime], DepositChange],
    *given: *Given,
) -> StoredResponse:
    """A command whose rule needs no more than what is `given`, the rulebooks and the present."""
    return DEPOSITS.execute(seller_id, request, action, lambda was, books, actor: rule(was, *given, books, request.now))


def _named(prefix: str, request: RequestContext) -> str:
    """What this request makes has one name, however often it is sent."""
    return ids.derived_id(prefix, request.entry_id)

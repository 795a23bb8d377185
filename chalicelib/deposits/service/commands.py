"""What officers record of a seller, and how a deposit is closed and opened again. One read and one transaction each."""

from __future__ import annotations

from chalicelib.deposits.rulebooks import shelf
from chalicelib.deposits.rules import matters, moving
from chalicelib.deposits.rules.account import Correction, Hold
from chalicelib.deposits.rules.amounts import must_be_of
from chalicelib.deposits.rules.deposit import Substitute
from chalicelib.deposits.service.settling import change
from chalicelib.deposits.views.asked import CorrectionAsked, HoldAsked, RiskAsked, SpecialAsked, SubstituteAsked
from chalicelib.shared import ids
from chalicelib.shared.commit import Answer
from chalicelib.shared.money import Money
from chalicelib.shared.periods import whole_ms
from chalicelib.shared.request import Request


def open_risk(seller_id: str, asked: RiskAsked, request: Request) -> Answer:
    risk_id, reason = _named("rsk", request), asked.reason
    return change(
        seller_id,
        lambda was, books: matters.risk_opened(was, risk_id, asked.risk_class, asked.case, reason, books, request.now),
        request,
    )


def close_risk(seller_id: str, risk_id: str, request: Request) -> Answer:
    return change(seller_id, lambda was, books: matters.risk_closed(was, risk_id, books, request.now), request)


def enter_special(seller_id: str, asked: SpecialAsked, request: Request) -> Answer:
    return change(
        seller_id, lambda was, books: matters.special_entered(was, asked.special, books, request.now), request
    )


def leave_special(seller_id: str, special: str, request: Request) -> Answer:
    return change(seller_id, lambda was, books: matters.special_left(was, special, books, request.now), request)


def add_substitute(seller_id: str, asked: SubstituteAsked, request: Request) -> Answer:
    """Insurance is known by its insurer's reference: the same policy is registered once."""
    insurer = asked.insurer
    substitute = Substitute(
        id=ids.named("sub", seller_id, insurer, asked.reference),
        minor=_minor(asked.money, request),
        from_=whole_ms(asked.valid_from),
        until=whole_ms(asked.valid_until),
        insurer=insurer,
    )
    return change(seller_id, lambda was, books: matters.substitute_on(was, substitute, books, request.now), request)


def hold(seller_id: str, asked: HoldAsked, request: Request) -> Answer:
    held = Hold(
        id=_named("hld", request),
        minor=_minor(asked.money, request),
        case=asked.case,
        reason=asked.reason,
        at=request.now,
    )
    return change(seller_id, lambda was, books: moving.held(was, held, books, request.now), request)


def lift(seller_id: str, hold_id: str, request: Request) -> Answer:
    return change(seller_id, lambda was, books: moving.lifted(was, hold_id, books, request.now), request)


def propose_correction(seller_id: str, asked: CorrectionAsked, request: Request) -> Answer:
    correction = Correction(
        id=_named("cor", request),
        base_minor=_minor(asked.base, request, "base", least=0) if asked.base else None,
        risk_id=asked.risk_id or "",
        reason=asked.reason,
        by=request.caller.sub,
        at=request.now,
    )
    return change(
        seller_id, lambda was, books: matters.correction_proposed(was, correction, books, request.now), request
    )


def approve_correction(seller_id: str, correction_id: str, request: Request) -> Answer:
    by = request.caller.sub
    return change(seller_id, lambda was, books: matters.corrected(was, correction_id, by, books, request.now), request)


def reject_correction(seller_id: str, correction_id: str, request: Request) -> Answer:
    return change(
        seller_id, lambda was, books: matters.correction_rejected(was, correction_id, books, request.now), request
    )


def close(seller_id: str, request: Request) -> Answer:
    return change(seller_id, lambda was, books: matters.closed(was, books, request.now), request)


def reopen(seller_id: str, request: Request) -> Answer:
    return change(seller_id, lambda was, books: matters.reopened(was, books, request.now), request)


def _named(prefix: str, request: Request) -> str:
    """The thing this request makes has one name, however often it is sent."""
    return ids.named(prefix, request.entry_id)


def _minor(money: Money, request: Request, param: str = "money", *, least: int = 1) -> int:
    return must_be_of(money, shelf.books(request.now).in_force(request.now), param, least=least)

"""What officers record of a seller, and how a deposit is closed and opened again. One read and one transaction each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVarTuple

from chalicelib.deposits.aggregate import DEPOSITS
from chalicelib.deposits.rules import episodes, matters, moving
from chalicelib.deposits.rules.account import Correction, Hold
from chalicelib.deposits.rules.amounts import must_be_of
from chalicelib.deposits.rules.book import Books
from chalicelib.deposits.rules.deposit import Deposit, Substitute
from chalicelib.deposits.rules.transitions import Actor, DepositChange
from chalicelib.deposits.views.asked import CorrectionAsked, HoldAsked, RiskAsked, SpecialAsked, SubstituteAsked
from chalicelib.shared import ids
from chalicelib.shared.commit import Answer
from chalicelib.shared.periods import whole_ms
from chalicelib.shared.request import Request

Given = TypeVarTuple("Given")


def open_risk(seller_id: str, asked: RiskAsked, request: Request) -> Answer:
    risk = (_named("rsk", request), asked.risk_class, asked.case, asked.reason)
    return _execute(seller_id, request, "risks", matters.risk_opened, *risk)


def close_risk(seller_id: str, risk_id: str, request: Request) -> Answer:
    return _execute(seller_id, request, "close-risk", matters.risk_closed, risk_id)


def enter_special(seller_id: str, asked: SpecialAsked, request: Request) -> Answer:
    return _execute(seller_id, request, "specials", matters.special_entered, asked.special)


def leave_special(seller_id: str, special: str, request: Request) -> Answer:
    return _execute(seller_id, request, "leave-special", matters.special_left, special)


def add_substitute(seller_id: str, asked: SubstituteAsked, request: Request) -> Answer:
    """Insurance is known by its insurer's reference: the same policy is registered once."""

    def decide(was: Deposit, books: Books, actor: Actor) -> DepositChange:
        substitute = Substitute(
            id=ids.named("sub", seller_id, asked.insurer, asked.reference),
            minor=must_be_of(asked.money, books.in_force(request.now), "money"),
            from_=whole_ms(asked.valid_from),
            until=whole_ms(asked.valid_until),
            insurer=asked.insurer,
        )
        return matters.substitute_on(was, substitute, books, request.now)

    return DEPOSITS.execute(seller_id, request, "substitutes", decide)


def hold(seller_id: str, asked: HoldAsked, request: Request) -> Answer:
    def decide(was: Deposit, books: Books, actor: Actor) -> DepositChange:
        minor = must_be_of(asked.money, books.in_force(request.now), "money")
        held = Hold(id=_named("hld", request), minor=minor, case=asked.case, reason=asked.reason, at=request.now)
        return moving.held(was, held, books, request.now)

    return DEPOSITS.execute(seller_id, request, "holds", decide)


def lift(seller_id: str, hold_id: str, request: Request) -> Answer:
    return _execute(seller_id, request, "lift-hold", moving.lifted, hold_id)


def propose_correction(seller_id: str, asked: CorrectionAsked, request: Request) -> Answer:
    def decide(was: Deposit, books: Books, actor: Actor) -> DepositChange:
        book = books.in_force(request.now)
        correction = Correction(
            id=_named("cor", request),
            base_minor=must_be_of(asked.base, book, "base", least=0) if asked.base else None,
            risk_id=asked.risk_id or "",
            reason=asked.reason,
            by=request.caller.sub,
            at=request.now,
        )
        return matters.correction_proposed(was, correction, books, request.now)

    return DEPOSITS.execute(seller_id, request, "corrections", decide)


def approve_correction(seller_id: str, correction_id: str, request: Request) -> Answer:
    return _execute(seller_id, request, "approve-correction", matters.corrected, correction_id, request.caller.sub)


def reject_correction(seller_id: str, correction_id: str, request: Request) -> Answer:
    return _execute(seller_id, request, "reject-correction", matters.correction_rejected, correction_id)


def close(seller_id: str, request: Request) -> Answer:
    return _execute(seller_id, request, "close", episodes.closed)


def reopen(seller_id: str, request: Request) -> Answer:
    return _execute(seller_id, request, "reopen", episodes.reopened)


def _execute(
    seller_id: str,
    request: Request,
    action: str,
    rule: Callable[[Deposit, *Given, Books, datetime], DepositChange],
    *given: *Given,
) -> Answer:
    """A command whose rule needs no more than what is `given`, the rulebooks and the present."""
    return DEPOSITS.execute(seller_id, request, action, lambda was, books, actor: rule(was, *given, books, request.now))


def _named(prefix: str, request: Request) -> str:
    """What this request makes has one name, however often it is sent."""
    return ids.named(prefix, request.entry_id)

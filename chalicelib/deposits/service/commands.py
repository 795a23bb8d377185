"""What officers record of a seller, and how a deposit is closed and opened again. One read and one transaction each."""

from __future__ import annotations

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


def open_risk(seller_id: str, asked: RiskAsked, request: Request) -> Answer:
    risk_id = _named("rsk", request)
    return DEPOSITS.execute(
        seller_id,
        request,
        "risks",
        lambda was, books, actor: matters.risk_opened(
            was, risk_id, asked.risk_class, asked.case, asked.reason, books, request.now
        ),
    )


def close_risk(seller_id: str, risk_id: str, request: Request) -> Answer:
    return DEPOSITS.execute(
        seller_id,
        request,
        "close-risk",
        lambda was, books, actor: matters.risk_closed(was, risk_id, books, request.now),
    )


def enter_special(seller_id: str, asked: SpecialAsked, request: Request) -> Answer:
    return DEPOSITS.execute(
        seller_id,
        request,
        "specials",
        lambda was, books, actor: matters.special_entered(was, asked.special, books, request.now),
    )


def leave_special(seller_id: str, special: str, request: Request) -> Answer:
    return DEPOSITS.execute(
        seller_id,
        request,
        "leave-special",
        lambda was, books, actor: matters.special_left(was, special, books, request.now),
    )


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
    return DEPOSITS.execute(
        seller_id, request, "lift-hold", lambda was, books, actor: moving.lifted(was, hold_id, books, request.now)
    )


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
    return DEPOSITS.execute(
        seller_id,
        request,
        "approve-correction",
        lambda was, books, actor: matters.corrected(was, correction_id, request.caller.sub, books, request.now),
    )


def reject_correction(seller_id: str, correction_id: str, request: Request) -> Answer:
    return DEPOSITS.execute(
        seller_id,
        request,
        "reject-correction",
        lambda was, books, actor: matters.correction_rejected(was, correction_id, books, request.now),
    )


def close(seller_id: str, request: Request) -> Answer:
    return DEPOSITS.execute(
        seller_id, request, "close", lambda was, books, actor: episodes.closed(was, books, request.now)
    )


def reopen(seller_id: str, request: Request) -> Answer:
    return DEPOSITS.execute(
        seller_id, request, "reopen", lambda was, books, actor: episodes.reopened(was, books, request.now)
    )


def _named(prefix: str, request: Request) -> str:
    """What this request makes has one name, however often it is sent."""
    return ids.named(prefix, request.entry_id)

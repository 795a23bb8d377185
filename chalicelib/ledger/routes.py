"""The doors of the books."""

from __future__ import annotations

from chalicelib.ledger.rules.accounts import NoSuchAccount
from chalicelib.ledger.service import marking, statements, verifying
from chalicelib.ledger.service.statements import WhichCurrency
from chalicelib.ledger.views import (
    LiftAsked,
    MarkView,
    StatementQuery,
    StatementView,
    TrialBalanceQuery,
    TrialBalanceView,
    VerificationQuery,
    VerificationView,
)
from chalicelib.shared.broken import ChainBroken
from chalicelib.shared.commit import Answer
from chalicelib.shared.http import ANY_DUTY, MEMBER, OFFICER, Routes
from chalicelib.shared.money import UnknownCurrency
from chalicelib.shared.pages import BadCursor
from chalicelib.shared.refusal import NotAllowed, NotFound
from chalicelib.shared.request import Request

routes = Routes(group="Books and jobs")


@routes.read(
    "/v1/ledger/accounts/{account}",
    query=StatementQuery,
    answers=StatementView,
    by=MEMBER | OFFICER.with_duty(*ANY_DUTY),
    refuses=[NoSuchAccount, WhichCurrency, UnknownCurrency, BadCursor],
)
def account(account: str, query: StatementQuery, request: Request) -> StatementView:
    """The statement of an account (`supplier_balance:mem_…`) line by line, or of a whole code (`held`) day by day.

    A member sees what is its own: supplier_balance, payouts_payable, collected, advances_receivable and its cover; an officer sees all.
    """
    return statements.statement(account, query, request)


@routes.read(
    "/v1/ledger/trial-balance", query=TrialBalanceQuery, answers=TrialBalanceView, by=OFFICER.with_duty("payments")
)
def trial_balance(query: TrialBalanceQuery, request: Request) -> TrialBalanceView:
    """Debits, credits and balance of every account code and currency up to the end of a business date."""
    return statements.trial_balance(query, request)


@routes.read(
    "/v1/ledger/verification",
    query=VerificationQuery,
    answers=VerificationView,
    by=OFFICER.with_duty("payments"),
    refuses=[NotFound, BadCursor],
)
def verification(query: VerificationQuery, request: Request) -> VerificationView:
    """Follow the chains and recompute the entries, 2,000 at a call: the first bad one and why; and what the daily close found.

    What is found broken takes no more changes until it is repaired.
    """
    return verifying.verification(query, request)


@routes.command(
    "/v1/ledger/chains/{thing}/lift",
    asks=LiftAsked,
    answers=MarkView,
    by=OFFICER.with_duty("admin"),
    refuses=[NotAllowed, NotFound, ChainBroken],
    examples={
        "restored": {"reason": "Entry 4 was changed past the application; restored from point-in-time recovery."}
    },
)
def lift(thing: str, asked: LiftAsked, request: Request) -> Answer:
    """Once the chain of a thing holds again, let the thing be written to again."""
    return marking.lift(thing, asked, request)

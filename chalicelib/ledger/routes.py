"""The endpoints of the books."""

from __future__ import annotations

from chalicelib.ledger import views
from chalicelib.ledger.rules.accounts import NoSuchAccount
from chalicelib.ledger.service import quarantining, statements, verifying
from chalicelib.ledger.service.statements import WhichCurrency
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotAllowed, NotFound
from chalicelib.shared.http import ANY_DUTY, MEMBER, OFFICER, Routes
from chalicelib.shared.money import UnknownCurrency
from chalicelib.shared.pages import BadCursor
from chalicelib.shared.quarantine import ChainBroken
from chalicelib.shared.request import RequestContext

routes = Routes(group="Books and jobs")


@routes.read(
    "/v1/ledger/accounts/{account}",
    by=MEMBER | OFFICER.with_duty(*ANY_DUTY),
    errors=[NoSuchAccount, WhichCurrency, UnknownCurrency, BadCursor],
)
def account(account: str, query: views.StatementQuery, request: RequestContext) -> views.StatementView:
    """The statement of an account (`supplier_balance:mem_…`) line by line, or of a whole code (`held`) day by day.

    A member sees what is its own: supplier_balance, payouts_payable, collected, advances_receivable and its cover; an officer sees all.
    """
    return statements.statement(account, query, request)


@routes.read("/v1/ledger/trial-balance", by=OFFICER.with_duty("payments"))
def trial_balance(query: views.TrialBalanceQuery, request: RequestContext) -> views.TrialBalanceView:
    """Debits, credits and balance of every account code and currency up to the end of a business date."""
    return statements.trial_balance(query, request)


@routes.read("/v1/ledger/verification", by=OFFICER.with_duty("payments"), errors=[NotFound, BadCursor])
def verification(query: views.VerificationQuery, request: RequestContext) -> views.VerificationView:
    """Follow the chains and recompute the entries, 2,000 at a call: the first bad one and why; and what the daily close found.

    What is found broken takes no more changes until it is repaired.
    """
    return verifying.verification(query, request)


@routes.command(
    "/v1/ledger/chains/{aggregate_id}/lift",
    response=views.QuarantineView,
    by=OFFICER.with_duty("admin"),
    errors=[NotAllowed, NotFound, ChainBroken],
    examples={
        "restored": {"reason": "Entry 4 was changed past the application; restored from point-in-time recovery."}
    },
)
def lift(aggregate_id: str, body: views.LiftRequest, request: RequestContext) -> StoredResponse:
    """Once the chain of a thing holds again, let the thing be written to again."""
    return quarantining.lift(aggregate_id, body, request)

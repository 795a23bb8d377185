"""What suppliers and officers do with recoveries: plans, receipts, writing off. One read and one transaction each."""

from __future__ import annotations

from datetime import datetime

from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.banks.service import references as banks_references
from chalicelib.recoveries.aggregate import RECOVERIES
from chalicelib.recoveries.rules import asking, instalments, receiving
from chalicelib.recoveries.rules.recovery import Account, Context, Recovery
from chalicelib.recoveries.rules.transitions import Actor, RecoveryChange
from chalicelib.recoveries.views.requests import PlanRequest, ReceiptRequest, WriteOffRequest
from chalicelib.shared import calendars
from chalicelib.shared.commit import Joined, StoredResponse, retry_on_conflict
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.shared.texts import say
from chalicelib.shared.uses import Use
from chalicelib.suppliers.service import money as suppliers_money


class UnknownBank(RuleViolation):
    code = "unknown_bank"
    title = "That is no partner bank."
    fix = "Name a bank of the policy: GET /v1/policies/banks."


def propose_instalments(recovery_id: str, body: PlanRequest, request: RequestContext) -> StoredResponse:
    """The supplier's plan, for an officer to accept."""

    def decide(was: Recovery, context: Context, actor: Actor) -> RecoveryChange:
        calendar = calendars.calendar(context.policy.calendar)
        return instalments.propose(was, body.parts(was.currency), context.policy, calendar, request.now)

    return RECOVERIES.execute(recovery_id, request, "instalments", decide)


def accept_instalments(recovery_id: str, request: RequestContext) -> StoredResponse:
    """The plan holds from now on; its debits go to the account the supplier then has."""

    def decide(was: Recovery, context: Context, actor: Actor) -> RecoveryChange:
        account = None if was.account else account_of(was.supplier_id, was.currency)
        calendar = calendars.calendar(context.policy.calendar)
        return instalments.accept(was, account, context.policy, calendar, request.now)

    return RECOVERIES.execute(recovery_id, request, "accept-instalments", decide)


def record_receipt(recovery_id: str, body: ReceiptRequest, request: RequestContext) -> StoredResponse:
    """Money that reached a bank of ours outside our debits, by the bank's own reference."""
    if banks_inbox.partner(body.bank_id, request.now) is None:
        raise UnknownBank(say("There is no partner bank {bank_id!r:.60}.", bank_id=body.bank_id), param="bank_id")
    minor, currency = body.money.minor(param="money.amount", least=1), body.money.currency
    use = Use(by=recovery_id, at=request.now, amount_minor=minor, currency=currency)
    joined = Joined(changes=(banks_references.take_reference(body.bank_id, body.bank_ref, use),))
    with banks_references.reference_first(body.bank_id, body.bank_ref):
        return allocate(recovery_id, body.bank_id, body.bank_ref, minor, currency, request, joined)


def allocate(
    recovery_id: str, bank_id: str, bank_ref: str, minor: int, currency: str, request: RequestContext, joined: Joined
) -> StoredResponse:
    """Money that an officer takes for a recovery. NotFound, NotInThisState, MoreThanOwed, OtherCurrency."""
    return RECOVERIES.execute(
        recovery_id,
        request,
        "receipts",
        lambda was, context, actor: receiving.manual(was, bank_id, bank_ref, minor, currency, request.now),
        joined=lambda change: joined,
    )


def write_off(recovery_id: str, body: WriteOffRequest, request: RequestContext) -> StoredResponse:
    return RECOVERIES.execute(
        recovery_id, request, "write-off", lambda was, context, actor: asking.write_off(was, body.reason, request.now)
    )


@retry_on_conflict
def set_off(recovery_id: str, now: datetime) -> bool:
    """Take from the supplier's balance what is due and there. Whether something was taken."""
    request = RequestContext(caller=CLOCK, now=now, request_id="set-off")
    return (
        RECOVERIES.apply(recovery_id, request, lambda was, context: receiving.set_off(was, context, now), funded=True)
        is not None
    )


def account_of(supplier_id: str, currency: str) -> Account | None:
    """The account the supplier registered for debits in a currency."""
    account = suppliers_money.account(supplier_id, currency)
    return Account(account.bank_id, account.account) if account else None

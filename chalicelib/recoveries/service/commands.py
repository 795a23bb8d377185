"""What suppliers and officers do with recoveries: plans, receipts, writing off. One read and one transaction each."""

from __future__ import annotations

from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.banks.service import references as banks_references
from chalicelib.recoveries.rules import asking, instalments, receiving
from chalicelib.recoveries.rules.moves import Side
from chalicelib.recoveries.rules.recovery import Recovery
from chalicelib.recoveries.service import settling
from chalicelib.recoveries.service.settling import carry_out, pinned
from chalicelib.recoveries.views.asked import PlanAsked, ReceiptAsked, WriteOffAsked
from chalicelib.shared import calendars
from chalicelib.shared.commit import Answer, Joined
from chalicelib.shared.refusal import Unfit
from chalicelib.shared.request import Request
from chalicelib.shared.uses import Use


class UnknownBank(Unfit):
    code = "unknown_bank"
    title = "That is no partner bank."
    fix = "Name a bank of the policy: GET /v1/policies/banks."


def propose_instalments(recovery_id: str, asked: PlanAsked, request: Request) -> Answer:
    """The supplier's plan, for an officer to accept."""
    recovery, side = _for_change(recovery_id, request)
    policy = pinned(recovery)
    parts = asked.parts(recovery.currency)
    step = instalments.propose(recovery, parts, policy, calendars.calendar(policy.calendar), request.now)
    return carry_out(step, recovery.head, request, side)


def accept_instalments(recovery_id: str, request: Request) -> Answer:
    """The plan holds from now on; its debits go to the account the supplier then has."""
    recovery, side = _for_change(recovery_id, request)
    account = settling.account_of(recovery.supplier_id, recovery.currency) if recovery.account is None else None
    return carry_out(instalments.accept(recovery, account, pinned(recovery), request.now), recovery.head, request, side)


def record_receipt(recovery_id: str, asked: ReceiptAsked, request: Request) -> Answer:
    """Money that reached a bank of ours outside our debits, by the bank's own reference."""
    recovery, side = _for_change(recovery_id, request)
    if banks_inbox.partner(asked.bank_id, request.now) is None:
        raise UnknownBank(f"There is no partner bank {asked.bank_id!r:.60}.", param="bank_id")
    minor = asked.money.minor(param="money.amount", least=1)
    with banks_references.reference_first(asked.bank_id, asked.bank_ref):
        step = receiving.by_hand(
            recovery, pinned(recovery), asked.bank_id, asked.bank_ref, minor, asked.money.currency, request.now
        )
    use = Use(by=recovery_id, at=request.now, amount_minor=minor, currency=asked.money.currency)
    joined = Joined(changes=(banks_references.take_reference(asked.bank_id, asked.bank_ref, use),))
    return carry_out(step, recovery.head, request, side, joined=joined)


def allocate(
    recovery_id: str, bank_id: str, bank_ref: str, minor: int, currency: str, request: Request, joined: Joined
) -> Answer:
    """Money that leaves suspense for a recovery. NotFound, NotInThisState, MoreThanOwed, OtherCurrency."""
    found = settling.settled(recovery_id, request.now)
    recovery, side = settling.must_be_seen(recovery_id, found, request.caller)
    step = receiving.by_hand(recovery, pinned(recovery), bank_id, bank_ref, minor, currency, request.now)
    return carry_out(step, recovery.head, request, side, joined=joined)


def write_off(recovery_id: str, asked: WriteOffAsked, request: Request) -> Answer:
    recovery, side = _for_change(recovery_id, request)
    reason = asked.reason
    return carry_out(asking.write_off(recovery, pinned(recovery), reason, request.now), recovery.head, request, side)


def _for_change(recovery_id: str, request: Request) -> tuple[Recovery, Side]:
    """The recovery with everything written that has fallen due, for one who may change it."""
    recovery, side = settling.must_be_seen(recovery_id, settling.settled(recovery_id, request.now), request.caller)
    request.expects(recovery.version)
    return recovery, side

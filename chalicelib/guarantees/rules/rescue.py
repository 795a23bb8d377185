"""Which loan may be rescued, by whom, and what the debtor then owes. Pure.

A rescue is a loan from one member to another: what the guarantor pays at the bank, before default, is owed by the debtor. Nobody is obliged
to it, and the debtor's payment is no punctual one for that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from chalicelib.guarantees.rules.member_claim import ENDS, Kind, MemberClaim, Party, TooManyOffers
from chalicelib.loans.rules.loan import Loan, Repayment, Status
from chalicelib.loans.rules.position import Position
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.money import Money
from chalicelib.shared.texts import say, term

BEFORE_DEFAULT: Final[frozenset[Status]] = frozenset({"current", "in_arrears", "paused"})


class LoanNotInService(Conflict):
    code = "rescue_only_before_default"
    title = "A loan is rescued before the bank declares default."
    fix = "Wait for the bank's call: what you pay on it is your share."


class NothingDue(Conflict):
    code = "nothing_to_rescue"
    title = "No instalment of the loan is due and unpaid."
    fix = "Offer it when an instalment is due."


class RescueOffered(Conflict):
    code = "rescue_offered"
    title = "Somebody lends that instalment already."
    fix = "Wait until the offer is paid, withdrawn, or lapses."


class OtherCurrency(RuleViolation):
    code = "not_the_loans_currency"
    title = "The loan is in another currency."
    fix = "Offer an amount in the loan's own currency."


def guarantor(loan: Loan, member_id: str) -> Party | None:
    """The member as one who stands for the loan."""
    known = loan.guarantee.guarantors if loan.guarantee else ()
    return next((Party(each.seat, each.member_id) for each in known if each.member_id == member_id), None)


def require_before_default(loan: Loan) -> None:
    if loan.status not in BEFORE_DEFAULT:
        raise LoanNotInService(
            say("The loan is {status}.", status=term("status", loan.status)), loan_status=loan.status
        )


def instalment_due(position: Position) -> int:
    """The oldest that is due and unpaid, by its number in the schedule."""
    due = (each for each in position.portions if each.due_on <= position.on and position.owed_minor(each))
    first = min(due, key=lambda each: each.due_on, default=None)
    if first is None:
        raise NothingDue("Nothing is due.")
    return first.number


def amount_of(money: Money, currency: str) -> int:
    if money.currency != currency:
        raise OtherCurrency(
            say("The loan is in {currency}.", currency=currency), param="money.currency", currency=currency
        )
    return money.minor(param="money.amount", least=1)


def next_offer(names: Sequence[str], known: Mapping[str, MemberClaim]) -> str:
    """The name of the next offer to lend an instalment. RescueOffered where one runs, or was paid: nobody lends it twice."""
    for name in names:
        if name not in known:
            return name
        if known[name].status not in ENDS or known[name].bank_ref:
            raise RescueOffered("The instalment is lent.", status=known[name].status)
    raise TooManyOffers(say("It was offered {count} times.", count=len(names)), maximum=len(names))


def claim(
    name: str,
    kind: Kind,
    loan: Loan,
    creditor: Party,
    minor: int,
    policy: str,
    now: datetime,
    *,
    instalment: int = 0,
    bank_ref: str = "",
) -> MemberClaim:
    """What the debtor of a loan owes, or is to owe, a guarantor that pays for it; for `restitution` the other way round."""
    assert loan.guarantee is not None, f"{loan.id} has guarantors"
    sides = Party(loan.guarantee.seat, loan.member_id), creditor
    debtor, owed_to = sides[::-1] if kind == "restitution" else sides
    return MemberClaim(
        id=name,
        kind=kind,
        loan_id=loan.id,
        group_id=loan.guarantee.group_id,
        bank_id=loan.bank_id,
        debtor=debtor,
        creditor=owed_to,
        currency=loan.currency,
        minor=minor,
        status="offered",
        version=1,
        created_at=now,
        updated_at=now,
        policy=policy,
        instalment=instalment,
        bank_ref=bank_ref,
    )


def paid_by_guarantors(loan: Loan) -> list[Repayment]:
    """Repayments of guarantors that no call asked for."""
    return [each for each in loan.repayments if each.payer == "guarantor" and each.seat and not each.call_id]

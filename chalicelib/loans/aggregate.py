"""Loans as an aggregate: what ties their machine to their table, their view, and to lines and exposures; and who is what to a loan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from chalicelib.credit.aggregate.parties import borrower
from chalicelib.credit.rules import products
from chalicelib.credit.service.exposure import EFFECTS
from chalicelib.groups.service import drawing as groups_drawing
from chalicelib.loans.records import REPOSITORY
from chalicelib.loans.rules.loan import Actor, Context, Guarantor, Loan, Policy
from chalicelib.loans.rules.timers import MACHINE
from chalicelib.loans.views.loan import proposal_view, view
from chalicelib.receivables.aggregate import RECEIVABLES
from chalicelib.receivables.rules.receivable import Receivable
from chalicelib.shared import policies
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import Caller


def context_of(product_id: str, policy: str, asked_at: datetime) -> Context:
    """The product as it was pinned, and what held of all loans on the day on which the draw was asked for."""
    return Context(product=products.pinned(product_id, policy), policy=policy_at(asked_at))


def policy_at(moment: datetime) -> Policy:
    """What holds of all loans that are asked for at a moment."""
    return policies.in_force("loans", business_date(moment)).read_as(Policy)


def _contexts(loans: Sequence[Loan], now: datetime) -> list[Context]:
    return [context_of(loan.product_id, loan.policy, loan.created_at) for loan in loans]


def guarantor_of(loan: Loan, caller: Caller) -> Guarantor | None:
    """A guarantor sees what it is asked to consent to, and nothing else of a loan; when it has consented it looks, and does nothing."""
    proposed, terms = loan.restructuring, loan.guarantee
    if proposed is None or proposed.heavier is None or terms is None:
        return None
    seat = next((each.seat for each in terms.guarantors if caller.is_member(each.member_id)), None)
    if seat is None:
        return None
    return "guarantor" if seat in loan.unconsented else "guarantor_consented"


LOANS: Final = Aggregate[Loan, Context, Actor](
    name="loans",
    machine=MACHINE,
    repository=REPOSITORY,
    context=_contexts,
    actor_of=borrower,
    view=view,
    duty="risk",
    effects={**EFFECTS, **groups_drawing.EFFECTS},
    others={Receivable: RECEIVABLES},
)
PROPOSALS: Final = Aggregate[Loan, Context, Guarantor](
    name="loans",
    machine=MACHINE,
    repository=REPOSITORY,
    context=_contexts,
    actor_of=guarantor_of,
    view=proposal_view,
    effects=LOANS.effects,
)
"""The same loans, as guarantors see them: what they are asked to consent to."""

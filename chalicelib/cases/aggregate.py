"""Cases as an aggregate: what ties their machine to their table and their view, and who is what to a case."""

from __future__ import annotations

from typing import Final

from chalicelib.cases.records import REPOSITORY
from chalicelib.cases.rules.case import Actor, Case, Context, Policy
from chalicelib.cases.rules.timers import MACHINE
from chalicelib.cases.views.case import view
from chalicelib.shared.access import ADMIN
from chalicelib.shared.aggregates import Aggregate, pinning, ringing
from chalicelib.shared.request import Caller


def actor_of(case: Case, caller: Caller) -> Actor | None:
    """A case is seen by the customer it was opened for, by officers and by the bank it is routed to, and never by the other side of what it is about."""
    if caller.is_officer:
        return "supervisor" if caller.has_duty(ADMIN) else "officer"
    if caller.bank_id:
        return "lender" if caller.bank_id == case.bank_id else None
    return "customer" if caller.is_member(case.customer_id) else None


CASES: Final = Aggregate[Case, Context, Actor](
    name="cases",
    machine=MACHINE,
    repository=REPOSITORY,
    context=pinning("cases", Policy, Context),
    actor_of=actor_of,
    view=view,
    after=ringing(
        "nobody answered a case",
        "case_id",
        metric="CaseUnanswered",
        when=lambda case: case.status == "resolved" and case.outcome == "unanswered",
    ),
)

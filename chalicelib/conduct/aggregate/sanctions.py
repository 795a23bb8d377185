"""Sanctions as an aggregate: what ties their machine to their table, their view, the loan they are for, and the firm's credit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from msgspec.structs import replace

from chalicelib.cases.aggregate import CASES
from chalicelib.cases.rules.case import dispute_of
from chalicelib.conduct.records import sanctions as records
from chalicelib.conduct.rules.effects import CountSanctions
from chalicelib.conduct.rules.force_majeure import Declared
from chalicelib.conduct.rules.sanction import HELD_BACK, Actor, Context, Facts, Ground, Policy, Sanction
from chalicelib.conduct.rules.sanction_timers import MACHINE
from chalicelib.conduct.views.sanction import view
from chalicelib.credit.service import exposure
from chalicelib.firms.service import reading as firms_reading
from chalicelib.loans.aggregate import LOANS
from chalicelib.loans.rules.position import position_on
from chalicelib.monitoring.service import raising
from chalicelib.shared import policies
from chalicelib.shared.access import LEGAL
from chalicelib.shared.aggregates import Aggregate, pinning, ringing
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import Caller


def facts_of(loan_id: str, ground: Ground, at: datetime) -> Facts:
    """What is so of a loan at a moment, as far as a ground asks. One read of the loan, a query of its disputes and, where they are the ground, of its alerts."""
    loaded = LOANS.load(loan_id, at)
    if loaded is None:
        return Facts()
    loan = LOANS.preview_at(loaded, at).state
    position = position_on(loan, loaded.context.product, business_date(at))
    red = raising.red_alerts(loan_id, at) if ground == "red_alert" else ()
    is_late = position.dpd > 0 or loan.defaulted_on is not None
    return Facts(
        dpd=position.dpd,
        defaulted_on=loan.defaulted_on,
        cured_on=None if is_late else max(filter(None, (loan.cured_on, loan.repaid_on)), default=None),
        is_paused=loan.status == "paused" or loan.hardship is not None,
        is_disputed=_is_disputed(loan_id, loan.member_id),
        is_force_majeure=_is_force_majeure(loan.member_id, business_date(at)),
        red_alerts=red,
        alerts_over_on=None if red else business_date(at),
    )


def _is_disputed(loan_id: str, member_id: str) -> bool:
    """Whether a complaint or a hardship of the firm about the loan is not resolved. One query, whatever other cases there are."""
    cases = CASES.repository
    return next(cases.ids(cases.row.disputing, dispute_of(member_id, loan_id)), None) is not None


def _is_force_majeure(member_id: str, on: date) -> bool:
    """By the policy in force on the day, whichever a sanction pinned. The firm is read only where anything is declared."""
    declared = policies.in_force("force-majeure", on).read_as(Declared)
    firm = firms_reading.profile(member_id) if declared.events else None
    return firm is not None and declared.applies(firm.region, on)


def gathered(sanction: Sanction, context: Context, at: datetime) -> Context:
    """With the facts, which are read only where something is decided by them."""
    return replace(context, facts=facts_of(sanction.loan_id, sanction.ground, at))


def actor_of(sanction: Sanction, caller: Caller) -> Actor | None:
    """Officers', and the firm's from the notice on: what nobody has approved is nothing that it could answer."""
    if caller.is_officer:
        return "officer" if caller.has_duty("risk") else "lawyer" if caller.has_duty(LEGAL) else "reader"
    return "firm" if caller.is_member(sanction.member_id) and sanction.status not in HELD_BACK else None


SANCTIONS: Final = Aggregate[Sanction, Context, Actor](
    name="sanctions",
    machine=MACHINE,
    repository=records.REPOSITORY,
    context=pinning("sanctions", Policy, Context),
    actor_of=actor_of,
    view=view,
    effects={**exposure.HOLDS, CountSanctions: records.count},
    gather=gathered,
    after=ringing(
        "nobody decided an appeal",
        "sanction_id",
        metric="SanctionAppealUndecided",
        when=lambda sanction: sanction.status == "overturned" and sanction.appeal and not sanction.appeal.decided_by,
    ),
)

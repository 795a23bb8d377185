"""Deciding whether a supplier qualifies: its day rows, its points and the policy of the day, put to the rules."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.shared import policies
from chalicelib.shared.errors import NotAllowed
from chalicelib.shared.periods import business_date, start_of
from chalicelib.shared.policies import Policy
from chalicelib.shared.request import RequestContext
from chalicelib.suppliers.rules import qualification
from chalicelib.suppliers.rules.figures import FigureTerms
from chalicelib.suppliers.rules.programme import Decision, Supplier
from chalicelib.suppliers.rules.qualification import Inputs, PointTerms, Qualification, Terms
from chalicelib.suppliers.views.qualification import QualificationView, view


class Evaluated(msgspec.Struct, frozen=True):
    """A qualification with the policy and the decision record it belongs to."""

    policy: Policy
    terms: Terms
    decision: Decision
    qualification: Qualification

    def view(self) -> QualificationView:
        return view(self.qualification, self.terms, self.policy, self.decision.as_of)

    def on(self, inputs: Inputs) -> Evaluated:
        """The same decision on other inputs."""
        return Evaluated(
            self.policy,
            self.terms,
            replace(self.decision, inputs=inputs),
            qualification.qualify(inputs, self.terms),
        )


def evaluate(supplier: Supplier, as_of: date, at: datetime) -> Evaluated:
    """The supplier's qualification on the figures of a business date, with the points that count at a moment. One query."""
    policy = policies.in_force("qualification", as_of)
    terms = policy.read_as(Terms)
    answering = policies.in_force("figures", as_of).read_as(FigureTerms).response
    rows = daybook_recording.rows(supplier.id, qualification.first_day_needed(as_of, terms, answering), as_of)
    inputs = replace(
        qualification.inputs_of(rows, as_of, terms, answering),
        points=supplier.points(at),
        suspended=supplier.is_suspended,
        held_minor=supplier.held_minor,
    )
    decision = Decision(as_of=as_of, at=at, policy=policy.hash, inputs=inputs)
    return Evaluated(policy, terms, decision, qualification.qualify(inputs, terms))


def shown_again(decision: Decision) -> Evaluated:
    """An earlier decision with its working, under the policy it was made under. Reads nothing."""
    policy = policies.pinned("qualification", decision.policy)
    terms = policy.read_as(Terms)
    return Evaluated(policy, terms, decision, qualification.qualify(decision.inputs, terms))


def point_terms(now: datetime) -> PointTerms:
    return policies.in_force("qualification", business_date(now)).read_as(Terms).points


def day_and_moment(on: date | None, request: RequestContext) -> tuple[date, datetime]:
    """The business date to decide for, and the moment at which points count: now, or the beginning of an earlier date."""
    today = business_date(request.now)
    if on is None or on == today:
        return today, request.now
    if not request.caller.is_officer:
        raise NotAllowed("Only an officer may ask as of another date.", param="as_of", fix="Leave as_of out.")
    return on, start_of(on)

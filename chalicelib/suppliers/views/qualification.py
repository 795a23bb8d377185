"""A qualification as clients see it: the decision with its working, and what another month would change."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.shared.money import Money
from chalicelib.shared.policies import Policy
from chalicelib.shared.texts import Text
from chalicelib.shared.views import view_of
from chalicelib.suppliers.rules.conditions import Condition
from chalicelib.suppliers.rules.coverage import USD
from chalicelib.suppliers.rules.qualification import Qualification, Terms, Weights, window
from chalicelib.suppliers.rules.working import working

More = Annotated[int, Meta(ge=0, le=1_000_000)]


class PolicyRef(msgspec.Struct, frozen=True):
    """Which version of which policy; `GET /v1/policies/{name}` tells its numbers."""

    name: str
    version: str
    hash: str


class WindowView(msgspec.Struct, frozen=True):
    """Shanghai business dates, both in it."""

    first: date
    last: date


class InputsView(msgspec.Struct, frozen=True, kw_only=True):
    completed: int
    """Trades completed, dated by delivery."""
    gmv: Money
    """Their amounts, each converted at the table rate of its delivery month."""
    due: int
    """Trades not cancelled that were to be shipped in the window."""
    on_time: int
    protected_completed: int
    claims_lost: int
    inquiries: int
    points: int
    suspended: bool
    limit_so_far: Money
    """What points freeze the limit at."""


class ResponseRateView(msgspec.Struct, frozen=True):
    """Where fewer inquiries than needed were asked, the rate is the policy's neutral one and `sufficient` is false."""

    rate_bp: int
    inquiries: int
    sufficient: bool


class NextStepView(msgspec.Struct, frozen=True, kw_only=True):
    """What would raise the limit by one step, all else unchanged. Where no trade would, `because` says why."""

    limit: Money
    gmv: Money | None
    more_gmv: Money | None
    because: str | None


class QualificationView(msgspec.Struct, frozen=True, kw_only=True):
    """The decision as of a business date and its working. Rates are basis points."""

    as_of: date
    window: WindowView
    policy: PolicyRef
    qualified: bool
    limit: Money
    inputs: InputsView
    weights_bp: Weights
    on_time_bp: int
    claim_loss_bp: int
    response: ResponseRateView
    q_bp: int
    points_percent: int
    """What the points leave of the limit."""
    raw: Money
    frozen: bool
    """Points stand in the way of a higher limit than the one so far."""
    unfrozen_limit: Money
    conditions: list[Condition]
    failed: list[str]
    next_step: NextStepView | None
    working: list[Text]


class SimulationRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What would be different, added to the supplier's present figures."""

    completed: More = 0
    """More trades completed."""
    gmv: Money | None = None
    """And their amount; another currency is converted at today's table rate."""
    shipped_on_time: More = 0
    """More trades due and shipped in time."""
    shipped_late: More = 0
    """More trades due and not shipped in time."""
    protected_completed: More = 0
    """How many more protected orders would be completed."""
    claims_lost: More = 0
    """How many more claims would be lost."""
    points_given: More = 0
    """How many more points would be given."""
    points_expired: More = 0
    """How many of its points would have expired."""
    response_bp: Annotated[int, Meta(ge=0, le=10_000)] | None = None
    """Another response rate."""
    reinstated: bool = False
    """As if a suspension were lifted."""


class ChangeView(msgspec.Struct, frozen=True, kw_only=True):
    """What the simulation changes."""

    limit_before: Money
    limit_after: Money
    difference: Money
    qualifies_before: bool
    qualifies_after: bool
    newly_met: list[str]
    newly_failed: list[str]


class SimulationView(msgspec.Struct, frozen=True):
    """The same decision twice: on the figures as they are, and on those asked about."""

    changes: ChangeView
    before: QualificationView
    after: QualificationView


def usd(minor: int) -> Money:
    return Money.of(minor, USD)


def view(qualification: Qualification, terms: Terms, policy: Policy, as_of: date) -> QualificationView:
    inputs = qualification.inputs
    return view_of(
        QualificationView,
        qualification,
        USD,
        as_of=as_of,
        window=WindowView(*window(as_of, terms)),
        policy=PolicyRef(policy.name, policy.version, policy.hash),
        inputs=view_of(InputsView, inputs, USD, limit_so_far=usd(inputs.held_minor)),
        weights_bp=terms.weights_bp,
        response=ResponseRateView(qualification.response_bp, inputs.inquiries, inputs.response_bp is not None),
        unfrozen_limit=usd(qualification.computed_minor),
        failed=[condition.name for condition in qualification.failed],
        working=working(qualification, terms),
    )


def simulation(before: QualificationView, after: QualificationView, gained_minor: int) -> SimulationView:
    return SimulationView(
        ChangeView(
            limit_before=before.limit,
            limit_after=after.limit,
            difference=usd(gained_minor),
            qualifies_before=before.qualified,
            qualifies_after=after.qualified,
            newly_met=[name for name in before.failed if name not in after.failed],
            newly_failed=[name for name in after.failed if name not in before.failed],
        ),
        before,
        after,
    )

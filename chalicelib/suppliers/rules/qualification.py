"""Who qualifies, and for how much: whole numbers and basis points only, with the working kept. Pure.

    on_time_bp    = 10000 * on_time // due
    claim_loss_bp = 10000 * claims_lost // max(1, protected_completed)
    response_bp   = the response rate, or the neutral rate where the sample is insufficient
    q_bp          = (5000 * on_time_bp + 3000 * (10000 - claim_loss_bp) + 2000 * response_bp) // 10000
    raw           = (1,000.00 USD + gmv * 2000 * q_bp // 10^8) * max(0, 100 - 5 * points) // 100
    limit         = raw within 1,000.00 and 1,000,000.00 USD, rounded down to a whole 100 USD; 0 where not qualified

The numbers are those of the policy `qualification 2026.1`; all of them are parameters. Amounts are US cents.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

import msgspec

from chalicelib.daybook.rules.days import DayRow
from chalicelib.suppliers.rules import figures
from chalicelib.suppliers.rules.conditions import Condition, at_least, at_most, is_clear
from chalicelib.suppliers.rules.figures import WHOLE_BP, ResponseTerms


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Basis points that add up to 10000."""

    on_time: int
    claim_loss: int
    response: int


class PointTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From how many points what follows, how long they last, how long an officer has for an appeal, and how many a reason is worth."""

    freeze_from: int
    delist_from: int
    disqualify_from: int
    expire_days: int
    reapply_days: int
    appeal_decide_days: int
    by_reason: dict[str, int]


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The policy `qualification`."""

    window_days: int
    least_completed: int
    least_due: int
    least_on_time_bp: int
    most_claim_loss_bp: int
    neutral_response_bp: int
    weights_bp: Weights
    base_minor: int
    gmv_share_bp: int
    percent_per_point: int
    least_limit_minor: int
    most_limit_minor: int
    step_minor: int
    points: PointTerms


class Inputs(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a qualification is decided on. `response_bp` is None where fewer inquiries than needed were asked."""

    completed: int = 0
    gmv_minor: int = 0
    due: int = 0
    on_time: int = 0
    protected_completed: int = 0
    claims_lost: int = 0
    inquiries: int = 0
    response_bp: int | None = None
    points: int = 0
    suspended: bool = False
    held_minor: int = 0
    """The limit so far: what it may not rise above while points freeze it."""


class NextStep(msgspec.Struct, frozen=True, kw_only=True):
    """What would raise the limit by one step, all else unchanged. `gmv_minor` is None where no trade would: `because` says why."""

    limit_minor: int
    gmv_minor: int | None = None
    more_gmv_minor: int | None = None
    because: str | None = None


class Qualification(msgspec.Struct, frozen=True, kw_only=True):
    """The decision and its working. `computed_minor` is the limit were it not frozen."""

    inputs: Inputs
    conditions: tuple[Condition, ...]
    qualified: bool
    frozen: bool
    on_time_bp: int
    claim_loss_bp: int
    response_bp: int
    q_bp: int
    points_percent: int
    raw_minor: int
    computed_minor: int
    limit_minor: int
    next_step: NextStep | None

    @property
    def failed(self) -> tuple[Condition, ...]:
        return tuple(condition for condition in self.conditions if not condition.met)


_GMV_SCALE: Final = WHOLE_BP * WHOLE_BP


def window(as_of: date, terms: Terms) -> tuple[date, date]:
    """First and last business date that count: `as_of` itself does not."""
    return as_of - timedelta(days=terms.window_days), as_of - timedelta(days=1)


def first_day_needed(as_of: date, terms: Terms, answering: ResponseTerms) -> date:
    """The earliest day row a qualification reads: of the window, or of inquiries where they go back further."""
    inquiries = answering.wider_days + answering.ends_hours_ago // 24 + 1
    return as_of - timedelta(days=max(terms.window_days, inquiries))


def inputs_of(rows: Iterable[DayRow], as_of: date, terms: Terms, answering: ResponseTerms) -> Inputs:
    """The sums of a supplier's day rows; points, suspension and the limit so far are its record's to add."""
    rows = list(rows)
    first, last = window(as_of, terms)
    inside = [row for row in rows if first <= row.day <= last]
    response = figures.response(rows, figures.opening(as_of), answering)
    return Inputs(
        completed=sum(row.completed for row in inside),
        gmv_minor=sum(row.gmv_usd_minor for row in inside),
        due=sum(row.due for row in inside),
        on_time=sum(row.on_time for row in inside),
        protected_completed=sum(row.protected_completed for row in inside),
        claims_lost=sum(row.claims_lost for row in inside),
        inquiries=response.inquiries,
        response_bp=response.rate_bp,
    )


def qualify(inputs: Inputs, terms: Terms) -> Qualification:
    """The decision on these inputs, with its working. Without a due shipment the on-time rate is 0."""
    on_time_bp = WHOLE_BP * inputs.on_time // inputs.due if inputs.due else 0
    claim_loss_bp = WHOLE_BP * inputs.claims_lost // max(1, inputs.protected_completed)
    response_bp = terms.neutral_response_bp if inputs.response_bp is None else inputs.response_bp
    weights = terms.weights_bp
    q_bp = (
        weights.on_time * on_time_bp + weights.claim_loss * (WHOLE_BP - claim_loss_bp) + weights.response * response_bp
    ) // WHOLE_BP
    percent = max(0, 100 - terms.percent_per_point * inputs.points)
    raw = (terms.base_minor + inputs.gmv_minor * terms.gmv_share_bp * q_bp // _GMV_SCALE) * percent // 100
    conditions = _conditions(inputs, terms, on_time_bp, claim_loss_bp)
    qualified = all(condition.met for condition in conditions)
    computed = _within(raw, terms) if qualified else 0
    frozen = inputs.points >= terms.points.freeze_from
    limit = min(computed, inputs.held_minor) if frozen else computed
    return Qualification(
        inputs=inputs,
        conditions=conditions,
        qualified=qualified,
        frozen=frozen,
        on_time_bp=on_time_bp,
        claim_loss_bp=claim_loss_bp,
        response_bp=response_bp,
        q_bp=q_bp,
        points_percent=percent,
        raw_minor=raw,
        computed_minor=computed,
        limit_minor=limit,
        next_step=_next_step(inputs, terms, limit, q_bp, percent, frozen) if qualified else None,
    )


def _within(raw: int, terms: Terms) -> int:
    clamped = min(max(raw, terms.least_limit_minor), terms.most_limit_minor)
    return clamped // terms.step_minor * terms.step_minor


def _next_step(inputs: Inputs, terms: Terms, limit: int, q_bp: int, percent: int, frozen: bool) -> NextStep:
    target = limit + terms.step_minor
    if frozen:
        return NextStep(limit_minor=limit, because="frozen_by_points")
    if target > terms.most_limit_minor:
        return NextStep(limit_minor=limit, because="highest_limit_reached")
    rate = terms.gmv_share_bp * q_bp
    if percent == 0 or rate <= 0:
        return NextStep(limit_minor=target, because="points_take_all" if percent == 0 else "rate_is_zero")
    share = -(-target * 100 // percent) - terms.base_minor
    gmv = max(inputs.gmv_minor, -(-share * _GMV_SCALE // rate))
    return NextStep(limit_minor=target, gmv_minor=gmv, more_gmv_minor=gmv - inputs.gmv_minor)


def _conditions(inputs: Inputs, terms: Terms, on_time_bp: int, claim_loss_bp: int) -> tuple[Condition, ...]:
    loss, late = inputs.claims_lost, terms.least_on_time_bp
    return (
        at_least("completed", inputs.completed, terms.least_completed, needs="completed_trades"),
        at_least("due", inputs.due, terms.least_due, needs="shipments_due"),
        at_least(
            "on_time_bp",
            on_time_bp,
            late,
            needs="shipments_on_time",
            needed=_shipments_needed(inputs.on_time, inputs.due, late),
        ),
        at_most(
            "claim_loss_bp",
            claim_loss_bp,
            terms.most_claim_loss_bp,
            needs="protected_orders_completed_without_a_lost_claim",
            needed=max(0, WHOLE_BP * loss // (terms.most_claim_loss_bp + 1) + 1 - inputs.protected_completed),
        ),
        at_most("points", inputs.points, terms.points.delist_from - 1, needs="points_expired"),
        is_clear("suspended", inputs.suspended, needs="reinstatement"),
    )


def _shipments_needed(on_time: int, due: int, least_bp: int) -> int | None:
    """So many more shipments, all on time, bring the rate to `least_bp`; None where none ever do."""
    missing = least_bp * due - WHOLE_BP * on_time
    if missing <= 0:
        return 0 if due else 1
    return -(-missing // (WHOLE_BP - least_bp)) if least_bp < WHOLE_BP else None

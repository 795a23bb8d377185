"""The working of a qualification in words, each line one formula with its numbers: what a person checks with a calculator. Pure."""

from __future__ import annotations

from chalicelib.shared.money import text
from chalicelib.suppliers.rules.coverage import USD
from chalicelib.suppliers.rules.figures import WHOLE_BP
from chalicelib.suppliers.rules.qualification import Qualification, Terms


def working(made: Qualification, terms: Terms) -> list[str]:
    """The formulas in the order in which they are worked out. Amounts are US cents until the last lines."""
    told, weights, loss_bp = made.inputs, terms.weights_bp, WHOLE_BP - made.claim_loss_bp
    protected = max(1, told.protected_completed)
    neutral = f" (neutral: {told.inquiries} inquiries are too few)" if told.response_bp is None else ""
    return [
        f"on_time_bp = {WHOLE_BP} * {told.on_time} // {told.due} = {made.on_time_bp}" if told.due else "on_time_bp = 0",
        f"claim_loss_bp = {WHOLE_BP} * {told.claims_lost} // {protected} = {made.claim_loss_bp}",
        f"response_bp = {made.response_bp}{neutral}",
        f"q_bp = ({weights.on_time} * {made.on_time_bp} + {weights.claim_loss} * {loss_bp}"
        f" + {weights.response} * {made.response_bp}) // {WHOLE_BP} = {made.q_bp}",
        f"raw = ({terms.base_minor} + {told.gmv_minor} * {terms.gmv_share_bp} * {made.q_bp} // {WHOLE_BP**2})"
        f" * {made.points_percent} // 100 = {made.raw_minor}",
        *_limit(made, terms),
    ]


def _limit(made: Qualification, terms: Terms) -> list[str]:
    if not made.qualified:
        return [f"limit = 0: not met: {', '.join(condition.name for condition in made.failed)}"]
    least, most, step = (
        text(minor, USD) for minor in (terms.least_limit_minor, terms.most_limit_minor, terms.step_minor)
    )
    told = [
        f"limit = raw within {least} and {most} USD, down to whole {step} USD = {text(made.computed_minor, USD)} USD"
    ]
    if made.frozen:
        told.append(f"{made.inputs.points} points freeze it: not above {text(made.inputs.held_minor, USD)} USD")
    return told

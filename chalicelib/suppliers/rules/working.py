"""The working of a qualification in words, each line one formula with its numbers: what a person checks with a calculator. Pure."""

from __future__ import annotations

from chalicelib.shared.money import grouped, printed
from chalicelib.suppliers.rules.coverage import USD
from chalicelib.suppliers.rules.figures import WHOLE_BP
from chalicelib.suppliers.rules.qualification import Qualification, Terms


def working(qualification: Qualification, terms: Terms) -> list[str]:
    """The formulas in the order in which they are worked out."""
    inputs, weights, loss_bp = qualification.inputs, terms.weights_bp, WHOLE_BP - qualification.claim_loss_bp
    protected = max(1, inputs.protected_completed)
    neutral = f" (neutral: {inputs.inquiries} inquiries are too few)" if inputs.response_bp is None else ""
    return [
        f"on_time_bp = {WHOLE_BP} * {inputs.on_time} // {inputs.due} = {qualification.on_time_bp}"
        if inputs.due
        else "on_time_bp = 0",
        f"claim_loss_bp = {WHOLE_BP} * {inputs.claims_lost} // {protected} = {qualification.claim_loss_bp}",
        f"response_bp = {qualification.response_bp}{neutral}",
        f"q_bp = ({weights.on_time} * {qualification.on_time_bp} + {weights.claim_loss} * {loss_bp}"
        f" + {weights.response} * {qualification.response_bp}) // {WHOLE_BP} = {qualification.q_bp}",
        f"raw = ({grouped(terms.base_minor, USD)} + {grouped(inputs.gmv_minor, USD)} * {terms.gmv_share_bp} * {qualification.q_bp}"
        f" // {WHOLE_BP**2}) * {qualification.points_percent} // 100 = {printed(qualification.raw_minor, USD)}",
        *_limit(qualification, terms),
    ]


def _limit(qualification: Qualification, terms: Terms) -> list[str]:
    if not qualification.qualified:
        return [f"limit = 0: not met: {', '.join(condition.name for condition in qualification.failed)}"]
    least, most, step = (
        grouped(minor, USD) for minor in (terms.least_limit_minor, terms.most_limit_minor, terms.step_minor)
    )
    told = [
        f"limit = raw within {least} and {most} USD, down to whole {step} USD = {printed(qualification.computed_minor, USD)}"
    ]
    if qualification.frozen:
        told.append(
            f"{qualification.inputs.points} points freeze it: not above {printed(qualification.inputs.held_minor, USD)}"
        )
    return told

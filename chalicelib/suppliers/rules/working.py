"""The working of a qualification in words, each line one formula with its numbers: what a person checks with a calculator. Pure."""

from __future__ import annotations

from chalicelib.shared.money import grouped, printed
from chalicelib.shared.texts import NOTHING, Text, listed, percentage, say, say_count, term
from chalicelib.suppliers.rules.coverage import USD
from chalicelib.suppliers.rules.figures import WHOLE_BP
from chalicelib.suppliers.rules.qualification import Qualification, Terms


def working(qualification: Qualification, terms: Terms) -> list[Text]:
    """The formulas in the order in which they are worked out. Every share is rounded down to a hundredth of a percent."""
    weights = terms.weights_bp
    return [
        *_shares(qualification),
        say(
            "quality = {on_time_weight} × {on_time} + {loss_weight} × {no_loss} + {response_weight} × {response} = {quality}",
            on_time_weight=percentage(weights.on_time),
            on_time=percentage(qualification.on_time_bp),
            loss_weight=percentage(weights.claim_loss),
            no_loss=percentage(WHOLE_BP - qualification.claim_loss_bp),
            response_weight=percentage(weights.response),
            response=percentage(qualification.response_bp),
            quality=percentage(qualification.q_bp),
        ),
        say(
            "raw limit = ({base} + {sales} sold × {share} × {quality}) × {points} % left by the points = {raw}",
            base=grouped(terms.base_minor, USD),
            sales=grouped(qualification.inputs.gmv_minor, USD),
            share=percentage(terms.gmv_share_bp),
            quality=percentage(qualification.q_bp),
            points=qualification.points_percent,
            raw=printed(qualification.raw_minor, USD),
        ),
        *_limit(qualification, terms),
    ]


def _shares(qualification: Qualification) -> list[Text]:
    inputs = qualification.inputs
    neutral = say_count(
        ", taken as given: {n} inquiry is too few",
        ", taken as given: {n} inquiries are too few",
        n=inputs.inquiries,
    )
    return [
        say(
            "shipped on time = {on_time} of {due} = {share}",
            on_time=inputs.on_time,
            due=inputs.due,
            share=percentage(qualification.on_time_bp),
        ),
        say(
            "claims lost = {lost} on {orders} protected orders = {share}",
            lost=inputs.claims_lost,
            orders=inputs.protected_completed,
            share=percentage(qualification.claim_loss_bp),
        ),
        say(
            "inquiries answered = {share}{neutral}",
            share=percentage(qualification.response_bp),
            neutral=neutral if inputs.response_bp is None else NOTHING,
        ),
    ]


def _limit(qualification: Qualification, terms: Terms) -> list[Text]:
    if not qualification.qualified:
        names = [term("field", condition.name.removesuffix("_bp")) for condition in qualification.failed]
        return [say("limit = 0, for these conditions are not met: {conditions}", conditions=listed(names))]
    least, most, step = (
        grouped(minor, USD) for minor in (terms.least_limit_minor, terms.most_limit_minor, terms.step_minor)
    )
    steps = [
        say(
            "limit = raw limit within {least} and {most} USD, down to whole {step} USD = {limit}",
            least=least,
            most=most,
            step=step,
            limit=printed(qualification.computed_minor, USD),
        )
    ]
    if qualification.frozen:
        held = printed(qualification.inputs.held_minor, USD)
        steps.append(say("{points} points freeze it: not above {held}", points=qualification.inputs.points, held=held))
    return steps

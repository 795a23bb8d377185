"""Applications, reviews, offers and agreements tell what ended them: a decision of whose it was to make, or a time that passed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import pytest

from chalicelib.credit.rules import (
    agreement_handling,
    application_handling,
    offer_handling,
    review_handling,
)
from chalicelib.credit.rules.review import Why
from tests.credit import deciding as values
from tests.credit.deciding import DAY, NOW, after
from tests.ends import endings

LONG = NOW + 90 * DAY
APPLICATIONS: list[tuple[str, str, Callable[[], Any]]] = [
    ("lapse", "lapsed", lambda: after(application_handling.MACHINE, values.draft(), values.APPLYING, LONG)),
    ("screen", "screened_out", values.screened_out),
    ("withdraw", "withdrawn", values.withdrawn),
    ("follow", "unsuccessful", values.unsuccessful),
    ("leave_out", "unsuccessful", values.asked_of_nobody),
    ("sign", "signed", values.signed_application),
    ("fail_to_sign", "lapsed", values.lapsed_application),
]
REVIEWS: list[tuple[str, str, Why, Callable[[], Any]]] = [
    ("reject", "rejected", "rejected", values.rejected),
    ("withdraw", "withdrawn", "application_withdrawn", values.withdrawn_review),
    (
        "let_request_lapse",
        "withdrawn",
        "information_not_supplied",
        lambda: after(review_handling.MACHINE, values.info_requested(), values.reviewing(), LONG),
    ),
    ("give_up", "unanswered", "bank_did_not_answer", values.unanswered),
    ("accept", "accepted", "offer_accepted", values.accepted_review),
    (
        "close",
        "closed",
        "offer_declined",
        lambda: of_review(offer_handling.decline(values.offer(), values.offering(), "per_1", NOW)),
    ),
    (
        "close",
        "closed",
        "offer_expired",
        lambda: of_review(offer_handling.expire(values.offer(), values.offering(), NOW)),
    ),
    (
        "close",
        "closed",
        "offer_withdrawn",
        lambda: of_review(offer_handling.withdraw(values.offer(), values.offering(), "So.", NOW)),
    ),
    (
        "close",
        "closed",
        "other_offer_accepted",
        lambda: after(
            review_handling.MACHINE, values.in_review(), values.reviewing(values.accepted_application()), LONG
        ),
    ),
]
OFFERS: list[tuple[str, str, Callable[[], Any]]] = [
    ("accept", "accepted", lambda: values.acceptance().state),
    ("decline", "declined", values.declined),
    ("replace", "replaced", lambda: values.replacement().state),
    ("withdraw", "withdrawn", values.withdrawn_offer),
    ("expire", "expired", lambda: after(offer_handling.MACHINE, values.offer(), values.offering(), LONG)),
    ("pass_over", "not_chosen", values.not_chosen),
]
AGREEMENTS: list[tuple[str, str, Callable[[], Any]]] = [
    ("sign", "signed", values.signed_agreement),
    ("lapse", "lapsed", lambda: after(agreement_handling.MACHINE, values.agreement(), values.agreeing(), LONG)),
]
ENDED = {
    "applications": {status for _, status, _ in APPLICATIONS},
    "reviews": {status for _, status, _, _ in REVIEWS},
    "offers": {status for _, status, _ in OFFERS},
    "agreements": {status for _, status, _ in AGREEMENTS},
}


def of_review(change: Any) -> Any:
    return next(other for other in change.also if other.id.startswith("rvw_"))


@pytest.mark.parametrize(("name", "status", "ended"), [*APPLICATIONS, *OFFERS, *AGREEMENTS])
def test_each_end_is_the_one_that_acted_and_tells_when(name: str, status: str, ended: Callable[[], Any]) -> None:
    state = ended()
    assert state.status == status
    assert state.ended_at == state.updated_at


@pytest.mark.parametrize(("name", "status", "why", "ended"), REVIEWS)
def test_a_review_tells_why_it_ended(name: str, status: str, why: Why, ended: Callable[[], Any]) -> None:
    state = ended()
    assert (state.status, state.why, state.ended_at) == (status, why, state.updated_at)


def test_every_reason_and_every_transition_to_an_end_is_here() -> None:
    assert {why for _, _, why, _ in REVIEWS} == set(get_args(Why))
    assert {(name, status) for name, status, _, _ in REVIEWS} == endings(review_handling.MACHINE.table)
    for machine, shown in (
        (application_handling.MACHINE, APPLICATIONS),
        (offer_handling.MACHINE, OFFERS),
        (agreement_handling.MACHINE, AGREEMENTS),
    ):
        assert {(name, status) for name, status, _ in shown} == endings(machine.table)

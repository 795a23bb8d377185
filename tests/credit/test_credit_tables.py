"""The state machines of applications, reviews, offers and agreements, row by row: what each side may do, what nobody may, what comes by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.credit.rules import (
    agreement,
    agreement_handling,
    application,
    application_handling,
    application_transitions,
    offer,
    offer_handling,
    review,
    review_handling,
    review_transitions,
)
from chalicelib.credit.rules.agreement import HashNotInForce, RevisedBeyondAccepted
from chalicelib.shared.periods import business_days_after
from chalicelib.shared.state_machine import StateMachine
from tests.credit import deciding as values
from tests.credit.deciding import DAY, MS, NOW, TERMS, after

Made = Callable[[], Any]


class Drawn(NamedTuple):
    """A machine: how to come to each status, and what each actor may do in it."""

    machine: StateMachine[Any, Any]
    context: Made
    error: type[Exception]
    states: dict[str, Made]
    may: dict[str, dict[str, set[str]]]


MACHINES: dict[str, Drawn] = {
    "application": Drawn(
        application_handling.MACHINE,
        lambda: values.APPLYING,
        application_transitions.ApplicationNotInThisStatus,
        {
            "draft": values.draft,
            "submitted": values.submitted,
            "with_banks": values.with_banks,
            "accepted": values.accepted_application,
            "signed": values.signed_application,
            "screened_out": values.screened_out,
            "withdrawn": values.withdrawn,
            "unsuccessful": values.unsuccessful,
            "lapsed": values.lapsed_application,
        },
        {
            "applicant": {
                "draft": {"submit", "add-document", "withdraw"},
                "submitted": {"add-document", "withdraw"},
                "with_banks": {"add-document", "withdraw"},
            },
            "officer": {"submitted": {"screen"}},
        },
    ),
    "review": Drawn(
        review_handling.MACHINE,
        values.reviewing,
        review_transitions.ReviewNotInThisStatus,
        {
            "sent": values.sent,
            "in_review": values.in_review,
            "info_requested": values.info_requested,
            "approved": values.approved,
            "offered": values.offered,
            "rejected": values.rejected,
            "withdrawn": values.withdrawn_review,
            "unanswered": values.unanswered,
            "accepted": values.accepted_review,
            "closed": values.closed_review,
        },
        {
            "applicant": {"info_requested": {"supply-information"}},
            "officer": {},
            "bank": {
                "sent": {"receive", "begin", "approve", "reject", "close"},
                "in_review": {"request", "approve", "reject", "close"},
                "info_requested": {"close"},
                "approved": {"offer", "close"},
                "offered": {"replace", "accept", "close"},
            },
        },
    ),
    "offer": Drawn(
        offer_handling.MACHINE,
        values.offering,
        offer_handling.OfferNotInThisStatus,
        {
            "open": values.offer,
            "accepted": lambda: values.acceptance().state,
            "declined": values.declined,
            "replaced": lambda: values.replacement().state,
            "withdrawn": values.withdrawn_offer,
            "expired": values.expired,
            "not_chosen": values.not_chosen,
        },
        {
            "applicant": {"open": {"accept", "decline"}},
            "officer": {},
            "bank": {"open": {"replace", "withdraw", "expire"}},
        },
    ),
    "agreement": Drawn(
        agreement_handling.MACHINE,
        values.agreeing,
        agreement_handling.AgreementNotInThisStatus,
        {"to_sign": values.agreement, "signed": values.signed_agreement, "lapsed": values.lapsed_agreement},
        {"borrower": {"to_sign": {"sign"}}, "officer": {"to_sign": {"sign"}}, "bank": {"to_sign": {"sign", "revise"}}},
    ),
}
STATUSES = {
    "application": application.STATUSES,
    "review": review.STATUSES,
    "offer": offer.STATUSES,
    "agreement": agreement.STATUSES,
}
CELLS = [(name, actor, status) for name, drawn in MACHINES.items() for actor in drawn.may for status in STATUSES[name]]


@pytest.mark.parametrize(("name", "actor", "status"), CELLS)
def test_each_may_do_in_each_status_what_is_drawn_and_nothing_else(name: str, actor: str, status: str) -> None:
    drawn = MACHINES[name]
    table, state, context = drawn.machine.table, drawn.states[status](), drawn.context()
    assert state.status == status
    may = drawn.may[actor].get(status, set())
    assert set(table.allowed(state, actor, context, NOW)) == may
    for transition in {each.name for each in table.transitions} - may:
        with pytest.raises(drawn.error):
            table.require(transition, state, actor, context, NOW)


@pytest.mark.parametrize("name", MACHINES)
def test_every_status_that_is_no_end_has_an_owner_a_time_and_a_default(name: str) -> None:
    drawn = MACHINES[name]
    for status, state in drawn.states.items():
        deadlines = drawn.machine.deadlines(state(), drawn.context())
        assert bool(deadlines) == (status not in drawn.machine.table.ends), status
        assert all(deadline.owner and deadline.default_outcome for deadline in deadlines)


def in_business_days(days: int, start: datetime = NOW) -> datetime:
    return business_days_after(start, days, values.APPLYING.calendar)


@pytest.mark.parametrize(
    ("name", "status", "due_at", "comes"),
    [
        ("application", "draft", NOW + 30 * DAY, "lapsed"),
        ("application", "submitted", in_business_days(1), "submitted"),
        ("review", "sent", in_business_days(1), "sent"),
        ("review", "in_review", in_business_days(5), "in_review"),
        ("review", "info_requested", in_business_days(10), "withdrawn"),
        ("review", "approved", in_business_days(3), "approved"),
        ("offer", "open", NOW + 10 * DAY, "expired"),
        ("agreement", "to_sign", in_business_days(10), "lapsed"),
    ],
)
def test_what_falls_due_comes_at_its_moment_and_not_a_millisecond_before(
    name: str, status: str, due_at: datetime, comes: str
) -> None:
    drawn = MACHINES[name]
    state, context = drawn.states[status](), drawn.context()
    assert after(drawn.machine, state, context, due_at - MS) == state
    came = after(drawn.machine, state, context, due_at)
    assert (came.status, came.version, came.updated_at) == (comes, state.version + 1, due_at)
    assert after(drawn.machine, state, context, due_at + MS) == came


@pytest.mark.parametrize("status", ["sent", "in_review", "info_requested", "approved"])
def test_a_review_is_over_when_the_firm_accepts_another_offer_or_takes_the_application_back(status: str) -> None:
    state = MACHINES["review"].states[status]()
    passed = after(review_handling.MACHINE, state, values.reviewing(values.accepted_application()), NOW)
    assert (passed.status, passed.why) == ("closed", "other_offer_accepted")
    withdrawn = after(review_handling.MACHINE, state, values.reviewing(values.withdrawn()), NOW)
    assert (withdrawn.status, withdrawn.why) == ("withdrawn", "application_withdrawn")


def test_an_offer_is_over_when_the_firm_accepts_another() -> None:
    assert after(
        offer_handling.MACHINE, values.offer(), values.offering(values.accepted_application()), NOW
    ).status == ("not_chosen")


def test_no_bank_decides_on_what_the_firm_has_withdrawn() -> None:
    context = values.reviewing(values.withdrawn())
    assert set(review_transitions.TABLE.allowed(values.sent(), "bank", context, NOW)) == {"receive", "close"}


def test_an_approval_ends_the_right_to_withdraw_until_it_comes_to_nothing() -> None:
    approved = values.application_of(
        review_handling.approve(values.in_review(), values.reviewing(), 50_000_000, 6, (), NOW)
    )
    table = application_transitions.TABLE
    assert table.allowed(approved, "applicant", values.APPLYING, NOW) == ["add-document"]
    ended = application_handling.follow(approved, approved.parts[0].review_id, "ended", NOW)
    assert table.allowed(ended, "applicant", values.APPLYING, NOW) == ["withdraw", "add-document"]


def test_the_banks_clock_runs_on_with_what_was_left_of_its_time() -> None:
    asked = values.info_requested(NOW + 2 * DAY)
    supplied = review_handling.supply_information(asked, "Here.", (), "per_1", NOW + 5 * DAY).state
    assert supplied.due_at == in_business_days(5) + 3 * DAY
    assert supplied.paused == 3 * DAY


# Agreements


@given(order=st.permutations(["borrower", "bank", "platform"]))
def test_in_any_order_the_third_signature_seals_and_no_earlier(order: list[Any]) -> None:
    was = values.agreement()
    assert values.signed_by(was, *order[:2]).state.status == "to_sign"
    change = values.signed_by(was, *order)
    assert (change.state.status, change.state.unsigned) == ("signed", ())
    line = next(other for other in change.also if other.id.startswith("lin_"))
    assert (line.status, line.terms, line.bank_id) == ("awaiting_activation", TERMS, "boc")


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["borrower", "bank", "platform", "revise"]), st.integers(0, 1_000)), max_size=12
    )
)
def test_whoever_signs_when_only_three_signatures_on_one_hash_seal(steps: list[tuple[Any, int]]) -> None:
    state, context = values.agreement(), values.agreeing()
    for step, rate_bp in steps:
        if state.status != "to_sign" or len(state.versions) == agreement.MOST_VERSIONS:
            break
        if step == "revise":
            terms = replace(TERMS, rate_bp=rate_bp)
            state = agreement_handling.revise(state, context, terms, "So.", NOW).state
        elif not state.has_signed(step):
            state = agreement_handling.sign(state, context, step, "x", state.document_sha256, NOW).state
    on_it = {each.party for each in state.signatures if each.sha256 == state.document_sha256}
    assert (state.status == "signed") == (on_it == {"borrower", "bank", "platform"})
    assert bool(state.sealed_sha256) == (state.status == "signed")


def test_another_hash_is_told_the_one_in_force_and_a_revision_never_lends_more() -> None:
    was, context = values.agreement(), values.agreeing()
    with pytest.raises(HashNotInForce) as raised:
        agreement_handling.sign(was, context, "borrower", "x", "0" * 64, NOW)
    assert raised.value.numbers["document_sha256"] == was.document_sha256
    more = replace(TERMS, amount_minor=TERMS.amount_minor + 1)
    with pytest.raises(RevisedBeyondAccepted):
        agreement_handling.revise(was, context, more, "More.", NOW)

"""A heavier schedule binds a guarantor with its consent only: what is heavier, who consents, who is released, what the bank is told before."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from chalicelib.loans.bank_messages import OUTBOUND
from chalicelib.loans.rules import borrowing
from chalicelib.loans.rules.borrowing import OtherHash
from chalicelib.loans.rules.heavier import heavier
from chalicelib.loans.rules.loan import Heavier, Loan, PlannedInstalment, Release
from chalicelib.loans.rules.position import position_on
from chalicelib.loans.rules.transitions import LoanChange, NothingToConsentTo
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import CLOCK
from tests.loans.lending import CONTEXT, stood
from tests.loans.statuses import NOW, guaranteed, lent, told

JULY, DECEMBER = date(2024, 7, 10), date(2024, 12, 10)


def in_arrears() -> Loan:
    """10,000.00 and 200.00 of interest are overdue since ten days; as much and 100.00 fall due on 10 July."""
    return stood(guaranteed(lent()), NOW)


def row(due: date, principal: int, interest: int) -> PlannedInstalment:
    return PlannedInstalment(number=1, due_date=due, principal=principal, interest=interest)


@pytest.mark.parametrize(
    ("rows", "more"),
    [
        ([row(JULY, 20_000_00, 100_00)], None),
        ([row(JULY, 20_000_00, 100_01)], None),
        ([row(JULY, 20_000_00, 100_02)], Heavier(minor=2, is_later=False)),
        ([row(DECEMBER, 20_000_00, 100_00)], Heavier(minor=0, is_later=True)),
        ([row(DECEMBER, 20_000_00, 1_300_00)], Heavier(minor=1_200_00, is_later=True)),
        ([row(JULY, 20_000_00, 0)], None),
    ],
)
def test_more_money_in_all_or_a_later_end_is_heavier(rows: list[PlannedInstalment], more: Heavier | None) -> None:
    position = position_on(in_arrears(), CONTEXT.product, business_date(NOW))
    assert heavier(rows, position) == more


def proposal(loan: Loan | None = None, *rows: PlannedInstalment) -> LoanChange:
    planned = rows or (row(DECEMBER, 20_000_00, 1_300_00),)
    return borrowing.propose_restructuring(loan or in_arrears(), CONTEXT, "rst_1", planned, "Season.", "borrower", NOW)


def consented(loan: Loan, seat: int) -> LoanChange:
    assert loan.restructuring is not None
    return borrowing.consent_to_restructuring(loan, loan.restructuring.hash, seat, "per_9", NOW)


def signed(loan: Loan) -> LoanChange:
    assert loan.restructuring is not None
    return borrowing.sign_restructuring(loan, loan.restructuring.hash, "per_1", NOW)


def in_force(loan: Loan) -> Loan:
    assert loan.restructuring is not None
    return told(
        loan, "schedule.changed", schedule=list(loan.restructuring.planned), consent_refs=[loan.restructuring.id]
    )


def outbound(change: LoanChange) -> dict[str, object]:
    """What the bank is told of it."""
    [message] = [each for each in OUTBOUND if each.kind == change.event.kind]
    entry = Entry(
        entry_id="ent_1",
        aggregate_id=change.state.id,
        seq=1,
        prev="",
        at=NOW,
        recorded_at=NOW,
        by=CLOCK,
        request_id="",
        digest="",
        event=replace(change.event, payload=to_builtins(change.event.payload)),
    )
    return dict(message.data(entry))


def test_the_bank_is_told_who_would_not_answer_and_for_how_much_with_the_proposal_itself() -> None:
    message = outbound(proposal())
    assert (message["heavier_minor"], message["unbound_seats"]) == (1_200_00, [2, 3])
    after = outbound(consented(proposal().state, 3))
    assert (after["guarantor_seat"], after["unbound_seats"]) == (3, [2])
    assert outbound(signed(consented(proposal().state, 3).state))["unbound_seats"] == [2]


def test_the_guarantors_hear_of_it_and_of_one_that_is_no_heavier_nobody_does() -> None:
    assert len(proposal().event.payload["guarantor_ids"]) == 2
    lighter = proposal(None, row(JULY, 20_000_00, 100_00))
    assert "guarantor_ids" not in lighter.event.payload
    assert (lighter.state.unconsented, "unbound_seats" in outbound(lighter)) == ([], False)
    alone = proposal(replace(in_arrears(), guarantee=None))
    assert alone.state.restructuring is not None
    assert alone.state.restructuring.heavier is None


def test_who_consents_is_bound_and_who_does_not_is_released_of_what_is_heavier() -> None:
    loan = in_force(signed(consented(proposal().state, 2).state).state)
    assert loan.released == (Release(seat=3, minor=1_200_00),)
    assert (loan.restructuring, loan.guaranteed_until) == (None, date(2025, 1, 10))


def test_where_all_consent_nobody_is_released_and_the_guarantee_runs_from_the_new_end() -> None:
    change = proposal()
    for seat in (2, 3):
        change = consented(change.state, seat)
    loan = in_force(signed(change.state).state)
    assert (loan.released, loan.guaranteed_until) == ((), date(2025, 6, 10))


def test_what_a_guarantor_was_released_of_adds_up() -> None:
    once = in_force(signed(consented(proposal().state, 2).state).state)
    again = proposal(once, row(date(2025, 3, 10), 20_000_00, 2_300_00)).state
    more = again.restructuring.heavier.minor if again.restructuring and again.restructuring.heavier else 0
    assert more > 0
    loan = in_force_as(signed(again).state, version=3)
    assert loan.released == (Release(seat=2, minor=more), Release(seat=3, minor=1_200_00 + more))


def in_force_as(loan: Loan, version: int) -> Loan:
    assert loan.restructuring is not None
    return told(
        loan,
        "schedule.changed",
        version=version,
        bank_ref="B-3",
        schedule=list(loan.restructuring.planned),
        consent_refs=[loan.restructuring.id],
    )


def test_a_guarantor_consents_once_to_what_it_has_read_and_only_to_what_is_heavier() -> None:
    once = consented(proposal().state, 2).state
    with pytest.raises(NothingToConsentTo):
        consented(once, 2)
    with pytest.raises(NothingToConsentTo):
        consented(once, 1)
    with pytest.raises(NothingToConsentTo):
        consented(proposal(None, row(JULY, 20_000_00, 100_00)).state, 2)
    with pytest.raises(OtherHash):
        borrowing.consent_to_restructuring(once, "0" * 64, 3, "per_9", NOW)

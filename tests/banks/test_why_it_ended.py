"""An instruction tells what ended it: what the bank said or an officer knew of an attempt, or that a stop held it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.banks.rules import operations, outbox, stops
from chalicelib.banks.rules.instruction import ALREADY_LEFT, HELD_BACK, TAKEN_BACK, StatusReport
from chalicelib.banks.rules.timers import MACHINE
from chalicelib.banks.rules.transitions import TABLE, InstructionChange
from chalicelib.banks.views.outbox import view
from tests.banks.factories import AMOUNT, NOW, POLICY, instruction, spent_of
from tests.banks.test_outbox_rules import SETTLED, heard, in_manual, refused, sent, short
from tests.ends import endings

LATER = NOW + timedelta(days=30)


def the_bank_says_so() -> InstructionChange:
    return heard(sent(), SETTLED)


def an_officer_knows_so() -> InstructionChange:
    return operations.settle_manually(in_manual(), "B-9", NOW, POLICY)


def a_stop_holds_all_of_it_back() -> InstructionChange:
    """Though it had failed before, and would have been tried again."""
    return stops.recall(refused(1), instruction("stop"), NOW)


def a_stop_holds_the_rest_back() -> InstructionChange:
    held = stops.recall(short(), instruction("stop"), NOW).state
    [finished] = MACHINE.overdue(held, POLICY, NOW)
    return finished


def a_stop_finds_nothing_to_hold_back() -> InstructionChange:
    [ended] = MACHINE.overdue(instruction("stop"), POLICY, LATER)
    return ended


ENDED: list[tuple[Callable[[], InstructionChange], str, str, str | None, dict[str, object]]] = [
    (the_bank_says_so, "hear", "settled", None, {"bank_ref": "B-1"}),
    (an_officer_knows_so, "settle-by-hand", "settled", None, {"bank_ref": "B-9", "manual": True}),
    (a_stop_holds_all_of_it_back, "hold_back", "stopped", TAKEN_BACK, {"reason": TAKEN_BACK, "stopped_minor": AMOUNT}),
    (a_stop_holds_the_rest_back, "finish", "settled", TAKEN_BACK, {"reason": TAKEN_BACK}),
    (a_stop_finds_nothing_to_hold_back, "end_stop", "stopped", ALREADY_LEFT, {"reason": ALREADY_LEFT}),
]
"""What ends it, by which transition, how it then stands and why, and what its entry tells."""


@pytest.mark.parametrize(("ends", "transition", "status", "why", "told"), ENDED)
def test_the_reason_is_the_one_that_acted(
    ends: Callable[[], InstructionChange], transition: str, status: str, why: str | None, told: dict[str, object]
) -> None:
    change = ends()
    instruction_view = view(change.state, POLICY, "officer", LATER)
    assert (instruction_view.status, instruction_view.reason, instruction_view.deadlines) == (status, why, [])
    assert told.items() <= change.event.payload.items()
    if why is None:
        (attempt,) = (attempt for attempt in instruction_view.attempts if attempt.status == "settled")
        assert (attempt.bank_ref, attempt.manual) == (told["bank_ref"], told.get("manual", False))


def test_every_transition_to_an_end_is_here() -> None:
    assert {(transition, status) for _, transition, status, _, _ in ENDED} == endings(TABLE)


def test_a_stop_that_is_spent_says_that_it_held_the_money_back() -> None:
    assert spent_of(a_stop_holds_all_of_it_back()).reason == HELD_BACK
    partly = spent_of(stops.recall(short(), instruction("stop"), NOW))
    assert (partly.status, partly.reason) == ("created", "")
    [ended] = MACHINE.overdue(partly, POLICY, LATER)
    assert ended.state.reason == ALREADY_LEFT


def test_what_a_bank_settles_after_it_was_stopped_is_paid_too_much_and_stays_stopped_for_its_reason() -> None:
    stopped = a_stop_holds_all_of_it_back().state
    change = heard(stopped, StatusReport(outcome="settled", seq=2, bank_ref="B-1"), LATER)
    assert (change.event.kind, change.state.status, change.state.reason) == (
        "instruction.overpaid",
        "stopped",
        TAKEN_BACK,
    )


def test_what_a_bank_settles_after_a_part_was_held_back_is_settled_by_the_bank() -> None:
    part = stops.recall(refused(1), instruction("stop", amount_minor=100), NOW).state
    assert (part.status, part.reason) == ("failed", "insufficient_funds")
    assert (
        heard(sent(part, part.due_at or NOW), StatusReport(outcome="settled", seq=1, bank_ref="B-1")).state.reason == ""
    )


def test_a_word_that_comes_before_a_refund_is_finished_changes_nothing_of_why_it_is_over() -> None:
    held = stops.recall(short(), instruction("stop"), NOW).state
    change = heard(held, StatusReport(outcome="settled", seq=2, bank_ref="B-1", moved_minor=AMOUNT))
    assert (change.state.status, change.state.reason) == ("settled", TAKEN_BACK)


def test_the_failures_before_are_not_why_it_settled() -> None:
    was = sent(refused(1), NOW + timedelta(hours=1))
    assert heard(was, StatusReport(outcome="settled", seq=1, bank_ref="B-2")).state.reason == ""


def test_doubt_about_another_attempt_is_an_officers_and_not_why_it_settled() -> None:
    unclear = sent()
    retried = sent(heard(unclear, StatusReport(outcome="failed", reason="timed_out")).state, NOW + timedelta(hours=1))
    settled = heard(retried, StatusReport(outcome="settled", seq=2, bank_ref="B-1"), number=0).state
    assert (settled.status, len(settled.unresolved)) == ("settled", 1)
    change = outbox.flag_contradiction(settled, settled.unresolved[0], "not_of_this_instruction", LATER)
    assert (change.event.kind, change.event.payload["reason"]) == ("instruction.manual", "not_of_this_instruction")
    assert (change.state.status, change.state.reason, change.state.due_at) == ("settled", "", None)

"""Each row of the machine of instructions, with no table in sight."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations

import pytest
from msgspec.structs import replace

from chalicelib.banks.rules import bank_api, operations, outbox, stops
from chalicelib.banks.rules.instruction import Account, Instruction, Status, StatusReport
from chalicelib.banks.rules.outbox import AnotherInstruction, AttemptStatus
from chalicelib.banks.rules.timers import MACHINE
from chalicelib.banks.rules.transitions import TABLE, InstructionChange, NotInThisState, alarm_of
from chalicelib.shared.money import Money
from tests.banks.factories import AMOUNT, NOW, POLICY, allowed, books, instruction, spent_of

SETTLED = StatusReport(outcome="settled", seq=1, bank_ref="B-1")
FAILED = StatusReport(outcome="failed", seq=1, reason="insufficient_funds")
MOMENT = timedelta(milliseconds=1)


def sent(was: Instruction | None = None, now: datetime = NOW) -> Instruction:
    return outbox.send(was or instruction(), now, POLICY).state


def told_all(seq: int = 0, bank_ref: str = "", moved_minor: int = AMOUNT) -> StatusReport:
    return StatusReport(outcome="settled", seq=seq, bank_ref=bank_ref, moved_minor=moved_minor)


def heard(was: Instruction, report: StatusReport, now: datetime = NOW, number: int = -1) -> InstructionChange:
    return outbox.apply_status(was, was.attempts[number].id, report, now, POLICY)


def refused(times: int, reason: str = "insufficient_funds", *, party: str = "mem_1") -> Instruction:
    """An instruction whose bank has refused so many attempts, each made as soon as it was due."""
    was = instruction(party=party)
    for _ in range(times):
        was = sent(was, was.due_at or NOW)
        was = heard(was, StatusReport(outcome="failed", reason=reason), was.updated_at).state
    return was


def later(was: Instruction, now: datetime) -> Instruction:
    """With everything that the clock does by itself."""
    for change in MACHINE.overdue(was, POLICY, now):
        was = change.state
    return was


def in_manual() -> Instruction:
    return refused(1, outbox.NO_LINE)


def test_a_new_instruction_is_due_at_once_and_a_millisecond_earlier_nothing_is() -> None:
    assert outbox.next_action(instruction(), NOW) == "send"
    assert outbox.next_action(instruction(), NOW - MOMENT) == ""
    assert outbox.next_action(instruction("stop"), NOW) == ""
    ended = later(instruction("stop"), NOW + timedelta(hours=POLICY.stop_hours))
    assert (ended.status, later(instruction("stop"), ended.updated_at - MOMENT).status) == ("stopped", "created")


def test_an_attempt_has_a_name_of_its_own_that_is_the_same_whoever_makes_it() -> None:
    assert sent().attempts == sent().attempts
    second = sent(refused(1))
    assert second.attempts[0].id != second.attempts[1].id


@pytest.mark.parametrize(("failures", "hours"), [(1, 1), (2, 6), (3, 24), (4, 72)])
def test_each_failure_waits_longer(failures: int, hours: int) -> None:
    was = refused(failures)
    assert (was.status, was.due_at) == ("failed", was.updated_at + timedelta(hours=hours))
    assert outbox.next_action(was, was.updated_at + timedelta(hours=hours)) == "send"


def test_the_fifth_failure_asks_the_party_for_another_account_and_the_clock_gives_up_on_it() -> None:
    was = refused(5)
    assert (was.status, was.due_at) == ("needs_account", was.updated_at + timedelta(days=7))
    due = was.updated_at + timedelta(days=7)
    assert later(was, due - MOMENT).status == "needs_account"
    late = later(was, due + timedelta(days=300))
    assert (late.status, late.updated_at, late.due_at) == ("manual", due, None)


def test_another_account_is_tried_as_often_and_then_it_is_an_officers() -> None:
    step = operations.give_account(refused(5), Account(account="DE-12345"), NOW)
    assert step.event.payload["account"] == "…2345"
    was = step.state
    for _ in range(5):
        was = sent(was, was.due_at or NOW)
        assert was.attempts[-1].account == Account(account="DE-12345")
        was = heard(was, FAILED, was.updated_at).state
    assert (was.status, was.reason, len(was.attempts)) == ("manual", "insufficient_funds", 10)


def test_an_account_that_is_closed_is_not_tried_again() -> None:
    assert refused(1, "account_closed").status == "needs_account"
    given = sent(operations.give_account(refused(1, "account_closed"), Account(account="X"), NOW).state)
    assert heard(given, StatusReport(outcome="failed", reason="account_closed")).state.status == "manual"


def test_where_nobody_is_known_who_could_name_an_account_it_is_an_officers() -> None:
    assert refused(5, party="").status == "manual"


def test_what_is_unclear_is_asked_about_and_handed_over_after_three_days() -> None:
    was, now = sent(), NOW
    step = outbox.indeterminate(was, was.attempts[0], now, POLICY)
    while step.state.status == "unknown":
        was, now = step.state, step.state.due_at or now
        assert outbox.next_action(was, now) == "ask"
        step = outbox.indeterminate(was, was.attempts[0], now, POLICY)
    assert now > NOW, "it was asked about"
    assert (step.state.status, step.state.reason, alarm_of(step.event)) == ("manual", "unclear", "InstructionManual")
    assert timedelta(hours=72) <= now - NOW <= timedelta(hours=96)
    assert len(step.state.attempts) == 1


def test_what_the_bank_accepts_and_never_settles_is_handed_over_after_ten_days() -> None:
    was, now = sent(), NOW
    while was.status == "sent":
        now = was.due_at or now
        was = outbox.pending(was, was.attempts[0], now, POLICY).state
    assert (was.status, was.reason, now >= NOW + timedelta(days=10)) == ("manual", "not_settled", True)
    assert heard(was, SETTLED).state.status == "settled", "and what the bank says then still counts"


def test_what_the_bank_never_heard_of_is_sent_again_under_its_name() -> None:
    was = sent()
    again = outbox.send_again(was, was.attempts[0], NOW, POLICY)
    assert (again.state.status, again.event.payload["again"]) == ("sent", True)
    assert [attempt.id for attempt in again.state.attempts] == [was.attempts[0].id]


def test_where_another_attempt_has_paid_what_was_never_heard_of_is_over() -> None:
    second = sent(refused(1))
    paid = heard(second, SETTLED, number=0).state
    assert (paid.status, outbox.next_action(paid, paid.due_at or NOW)) == ("settled", "ask")
    step = outbox.send_again(paid, paid.attempts[1], NOW, POLICY)
    assert (step.state.status, step.state.unresolved, step.state.due_at) == ("settled", (), None)


def test_a_settlement_of_a_failed_attempt_settles_and_rings_and_stops_the_retry() -> None:
    step = heard(refused(1), SETTLED)
    assert (step.state.status, step.state.due_at) == ("settled", None)
    assert (step.event.kind, alarm_of(step.event)) == ("instruction.settled", "InstructionContradicted")


def test_a_second_settlement_is_told_apart_from_the_first() -> None:
    paid = heard(sent(refused(1)), SETTLED).state
    step = heard(paid, SETTLED, number=0)
    assert (step.event.kind, alarm_of(step.event)) == ("instruction.overpaid", "InstructionOverpaid")
    assert step.event.payload["overpaid_minor"] == AMOUNT
    assert books([step]) == {"returned_receivable": AMOUNT, "bank_clearing": -AMOUNT}


def test_what_is_collected_twice_is_owed_back() -> None:
    first = sent(instruction("debit"))
    again = sent(heard(first, FAILED).state, NOW + timedelta(hours=1))
    steps = [heard(again, StatusReport(outcome="settled", seq=2), number=0)]
    steps.append(heard(steps[0].state, SETTLED))
    assert books(steps) == {"bank_clearing": 2 * AMOUNT, "collected": -AMOUNT, "refunds_payable": -AMOUNT}


def test_a_settlement_above_what_a_stop_has_left_is_split() -> None:
    stop = replace(instruction("stop", 1), amount_minor=40_000)
    less = stops.recall(refused(1), stop, NOW).state
    step = heard(less, SETTLED)
    assert (step.event.kind, step.state.overpaid_minor) == ("instruction.settled", 40_000)
    assert books([step]) == {
        "refunds_payable": AMOUNT - 40_000,
        "returned_receivable": 40_000,
        "bank_clearing": -AMOUNT,
    }


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"bank_id": "cmb"}, "bank"),
        ({"kind": "payout"}, "kind"),
        ({"currency": "EUR"}, "currency"),
        ({"currency": "EUR", "kind": "debit"}, "kind and currency"),
    ],
)
def test_an_event_of_something_else_is_refused_with_what_differs(changes: dict[str, str | int], wrong: str) -> None:
    was = sent()
    status = AttemptStatus(
        attempt_id=was.attempts[0].id,
        bank_id="boc",
        kind="refund",
        amount_minor=AMOUNT,
        currency="USD",
        report=SETTLED,
    )
    outbox.must_be_of(was, status)
    with pytest.raises(AnotherInstruction, match=f"differs in {wrong}"):
        outbox.must_be_of(was, replace(status, **changes))


def test_what_a_settlement_moved_is_the_banks_to_say_and_a_failure_is_of_all_that_was_sent() -> None:
    was = sent()
    status = AttemptStatus(
        attempt_id=was.attempts[0].id,
        bank_id="boc",
        kind="refund",
        amount_minor=AMOUNT - 1,
        currency="USD",
        report=SETTLED,
    )
    outbox.must_be_of(was, status)
    with pytest.raises(AnotherInstruction, match="differs in amount"):
        outbox.must_be_of(was, replace(status, report=FAILED))


def moved(minor: int, seq: int = 1) -> StatusReport:
    return StatusReport(outcome="settled", seq=seq, bank_ref="B-1", moved_minor=minor)


def short(by: int = 100) -> Instruction:
    return heard(sent(), moved(AMOUNT - by)).state


def test_what_is_settled_short_is_booked_as_it_moved_and_is_an_officers() -> None:
    step = heard(sent(), moved(AMOUNT - 100))
    told = step.state
    assert (told.status, told.reason, told.due_at, alarm_of(step.event)) == (
        "manual",
        "settled_short",
        None,
        "InstructionManual",
    )
    assert (told.paid_minor, told.remaining_minor, told.overpaid_minor) == (AMOUNT - 100, 100, 0)
    assert (step.event.kind, step.event.payload["remaining_minor"]) == ("instruction.manual", 100)
    assert allowed(told) == ["retry", "settle-by-hand"]
    assert books([step]) == {"refunds_payable": AMOUNT - 100, "bank_clearing": 100 - AMOUNT}


def test_an_officers_retry_sends_exactly_the_rest() -> None:
    again = sent(operations.retry(short(), NOW).state)
    assert again.attempts[-1].amount_minor == 100
    step = heard(again, SETTLED)
    assert (step.event.kind, step.event.payload["amount_minor"], step.state.status) == (
        "instruction.settled",
        AMOUNT,
        "settled",
    )
    assert books([step]) == {"refunds_payable": 100, "bank_clearing": -100}


def test_a_rest_that_fails_is_tried_again_by_itself() -> None:
    again = heard(sent(operations.retry(short(), NOW).state), FAILED).state
    assert (again.status, sent(again).attempts[-1].amount_minor) == ("failed", 100)


def test_a_rest_that_is_settled_short_is_an_officers_again() -> None:
    again = heard(sent(operations.retry(short(), NOW).state), moved(40)).state
    assert (again.status, again.reason, again.remaining_minor) == ("manual", "settled_short", 60)


def test_settling_by_hand_books_exactly_the_rest() -> None:
    step = operations.settle_manually(short(), "B-9", NOW, POLICY)
    assert (step.state.status, step.state.overpaid_minor) == ("settled", 0)
    assert books([step]) == {"refunds_payable": 100, "bank_clearing": -100}


def test_settling_by_hand_books_the_rest_where_another_attempt_is_still_open() -> None:
    late = heard(sent(refused(1)), moved(AMOUNT - 100), number=0).state
    assert (late.status, len(late.unresolved)) == ("manual", 1)
    step = operations.settle_manually(late, "B-9", NOW, POLICY)
    assert (step.state.status, step.state.attempts[-1].moved_minor) == ("settled", 100)
    assert books([step]) == {"refunds_payable": 100, "bank_clearing": -100}


def test_what_the_bank_says_after_an_officer_settled_by_hand_is_what_moved() -> None:
    unclear = outbox.indeterminate(sent(), sent().attempts[0], NOW, POLICY).state
    manual = operations.settle_manually(unclear, "B-9", NOW, POLICY)
    late = heard(manual.state, moved(AMOUNT - 100))
    assert (late.state.status, late.state.remaining_minor) == ("manual", 100)
    assert late.event.payload["came_back"], "those who were told that all of it was paid are told that it is not"
    assert books([manual, late]) == {"refunds_payable": AMOUNT - 100, "bank_clearing": 100 - AMOUNT}


def test_what_is_settled_over_is_paid_and_what_is_above_is_owed_back() -> None:
    step = heard(sent(), moved(AMOUNT + 100))
    assert (step.event.kind, alarm_of(step.event), step.state.status) == (
        "instruction.settled",
        "InstructionOverpaid",
        "settled",
    )
    assert (step.event.payload["amount_minor"], step.event.payload["overpaid_minor"]) == (AMOUNT, 100)
    assert books([step]) == {
        "refunds_payable": AMOUNT,
        "returned_receivable": 100,
        "bank_clearing": -AMOUNT - 100,
    }


def test_what_is_collected_short_or_over_is_booked_as_it_came() -> None:
    debit = sent(instruction("debit"))
    assert books([heard(debit, moved(AMOUNT - 100))]) == {"bank_clearing": AMOUNT - 100, "collected": 100 - AMOUNT}
    assert books([heard(debit, moved(AMOUNT + 100))]) == {
        "bank_clearing": AMOUNT + 100,
        "collected": -AMOUNT,
        "refunds_payable": -100,
    }


@pytest.mark.parametrize(
    ("second", "kind", "status", "alarm"),
    [
        (AMOUNT, "settled", "settled", ""),
        (AMOUNT + 1, "settled", "settled", "InstructionOverpaid"),
        (AMOUNT - 1, "manual", "manual", "InstructionManual"),
        (AMOUNT - 100, "told", "manual", ""),
    ],
)
def test_a_later_word_corrects_what_a_short_settlement_moved(second: int, kind: str, status: str, alarm: str) -> None:
    step = heard(short(), moved(second, seq=2))
    assert (step.event.kind, step.state.status, alarm_of(step.event)) == (f"instruction.{kind}", status, alarm)
    assert step.state.moved_minor == second
    assert "came_back" not in step.event.payload


@pytest.mark.parametrize(("second", "kind"), [(AMOUNT, "told"), (AMOUNT + 50, "told"), (AMOUNT + 200, "overpaid")])
def test_a_later_word_corrects_what_was_paid_too_much(second: int, kind: str) -> None:
    steps = [heard(sent(), moved(AMOUNT + 100))]
    steps.append(heard(steps[0].state, moved(second, seq=2)))
    assert (steps[1].event.kind, steps[1].state.status) == (f"instruction.{kind}", "settled")
    assert books(steps).get("returned_receivable", 0) == second - AMOUNT


def test_where_two_words_bear_the_same_number_the_one_with_another_amount_holds() -> None:
    words = [moved(AMOUNT - 100), SETTLED, moved(AMOUNT - 200), moved(AMOUNT)]
    for order in permutations(words):
        was = sent()
        for report in order:
            was = heard(was, report).state
        assert was.moved_minor == AMOUNT - 100


def test_what_was_settled_and_came_back_for_good_is_an_officers_and_not_settled() -> None:
    paid = heard(sent(instruction(party="")), SETTLED).state
    step = heard(paid, StatusReport(outcome="failed", seq=2, reason="account_closed"))
    assert (step.state.status, step.event.payload["came_back"]) == ("manual", True)


@pytest.mark.parametrize(
    ("stopped", "status", "left"), [(40, "manual", 60), (100, "settled", 0), (AMOUNT, "settled", 0)]
)
def test_a_stop_holds_back_what_is_left_of_a_refund_settled_short(stopped: int, status: str, left: int) -> None:
    stop = replace(instruction("stop", 1), amount_minor=stopped)
    assert stops.recalls(stop, short())
    step = stops.recall(short(), stop, NOW)
    was = step.state
    assert (was.remaining_minor, spent_of(step).amount_minor) == (left, max(0, stopped - 100))
    for done in MACHINE.overdue(was, POLICY, NOW):
        assert (done.event.kind, done.event.payload["amount_minor"]) == ("instruction.settled", AMOUNT - 100)
        was = done.state
    assert (was.status, was.due_at) == (status, None)


def test_what_a_bank_says_before_a_refund_is_finished_finishes_it() -> None:
    stopped = stops.recall(short(), instruction("stop", 1), NOW).state
    step = heard(stopped, moved(AMOUNT, seq=2))
    assert (step.event.kind, step.state.overpaid_minor) == ("instruction.settled", 100)


def test_what_never_arrived_is_not_sent_again_where_another_attempt_has_moved_a_part() -> None:
    late = heard(sent(refused(1)), moved(AMOUNT - 100), number=0).state
    asked = operations.retry(late, NOW).state
    assert outbox.next_action(asked, NOW) == "ask"
    step = outbox.send_again(asked, asked.unresolved[0], NOW, POLICY)
    assert (step.state.unresolved, sent(step.state).attempts[-1].amount_minor) == ((), 100)


MAY: dict[Status, list[str]] = {
    "created": [],
    "sent": [],
    "unknown": ["settle-by-hand"],
    "failed": ["retry", "settle-by-hand"],
    "needs_account": ["account", "retry", "settle-by-hand"],
    "manual": ["account", "retry", "settle-by-hand"],
    "settled": [],
    "stopped": [],
}


@pytest.mark.parametrize("status", MAY)
def test_only_drawn_moves_are_allowed_and_a_refusal_lists_them(status: Status) -> None:
    was = replace(instruction(), status=status)
    assert allowed(was) == MAY[status]
    for action, actor in {"account": "party", "retry": "officer", "settle-by-hand": "officer"}.items():
        if action not in MAY[status]:
            with pytest.raises(NotInThisState) as raised:
                TABLE.require(action, was, actor, POLICY, NOW)
            assert raised.value.numbers["allowed_actions"] == TABLE.allowed(was, actor, POLICY, NOW)


def test_an_officer_settles_outside_all_attempts_where_none_is_unclear() -> None:
    step = operations.settle_manually(in_manual(), "B-9", NOW, POLICY)
    assert [attempt.manual for attempt in step.state.attempts] == [False, True]
    assert (step.state.status, step.event.payload["manual"]) == ("settled", True)
    assert books([step]) == {"refunds_payable": AMOUNT, "bank_clearing": -AMOUNT}


def test_what_an_officer_has_settled_stays_settled_and_a_bank_that_says_no_rings() -> None:
    unclear = outbox.indeterminate(sent(), sent().attempts[0], NOW, POLICY).state
    settled = operations.settle_manually(unclear, "B-9", NOW, POLICY).state
    step = heard(settled, FAILED)
    assert (step.state.status, alarm_of(step.event)) == ("settled", "InstructionContradicted")
    assert books([step]) == {}


@pytest.mark.parametrize(
    ("status", "body", "means"),
    [
        (200, b"", bank_api.Accepted()),
        (202, b"anything", bank_api.Accepted()),
        (422, b'{"reason": "account_closed"}', bank_api.Refused("account_closed")),
        (409, b'{"reason": "duplicate", "more": 1}', bank_api.Refused("duplicate")),
        (422, b"<html>", bank_api.Indeterminate()),
        (422, b"[" * 50_000, bank_api.Indeterminate()),
        (301, b"", bank_api.Indeterminate()),
        (404, b"", bank_api.Indeterminate()),
        (500, b'{"reason": "x"}', bank_api.Indeterminate()),
    ],
)
def test_only_a_clear_no_is_a_refusal(status: int, body: bytes, means: bank_api.SendResult) -> None:
    assert bank_api.read_send_result(status, body) == means


@pytest.mark.parametrize(
    ("status", "body", "means"),
    [
        (200, b'{"status": "settled", "seq": 2, "bank_ref": "B"}', told_all(seq=2, bank_ref="B")),
        (200, b'{"status": "settled", "money": {"amount": "0.01", "currency": "USD"}}', told_all(moved_minor=1)),
        (200, b'{"status": "settled", "money": {"amount": "0.00", "currency": "USD"}}', bank_api.Indeterminate()),
        (200, b'{"status": "settled", "money": {"amount": "0.01", "currency": "EUR"}}', bank_api.Indeterminate()),
        (200, b'{"status": "failed", "money": {"amount": "0.01", "currency": "USD"}}', bank_api.Indeterminate()),
        (200, b'{"status": "failed", "reason": "x"}', StatusReport(outcome="failed", reason="x")),
        (200, b'{"status": "pending"}', bank_api.Pending()),
        (200, b'{"status": "unknown"}', bank_api.UnknownToBank()),
        (404, b'{"status": "unknown"}', bank_api.Indeterminate()),
        (404, b"", bank_api.Indeterminate()),
        (200, b'{"status": "fine"}', bank_api.Indeterminate()),
        (200, b'{"status": "settled", "seq": -1}', bank_api.Indeterminate()),
        (200, b"", bank_api.Indeterminate()),
    ],
)
def test_only_a_clear_answer_is_one(status: int, body: bytes, means: bank_api.InquiryResult) -> None:
    assert bank_api.read_inquiry_result(status, body, Money.of(AMOUNT, "USD")) == means

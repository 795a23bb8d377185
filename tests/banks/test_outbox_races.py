"""Whatever is lost, doubled, late or out of order between us and a bank: never paid twice, never lost, and the books say what moved."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.banks.rules import bank_api, operations, outbox, stops
from chalicelib.banks.rules.instruction import Account, Instruction, StatusReport
from chalicelib.banks.rules.timers import MACHINE
from chalicelib.banks.rules.transitions import InstructionChange
from tests.banks.factories import AMOUNT, NOW, POLICY, allowed, books, instruction, spent_of

Outcome = Literal["settled", "failed"]


class Bank:
    """An honest bank on a bad line. `told` holds what it has said of each attempt; a word is numbered when it is said."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data
        self.heard: set[str] = set()
        self.under_way: set[str] = set()
        self.told: dict[str, list[StatusReport]] = {}

    def send(self, attempt_id: str) -> bank_api.SendResult:
        answer = self.data.draw(st.sampled_from(["accepted", "refused", "lost", "silent"]), "sending")
        self.under_way.add(attempt_id)
        if answer in ("accepted", "silent"):
            self.heard.add(attempt_id)
        if answer == "refused" and attempt_id not in self.heard:
            self.under_way.discard(attempt_id)
            return bank_api.Refused("insufficient_funds")
        return bank_api.Accepted() if answer == "accepted" else bank_api.Indeterminate()

    def decide(self) -> None:
        """It settles or refuses one of the attempts it has heard of, once and for ever. What was lost may have been late."""
        if self.data.draw(st.booleans(), "late"):
            self.heard |= self.under_way
        undecided = sorted(self.heard - set(self.told))
        if undecided:
            attempt_id = self.data.draw(st.sampled_from(undecided), "decided")
            outcome: Outcome = self.data.draw(st.sampled_from(["settled", "failed"]), "outcome")
            self.told[attempt_id] = [StatusReport(outcome=outcome, seq=1, bank_ref="B-1")]

    def inquire(self, attempt_id: str) -> bank_api.InquiryResult:
        if self.data.draw(st.booleans(), "line is down"):
            return bank_api.Indeterminate()
        if attempt_id not in self.heard:
            return bank_api.UnknownToBank()
        return self.told[attempt_id][-1] if attempt_id in self.told else bank_api.Pending()

    @property
    def moved_minor(self) -> int:
        return AMOUNT * sum(words[-1].outcome == "settled" for words in self.told.values())


class World:
    """One instruction, carried on by a clock, and told of by the bank's events."""

    def __init__(self, bank: Bank) -> None:
        self.bank, self.now = bank, NOW
        self.instruction: Instruction = instruction()
        self.steps: list[InstructionChange] = []

    def take(self, step: InstructionChange) -> None:
        assert step.state.version == self.instruction.version + 1 == step.state.seq
        self.steps.append(step)
        self.instruction = step.state

    def tick(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        for change in MACHINE.overdue(self.instruction, POLICY, self.now):
            self.take(change)
        match outbox.next_action(self.instruction, self.now):
            case "send":
                self.take(outbox.send(self.instruction, self.now, POLICY))
                self.answer(self.instruction.attempts[-1].id, self.bank.send(self.instruction.attempts[-1].id))
            case "ask":
                for attempt in self.instruction.unresolved:
                    self.answer(attempt.id, self.bank.inquire(attempt.id))

    def answer(self, attempt_id: str, answer: bank_api.SendResult | bank_api.InquiryResult) -> None:
        attempt = self.instruction.attempt(attempt_id)
        assert attempt is not None
        match answer:
            case StatusReport():
                self.take(outbox.apply_status(self.instruction, attempt_id, answer, self.now, POLICY))
            case bank_api.Refused():
                report = StatusReport(outcome="failed", reason=answer.reason)
                self.take(outbox.apply_status(self.instruction, attempt_id, report, self.now, POLICY))
            case bank_api.Pending():
                self.take(outbox.pending(self.instruction, attempt, self.now, POLICY))
            case bank_api.Indeterminate():
                self.take(outbox.indeterminate(self.instruction, attempt, self.now, POLICY))
            case bank_api.UnknownToBank():
                over = self.instruction.is_over
                self.take(outbox.send_again(self.instruction, attempt, self.now, POLICY))
                if not over:
                    self.answer(attempt_id, self.bank.send(attempt_id))

    def event(self) -> None:
        """Any word the bank has ever said, once more."""
        said = [(attempt_id, report) for attempt_id, words in sorted(self.bank.told.items()) for report in words]
        if said:
            attempt_id, report = self.bank.data.draw(st.sampled_from(said), "event")
            self.take(outbox.apply_status(self.instruction, attempt_id, report, self.now, POLICY))

    def people(self) -> None:
        """Its party names another account, an officer has it tried again: whatever is allowed."""
        may = [action for action in allowed(self.instruction) if action != "settle-by-hand"]
        if may:
            action = self.bank.data.draw(st.sampled_from(may), "people")
            step = (
                operations.retry(self.instruction, self.now)
                if action == "retry"
                else operations.give_account(self.instruction, Account(account="DE-99"), self.now)
            )
            self.take(step)

    def must_hold(self) -> None:
        booked = books(self.steps)
        paid = self.instruction.moved_minor
        assert booked == ({"refunds_payable": paid, "bank_clearing": -paid} if paid else {})
        assert paid <= self.bank.moved_minor <= AMOUNT, (
            "the bank never paid twice, and we know of nothing it did not pay"
        )
        assert (self.instruction.status == "settled") == self.instruction.is_paid
        waits = self.instruction.due_at is not None or self.instruction.status == "manual"
        assert waits or self.instruction.is_over, "somebody, or the clock, has still to do something"


@given(data=st.data(), chances=st.lists(st.sampled_from(["tick", "tick", "decide", "event", "people"]), max_size=60))
def test_an_honest_bank_on_a_bad_line_pays_once(data: st.DataObject, chances: list[str]) -> None:
    bank = Bank(data)
    world = World(bank)
    for chance in chances:
        match chance:
            case "tick":
                world.tick(data.draw(st.integers(0, 100), "hours"))
            case "decide":
                bank.decide()
            case "event":
                world.event()
            case "people":
                world.people()
        world.must_hold()


@given(data=st.data(), ticks=st.lists(st.integers(0, 100), max_size=25))
def test_when_the_line_is_good_again_it_is_paid_whatever_was_before(data: st.DataObject, ticks: list[int]) -> None:
    world = World(Bank(data))
    for hours in ticks:
        world.tick(hours)
        world.bank.decide()
    world.bank = Good(world.bank)
    for _ in range(8):
        if world.instruction.status in ("manual", "needs_account"):
            world.take(operations.retry(world.instruction, world.now))
        world.tick(100)
    world.must_hold()
    assert world.instruction.status == "settled"
    assert world.bank.moved_minor == AMOUNT


class Good(Bank):
    """The same bank, with everything repaired: it hears, settles what it has not decided, and answers."""

    def __init__(self, before: Bank) -> None:
        super().__init__(before.data)
        self.heard, self.under_way, self.told = before.heard, before.under_way, before.told

    def send(self, attempt_id: str) -> bank_api.SendResult:
        self.heard.add(attempt_id)
        return bank_api.Accepted()

    def inquire(self, attempt_id: str) -> bank_api.InquiryResult:
        if attempt_id not in self.heard:
            return bank_api.UnknownToBank()
        return self.told.setdefault(attempt_id, [StatusReport(outcome="settled", seq=1, bank_ref="B-1")])[-1]


SETTLEMENTS = st.builds(
    StatusReport,
    outcome=st.just("settled"),
    seq=st.integers(1, 4),
    bank_ref=st.just("B"),
    moved_minor=st.sampled_from([0, AMOUNT, AMOUNT - 30_000, AMOUNT + 20_000, 1]),
)
FAILURES = st.builds(StatusReport, outcome=st.just("failed"), seq=st.integers(1, 4), bank_ref=st.just("B"))
WORDS = st.one_of(SETTLEMENTS, FAILURES)


@given(
    attempts=st.integers(1, 3),
    said=st.lists(st.tuples(st.integers(0, 2), WORDS), min_size=1, max_size=8),
    data=st.data(),
)
def test_a_bank_that_contradicts_itself_leaves_the_same_books_in_whatever_order_it_is_heard(
    attempts: int, said: list[tuple[int, StatusReport]], data: st.DataObject
) -> None:
    said = [(number % attempts, report) for number, report in said]
    orders = [said, data.draw(st.permutations(said + data.draw(st.lists(st.sampled_from(said), max_size=4))))]
    for told in orders:
        assert -_heard(attempts, told).get("bank_clearing", 0) == sum(
            _moved_at_last([report for number, report in said if number == attempt]) for attempt in range(attempts)
        )


def _moved_at_last(words: list[StatusReport]) -> int:
    """What the last of a bank's words says an attempt moved: the highest number, a settlement, another amount than was sent."""
    last = max(words, key=_rank, default=None)
    if last is None or last.outcome == "failed":
        return 0
    return last.moved_minor or AMOUNT


def _rank(report: StatusReport) -> tuple[int, bool, int]:
    return report.seq, report.outcome == "settled", report.moved_minor if report.moved_minor != AMOUNT else 0


def _heard(attempts: int, content: list[tuple[int, StatusReport]]) -> dict[str, int]:
    """The books after so many attempts and everything a bank said of them."""
    was, steps, now = instruction(), [], NOW
    for _ in range(attempts):
        now = max(now, was.due_at or now)
        steps.append(outbox.send(was, now, POLICY))
        attempt = steps[-1].state.attempts[-1]
        steps.append(outbox.apply_status(steps[-1].state, attempt.id, StatusReport(outcome="failed"), now, POLICY))
        was = steps[-1].state
    for number, report in content:
        steps.append(outbox.apply_status(was, was.attempts[number].id, report, now, POLICY))
        was = steps[-1].state
        _must_add_up(was, steps)
    return books(steps)


def _must_add_up(refund: Instruction, steps: list[InstructionChange]) -> None:
    """Paid once, and what moved beyond that stands as a debt to us."""
    moved = refund.moved_minor
    expected = {
        "bank_clearing": -moved,
        "refunds_payable": min(moved, AMOUNT),
        "returned_receivable": max(0, moved - AMOUNT),
    }
    assert books(steps) == {account: total for account, total in expected.items() if total}
    assert (refund.status == "settled") == (moved >= AMOUNT) == refund.is_paid


@given(
    refunds=st.lists(st.integers(1, 90_000), min_size=1, max_size=4),
    charged_back=st.lists(st.integers(1, 90_000), max_size=4),
    gone=st.integers(0, 3),
)
def test_stops_hold_back_what_has_not_left_and_not_a_cent_more(
    refunds: list[int], charged_back: list[int], gone: int
) -> None:
    waiting = [instruction("refund", number, amount_minor=minor) for number, minor in enumerate(refunds)]
    holding = [instruction("stop", 10 + number, amount_minor=minor) for number, minor in enumerate(charged_back)]
    left = {one.id for one in waiting[:gone]}
    steps: list[InstructionChange] = []
    for number, refund in enumerate(waiting):
        if refund.id in left:
            waiting[number] = outbox.send(refund, NOW, POLICY).state
    for stop_at, refund_at in (
        (stop_at, refund_at) for stop_at in range(len(holding)) for refund_at in range(len(waiting))
    ):
        if stops.recalls(holding[stop_at], waiting[refund_at]):
            change = stops.recall(waiting[refund_at], holding[stop_at], NOW)
            steps.append(change)
            waiting[refund_at], holding[stop_at] = change.state, spent_of(change)
    stoppable = sum(minor for minor, one in zip(refunds, waiting, strict=True) if one.id not in left)
    held = min(stoppable, sum(charged_back))
    assert sum(refunds) - sum(one.amount_minor for one in waiting) == held
    assert sum(charged_back) - sum(one.amount_minor for one in holding) == held
    assert books(steps) == ({"refunds_payable": held, "returned_receivable": -held} if held else {})
    assert all((one.amount_minor == 0) == (one.status == "stopped") for one in waiting)

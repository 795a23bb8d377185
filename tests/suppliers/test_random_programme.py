"""Random stories of one supplier in the programme: whatever happens, its status follows, its limit is booked, and no status is a dead end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.structs import replace

from chalicelib.shared import journal, policies
from chalicelib.shared.errors import DomainError
from chalicelib.suppliers.rules import coverage, penalties, programme
from chalicelib.suppliers.rules.coverage import ACTIVE, DISQUALIFIED
from chalicelib.suppliers.rules.programme import Decision, Supplier
from chalicelib.suppliers.rules.qualification import Inputs, Terms, qualify
from tests.size import at_size

TERMS = policies.versions("qualification")[0].read_as(Terms)
POINTS = TERMS.points
START = datetime(2026, 3, 2, tzinfo=UTC)


class RandomProgramme(RuleBasedStateMachine):
    """`accounts` holds debits less credits of each account, from the postings of every change."""

    @initialize()
    def register(self) -> None:
        self.now = START
        self.trade = Inputs()
        self.accounts: dict[str, int] = defaultdict(int)
        self.supplier = programme.non_member("mem_s", START)
        self.penalties = 0

    @rule(
        completed=st.integers(0, 10),
        gmv=st.integers(0, 10**9),
        late=st.integers(0, 3),
        lost=st.sampled_from([0, 0, 0, 1]),
    )
    def trades(self, completed: int, gmv: int, late: int, lost: int) -> None:
        self.trade = Inputs(
            completed=completed,
            gmv_minor=gmv,
            due=completed,
            on_time=max(0, completed - late),
            protected_completed=completed,
            claims_lost=lost,
        )

    @rule()
    def enrols(self) -> None:
        self._try(lambda was: programme.enrolled(was, POINTS, self.now))

    @rule()
    def asks_to_be_evaluated(self) -> None:
        self._try(lambda was: programme.evaluated(was, self.now))

    @rule()
    def withdraws(self) -> None:
        self._try(programme.withdrawn)

    @rule(points=st.sampled_from([1, 3, 6, 12, 24, 48]))
    def is_penalized(self, points: int) -> None:
        self.penalties += 1
        penalty = penalties.penalty(f"pen_{self.penalties}", "test", points, "", POINTS, self.now)
        self._try(lambda was: programme.penalized(was, penalty, POINTS, self.now))

    @rule(number=st.integers(1, 5))
    def appeals(self, number: int) -> None:
        self._try(lambda was: programme.lifted(was, f"pen_{number}", "", POINTS, self.now))

    @rule()
    def is_suspended(self) -> None:
        self._try(lambda was: programme.suspended(was, "because"))

    @rule()
    def is_reinstated(self) -> None:
        self._try(programme.reinstated)

    @rule()
    def a_month_ends(self) -> None:
        if programme.recomputes(self.supplier, self.now.date()):
            self._try(lambda was: was)

    @rule(days=st.integers(1, 400))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    def _try(self, move: Callable[[Supplier], Supplier]) -> None:
        """Make the move and settle what follows from it; a refusal changes nothing."""
        was = self.supplier
        try:
            moved = move(was)
        except DomainError:
            return
        inputs = replace(
            self.trade,
            points=moved.points(self.now),
            suspended=moved.is_suspended,
            held_minor=moved.held_minor,
        )
        decision = Decision(as_of=date(2026, 3, 2), at=self.now, policy="", inputs=inputs)
        after = programme.settled(was, moved, qualify(inputs, TERMS), decision, self.now)
        postings = coverage.limit_postings(was.id, was_minor=was.limit_minor, now_minor=after.limit_minor)
        assert not journal.imbalance(postings)
        for leg in postings:
            self.accounts[leg.account] += leg.debit_minor - leg.credit_minor
        if inputs.points >= POINTS.freeze_from and was.status == ACTIVE:
            assert after.limit_minor <= was.limit_minor
        self.supplier = after

    @invariant()
    def the_limit_is_what_was_granted(self) -> None:
        assert self.accounts["cover_available"] == self.supplier.limit_minor == -self.accounts["cover_granted"]

    @invariant()
    def only_an_active_supplier_has_a_limit(self) -> None:
        assert self.supplier.limit_minor == 0 or self.supplier.status == ACTIVE
        assert 0 <= self.supplier.limit_minor <= TERMS.most_limit_minor

    @invariant()
    def the_last_step_of_points_is_never_waited_out_inside(self) -> None:
        if self.supplier.status == DISQUALIFIED:
            assert self.supplier.disqualified_at is not None

    @invariant()
    def no_status_is_a_dead_end(self) -> None:
        waits = programme.reapply_from(self.supplier, POINTS)
        monthly = self.supplier.status in programme.TRANSITIONS[programme.RECOMPUTE]
        moves = set(programme.allows(self.supplier, POINTS, self.now)) - {programme.PENALIZE}
        assert moves or monthly or waits


RandomProgramme.TestCase.settings = settings(max_examples=at_size(60, 20), stateful_step_count=30)
TestRandomProgramme = RandomProgramme.TestCase

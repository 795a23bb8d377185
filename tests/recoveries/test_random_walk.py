"""Whatever clock, bank, supplier and officers do, in any order: the table declares it, and to the last unit it adds up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.recoveries.rules import asking, instalments, receiving
from chalicelib.recoveries.rules.recovery import ENDS, Recovery
from chalicelib.recoveries.rules.transitions import TABLE, RecoveryChange
from chalicelib.shared.journal import imbalance
from chalicelib.shared.periods import business_date
from tests.recoveries.asking import ACCOUNT, CHINA, CONTEXT, DAY, NOW, POLICY, later, opened, with_balance

STEPS = ("wait", "collected", "charged_back", "given_up", "set_off", "receipts", "instalments", "accept", "write-off")
LAST_PLAN = datetime(2026, 9, 1, tzinfo=UTC)
"""The calendar knows the business days of later plans no more."""


@given(
    has_account=st.booleans(), walk=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 150_000)), max_size=30)
)
def test_every_change_of_a_recovery_is_declared_and_adds_up(has_account: bool, walk: list[tuple[str, int]]) -> None:
    recovery, now = opened(ACCOUNT if has_account else None), NOW
    for number, (name, minor) in enumerate(walk, 1):
        now += timedelta(hours=minor % 300) if name == "wait" else timedelta(minutes=1)
        recovery = later(recovery, now)
        change = _change(recovery, name, minor, number, max(now, recovery.updated_at))
        if change is None:
            continue
        assert imbalance(change.event.postings) == {}
        assert change.state.version == recovery.version + 1
        recovery = change.state
        assert 0 <= recovery.remaining_minor <= recovery.advance.amount_minor
        assert recovery.remaining_minor > 0 or recovery.status in ENDS
        assert recovery.debit_minor >= 0


def _change(was: Recovery, name: str, minor: int, number: int, now: datetime) -> RecoveryChange | None:
    """What comes of a step, or None where it is not allowed or changes nothing. Of a debit, the bank's first word brings money."""
    debit = f"ins_{number % 3}"
    match name:
        case "collected" if not was.has_applied(debit, number):
            return receiving.collected(was, debit, number, minor, now)
        case "charged_back" if not was.has_applied(debit, number):
            return receiving.charged_back(
                was, debit, number, now, tried_again=minor % 2 == 0, debit_due_at=now + 9 * DAY
            )
        case "given_up" if was.debit_minor:
            return asking.give_up_debit(was, now, why="not_carried_out", minor=minor)
        case "set_off":
            return receiving.set_off(was, with_balance(minor), now)
        case "receipts" if _may(was, "receipts", "officer", now):
            return receiving.manual(was, "boc", f"R-{number}", min(minor, was.remaining_minor), "USD", now)
        case "instalments" if _may(was, "instalments", "supplier", now) and now < LAST_PLAN:
            day = business_date(now) + timedelta(days=1 + minor % 60)
            return instalments.propose(was, [(day, was.remaining_minor)], POLICY, CHINA, now)
        case "accept" if _may(was, "accept-instalments", "officer", now):
            return instalments.accept(was, None, POLICY, CHINA, now)
        case "write-off" if _may(was, "write-off", "officer", now):
            return asking.write_off(was, "struck off", now)
    return None


def _may(recovery: Recovery, action: str, actor: str, now: datetime) -> bool:
    return action in TABLE.allowed(recovery, actor, CONTEXT, now)

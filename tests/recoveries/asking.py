"""A recovery on paper: what tests of the rules have in common."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.recoveries.rules import asking, instalments
from chalicelib.recoveries.rules.recovery import Account, Advance, Context, Policy, Recovery
from chalicelib.recoveries.rules.timers import MACHINE
from chalicelib.recoveries.rules.transitions import RecoveryChange
from chalicelib.shared import calendars, policies
from chalicelib.suppliers.rules.balance import Balance

NOW = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
PINNED = policies.versions("recoveries")[0]
POLICY = PINNED.read_as(Policy)
CONTEXT = Context(policy=POLICY)
CHINA = calendars.calendar("CN")
ADVANCE = Advance(
    claim_id="clm_1", order_id="ord_1", supplier_id="mem_s", amount_minor=150_000, currency="USD", usd_minor=150_000
)
ACCOUNT = Account("boc", "6222020200112233")
DAY = timedelta(days=1)


def opened(account: Account | None = ACCOUNT, now: datetime = NOW, **advance: Any) -> Recovery:
    return asking.opened(
        "rcv_1",
        replace(ADVANCE, **advance),
        account,
        policy=POLICY,
        policy_hash=PINNED.hash,
        calendar=CHINA,
        now=now,
    ).state


def later(recovery: Recovery, now: datetime) -> Recovery:
    """As it stands when everything that fell due until then has been applied."""
    for change in MACHINE.overdue(recovery, CONTEXT, now):
        recovery = change.state
    return recovery


def first_change(recovery: Recovery, now: datetime) -> RecoveryChange:
    """The first thing the clock does until then."""
    return next(MACHINE.overdue(recovery, CONTEXT, now))


def with_balance(minor: int) -> Context:
    """What is decided on where the supplier's balance holds so much."""
    return Context(policy=POLICY, balance=Balance(minor, 0, 0))


def demanded(account: Account | None = ACCOUNT, **advance: Any) -> Recovery:
    return later(opened(account, **advance), NOW)


def in_setoff() -> Recovery:
    return later(opened(), NOW + 12 * DAY)


def suspended() -> Recovery:
    return later(opened(), NOW + 31 * DAY)


def with_plan(was: Recovery | None = None, at: datetime = NOW, first: date = date(2026, 4, 1)) -> Recovery:
    """500.00 on the 1st of April, the rest on the 6th of May."""
    recovery = was or demanded()
    parts = [(first, 50_000), (date(2026, 5, 6), recovery.remaining_minor - 50_000)]
    proposed = instalments.propose(recovery, parts, POLICY, CHINA, at).state
    return instalments.accept(proposed, None, POLICY, CHINA, at).state


def written_off() -> Recovery:
    return asking.write_off(suspended(), "struck off", NOW + 90 * DAY).state

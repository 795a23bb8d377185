"""A call on guarantors without tables: B to J stand for A, in seats 2 to 10. Amounts in fen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.groups.rules.guarantee import Guarantee, Guarantor
from chalicelib.groups.rules.joint_liability import LiabilityMode
from chalicelib.guarantees.rules import call_handling as handling
from chalicelib.guarantees.rules.call import Call, Certified, Context, Facts, Policy, Share
from chalicelib.guarantees.rules.call_timers import MACHINE
from chalicelib.guarantees.rules.call_transitions import CallChange
from chalicelib.shared import calendars, policies
from chalicelib.shared.journal import imbalance

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
"""A Monday."""
IN_FORCE = policies.in_force("guarantee-calls", NOW.date())
POLICY = IN_FORCE.read_as(Policy)
CALENDAR = calendars.calendar(POLICY.calendar)
SEATS = {letter: number for number, letter in enumerate("ABCDEFGHIJ", 1)}
PRINCIPAL = 1_000_000


def guarantee(
    limits: Mapping[str, int], caps: Mapping[str, int] | None = None, mode: LiabilityMode = "joint_capped"
) -> Guarantee:
    return Guarantee(
        group_id="grp_1",
        seat=SEATS["A"],
        sheet_version=1,
        sheet_sha256="h",
        mode=mode,
        weight_basis="limit",
        guarantors=tuple(
            Guarantor(
                seat=SEATS[letter],
                member_id=f"mem_{letter}",
                limit_minor=limit,
                cap_minor=(caps or {}).get(letter),
            )
            for letter, limit in limits.items()
        ),
        until_months=6,
        due_business_days=10,
        grace_business_days=5,
    )


class Calling:
    """One call, and the facts by which it is worked out: `owed` by the debtor, `paid` by letter. Every change is balanced, or it fails."""

    call: Call

    def __init__(
        self,
        net: int,
        limits: Mapping[str, int],
        caps: Mapping[str, int] | None = None,
        *,
        mode: LiabilityMode = "joint_capped",
        number: int = 1,
        now: datetime = NOW,
        in_default: Collection[str] = (),
        earlier: tuple[Mapping[int, int], ...] = (),
        unbound: Mapping[str, int] | None = None,
    ) -> None:
        terms = guarantee(limits, caps, mode)
        self.now, self.owed, self.paid, self.version = now, net, dict[str, int](), 1
        self.in_default, self.earlier = frozenset(in_default), earlier
        self.later: tuple[Mapping[int, int], ...] = ()
        self.flags: dict[str, Any] = {}
        self.events: list[str] = []
        call = handling.drawn_up(
            f"gcl_{number}",
            loan_id=f"lon_{number}",
            bank_id="boc",
            debtor_id="mem_A",
            call_ref=f"C-{number}",
            currency="CNY",
            guarantee=terms,
            certified=Certified(
                cut_off=date(2026, 2, 27), principal_minor=net, interest_minor=0, penalty_minor=0, ours_minor=net
            ),
            weights={each.seat: each.limit_minor for each in terms.guarantors},
            unbound={SEATS[letter]: minor for letter, minor in (unbound or {}).items()},
            context=self.context,
            policy_hash=IN_FORCE.hash,
            now=now,
        )
        self._take(handling.opened(call, self.context))

    @property
    def context(self) -> Context:
        return Context(policy=POLICY, calendar=CALENDAR, facts=self.facts)

    @property
    def facts(self) -> Facts:
        return Facts(
            loan_version=self.version,
            accrued_until=date(2026, 2, 27),
            owed_minor=self.owed,
            paid={SEATS[letter]: minor for letter, minor in self.paid.items()},
            in_default=frozenset(SEATS[letter] for letter in self.in_default),
            earlier=self.earlier,
            later=self.later,
            **self.flags,
        )

    def pay(self, letter: str, minor: int) -> Call:
        """A guarantor pays; below nothing, the bank takes so much back."""
        self.paid[letter] = self.paid.get(letter, 0) + minor
        return self.recompute()

    def owes(self, minor: int) -> Call:
        """What the debtor owes under the call becomes so much."""
        self.owed = minor
        return self.recompute()

    def recompute(self, **flags: Any) -> Call:
        self.flags |= flags
        self.version += 1
        if change := handling.recompute(self.call, self.context, self.now):
            self._take(change)
        return self.run(self.now)

    def notice(self, first: str = "ann", second: str = "bob") -> Call:
        self._take(handling.notice(self.call, self.context, first, self.now))
        self._take(handling.notice(self.call, self.context, second, self.now))
        return self.run(self.now)

    def fail(self, letter: str, officer: str = "cid") -> Call:
        """Let the days of grace pass, and an officer confirm it."""
        fails_at = self.call.fails_at(self.share(letter))
        self.run(fails_at if fails_at and fails_at > self.now else self.now)
        return self.fail_now(letter, officer)

    def fail_now(self, letter: str, officer: str = "cid") -> Call:
        self._take(handling.fail(self.call, SEATS[letter], self.context, officer, self.now))
        return self.run(self.now)

    def object_to(self, letter: str, reason: str = "We left in January.") -> str:
        objection_id = f"obj_{letter}{len(self.share(letter).objections)}"
        self._take(handling.object_to(self.call, SEATS[letter], objection_id, reason, self.context, self.now))
        return objection_id

    def decide(self, objection_id: str, decision: Any, officer: str = "cid") -> Call:
        self._take(handling.decide(self.call, objection_id, decision, "So.", self.context, officer, self.now))
        return self.run(self.now)

    def run(self, until: datetime) -> Call:
        """Let the clock do what falls due until then."""
        while (due := MACHINE.due(self.call, self.context)) and due.at <= until:
            self._take(due.fire(self.call, self.context))
        self.now = max(self.now, until)
        return self.call

    def days(self, days: int) -> Call:
        return self.run(self.now + timedelta(days=days))

    def share(self, letter: str) -> Share:
        share = self.call.share(SEATS[letter])
        assert share is not None
        return share

    def due(self) -> dict[str, int]:
        """What is due now, by letter."""
        return {letter: self.share(letter).due_minor for letter in self._letters if self.share(letter).due_minor}

    def status(self) -> dict[str, str]:
        return {letter: self.share(letter).status for letter in self._letters}

    @property
    def _letters(self) -> list[str]:
        return [letter for letter, seat in SEATS.items() if self.call.share(seat)]

    def _take(self, change: CallChange) -> None:
        assert not imbalance(change.event.postings)
        self.events.append(change.event.kind.partition(".")[2])
        self.call = replace(change.state, recent=())

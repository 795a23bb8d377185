"""Claims between members as values: A owes the bank, B, C and D stand for it in seats 2, 3 and 4. Amounts in fen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.groups.rules.joint_liability import Call, LiabilityMode
from chalicelib.guarantees.aggregate.member_claims import context_of
from chalicelib.guarantees.rules import member_claim_handling as handling
from chalicelib.guarantees.rules.between_members import CallFacts, owed_between
from chalicelib.guarantees.rules.member_claim import Context, Kind, MemberClaim, Party
from chalicelib.guarantees.rules.member_claim_timers import MACHINE
from chalicelib.shared import policies

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
"""A Monday."""
DAY = timedelta(days=1)
IN_FORCE = policies.in_force("member-claims", NOW.date())
CONTEXT: Context = context_of(IN_FORCE.hash)
LEAST = CONTEXT.policy.least_minor
SEATS = {letter: number for number, letter in enumerate("ABCDEFGHIJ", 1)}
LETTERS = {number: letter for letter, number in SEATS.items()}


class Group:
    """What members have paid the bank and one another because of one call."""

    def __init__(
        self,
        net: int,
        paid: Mapping[str, int],
        weights: Mapping[str, int],
        *,
        failed: Collection[str] = (),
        caps: Mapping[str, int] | None = None,
        mode: LiabilityMode = "joint_capped",
    ) -> None:
        self.net, self.paid, self.weights, self.failed = net, dict(paid), weights, failed
        self.caps, self.mode = caps or {}, mode
        self.settled: Counter[tuple[int, int]] = Counter()

    @property
    def owed(self) -> dict[str, int]:
        """`CA`: so much C is owed by A. Of one pair there is one claim, whatever its kind."""
        return {f"{LETTERS[each.creditor]}{LETTERS[each.debtor]}": each.minor for each in self.claims()}

    def claims(self) -> Any:
        call = Call(
            net=self.net,
            weights={SEATS[letter]: weight for letter, weight in self.weights.items()},
            paid={SEATS[letter]: minor for letter, minor in self.paid.items()},
            failed=frozenset(SEATS[letter] for letter in self.failed),
            mode=self.mode,
        )
        caps = {SEATS[letter]: cap for letter, cap in self.caps.items()}
        return owed_between(CallFacts(call=call, caps=caps, debtor_seat=SEATS["A"]), self.settled, LEAST)

    def pays(self, debtor: str, creditor: str, minor: int) -> None:
        self.settled[SEATS[debtor], SEATS[creditor]] += minor

    def bears(self, letter: str) -> int:
        """What a member is out of pocket: at the bank, less what the bank gives back, and to and from the others."""
        seat = SEATS[letter]
        paid = sum(minor for (debtor, _), minor in self.settled.items() if debtor == seat)
        got = sum(minor for (_, creditor), minor in self.settled.items() if creditor == seat)
        return self.paid.get(letter, 0) + paid - got


def claim(kind: Kind = "contribution", minor: int = 150_000_00, **other: Any) -> MemberClaim:
    fields: dict[str, Any] = {
        "id": "mcl_1",
        "kind": kind,
        "loan_id": "lon_1",
        "group_id": "grp_1",
        "bank_id": "boc",
        "call_id": "" if kind == "rescue" else "gcl_1",
        "debtor": Party(2, "mem_B"),
        "creditor": Party(3, "mem_C"),
        "currency": "CNY",
        "minor": minor,
        "status": "held",
        "version": 1,
        "created_at": NOW,
        "updated_at": NOW,
        "policy": IN_FORCE.hash,
    }
    return MemberClaim(**fields | other)


def held() -> MemberClaim:
    return handling.opened(claim(), is_payable=False, context=CONTEXT).state


def payable(**other: Any) -> MemberClaim:
    return handling.opened(claim(**other), is_payable=True, context=CONTEXT).state


def overdue() -> MemberClaim:
    return later(payable(), NOW + 40 * DAY)


def disputed() -> MemberClaim:
    return handling.dispute(payable(), "Paid.", CONTEXT, NOW + DAY).state


def offered() -> MemberClaim:
    return handling.offered(claim("rescue", 90_000_00, instalment=3), CONTEXT).state


def later(state: MemberClaim, now: datetime) -> MemberClaim:
    """The claim after everything that fell due."""
    for change in MACHINE.overdue(state, CONTEXT, now):
        state = change.state
    return state

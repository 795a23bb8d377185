"""What members owe one another because of a call, after all that they have paid one another so far. Pure.

The engine says what each member bears and who stands in for whom, from what the bank got. What members then pay each other changes nothing
of that, it settles it: so much of each claim as was paid is not asked again, and where less is owed than was paid, the rest is owed back.
What the debtor pays a guarantor is a debt that nobody bears any more: it lowers what the members owe one another, fen by fen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from chalicelib.groups.rules.joint_liability import Call, claims_between, recompute, split
from chalicelib.guarantees.rules.member_claim import Kind

Pair = tuple[int, int]
"""The seat that owes, and the seat that is owed."""
Settled = Mapping[Pair, int]
"""What the first seat of a pair has paid the second through us, whatever it was for."""


class Owed(NamedTuple):
    """So much is still to be paid by the first seat to the second."""

    debtor: int
    creditor: int
    kind: Kind
    minor: int


class CallFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A call as its claims see it: the facts of the engine, what each seat can be asked at most, and the seat of the loan's debtor."""

    call: Call
    caps: Mapping[int, int]
    debtor_seat: int


def owed_between(facts: CallFacts, settled: Settled, least_minor: int) -> tuple[Owed, ...]:
    """Every claim of which something is left, at least `least_minor`. No sum is asked for twice, by whichever way it came."""
    call, debtor = facts.call, facts.debtor_seat
    at_bank = recompute(call.net, call.weights, facts.caps, call.paid, call.failed, call.mode)
    from_debtor = {seat: _net(settled, debtor, seat) for seat in call.weights.keys() | call.paid.keys()}
    burden = {
        seat: call.paid.get(seat, 0) - at_bank.refund.get(seat, 0) - got for seat, got in sorted(from_debtor.items())
    }
    net = max(0, call.net) - sum(from_debtor.values())
    shares = recompute(net, call.weights, facts.caps, burden, call.failed, call.mode)
    claimed: Counter[Pair] = Counter()
    for claim in claims_between(shares, burden, call.failed):
        claimed[claim.debtor, claim.creditor] += claim.minor
    return tuple(each for each in _owed(facts, burden, claimed, settled) if each.minor >= least_minor)


def _owed(facts: CallFacts, burden: Mapping[int, int], claimed: Mapping[Pair, int], settled: Settled) -> Iterator[Owed]:
    between = {
        (one, other): left
        for one in burden
        for other in burden
        if (left := _net(claimed, one, other) - _net(settled, one, other)) > 0
    }
    for (one, other), minor in between.items():
        yield Owed(one, other, "recourse" if one in facts.call.failed else "contribution", minor)
    borne = {seat: minor + sum(_net(settled, seat, other) for other in burden) for seat, minor in burden.items()}
    for seat, minor in _without_others_money(borne, between).items():
        if minor > 0:
            yield Owed(facts.debtor_seat, seat, "debtor_recourse", minor)
        elif minor < 0:
            yield Owed(seat, facts.debtor_seat, "restitution", -minor)


def _without_others_money(borne: Mapping[int, int], between: Mapping[Pair, int]) -> dict[int, int]:
    """What each seat bears, where those that got more than they paid have passed on to other members what is theirs.

    What is left below nothing is the debtor's. A seat that bears something has recourse to the debtor for all of it, and may turn to another
    member for a part instead: whoever pays first, the other claim is lowered.
    """
    after = dict(borne)
    for seat, minor in borne.items():
        owes = {other: left for (one, other), left in between.items() if one == seat}
        if minor < 0 and owes:
            for other, part in split(min(-minor, sum(owes.values())), owes).items():
                after[seat] += part
                after[other] -= part
    return after


def _net(amounts: Mapping[Pair, int], one: int, other: int) -> int:
    return amounts.get((one, other), 0) - amounts.get((other, one), 0)

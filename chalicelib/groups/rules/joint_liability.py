"""Joint liability to the last unit: who bears what of a debt that several have guaranteed.

A pure engine over whole numbers; it needs the standard library only. Amounts are minor units of one currency, members are seats, numbered
from 1. The same facts give the same shares, whatever the order in which they became known.

    >>> recompute(300_00, weights={2: 1, 3: 1}, caps={}, paid={3: 150_00}, failed={2}).bank_due
    {3: 15000}

Words

    net        what is owed under the guarantee: the amount certified, what accrued later, less what the debtor paid and what a reserve gave
    fair       what a member bears in the end: its part by weight
    eff        what a member has to front now, because others failed
    weights    one for each guarantor; the debtor, and who is a defaulted debtor itself, has none and is in no call
    caps       what a member can be made to pay on this call at most; a member that is missing has none
    failed     members that did not pay in time: in the fair split still, out of the effective one

Modes

    joint_cascade   until all is paid, or nobody is left: caps do not count
    joint_capped    the same up to each member's cap; what no cap leaves room for is the shortfall
    several         each member's own part and no other's, up to its cap
    none            a group without liability: all is shortfall

Law: the Civil Code of the People's Republic of China. Article 519: shares that cannot be determined are equal; who paid beyond his own share
may claim the excess from the others within what they have not paid, with the creditor's rights and not against the creditor's interest; what
one cannot pay, the others bear pro rata. Article 699: several guarantors follow the shares that were agreed, else the creditor may turn to any
of them for all. Article 700: who paid for the debtor has recourse to him. The order among members is thus agreed between them and the bank.

Source: the apportioning, its examples J1 to J19 and the cases GU-1 and GU-2 are those of the platform's specification of joint guarantee.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal

LiabilityMode = Literal["joint_cascade", "joint_capped", "several", "none"]
WeightBasis = Literal["limit", "outstanding", "equal"]


@dataclass(frozen=True)
class Shares:
    """What each seat bears. `Σ bank_due + shortfall + Σ paid = max(0, net)`, as long as no more than `net` was paid."""

    fair: dict[int, int]
    """What each guarantor bears in the end, those that failed among them."""
    eff: dict[int, int]
    """What each guarantor that performs has to have paid now."""
    bank_due: dict[int, int]
    """What is still owed to the bank; only seats that owe something."""
    shortfall: int
    """What no guarantor can be made to pay: the pool's, then the bank's."""
    over: dict[int, int]
    """What each seat paid beyond its fair share; only seats that did."""
    refund: dict[int, int]
    """What the bank has to give back, because all together paid more than `net`."""
    surplus: int
    """What the debtor paid beyond its debt, and is owed (GU-1)."""


@dataclass(frozen=True)
class Claim:
    """What one member owes another for what that one paid in its place. `recourse` where the debtor of the claim failed the call."""

    debtor: int
    creditor: int
    minor: int
    kind: Literal["contribution", "recourse"]


@dataclass(frozen=True)
class Call:
    """The facts of one call, for several calls of one group at once."""

    net: int
    weights: Mapping[int, int]
    paid: Mapping[int, int] = field(default_factory=dict)
    failed: AbstractSet[int] = frozenset()
    mode: LiabilityMode = "joint_capped"
    is_open: bool = True
    """A call that is over takes of a cap what was paid on it, and no more."""


def split(total: int, weights: Mapping[int, int]) -> dict[int, int]:
    """`total` by weight, exactly: largest remainder first, then the larger weight, then the lower seat. Weights of nothing count as equal.

    >>> split(100_01, {2: 1, 3: 1})
    {2: 5001, 3: 5000}
    """
    whole = sum(weights.values())
    if not whole:
        weights, whole = dict.fromkeys(weights, 1), len(weights)
    if not whole and total:
        raise ValueError(f"nobody is there to share {total}")
    parts = {seat: total * weight // whole for seat, weight in weights.items()}
    order = sorted(weights, key=lambda seat: (-(total * weights[seat] % whole), -weights[seat], seat))
    for seat in order[: total - sum(parts.values())]:
        parts[seat] += 1
    return parts


def capped(total: int, weights: Mapping[int, int], caps: Mapping[int, int]) -> tuple[dict[int, int], int]:
    """`total` by weight, nobody above its cap, and what is left over: who would pass its cap pays the cap, the others share the rest again.

    >>> capped(900_000, {2: 1, 3: 1, 4: 1}, {2: 100_000})
    ({2: 100000, 3: 400000, 4: 400000}, 0)
    """
    at_cap: dict[int, int] = {}
    sharing = dict(weights)
    while sharing:
        parts = split(total - sum(at_cap.values()), sharing)
        passing = {seat: caps[seat] for seat in sharing if seat in caps and parts[seat] > caps[seat]}
        if not passing:
            return dict(sorted((at_cap | parts).items())), 0
        at_cap |= passing
        sharing = {seat: weight for seat, weight in sharing.items() if seat not in passing}
    return dict(sorted(at_cap.items())), total - sum(at_cap.values())


def recompute(
    net: int,
    weights: Mapping[int, int],
    caps: Mapping[int, int],
    paid: Mapping[int, int],
    failed: AbstractSet[int],
    mode: LiabilityMode = "joint_capped",
) -> Shares:
    """Everybody's shares, from the facts as they are known now. A net below nothing is the debtor's surplus.

    A member of weight 0 bears nothing while another can pay; when only such members are left, they share equally in the joint modes.
    `paid` is what was paid less what was given back. Who pays more than was asked of it lessens the shortfall first, then what others owe.
    """
    weights = dict(sorted(weights.items()))
    owed, total_paid = max(0, net), sum(paid.values())
    performing = {seat: weight for seat, weight in weights.items() if seat not in failed}
    kept = sum(minor for seat, minor in paid.items() if seat not in performing)
    fair = _liable(owed, weights, caps, mode)
    eff = (
        {seat: fair[seat] for seat in performing}
        if mode == "several"
        else _liable(max(0, owed - kept), performing, caps, mode)
    )
    need = {seat: max(0, part - paid.get(seat, 0)) for seat, part in eff.items()}
    unpaid = max(0, owed - total_paid)
    due = min(unpaid, sum(need.values()))
    over = _some({seat: max(0, minor - fair.get(seat, 0)) for seat, minor in sorted(paid.items())})
    return Shares(
        fair=fair,
        eff=eff,
        bank_due=_some(split(due, need)),
        shortfall=unpaid - due,
        over=over,
        refund=_some(split(max(0, total_paid - owed), over)),
        surplus=max(0, -net),
    )


def recompute_all(calls: Sequence[Call], caps: Mapping[int, int]) -> tuple[Shares, ...]:
    """The shares of all calls of a group, in the order in which they were opened, under the members' caps over all of them (GU-2)."""
    return tuple(shares for _, shares in in_order(calls, caps))


def in_order(calls: Sequence[Call], caps: Mapping[int, int]) -> Iterator[tuple[dict[int, int], Shares]]:
    """For each call what the caps leave room for on it, and its shares."""
    taken: list[dict[int, int]] = []
    for place, call in enumerate(calls):
        room = caps_for(caps, taken, (later.paid for later in calls[place + 1 :]))
        shares = recompute(call.net, call.weights, room, call.paid, call.failed, call.mode)
        taken.append(takes(shares, call.paid) if call.is_open else dict(call.paid))
        yield room, shares


def takes(shares: Shares, paid: Mapping[int, int]) -> dict[int, int]:
    """What an open call takes of each seat's cap: the larger of what the seat has to front and what it paid."""
    return {seat: max(shares.eff.get(seat, 0), paid.get(seat, 0)) for seat in sorted(shares.eff.keys() | paid.keys())}


def caps_for(
    caps: Mapping[int, int], earlier: Iterable[Mapping[int, int]], later: Iterable[Mapping[int, int]]
) -> dict[int, int]:
    """What one call may ask of each seat: its cap over all calls, less what earlier ones take and what was paid on later ones.

    >>> caps_for({2: 120_000}, earlier=[{2: 100_000, 3: 100_000}], later=[])
    {2: 20000}
    """
    others = [*earlier, *later]
    return {seat: max(0, cap - sum(taken.get(seat, 0) for taken in others)) for seat, cap in caps.items()}


def claims_between(shares: Shares, paid: Mapping[int, int], failed: AbstractSet[int]) -> tuple[Claim, ...]:
    """What members owe one another: who paid beyond its fair share, against those below theirs; pro rata, exact (article 519).

    What the bank still asks of a member, and what it gives back, is no claim between members. Those sums are as large as both sides allow.
    """
    beyond = {seat: minor - shares.refund.get(seat, 0) for seat, minor in sorted(shares.over.items())}
    below = {
        seat: max(0, fair - paid.get(seat, 0) - shares.bank_due.get(seat, 0))
        for seat, fair in sorted(shares.fair.items())
    }
    claimed = min(sum(beyond.values()), sum(below.values()))
    if not claimed:
        return ()
    claims = []
    owing = split(claimed, below)
    for creditor, minor in split(claimed, beyond).items():
        of_creditor = split(minor, owing)
        owing = {seat: rest - of_creditor[seat] for seat, rest in owing.items()}
        claims += [
            Claim(debtor, creditor, part, "recourse" if debtor in failed else "contribution")
            for debtor, part in of_creditor.items()
            if part
        ]
    return tuple(claims)


def recourse_to_debtor(shares: Shares, paid: Mapping[int, int], settled: Iterable[Claim] = ()) -> dict[int, int]:
    """What the debtor owes each seat: all that the seat bore for him (article 700). A claim that was settled moves it from one to the other."""
    borne = {seat: minor - shares.refund.get(seat, 0) for seat, minor in paid.items()}
    for claim in settled:
        borne[claim.creditor] = borne.get(claim.creditor, 0) - claim.minor
        borne[claim.debtor] = borne.get(claim.debtor, 0) + claim.minor
    return _some(dict(sorted(borne.items())))


def _liable(total: int, weights: Mapping[int, int], caps: Mapping[int, int], mode: LiabilityMode) -> dict[int, int]:
    """What each seat is liable for of a debt."""
    if mode == "none" or not weights:
        return dict.fromkeys(weights, 0)
    if mode == "several":
        return {seat: min(part, caps.get(seat, part)) for seat, part in split(total, weights).items()}
    return capped(total, weights, caps if mode == "joint_capped" else {})[0]


def _some(parts: Mapping[int, int]) -> dict[int, int]:
    return {seat: minor for seat, minor in parts.items() if minor}

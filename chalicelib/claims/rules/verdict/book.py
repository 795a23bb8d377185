"""The rules a decision cites, by id, its arithmetic step by step, and what is left to somebody who did not get everything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from chalicelib.claims.rules.reasons import PartyName
from chalicelib.shared.texts import Text, say

Outcome = Literal["full", "partial", "none", "return"]

RULES: Final[Mapping[str, Text]] = {
    "GE-1": say("Forged proof counts for nothing, and neither does anything else that its party sent."),
    "GE-2": say(
        "A party that stays silent is decided upon by the record; what the system itself recorded needs no proof."
    ),
    "GE-3": say("No more is given than was asked for."),
    "GE-4": say("No more is given than the cover leaves for this claim."),
    "SH-1": say("What shipment waits for was paid, so there was a day to ship by."),
    "SH-2": say("What has not left by the system's record has not been shipped, and is worth its whole price."),
    "SH-3": say(
        "What left after the day to ship by is worth the share that the policy names for the days it was late."
    ),
    "SH-4": say("A transport document proves an earlier day once an officer has accepted its date."),
    "IN-1": say("Where a designated inspector reported, the report decides what the goods are worth."),
    "IN-2": say("The supplier answers for its own share of the fault."),
    "IN-3": say("From the policy's share of defects on, the goods are worth nothing; what was received goes back."),
    "IN-4": say("Who keeps an ordered inspection from taking place has the doubt against it."),
    "RE-1": say("The buyer proved what the reason requires."),
    "RE-2": say("The supplier answered with the proof that the reason asks of it."),
    "RE-3": say(
        "Where proof stands against proof, fault is shared; the supplier's share is larger where the buyer's proof is supported."
    ),
    "TR-1": say("The term of delivery leaves the risk of the way with the supplier until the goods arrive."),
    "TR-2": say("The supplier proved that the goods were delivered, or the buyer confirmed it."),
    "TR-3": say(
        "The supplier proved that it handed the goods to the carrier, with which the risk passed to the buyer."
    ),
    "TR-4": say("No delivery is on record, or the buyer declared that it did not take place."),
    "TR-5": say("The supplier proved that the goods were packed for the way."),
    "MD-1": say("The supplier handed over the documents."),
    "MD-2": say("Goods without their documents are worth less by the share that the policy names."),
}

REMEDIES: Final[Mapping[str, Text]] = {
    "appeal": say("Appeal once with new evidence; somebody else decides."),
    "other_claim": say("Claim for another reason or another line while its own window is open."),
    "supplier": say("Ask the supplier for what is above the cover: it owes it without a guarantee."),
    "carrier": say("Claim against the carrier or the insurer: the risk of the way was the buyer's."),
    "law": say("This decision takes away no right that the contract gives before a court or an arbitrator."),
}


StepName = Literal[
    "line",
    "inspected",
    "inspected_buyers_fault",
    "in_dispute",
    "lost",
    "documents",
    "shared",
    "supplier_share",
    "approved",
]


class RuleApplied(msgspec.Struct, frozen=True, kw_only=True):
    """A rule by its id, whether it holds for the case, and the numbers it was held against."""

    rule: str
    holds: bool
    numbers: dict[str, int | str] = {}


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the arithmetic: what is worked out in it, and its numbers. Those that are amounts end in `_minor`."""

    name: StepName
    numbers: dict[str, int]


class MissedDuty(msgspec.Struct, frozen=True, kw_only=True):
    """What a party should have done and did not, and the rule that says so."""

    party: PartyName
    duty: str
    rule: str


class Remedy(msgspec.Struct, frozen=True, kw_only=True):
    """What is left to who did not get everything, by its code. Those kept before had their sentence beside it, which nobody reads."""

    code: str


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """A decision that anybody can recompute from its case, in codes and numbers. `approved_minor` in the order's currency.

    `missed_duty` is of the party that bears the larger part of the outcome, None where nobody missed one.
    """

    outcome: Outcome
    approved_minor: int
    supplier_fault_percent: int
    findings: tuple[RuleApplied, ...]
    missed_duty: MissedDuty | None
    remaining_remedies: tuple[Remedy, ...]


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What a reason comes to before it is held against the request and the cover.

    `certain_minor` rests on the system's record; of `disputed_minor` the supplier bears `fault_percent`.
    """

    certain_minor: int = 0
    disputed_minor: int = 0
    fault_percent: int = 0
    goes_back: bool = False
    findings: tuple[RuleApplied, ...] = ()
    arithmetic: tuple[Step, ...] = ()
    missed_duty: MissedDuty | None = None
    remedies: tuple[str, ...] = ()


def applied(rule: str, holds: bool, **numbers: int | str) -> RuleApplied:
    return RuleApplied(rule=rule, holds=holds, numbers=numbers)


def step(name: StepName, **numbers: int) -> Step:
    return Step(name=name, numbers=numbers)

"""What the journal says that concerns recoveries: what was advanced for claims, debits that banks carried out or gave up.

Everything here may run twice, late and in any order: each effect is named after the entry it comes of.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.recoveries import records
from chalicelib.recoveries.rules import asking, receiving
from chalicelib.recoveries.rules.recovery import Advance, Policy, Recovery
from chalicelib.recoveries.service import settling, standing
from chalicelib.shared import calendars, ids, journal
from chalicelib.shared.commit import persistently
from chalicelib.shared.journal import Entry
from chalicelib.shared.request import CLOCK, Request


def follow(made: Entry, now: datetime) -> None:
    """The effect of one journal entry, or none."""
    match made.event.kind:
        case "claim.payable" | "claim.appealed" | "claim.undisputed":
            _open(made, now)
        case "instruction.settled" if _is_our_debit(made):
            _collect(made, now)
        case "instruction.failed" | "instruction.manual" if _is_our_debit(made) and made.event.facts.get("came_back"):
            _take_back(made, now)
        case "instruction.manual" if _is_our_debit(made):
            _give_up(made, now)
        case kind if kind.startswith("recovery."):
            standing.follow_or_fail(made, now)


def id_of(claim_id: str, purpose: str = "") -> str:
    """The one recovery of a claim's payment."""
    return ids.named("rcv", claim_id, *filter(None, (purpose,)))


def open_for(advance: Advance, at: datetime, now: datetime) -> Recovery | None:
    """Open the recovery of an advance, once, and ask the supplier at once for what its balance does not hold."""
    recovery_id = id_of(advance.claim_id, advance.purpose)
    if records.load(recovery_id) is None:
        told = settling.in_force(at)
        policy = told.read_as(Policy)
        step = asking.opened(
            recovery_id,
            advance,
            settling.account_of(advance.supplier_id, advance.currency),
            policy=policy,
            policy_hash=told.hash,
            calendar=calendars.calendar(policy.calendar),
            now=at,
        )
        settling.carry_out(step, journal.GENESIS, Request.of_clock(recovery_id, 1, now))
    return settling.settled(recovery_id, now)


def _open(made: Entry, now: datetime) -> None:
    """Where the platform advanced something; a claim paid with the order's or the supplier's own money leaves nothing to recover."""
    told = made.event.facts.get("advance")
    advance = msgspec.convert(told, Advance) if told else None
    if advance is not None and advance.amount_minor:
        open_for(advance, made.at, now)


@persistently
def _collect(made: Entry, now: datetime) -> None:
    recovery = settling.settled(made.event.facts["cause"], made.at)
    if recovery is not None and not recovery.has_heard(made.thing, made.seq):
        minor = made.event.facts["amount_minor"]
        step = receiving.collected(recovery, made.thing, made.seq, minor, _not_before(recovery, made.at))
        settling.carry_out(step, recovery.head, _request(recovery, made, now))


@persistently
def _take_back(made: Entry, now: datetime) -> None:
    """The bank tries again by itself, unless an officer has to see to it."""
    recovery = settling.settled(made.event.facts["cause"], made.at)
    if recovery is not None and not recovery.has_heard(made.thing, made.seq):
        at, policy = _not_before(recovery, made.at), settling.pinned(recovery)
        step = receiving.taken_back(
            recovery,
            made.thing,
            made.seq,
            at,
            tried_again=made.event.kind == "instruction.failed",
            debit_due_at=asking.debit_due_at(at, policy, calendars.calendar(policy.calendar)),
        )
        settling.carry_out(step, recovery.head, _request(recovery, made, now))


@persistently
def _give_up(made: Entry, now: datetime) -> None:
    """The bank's ways are exhausted: the debit is not waited for."""
    recovery = settling.settled(made.event.facts["cause"], made.at)
    if recovery is not None and recovery.debit_minor and journal.read(_request(recovery, made, now).entry_id) is None:
        step = asking.give_up_debit(recovery, _not_before(recovery, made.at), why="not_carried_out")
        settling.carry_out(step, recovery.head, _request(recovery, made, now))


def _is_our_debit(made: Entry) -> bool:
    facts = made.event.facts
    return facts.get("kind") == "debit" and ids.looks_like(str(facts.get("cause")), "rcv")


def _not_before(recovery: Recovery, at: datetime) -> datetime:
    """An entry that is read late takes effect after what was written in the meantime."""
    return max(at, recovery.updated_at)


def _request(recovery: Recovery, made: Entry, now: datetime) -> Request:
    """What an entry does to a recovery happens once: it is named after both."""
    return Request(
        caller=CLOCK, now=now, request_id=made.request_id, key=f"{recovery.id}:{made.entry_id}", digest="followed"
    )

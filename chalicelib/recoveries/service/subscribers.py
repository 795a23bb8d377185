"""What the journal says that concerns recoveries: what was advanced, be it for claims or because a buyer's bank took a payment back, and debits
that banks carried out or gave up.

Everything here may run twice, late and in any order: each effect is named after the entry it comes of.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from chalicelib.recoveries import programme_effects
from chalicelib.recoveries.aggregate import RECOVERIES
from chalicelib.recoveries.rules import asking, receiving
from chalicelib.recoveries.rules.recovery import Advance, Context, Policy, Recovery
from chalicelib.recoveries.rules.transitions import RecoveryChange
from chalicelib.recoveries.service.commands import account_of
from chalicelib.shared import calendars, ids, policies
from chalicelib.shared.commit import retry_on_conflict
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import CLOCK, RequestContext


def follow(entry: Entry, now: datetime) -> None:
    """The effect of one journal entry, or none."""
    match entry.event.kind:
        case (
            "claim.payable"
            | "claim.appealed"
            | "claim.undisputed"
            | "acquirer_payment.chargeback_opened"
            | "acquirer_payment.chargeback_won"
            | "acquirer_payment.chargeback_lost"
            | "order.payment_returned"
        ):
            _open(entry, now)
        case "instruction.settled" if _is_our_debit(entry):
            _apply(entry, now, _collected)
        case "instruction.failed" | "instruction.manual" if _is_our_debit(entry) and entry.event.payload.get(
            "came_back"
        ):
            _apply(entry, now, _charged_back)
        case "instruction.manual" if _is_our_debit(entry):
            _apply(entry, now, _given_up)
        case kind if kind.startswith("recovery."):
            programme_effects.follow_or_fail(entry, now)


def id_of(claim_id: str, purpose: str = "") -> str:
    """The one recovery of a claim's payment."""
    return ids.derived_id("rcv", claim_id, *filter(None, (purpose,)))


def open_for(advance: Advance, at: datetime, now: datetime) -> None:
    """Open the recovery of an advance, once, and ask the supplier at once for what its balance does not hold."""
    recovery_id = id_of(advance.claim_id, advance.purpose)
    if RECOVERIES.load(recovery_id, now) is None:
        in_force = policies.in_force("recoveries", business_date(at))
        policy = in_force.read_as(Policy)
        opened = asking.opened(
            recovery_id,
            advance,
            account_of(advance.supplier_id, advance.currency),
            policy=policy,
            policy_hash=in_force.hash,
            calendar=calendars.calendar(policy.calendar),
            now=at,
        )
        RECOVERIES.create(opened, Context(policy=policy), RequestContext.of_clock(recovery_id, 1, now))
    RECOVERIES.catch_up(recovery_id, now)


def _open(entry: Entry, now: datetime) -> None:
    """Where the platform advanced something; a claim paid with the order's or the supplier's own money leaves nothing to recover."""
    raw = entry.event.payload.get("advance") or ()
    for advance in msgspec.convert([raw] if isinstance(raw, dict) else raw, tuple[Advance, ...]):
        if advance.amount_minor:
            open_for(advance, entry.at, now)


Decide = Callable[[Recovery, Context, Entry, datetime], RecoveryChange | None]


@retry_on_conflict
def _apply(entry: Entry, now: datetime, decide: Decide) -> None:
    """Once for each recovery and entry. One that is read late takes effect after what was written in the meantime."""
    recovery_id = str(entry.event.payload["cause"])
    request = RequestContext(
        caller=CLOCK, now=now, request_id=entry.request_id, key=f"{recovery_id}:{entry.entry_id}", digest="followed"
    )
    RECOVERIES.apply(
        recovery_id,
        request,
        lambda was, context: decide(was, context, entry, max(entry.at, was.updated_at)),
        until=entry.at,
    )


def _collected(was: Recovery, context: Context, entry: Entry, at: datetime) -> RecoveryChange | None:
    if was.has_applied(entry.aggregate_id, entry.seq):
        return None
    return receiving.collected(was, entry.aggregate_id, entry.seq, entry.event.payload["amount_minor"], at)


def _charged_back(was: Recovery, context: Context, entry: Entry, at: datetime) -> RecoveryChange | None:
    """The bank tries again by itself, unless an officer has to see to it."""
    if was.has_applied(entry.aggregate_id, entry.seq):
        return None
    return receiving.charged_back(
        was,
        entry.aggregate_id,
        entry.seq,
        at,
        tried_again=entry.event.kind == "instruction.failed",
        debit_due_at=asking.debit_due_at(at, context.policy, calendars.calendar(context.policy.calendar)),
    )


def _given_up(was: Recovery, context: Context, entry: Entry, at: datetime) -> RecoveryChange | None:
    """The bank's ways are exhausted: the debit is not waited for. Others may be under way."""
    minor = int(entry.event.payload["amount_minor"])
    return asking.give_up_debit(was, at, why="not_carried_out", minor=minor) if was.debit_minor else None


def _is_our_debit(entry: Entry) -> bool:
    payload = entry.event.payload
    return payload.get("kind") == "debit" and ids.is_id(str(payload.get("cause")), "rcv")

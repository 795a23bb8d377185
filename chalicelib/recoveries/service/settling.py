"""A recovery as it stands now: what has fallen due is applied before every read and written before every change, step by step.

Before the supplier is asked for money (the demand, an instalment's day), what its balance holds is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from chalicelib.recoveries import records
from chalicelib.recoveries.rules import deadlines, receiving
from chalicelib.recoveries.rules import recovery as recoveries_recovery
from chalicelib.recoveries.rules.moves import Side
from chalicelib.recoveries.rules.recovery import Account, Policy, Recovery
from chalicelib.recoveries.rules.step import Step
from chalicelib.recoveries.service import standing
from chalicelib.recoveries.views.recovery import RecoveryView, view
from chalicelib.shared import journal, policies
from chalicelib.shared.commit import NOTHING_ELSE, Answer, Joined, Put, Update, commit, persistently
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date
from chalicelib.shared.refusal import NotFound, Raced
from chalicelib.shared.request import Caller, Request
from chalicelib.suppliers.rules.balance import Balance, Draw
from chalicelib.suppliers.service import cover as suppliers_cover
from chalicelib.suppliers.service import money as suppliers_money

ASKING: Final = frozenset({"recovery.demanded", "recovery.instalment_called"})


def find(recovery_id: str, request: Request) -> tuple[Recovery, Side]:
    """The recovery as it stands now, as its supplier or an officer may see it."""
    recovery, side = must_be_seen(recovery_id, records.load(recovery_id), request.caller)
    return as_of(recovery, request.now), side


def must_be_seen(recovery_id: str, recovery: Recovery | None, caller: Caller) -> tuple[Recovery, Side]:
    side = _side(recovery, caller) if recovery else None
    if recovery is None or side is None:
        raise NotFound(f"There is no recovery {recovery_id!r:.60}.")
    return recovery, side


def shown(recovery: Recovery, side: Side, now: datetime) -> RecoveryView:
    return view(recovery, pinned(recovery), side, now)


def as_of(recovery: Recovery, now: datetime) -> Recovery:
    """The recovery with everything applied that has fallen due; nothing is written."""
    for step in deadlines.fallen_due(recovery, pinned(recovery), now):
        recovery = step.recovery
    return recovery


def settled(recovery_id: str, now: datetime) -> Recovery | None:
    """The recovery with everything written that has fallen due. Who writes it first does not matter: each step has one name."""
    recovery = records.load(recovery_id)
    while recovery and (step := next(deadlines.fallen_due(recovery, pinned(recovery), now), None)):
        drawn = _drawn(recovery, step.at, now) if step.event.kind in ASKING else None
        recovery = drawn or _written(step, recovery, now)
    return recovery


def due_at(recovery_id: str, now: datetime) -> datetime | None:
    """When something happens to the recovery by itself, as it is kept."""
    recovery = records.load(recovery_id)
    return deadlines.next_due(recovery, pinned(recovery)) if recovery else None


@persistently
def set_off(recovery_id: str, now: datetime) -> bool:
    """Take from the supplier's balance what is due and there. Whether something was taken."""
    recovery = settled(recovery_id, now)
    return recovery is not None and _drawn(recovery, now, now) is not None


def carry_out(
    step: Step, head: str, request: Request, side: Side | None = None, *, joined: Joined = NOTHING_ELSE
) -> Answer:
    """The recovery, its journal entry and, where cover is repaid, the supplier: one transaction, with what else belongs to it."""
    made = _entry(step, head, request, side, joined)
    return commit(made, *_changes(step, made), *joined.changes)


def account_of(supplier_id: str, currency: str) -> Account | None:
    """The account the supplier registered for debits in a currency."""
    found = suppliers_money.account(supplier_id, currency)
    return Account(found.bank_id, found.account) if found else None


def in_force(at: datetime) -> policies.Policy:
    return policies.in_force("recoveries", business_date(at))


def pinned(recovery: Recovery) -> Policy:
    return policies.pinned("recoveries", recovery.policy).read_as(Policy)


def _drawn(recovery: Recovery, at: datetime, now: datetime) -> Recovery | None:
    """The recovery after a draw on the supplier's balance, or None where there is nothing to take or to take it from."""
    if not recoveries_recovery.to_set_off_minor(recovery, at):
        return None
    seen = suppliers_money.balance(recovery.supplier_id, recovery.currency)
    step = receiving.set_off(recovery, seen.minor, at)
    return _written(step, recovery, now, seen) if step else None


def _written(step: Step, was: Recovery, now: datetime, seen: Balance | None = None) -> Recovery | None:
    """The recovery after a step the clock takes, or as somebody else has changed it in between."""
    request = Request.of_clock(was.id, step.recovery.version, now)
    made = _entry(step, was.head, request, None)
    try:
        written = commit(made, *_changes(step, made, seen))
    except Raced:
        return records.load(was.id)
    if written.replayed:
        return records.load(was.id)
    standing.follow(made, now)
    return records.linked(step.recovery, made)


def _entry(step: Step, head: str, request: Request, side: Side | None, joined: Joined = NOTHING_ELSE) -> Entry:
    """What happened, with the answer where somebody waits for it."""
    recovery = step.recovery
    answer = joined.answer or (encode(shown(recovery, side, request.now)) if side else b"")
    return journal.entry(
        request,
        joined.told_with(step.event),
        of=recovery.id,
        seq=recovery.version,
        prev=head,
        answer=answer,
        at=step.at,
        also=joined.also,
    )


def _changes(step: Step, made: Entry, seen: Balance | None = None) -> Iterator[Put | Update]:
    recovery = step.recovery
    yield records.put(recovery, made, deadlines.next_due(recovery, pinned(recovery)))
    draw = Draw(recovery.currency, step.draw_minor, seen) if seen else None
    if step.repay_usd_minor or draw:
        yield suppliers_cover.change_cover(recovery.supplier_id, repay_usd=step.repay_usd_minor, draw=draw)


def _side(recovery: Recovery, caller: Caller) -> Side | None:
    if caller.is_officer:
        return "officer"
    return "supplier" if caller.is_member(recovery.supplier_id) else None

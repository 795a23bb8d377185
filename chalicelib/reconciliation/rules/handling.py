"""What banks' figures, officers and the clock do to an item. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import to_builtins

from chalicelib.reconciliation.rules.item import (
    FIGURES,
    MOST_DIFFERENCES,
    Context,
    Decision,
    Difference,
    Item,
    name_of,
)
from chalicelib.reconciliation.rules.transitions import TABLE, ItemChange
from chalicelib.shared.journal import Event


def opened(
    bank_id: str,
    aggregate_id: str,
    currency: str,
    differences: Sequence[Difference],
    as_of: date,
    *,
    context: Context,
    policy_hash: str,
    now: datetime,
) -> ItemChange:
    """The first version: an officer has to explain it."""
    item = Item(
        id=name_of(bank_id, aggregate_id),
        bank_id=bank_id,
        aggregate_id=aggregate_id,
        currency=currency,
        status="open",
        version=1,
        created_at=now,
        updated_at=now,
        policy=policy_hash,
        due_at=context.policy.due("open", now),
        as_of=as_of,
        differences=tuple(differences)[-MOST_DIFFERENCES:],
    )
    payload = {"to": "open", "bank_id": bank_id, "aggregate_id": aggregate_id, **_facts(item)}
    return ItemChange(state=item, event=Event("reconciliation_item.opened", payload, policy=policy_hash), at=now)


def compared(
    was: Item, context: Context, new: Sequence[Difference], as_of: date, now: datetime, *, of_all: bool
) -> ItemChange | None:
    """After another look at the books. `of_all`: all figures were compared, so what was not found to differ agrees. None where nothing is new."""
    differences = _together(was.differences, new, gone=FIGURES if of_all else ())
    if was.status != "resolved":
        if not differences:
            return _agreed(was, as_of, now)
        return None if differences == was.differences else _differs(was, context, differences, as_of, now)
    is_explained = {*differences} <= {*was.differences} and not _grace_is_over(was, context, now)
    return None if not differences or is_explained else _differs(was, context, differences, as_of, now)


def resolve(was: Item, decision: Decision, note: str, officer: str, now: datetime) -> ItemChange:
    """An officer explains it. Nothing is corrected by that."""
    return TABLE.change(
        was,
        "resolve",
        now,
        to="resolved",
        payload={"outcome": decision, "private": {"note": note, "by": officer}},
        outcome=decision,
        note=note,
        resolved_by=officer,
        resolved_at=now,
        due_at=None,
    )


def escalate(was: Item, context: Context, at: datetime) -> ItemChange:
    """No officer has explained it in time."""
    due_at = context.policy.due("escalated", at)
    return TABLE.change(was, "escalate", at, to="escalated", due_at=due_at, reminders=0)


def remind(was: Item, context: Context, at: datetime) -> ItemChange:
    """Nor has a supervisor: it rings, and again after twice the time, until somebody has."""
    return TABLE.change(was, "remind", at, event="reminded", reminders=was.reminders + 1)


def _agreed(was: Item, as_of: date, now: datetime) -> ItemChange:
    return TABLE.change(
        was,
        "agree",
        now,
        event="agreed",
        payload={"as_of": as_of, "outcome": "agrees"},
        status="resolved",
        as_of=as_of,
        differences=(),
        outcome="agrees",
        resolved_at=now,
        resolved_by="",
        note="",
        due_at=None,
    )


def _differs(
    was: Item, context: Context, differences: tuple[Difference, ...], as_of: date, now: datetime
) -> ItemChange:
    """Whoever has to explain it gets no more time by its differing in another way."""
    is_anew = was.status == "resolved"
    anew: dict[str, Any] = {
        "status": "open",
        "due_at": context.policy.due("open", now),
        "outcome": None,
        "note": "",
        "resolved_at": None,
        "resolved_by": "",
    }
    return TABLE.change(
        was,
        "differ",
        now,
        event="reopened" if is_anew else "differed",
        payload={"as_of": as_of, "differences": to_builtins(differences)},
        as_of=as_of,
        differences=differences,
        **(anew if is_anew else {}),
    )


def _together(known: Sequence[Difference], new: Sequence[Difference], gone: Collection[str]) -> tuple[Difference, ...]:
    """What is known of each thing last; what has gone is known no more."""
    latest = {each.of: each for each in known if each.of not in gone} | {each.of: each for each in new}
    return tuple(latest.values())[-MOST_DIFFERENCES:]


def _grace_is_over(was: Item, context: Context, now: datetime) -> bool:
    return was.resolved_at is not None and now >= was.resolved_at + timedelta(days=context.policy.grace_days)


def _facts(item: Item) -> dict[str, object]:
    return {"as_of": item.as_of, "differences": to_builtins(item.differences)}

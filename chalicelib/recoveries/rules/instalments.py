"""Paying in parts: a plan the supplier proposes and an officer accepts, its calls, and its end. Pure.

Each instalment is called for on its day: taken from the supplier's balance, the rest debited. The plan ends by itself where
an instalment is not there some business days later.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

import msgspec
from msgspec.structs import replace

from chalicelib.recoveries.rules import recovery as rules
from chalicelib.recoveries.rules.asking import debit_due_at, debit_orders
from chalicelib.recoveries.rules.transitions import TABLE
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.money import Money
from chalicelib.shared.periods import Calendar, business_date, business_days_after, start_of
from chalicelib.shared.state_machine import Change
from chalicelib.shared.texts import say


class BadPlan(RuleViolation):
    code = "bad_plan"
    title = "The instalments do not make a plan."
    fix = "Name dates in order, from tomorrow on and within the days allowed, and amounts that add up to what is left."


Part = tuple[date, int]
"""A day, and the minor units to be paid on it."""


def propose(
    was: rules.Recovery, parts: Sequence[Part], policy: rules.Policy, calendar: Calendar, now: datetime
) -> Change[rules.Recovery]:
    """The supplier's plan waits for an officer; a newer one takes its place. BadPlan says what is wrong with it."""
    _must_make_a_plan(was, parts, policy, now)
    plan = rules.Plan(
        instalments=tuple(_instalment(on, minor, policy, calendar) for on, minor in parts),
        received_minor=was.received_minor,
        asked_at=now,
        answer_due_at=now + timedelta(days=policy.answer_plan_days),
    )
    payload = _payload(plan, was.currency)
    return TABLE.change(was, "instalments", now, event="instalments_proposed", proposed=plan, payload=payload)


def accept(
    was: rules.Recovery, account: rules.Account | None, policy: rules.Policy, calendar: Calendar, now: datetime
) -> Change[rules.Recovery]:
    """An officer agrees. While the plan is kept the supplier is not suspended; a debit under way still counts for it.

    Instalments whose day has come while the plan waited are called for now, and the bank has its days from now on.
    """
    assert was.proposed is not None, "guarded by the table"
    debited_by = debit_due_at(now, policy, calendar)
    plan = replace(
        was.proposed,
        instalments=tuple(
            replace(part, missed_at=max(part.missed_at, debited_by)) if part.due_at <= now else part
            for part in was.proposed.instalments
        ),
    )
    return TABLE.change(
        was,
        "accept-instalments",
        now,
        event="instalments_accepted",
        status="instalments",
        plan=plan,
        proposed=None,
        account=account or was.account,
        suspended_at=None,
        payload=_payload(plan, was.currency),
    )


def let_lapse(was: rules.Recovery, context: rules.Context, at: datetime) -> Change[rules.Recovery]:
    """Nobody answered the proposal in time: it stands no longer."""
    return TABLE.change(was, "let_plan_lapse", at, event="instalments_lapsed", proposed=None)


def call(was: rules.Recovery, context: rules.Context, at: datetime) -> Change[rules.Recovery]:
    """The day of an instalment has come: what is not there of it yet is debited."""
    plan = must_have_plan(was)
    missing = max(0, rules.due_minor(was, at) - was.debit_minor)
    return TABLE.change(
        was,
        "call",
        at,
        event="instalment_called",
        plan=replace(plan, called=plan.called + 1),
        debit_minor=was.debit_minor + missing if was.account else was.debit_minor,
        payment_orders=debit_orders(was, missing),
        payload={"on": plan.instalments[plan.called].on.isoformat(), "amount_minor": missing},
    )


def end_plan(was: rules.Recovery, context: rules.Context, at: datetime) -> Change[rules.Recovery]:
    """An instalment was missed: all that is left is due again, and where 30 days have passed the supplier is suspended at once."""
    is_late = at >= was.created_at + timedelta(days=context.policy.suspend_after_days)
    return TABLE.change(
        was,
        "end_plan",
        at,
        event="suspended" if is_late else "plan_ended",
        status="suspended" if is_late else "setoff",
        suspended_at=at if is_late else None,
        plan=None,
        debit_minor=0,
        payload={"reason": "instalment_missed", "remaining_minor": was.remaining_minor},
    )


def next_to_call(plan: rules.Plan) -> rules.Instalment | None:
    return plan.instalments[plan.called] if plan.called < len(plan.instalments) else None


def first_unpaid(recovery: rules.Recovery) -> rules.Instalment | None:
    """The first instalment that was called for and is not all there."""
    plan = must_have_plan(recovery)
    paid, due = rules.paid_since(recovery, plan), 0
    for part in plan.instalments[: plan.called]:
        due += part.amount_minor
        if due > paid:
            return part
    return None


def must_have_plan(recovery: rules.Recovery) -> rules.Plan:
    assert recovery.plan is not None, "a recovery in instalments has a plan"
    return recovery.plan


def _must_make_a_plan(was: rules.Recovery, parts: Sequence[Part], policy: rules.Policy, now: datetime) -> None:
    today, total = business_date(now), sum(minor for _, minor in parts)
    last_day = today + timedelta(days=policy.instalments_within_days)
    if not 1 <= len(parts) <= policy.most_instalments:
        raise BadPlan(
            say("A plan has 1 to {most_instalments} instalments.", most_instalments=policy.most_instalments),
            param="instalments",
            maximum=policy.most_instalments,
        )
    if any(later <= earlier for (earlier, _), (later, _) in pairwise(parts)):
        raise BadPlan("Each instalment is later than the one before.", param="instalments")
    if parts[0][0] <= today or parts[-1][0] > last_day:
        raise BadPlan(
            say("Instalments fall after {today} and until {last_day}.", today=today, last_day=last_day),
            param="instalments",
            last_day=str(last_day),
        )
    if total != was.remaining_minor:
        left = Money.of(was.remaining_minor, was.currency)
        raise BadPlan(
            say(
                "The instalments add up to {amount}, and {amount_2} are left.",
                amount=Money.of(total, was.currency).grouped,
                amount_2=left.grouped,
            ),
            param="instalments",
            left=msgspec.to_builtins(left),
        )


def _instalment(on: date, minor: int, policy: rules.Policy, calendar: Calendar) -> rules.Instalment:
    due_at = start_of(on)
    missed_at = business_days_after(due_at, policy.debit_business_days, calendar)
    return rules.Instalment(on=on, amount_minor=minor, due_at=due_at, missed_at=missed_at)


def _payload(plan: rules.Plan, currency: str) -> dict[str, object]:
    instalments = [
        {"on": part.on.isoformat(), "money": msgspec.to_builtins(Money.of(part.amount_minor, currency))}
        for part in plan.instalments
    ]
    return {"instalments": instalments}

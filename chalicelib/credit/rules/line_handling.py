"""What a bank, the borrower, officers and the clock do to a credit line. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.credit.rules.line import Actor, Freeze, FreezeOver, FrozenBy, Line, NotAsAgreed, Why
from chalicelib.credit.rules.line_transitions import TABLE, LineChange
from chalicelib.credit.rules.pack import Pack
from chalicelib.credit.rules.position import limit_postings
from chalicelib.credit.rules.procedure import Context
from chalicelib.credit.rules.schedule import statement_due_on, statement_on
from chalicelib.credit.rules.terms import Terms
from chalicelib.groups.rules.guarantee import Guarantee
from chalicelib.shared.money import text
from chalicelib.shared.periods import business_date, end_of_business_date, later_each_time, months_after
from chalicelib.shared.texts import say

CLOSED_BY: dict[Actor, Why] = {
    "borrower": "closed_by_borrower",
    "officer": "closed_by_officer",
    "bank": "closed_by_bank",
}


def opened(
    line_id: str,
    terms: Terms,
    *,
    member_id: str,
    application_id: str,
    agreement_id: str,
    guarantee: Guarantee | None = None,
    context: Context,
    now: datetime,
) -> Line:
    """The first version, which the last signature makes: the bank has to activate it."""
    product = context.product
    return Line(
        id=line_id,
        member_id=member_id,
        bank_id=product.bank_id,
        product_id=product.id,
        application_id=application_id,
        agreement_id=agreement_id,
        terms=terms,
        revolves=product.kind != "term",
        status="awaiting_activation",
        version=1,
        created_at=now,
        updated_at=now,
        policy=product.policy,
        due_at=context.business_days_after(now, product.sla.activate_days),
        guarantee=guarantee,
    )


def activate(was: Line, context: Context, limit_minor: int, ends_on: date, now: datetime) -> LineChange:
    """The bank lets the firm draw, up to what was agreed."""
    if limit_minor > was.terms.amount_minor:
        agreed = text(was.terms.amount_minor, was.currency)
        raise NotAsAgreed(
            say("{agreed} {currency} were agreed.", agreed=agreed, currency=was.currency),
            param="limit_minor",
            agreed=agreed,
        )
    day = context.product.statement_day
    return _change_terms(
        was,
        context,
        "activate",
        limit_minor,
        ends_on,
        now,
        activated_at=now,
        due_at=None,
        status="active",
        statement_on=statement_on(day, business_date(now)) if day else None,
    )


def change(was: Line, context: Context, limit_minor: int, ends_on: date, reason: str, now: datetime) -> LineChange:
    """The bank has set another limit or end. A lower limit calls nothing back; a later end makes an expired line live again."""
    freezes = tuple(freeze for freeze in was.freezes if freeze.by != "clock")
    return _change_terms(
        was,
        context,
        "change",
        limit_minor,
        ends_on,
        now,
        payload={"reason": reason},
        freezes=freezes,
        status=_status(freezes),
        due_at=None,
        renewal_offered_at=None,
        renewal_requested_at=None,
    )


def freeze(was: Line, by: FrozenBy, reason: str, until: date | None, now: datetime) -> LineChange:
    """No new draws: by the bank, or by an officer. A second freeze of the same takes the place of the first."""
    end = end_of_business_date(until) if until else None
    if end is not None and end <= now:
        raise FreezeOver(say("{until} is over.", until=until), param="until")
    set_now = Freeze(by=by, reason=reason, at=now, until=end)
    return _frozen(was, "freeze", "frozen", (*_without(was, by), set_now), now, {"by": by, "reason": reason})


def release(was: Line, by: FrozenBy, now: datetime) -> LineChange:
    """A freeze is over for whoever set it; others stand."""
    return _frozen(was, "release", "released", _without(was, by), now, {"by": by})


def let_freeze_end(was: Line, context: Context, at: datetime) -> LineChange:
    """The time of a freeze is over."""
    ended = [freeze for freeze in was.freezes if freeze.until and freeze.until <= at]
    left = tuple(freeze for freeze in was.freezes if freeze not in ended)
    return _frozen(was, "release", "released", left, at, {"by": ended[0].by, "reason": "time_over"})


def chase(was: Line, context: Context, at: datetime) -> LineChange:
    """The bank has not activated the line in time: it is reminded, and after the last time the line comes to nothing."""
    if was.chasers >= context.procedure.most_chasers:
        return _closed(was, "lapse", "not_activated", at)
    due_at = context.business_days_after(at, context.procedure.chaser_business_days)
    return TABLE.change(
        was,
        "chase",
        at,
        event="chased",
        chasers=was.chasers + 1,
        due_at=due_at,
        payload={"awaited": "line.activated", "chasers": was.chasers + 1},
    )


def issue_statement(was: Line, context: Context, at: datetime) -> LineChange:
    """The statement day is over. What is on the statement follows from the loans of the line, whoever looks at it when."""
    assert was.statement_on is not None, "it fell due"
    due_on = statement_due_on(was.statement_on, context.product.grace_days)
    return TABLE.change(
        was,
        "issue_statement",
        at,
        event="statement_issued",
        statement_on=months_after(was.statement_on, 1),
        payload={"statement_on": was.statement_on, "due_on": due_on},
    )


def offer_renewal(was: Line, context: Context, at: datetime) -> LineChange:
    """The line ends soon: the borrower may ask for its renewal."""
    return TABLE.change(was, "offer_renewal", at, event="renewal_offered", renewal_offered_at=at)


def renew(was: Line, pack: Pack, now: datetime) -> LineChange:
    """The borrower asks its bank to renew the line, on a data pack made anew. The bank answers by changing the line's end."""
    return TABLE.change(
        was,
        "renew",
        now,
        event="renewal_requested",
        renewal_requested_at=now,
        pack_id=pack.id,
        also=(pack,),
        payload={"pack_id": pack.id, "pack_sha256": pack.sha256},
    )


def expire(was: Line, context: Context, at: datetime) -> LineChange:
    """The line's time is over. While anything is drawn it is frozen, and closed once that is repaid."""
    if not was.position.is_drawn:
        return _closed(was, "expire", "expired", at)
    freezes = (*was.freezes, Freeze(by="clock", reason="expired", at=at))
    due_at = at + timedelta(days=context.procedure.look_days)
    return _frozen(was, "expire", "expired", freezes, at, {"by": "clock", "reason": "expired"}, due_at=due_at)


def close_if_repaid(was: Line, context: Context, at: datetime) -> LineChange:
    """An expired line is closed once nothing is owed on it: looked at every `look_days`, then less and less often. Who does not want to wait closes it."""
    if not was.position.is_drawn:
        return _closed(was, "close", "expired", at)
    due_at = later_each_time(was.expires_at or was.updated_at, at, context.procedure.look_days)
    return TABLE.change(was, "look_again", at, event="not_repaid_yet", due_at=due_at)


def close(was: Line, actor: Actor, reason: str, now: datetime) -> LineChange:
    """Nothing is drawn, and the line is not wanted any more."""
    return _closed(was, "close", CLOSED_BY[actor], now, {"reason": reason})


def _change_terms(
    was: Line,
    context: Context,
    name: str,
    limit_minor: int,
    ends_on: date,
    now: datetime,
    *,
    payload: dict[str, Any] | None = None,
    **fields: Any,
) -> LineChange:
    expires_at = end_of_business_date(ends_on)
    if expires_at <= now:
        raise NotAsAgreed(say("A line cannot end on {ends_on}, which is over.", ends_on=ends_on), param="ends_on")
    booked = limit_postings(
        "line", was.id, was_minor=was.position.limit_minor, now_minor=limit_minor, currency=was.currency
    )
    return TABLE.change(
        was,
        name,
        now,
        event="activated" if name == "activate" else "changed",
        position=replace(was.position, limit_minor=limit_minor),
        expires_at=expires_at,
        renewal_at=expires_at - timedelta(days=context.product.renewal_days),
        postings=booked,
        payload={"limit_minor": limit_minor, "ends_on": ends_on.isoformat(), **(payload or {})},
        **fields,
    )


def _frozen(
    was: Line,
    name: str,
    event: str,
    freezes: tuple[Freeze, ...],
    at: datetime,
    payload: dict[str, Any],
    **fields: Any,
) -> LineChange:
    return TABLE.change(was, name, at, event=event, freezes=freezes, status=_status(freezes), payload=payload, **fields)


def _closed(was: Line, name: str, why: Why, at: datetime, payload: dict[str, Any] | None = None) -> LineChange:
    """What was still to be had is granted no more."""
    booked = limit_postings(
        "line", was.id, was_minor=was.position.limit_minor, now_minor=was.position.withheld_minor, currency=was.currency
    )
    return TABLE.change(
        was,
        name,
        at,
        to="closed",
        due_at=None,
        closed_at=at,
        why=why,
        position=replace(was.position, limit_minor=was.position.withheld_minor),
        postings=booked,
        payload={"why": why, **(payload or {})},
    )


def _without(was: Line, by: FrozenBy) -> tuple[Freeze, ...]:
    return tuple(freeze for freeze in was.freezes if freeze.by != by)


def _status(freezes: tuple[Freeze, ...]) -> str:
    return "frozen" if freezes else "active"

"""An order as it stands now: what has fallen due is applied before every read and written before every change, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.members import service as members
from chalicelib.orders import records
from chalicelib.orders.rules import deadlines, telling
from chalicelib.orders.rules.order import AWAITING_MONEY, Order, Policy, Side
from chalicelib.orders.rules.step import Step
from chalicelib.orders.views.order import OrderView, PayTo, order_view
from chalicelib.shared import journal, policies
from chalicelib.shared.commit import NOTHING_ELSE, Answer, Joined, Put, Update, commit
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Entry
from chalicelib.shared.observe import logger
from chalicelib.shared.periods import business_date
from chalicelib.shared.refusal import NotFound, Raced
from chalicelib.shared.request import Request
from chalicelib.shared.tables import Row
from chalicelib.suppliers.service import cover as suppliers_cover


def find(order_id: str, request: Request) -> tuple[Order, Side | None]:
    """The order as it stands now, as one of its parties or an officer may see it; a draft is its creator's alone."""
    order = records.load(order_id)
    side = order.side_of(request.caller.member_id) if order else None
    if (
        order is None
        or not (side or request.caller.is_officer)
        or (order.status == "draft" and side != order.created_by)
    ):
        raise NotFound(f"There is no order {order_id!r:.60}.")
    return as_of(order, request.now), side


def beside(table: type[Row], name: str, order_id: str) -> tuple[Any, Order | None]:
    """For a slice above whose things are read together with their order: its item and the order, in one round trip."""
    return records.load_beside(table, name, order_id)


def load_many(order_ids: Iterable[str]) -> dict[str, Order]:
    """For a slice above: these orders as they are kept, by id. Unreadable where one cannot be read."""
    return records.load_many(order_ids)


def many(order_ids: Iterable[str]) -> dict[str, Order]:
    """For the lists of a slice above: those of these orders that can be read, as they are kept, by id."""
    return records.listed(order_ids)


def shown(order: Order, side: Side | None, now: datetime) -> OrderView:
    pay_to = _pay_to(order.terms.currency, now) if order.status in AWAITING_MONEY else []
    return order_view(order, pinned(order), side, now, pay_to)


def as_of(order: Order, now: datetime) -> Order:
    """The order with everything applied that has fallen due; nothing is written."""
    for step in deadlines.fallen_due(order, pinned(order), now):
        order = step.order
    return order


def settled(order_id: str, now: datetime) -> Order | None:
    """The order with everything written that has fallen due. Who writes it first does not matter: each step has one name."""
    order = records.load(order_id)
    while order and (step := next(deadlines.fallen_due(order, pinned(order), now), None)):
        made = _entry(step, order.head, Request.of_clock(order_id, step.order.version, now))
        try:
            written = commit(made, *_changes(step, made))
        except Raced:
            written = None
        order = records.linked(step.order, made) if written and not written.replayed else records.load(order_id)
    return order


def due_at(order_id: str, now: datetime) -> datetime | None:
    """When something happens to the order by itself, as it is kept."""
    order = records.load(order_id)
    return deadlines.next_due(order, pinned(order)) if order else None


def tell_day_book(*order_ids: str) -> None:
    """Record what orders count for, as far as it is certain. What is refused, such as a currency without a table rate, counts for nothing and is logged."""
    orders = records.load_many(order_ids).values()
    known = members.known({party for order in orders for party in (order.supplier_id, order.buyer_id)})
    countries = {member_id: member.country for member_id, member in known.items()}
    facts = [fact for order in orders if (fact := telling.trade_fact(order, pinned(order), countries))]
    for fact, outcome in zip(facts, daybook_recording.record(facts), strict=True):
        if outcome.result == "refused":
            logger.warning("an order counts for nothing", extra={"order_id": fact.trade_id, "reason": outcome.reason})


def carry_out(step: Step, head: str, request: Request, *, status: int = 200, joined: Joined = NOTHING_ELSE) -> Answer:
    """The order, its journal entry and, where cover moves, the supplier: one transaction, with what a slice above adds to it."""
    made = _entry(step, head, request, status=status, joined=joined)
    return commit(made, *_changes(step, made), *joined.changes)


def _entry(step: Step, head: str, request: Request, *, status: int = 200, joined: Joined = NOTHING_ELSE) -> Entry:
    """What happened, with the answer where a party asked for it."""
    order = step.order
    side = order.side_of(request.caller.member_id)
    answer = joined.answer or (encode(shown(order, side, request.now)) if side else b"")
    return journal.entry(
        request,
        joined.told_with(step.event),
        of=order.id,
        seq=order.seq,
        version=order.version,
        prev=head,
        answer=answer,
        status=status,
        at=step.at,
        also=joined.also,
    )


def changed(order: Order, made: Entry) -> Put:
    """For a commit: the order in its new form. `made` may be an entry of its own or of a claim on it."""
    return records.put(order, made, deadlines.next_due(order, pinned(order)))


def _changes(step: Step, made: Entry) -> Iterator[Put | Update]:
    order = step.order
    yield changed(order, made)
    if step.reserve_usd_minor:
        own = made.by.is_member(order.supplier_id)
        yield suppliers_cover.reserve(order.supplier_id, step.reserve_usd_minor, exactly=own)
    if step.release_usd_minor:
        yield suppliers_cover.release(order.supplier_id, step.release_usd_minor)


def _pay_to(currency: str, now: datetime) -> list[PayTo]:
    return [
        PayTo(partner.id, account)
        for partner in banks_inbox.policy(now).partners
        for account in partner.accounts.get(currency, ())
    ]


def policy_in_force(now: datetime) -> Policy:
    return in_force(now).read_as(Policy)


def in_force(now: datetime) -> policies.Policy:
    return policies.in_force("protection", business_date(now))


def pinned(order: Order) -> Policy:
    return policies.pinned("protection", order.policy).read_as(Policy)

"""What the journal says that concerns orders: the day-book is told what an order counts for."""

from __future__ import annotations

from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.members import service as members
from chalicelib.orders.aggregate import pinned
from chalicelib.orders.records import REPOSITORY
from chalicelib.orders.rules import trade_facts
from chalicelib.shared import ids
from chalicelib.shared.journal import Entry
from chalicelib.shared.observe import logger


def follow(*entries: Entry) -> None:
    """Tell the day-book of the orders that shipped or ended, as they stand now. Telling twice, late or out of order changes nothing."""
    ended = [
        entry.aggregate_id
        for entry in entries
        if ids.is_id(entry.aggregate_id, "ord") and trade_facts.is_telling(entry.event.payload)
    ]
    if ended:
        tell_day_book(*ended)


def tell_day_book(*order_ids: str) -> None:
    """Record what orders count for, as far as it is certain. What is refused, such as a currency without a table rate, counts for nothing and is logged."""
    orders = REPOSITORY.load_all(order_ids).values()
    known = members.known({party for order in orders for party in (order.supplier_id, order.buyer_id)})
    countries = {member_id: member.country for member_id, member in known.items()}
    facts = [fact for order in orders if (fact := trade_facts.trade_fact(order, pinned(order), countries))]
    for fact, outcome in zip(facts, daybook_recording.record(facts), strict=True):
        if outcome.result == "refused":
            logger.warning("an order counts for nothing", extra={"order_id": fact.trade_id, "reason": outcome.reason})

"""Who may hear of an entry: those who could read it in the thing's own timeline.

A registry by the beginning of the thing's id. A slice whose things have parties adds a line; the entry of a thing without one is
heard by the platform alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from chalicelib.claims.aggregate import CLAIMS
from chalicelib.claims.service import reading as claims_reading
from chalicelib.notices.rules.endpoint import PLATFORM
from chalicelib.notices.rules.endpoint import PREFIX as ENDPOINT
from chalicelib.notices.rules.message import Audience
from chalicelib.orders.aggregate import ORDERS
from chalicelib.orders.rules.order import Order, Side
from chalicelib.recoveries.service import reading as recoveries_reading
from chalicelib.shared import clock, fx
from chalicelib.shared.journal import Entry
from chalicelib.shared.request import Caller, Request


def audiences(entries: Sequence[Entry]) -> list[Audience]:
    """The members concerned by each entry, each with its side. The platform hears of everything anyhow. One round trip for all orders."""
    known = ORDERS.repository.load_all(made.thing for made in entries if made.thing.startswith(ORDER))
    return [
        of_order(made, known.get(made.thing)) if made.thing.startswith(ORDER) else _audience(made) for made in entries
    ]


def _audience(made: Entry) -> Audience:
    for beginning, parties in PARTIES.items():
        if made.thing.startswith(beginning):
            return parties(made)
    return Audience()


def of_order(made: Entry, order: Order | None) -> Audience:
    """Buyer and supplier; what was never proposed is its author's alone."""
    if order is None or order.status == "draft":
        return _author(made)
    if order.proposed_by is None:
        side = order.created_by
        return Audience({order.buyer_id if side == "buyer" else order.supplier_id: side}, order.terms.currency)
    return Audience({order.buyer_id: "buyer", order.supplier_id: "supplier"}, order.terms.currency)


def of_claim(made: Entry) -> Audience:
    """Buyer and supplier; files of evidence that are not handed in for both are their own party's alone, officers' matters nobody's."""
    claim = CLAIMS.repository.load(made.thing)
    if claim is None:
        return Audience()
    sides: dict[str, Side] = {claim.buyer_id: "buyer", claim.supplier_id: "supplier"}
    return Audience({name: side for name, side in sides.items() if claims_reading.is_told(made, side)}, claim.currency)


def of_member(made: Entry) -> Audience:
    return Audience({made.thing: "member"}, fx.LIMIT_CURRENCY)


def of_supplier(made: Entry) -> Audience:
    """A supplier's standing in the programme has a chain of its own, named after the member; its amounts are of the limit."""
    return Audience({made.thing.partition(":")[2]: "supplier"}, fx.LIMIT_CURRENCY)


def of_instruction(made: Entry) -> Audience:
    """Whoever gets or gives the money: every entry of an instruction says who that is."""
    facts = made.event.facts
    return Audience({facts["party"]: "party"} if facts["party"] else {}, facts["currency"])


def of_recovery(made: Entry) -> Audience:
    """The supplier the platform advanced for."""
    recovery = recoveries_reading.recovery(made.thing, _as_platform())
    return Audience({recovery.supplier_id: "supplier"}, recovery.left.currency)


def of_case(made: Entry) -> Audience:
    """The customer, whom every entry of a case names; what officers keep for themselves has none."""
    customer_id = made.event.facts["customer_id"]
    return Audience({customer_id: "customer"} if customer_id else {})


def of_deposit(made: Entry) -> Audience:
    """The seller: every entry of a deposit says whose it is."""
    facts = made.event.facts
    return Audience({facts["seller_id"]: "seller"}, facts.get("currency", "CNY"))


def of_endpoint(made: Entry) -> Audience:
    """The owner, whom the entry itself names: an endpoint that was deleted has left no other trace."""
    owner = made.event.facts["private"]["owner"]
    return Audience({} if owner == PLATFORM else {owner: "member"})


ORDER: Final = "ord_"
PARTIES: Final[Mapping[str, Callable[[Entry], Audience]]] = {
    "mem_": of_member,
    "supplier:": of_supplier,
    "ins_": of_instruction,
    "clm_": of_claim,
    "rcv_": of_recovery,
    "cas_": of_case,
    "dep_": of_deposit,
    f"{ENDPOINT}_": of_endpoint,
}


def _author(made: Entry) -> Audience:
    """A draft can be read by the member who wrote it, and by nobody else."""
    return Audience({made.by.member_id: "member"} if made.by.member_id else {})


def _as_platform() -> Request:
    return Request(caller=Caller(sub=PLATFORM, role="officer"), now=clock.now(), request_id="notices")

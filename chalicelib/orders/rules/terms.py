"""What buyer and supplier agree on: goods, instalments, the day to ship by, and what is covered."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Annotated, Final, Literal

import msgspec

from chalicelib.shared import money, periods
from chalicelib.shared.bounds import characters, most
from chalicelib.shared.encoding import sha256_of
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.money import MOST_MINOR, printed
from chalicelib.shared.texts import say

Transport = Literal["express", "air", "sea"]
Quality = Literal["pre_shipment", "post_delivery"]
CoverChoice = Literal["none", "deposit", "total"]
Incoterm = Literal["EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP"]

FARTHEST_DAYS: Final = 730
"""No date in a contract lies farther ahead than this."""


class BadTerms(RuleViolation):
    code = "bad_terms"
    title = "The terms do not hold together."
    fix = "Change the field named in param."


class NotCovered(Conflict):
    code = "not_covered"
    title = "There is no such cover."
    fix = "Choose the cover `none`, or send `accept_uncovered: true` to have the order without cover; or ask again once what `awaits` names has come."


LineNumber = Annotated[int, msgspec.Meta(le=100)]


class Item(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of goods: a whole quantity at a price for each unit.

    `share_minor` is what of an order's total falls to the line, where that was worked out on the whole: the price for each is rounded then.
    """

    line: LineNumber
    name: Annotated[str, characters(200)]
    quantity: int
    unit: Annotated[str, characters(30)]
    unit_price_minor: int
    share_minor: int = 0

    @property
    def amount_minor(self) -> int:
        return self.share_minor or self.quantity * self.unit_price_minor

    def part_minor(self, quantity: int) -> int:
        """What so many of them come to."""
        if self.share_minor:
            return money.divide(self.share_minor * quantity, self.quantity)
        return quantity * self.unit_price_minor


class Instalment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of the total. The first is the deposit; the order is funded when that is paid."""

    name: str
    amount_minor: int
    due_by: date | None = None


class ShipOn(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="fixed"):
    """Ship by the end of a date, 24:00 in the zone."""

    date: date
    zone: str


class ShipAfterPayment(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="after_payment"):
    """Ship within so many days, each 24 hours, of the payment of the deposit or of everything."""

    days: int
    payment: Literal["deposit", "full"]


ShipBy = ShipOn | ShipAfterPayment


class Terms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, dict=True):
    """The contract as both sides see it. All amounts are minor units of `currency`."""

    currency: str
    items: Annotated[tuple[Item, ...], most(100)]
    instalments: Annotated[tuple[Instalment, ...], most(10)]
    ship_by: ShipBy
    cover: CoverChoice
    quality: Quality
    transport: Transport
    incoterm: Incoterm
    balance_before_shipment: bool = True
    specification: str = ""
    category: str = "general"

    @property
    def total_minor(self) -> int:
        return sum(item.amount_minor for item in self.items)

    @property
    def deposit_minor(self) -> int:
        return self.instalments[0].amount_minor

    @property
    def cap_minor(self) -> int:
        """The most this order can be covered for, by choice: nothing, the deposit, or the total."""
        return {"none": 0, "deposit": self.deposit_minor, "total": self.total_minor}[self.cover]

    @property
    def zone(self) -> str:
        """Where its days end."""
        return self.ship_by.zone if isinstance(self.ship_by, ShipOn) else "Asia/Shanghai"

    @cached_property
    def hash(self) -> str:
        """Names the contract: SHA-256 of the terms in canonical form, 32 hexadecimal digits of it."""
        return sha256_of(self)[:32]


def must_hold_together(terms: Terms, now: datetime) -> Terms:
    """The terms, or BadTerms with the field that is wrong and the numbers involved."""
    must_add_up(terms)
    must_lie_ahead(terms.ship_by, now)
    must_fall_due_in_order(terms, now)
    return terms


def must_fall_due_in_order(terms: Terms, now: datetime, known: Terms | None = None) -> None:
    """Instalments fall due after the agreement, one after the other, and a balance before the goods that wait for it have to leave.

    `known` are the terms that hold already: a day that stands in them may have passed.
    """
    latest: date | None = None
    for number, part in enumerate(terms.instalments):
        if part.due_by is None:
            continue
        param = f"instalments[{number}].due_by"
        if latest and part.due_by < latest:
            raise BadTerms(
                say("{name} falls due before an earlier instalment.", name=part.name), param=param, earliest=latest
            )
        stands = known is not None and any(part.due_by == each.due_by for each in known.instalments)
        if not stands and periods.end_of_day(part.due_by, terms.zone) <= now:
            raise BadTerms(say("The day on which {name} falls due has passed.", name=part.name), param=param)
        latest = part.due_by
    balance = terms.instalments[-1].due_by if terms.balance_before_shipment and len(terms.instalments) > 1 else None
    if balance and isinstance(terms.ship_by, ShipOn) and balance > terms.ship_by.date:
        raise BadTerms(
            "The balance is due before shipment, and falls due after the day to ship by.",
            param=f"instalments[{len(terms.instalments) - 1}].due_by",
            latest=terms.ship_by.date,
        )


def must_add_up(terms: Terms) -> None:
    """The amounts agree with each other, whatever the day."""
    paid = sum(instalment.amount_minor for instalment in terms.instalments)
    if paid != terms.total_minor:
        raise BadTerms(
            say(
                "The instalments add up to {paid}, the items to {total}.",
                paid=printed(paid, terms.currency),
                total=printed(terms.total_minor, terms.currency),
            ),
            param="instalments",
            shortfall=terms.total_minor - paid,
        )
    if terms.total_minor >= MOST_MINOR:
        raise BadTerms("The total is above what one order may be.", param="items", maximum_minor=MOST_MINOR - 1)
    if len({instalment.name for instalment in terms.instalments}) != len(terms.instalments):
        raise BadTerms("Two instalments have the same name.", param="instalments")


def must_lie_ahead(ship_by: ShipBy, now: datetime) -> ShipBy:
    """A fixed date is still to come, and not years away."""
    if isinstance(ship_by, ShipOn):
        if periods.end_of_day(ship_by.date, ship_by.zone) <= now:
            raise BadTerms("The day to ship by has passed.", param="ship_by.date")
        if ship_by.date > (now + timedelta(days=FARTHEST_DAYS)).date():
            raise BadTerms("The day to ship by is too far ahead.", param="ship_by.date", maximum_days=FARTHEST_DAYS)
    return ship_by

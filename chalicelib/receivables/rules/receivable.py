"""What a buyer is going to pay a borrower, and a loan may be drawn against: a protected order, or an invoice its buyer confirmed. Pure.

Statuses:

    presented   an invoice that its buyer has yet to confirm
    confirmed   the buyer owes it, and no loan is drawn against it
    pledged     a loan is drawn against it: no other bank, and no other draw, lends on it
    paid_out    what it paid has gone to the bank of its loan
    declined    the buyer does not owe it
    lapsed      the buyer has not answered in time, or its order ended without paying

There is one for each order and each invoice, named after it: that is what keeps it from being pledged twice.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.shared import ids
from chalicelib.shared.bounds import characters, most
from chalicelib.shared.state_machine import Versioned
from chalicelib.shared.text import compared
from chalicelib.suppliers.rules.balance import Balance

Kind = Literal["order", "invoice"]
Status = Literal["presented", "confirmed", "pledged", "paid_out", "declined", "lapsed"]
Actor = Literal["supplier", "buyer", "officer"]
Why = Literal["paid_out", "declined", "withdrawn", "not_confirmed", "order_ended"]
"""What ended it."""

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDS: Final[frozenset[Status]] = frozenset({"paid_out", "declined", "lapsed"})
MOST_CHARACTERS: Final = 500


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters of receivables: `chalicelib/policies/receivables/`. In so many business days a buyer confirms an invoice."""

    calendar: str
    confirm_days: int


class Receivable(Versioned, frozen=True, kw_only=True, omit_defaults=True):
    """One receivable. `value_minor` is what the buyer is still going to pay, `paid_minor` what of it went to the bank of its loan.

    `loan_id` and `bank_id` say who lends on it while it is pledged.
    """

    id: str
    kind: Kind
    supplier_id: str
    buyer_id: str
    reference: Annotated[str, characters(100)]
    """The order's id, or the number of the invoice."""
    currency: str
    value_minor: int
    due_on: date | None = None
    sha256: Annotated[str, characters(64)] = ""
    status: Status
    version: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    due_at: datetime | None = None
    """Until when the buyer has to answer."""
    policy: str = ""
    loan_id: str = ""
    bank_id: str = ""
    paid_minor: int = 0
    why: Why | None = None


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What is decided on besides: what the supplier's balance holds, where something is taken from it."""

    balance: Balance | None = None


def id_of_order(order_id: str) -> str:
    """The one receivable of an order."""
    return ids.derived_id("rcb", order_id)


def id_of_invoice(supplier_id: str, buyer_id: str, number: str) -> str:
    """The one receivable of an invoice: what differs in case, width or blanks is the same number."""
    return ids.derived_id("rcb", supplier_id, buyer_id, "".join(compared(number).split()))

"""Use-cases of protected orders.

`commands`   what buyers, suppliers and banks do with them
`payouts`    what a supplier may draw of its balance
`reading`    orders, lists, money, timelines, cover
`settling`   what falls due, and how a step is carried out
"""

from chalicelib.orders.records import linked
from chalicelib.orders.service.commands import (
    NotAParty,
    UnknownMember,
    accept,
    accept_short_payment,
    allocate,
    amend,
    apply_bank_fact,
    cancel,
    create,
    deliver,
    extend_receipt,
    pay_out_early,
    propose,
    receive,
    ship,
)
from chalicelib.orders.service.payouts import pay_out
from chalicelib.orders.service.reading import cover_quote, coverage, listed, money, order, timeline
from chalicelib.orders.service.settling import (
    as_of,
    beside,
    changed,
    find,
    load_many,
    many,
    pinned,
    settled,
    tell_day_book,
)

__all__ = [
    "NotAParty",
    "UnknownMember",
    "accept",
    "accept_short_payment",
    "allocate",
    "amend",
    "apply_bank_fact",
    "as_of",
    "beside",
    "cancel",
    "changed",
    "cover_quote",
    "coverage",
    "create",
    "deliver",
    "extend_receipt",
    "find",
    "linked",
    "listed",
    "load_many",
    "many",
    "money",
    "order",
    "pay_out",
    "pay_out_early",
    "pinned",
    "propose",
    "receive",
    "settled",
    "ship",
    "tell_day_book",
    "timeline",
]

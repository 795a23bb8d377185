"""Which money is awaited, and why a transfer that nobody took may be it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final, Literal

from chalicelib.orders.rules.order import AWAITING_MONEY, Order, instalments_received

Reason = Literal["reference", "same_amount", "remitter"]
_ORDER: Final = re.compile(r"\bord_[0-9A-HJKMNP-TV-Z]{26}\b")
LEAST_LETTERS: Final = 3
"""Of a word by which a remitter is told from others."""
MOST_LETTERS: Final = 200
"""Of a remitter's name that are looked at: a bank sends it as it came to it."""


def term_of(minor: int, currency: str) -> str:
    """What a thing is found by for which so much is awaited."""
    return f"awaits {minor} {currency.casefold()}"


def awaited_by(order: Order) -> tuple[int, ...]:
    """What a buyer may be about to pay: the rest of the next instalment, or all that is left. Nothing where no money is awaited."""
    if order.status not in AWAITING_MONEY:
        return ()
    missing = [order.due_of(instalment) - part for instalment, part in instalments_received(order)]
    left = [minor for minor in missing if minor > 0]
    return tuple(dict.fromkeys([*left[:1], sum(left)])) if left else ()


def terms_of(order: Order) -> Iterator[str]:
    return (term_of(minor, order.terms.currency) for minor in awaited_by(order))


def orders_named(data: dict[str, Any]) -> list[str]:
    """The orders that stand anywhere in what a bank told: in the field for it, or in what the remitter wrote."""
    return list(dict.fromkeys(name for text in data.values() if isinstance(text, str) for name in _ORDER.findall(text)))


def first_word(name: str) -> str:
    """Of a remitter or a member: lower case, without marks above letters, as banks write names. Empty where it tells nobody apart."""
    plain = unicodedata.normalize("NFKD", name[:MOST_LETTERS]).casefold()
    word = next(iter("".join(each for each in plain if not unicodedata.combining(each)).split()), "")
    return word if len(word) >= LEAST_LETTERS else ""


def reasons(order: Order, minor: int, currency: str, *, named: bool, is_of_remitter: bool) -> list[Reason]:
    """Why a transfer may be for an order; none where that awaits nothing in this currency."""
    amounts = awaited_by(order)
    if not amounts or order.terms.currency != currency:
        return []
    agrees: dict[Reason, bool] = {
        "reference": named,
        "same_amount": minor in amounts,
        "remitter": is_of_remitter,
    }
    return [reason for reason, holds in agrees.items() if holds]

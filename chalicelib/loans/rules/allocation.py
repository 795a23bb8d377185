"""What a payment goes to. Pure.

The product's order has twelve cells: penalty, fee, interest and principal of what is past due, due, and in advance. Cells of one time that
stand together are served instalment by instalment, the oldest first. Where the bank says how it split a payment, its split stands, and
within each part the oldest instalment comes first (decision 0073).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Final, Literal, cast, get_args

from chalicelib.credit.rules.products import Part
from chalicelib.loans.rules.interest import Bearing
from chalicelib.loans.rules.loan import Portion, Split

What = Literal["penalty", "fee", "interest", "principal"]
WHATS: Final[tuple[What, ...]] = get_args(What)


def allocate(
    portions: Sequence[Portion], amount_minor: int, on: date, order: Sequence[Part], bearing: Bearing
) -> Split:
    """Spread a payment by the product's order. What is left when nothing is owed is the surplus."""
    shares: dict[What, int] = dict.fromkeys(WHATS, 0)
    left = amount_minor
    for portion, what in _in_order(portions, on, order):
        if not left:
            break
        taken = min(left, _unpaid(portion, what, bearing))
        _pay(portion, what, taken)
        shares[what] += taken
        left -= taken
    return _split(shares, left)


def allocate_as_split(portions: Sequence[Portion], split: Split, on: date, bearing: Bearing) -> Split:
    """Spread a payment as the bank did.

    Interest beyond what has been borne pays that of coming days first. What the bank took beyond all that is owed it has charged, so it is
    borne; principal beyond the loan's is surplus.
    """
    shares: dict[What, int] = {what: getattr(split, f"{what}_minor") for what in WHATS}
    surplus = split.surplus_minor
    for what in WHATS:
        left = _spread(portions, what, shares[what], bearing)
        if what == "interest":
            left = _spread_ahead(portions, left)
        if what == "principal":
            shares[what] -= left
            surplus += left
        elif left:
            _charge(next((each for each in portions if each.due_on >= on), portions[-1]), what, left)
    return _split(shares, surplus)


def _in_order(portions: Sequence[Portion], on: date, order: Sequence[Part]) -> Iterator[tuple[Portion, What]]:
    cells = [cast("tuple[str, What]", tuple(part.split("."))) for part in order]
    for when, group in groupby(cells, key=lambda cell: cell[0]):
        whats = [what for _, what in group]
        yield from ((each, what) for each in portions if _is(when, each, on) for what in whats)


def _is(when: str, portion: Portion, on: date) -> bool:
    if when == "due":
        return portion.due_on == on
    return portion.due_on < on if when == "past_due" else portion.due_on > on


def _unpaid(portion: Portion, what: What, bearing: Bearing) -> int:
    if what == "penalty":
        return bearing.unpaid_penalty_minor(portion)
    if what == "interest":
        return bearing.unpaid_interest_minor(portion)
    return portion.unpaid_fee_minor if what == "fee" else portion.unpaid_principal_minor


def _pay(portion: Portion, what: What, minor: int) -> None:
    paid = f"{what}_paid_minor"
    setattr(portion, paid, getattr(portion, paid) + minor)


def _spread(portions: Sequence[Portion], what: What, minor: int, bearing: Bearing) -> int:
    for portion in portions:
        taken = min(minor, _unpaid(portion, what, bearing))
        _pay(portion, what, taken)
        minor -= taken
    return minor


def _spread_ahead(portions: Sequence[Portion], minor: int) -> int:
    for portion in portions:
        taken = min(minor, max(0, portion.interest_minor - portion.interest_paid_minor))
        _pay(portion, "interest", taken)
        minor -= taken
    return minor


def _charge(portion: Portion, what: What, minor: int) -> None:
    """Let a portion bear more, which is paid at once."""
    borne = "fee_minor" if what == "fee" else f"charged_{what}_minor"
    setattr(portion, borne, getattr(portion, borne) + minor)
    _pay(portion, what, minor)


def _split(shares: dict[What, int], surplus: int) -> Split:
    return Split(**{f"{what}_minor": minor for what, minor in shares.items()}, surplus_minor=surplus)

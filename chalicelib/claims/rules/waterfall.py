"""Where the money of a claim comes from, in which order, and what it takes of the reservation. Pure.

Order (source: protection.md 2.4): what is still held for the order, the supplier's balance, its deposit, the platform's advance up to
the reservation. What none of them pays is the supplier's own debt and not guaranteed.
"""

from __future__ import annotations

import msgspec

from chalicelib.shared.fx import Quote


class Slices(msgspec.Struct, frozen=True, kw_only=True):
    """Minor units by source; together they are exactly what is payable."""

    held: int
    balance: int
    deposit: int
    advance: int
    not_guaranteed: int

    @property
    def paid_minor(self) -> int:
        """What reaches the buyer now."""
        return self.held + self.balance + self.deposit + self.advance


def split(
    payable_minor: int, held_minor: int, balance_minor: int, deposit_minor: int, advance_most_minor: int
) -> Slices:
    """Each source gives what it has until nothing is left to pay. A source below zero gives nothing."""
    left, taken = max(0, payable_minor), []
    for source in (held_minor, balance_minor, deposit_minor, advance_most_minor):
        part = min(left, max(0, source))
        taken.append(part)
        left -= part
    held, balance, deposit, advance = taken
    return Slices(held=held, balance=balance, deposit=deposit, advance=advance, not_guaranteed=left)


def usd_of(part_minor: int, remaining_minor_before: int, remaining_usd_before: int, quote: Quote) -> int:
    """US cents that a part takes of a reservation: half-even at its locked rate, never more than remains of it.

    The part that takes the last of the order's currency takes all that remains, so that nothing is left over by rounding.
    """
    if part_minor >= remaining_minor_before:
        return remaining_usd_before
    return min(quote.convert(part_minor), remaining_usd_before)

"""Since when a loan is late, on each day of a stretch and from then on if nothing more is paid: what it was found to be on a day can be
found again. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Final

import msgspec

from chalicelib.credit.rules.products import Product
from chalicelib.loans.rules.arrears import days_past_due
from chalicelib.loans.rules.interest import merged
from chalicelib.loans.rules.loan import MOST_PAUSES, Loan, Pause
from chalicelib.loans.rules.position import Position, arrears_on, carried_on, copied, position_on
from chalicelib.shared.bounds import most

MOST_SPELLS: Final = 100
"""One may end and another begin on each day of a stretch."""


class Spell(msgspec.Struct, frozen=True, array_like=True):
    """From `from_on` on, and before `until` where it has ended, days count from the due date `since`."""

    since: date
    from_on: date
    until: date | None = None


class Lateness(msgspec.Struct, frozen=True, omit_defaults=True):
    """When a loan is late, oldest first, and the pauses of which days do not count."""

    spells: Annotated[tuple[Spell, ...], most(MOST_SPELLS, why="of a few weeks")] = ()
    pauses: Annotated[tuple[Pause, ...], most(MOST_PAUSES, why="a loan's own, merged")] = ()

    def dpd(self, on: date) -> int:
        """Days past due at the end of a day of the stretch, or of a later one until which nothing is paid."""
        for spell in reversed(self.spells):
            if spell.from_on <= on and (spell.until is None or on < spell.until):
                return days_past_due(spell.since, on, self.pauses)
        return 0


def lateness(loan: Loan, product: Product, first: date, last: date) -> Lateness:
    """On the days from `first` to `last`, of which everything is known, and after them."""
    if loan.folded_on is None or last < loan.folded_on:
        return Lateness()
    spells: list[Spell] = []
    for on, since in _by_day(loan, product, max(first, loan.folded_on), last):
        open_spell = spells[-1] if spells and spells[-1].until is None else None
        if open_spell and open_spell.since == since:
            continue
        if open_spell:
            spells[-1] = msgspec.structs.replace(open_spell, until=on)
        if since:
            spells.append(Spell(since, on))
    return Lateness(tuple(spells[-MOST_SPELLS:]), tuple(merged(loan.pauses)))


def _by_day(loan: Loan, product: Product, first: date, last: date) -> Iterator[tuple[date, date | None]]:
    """Each day with the due date from which days then count; after the last, the next day on which such a date comes or changes."""
    position = position_on(loan, product, first)
    yield first, position.overdue_since
    while position.on < last and not loan.written_off_on:
        carried_on(position, loan, position.on + timedelta(days=1))
        yield position.on, position.overdue_since
    if ahead := _ahead(position):
        yield ahead.on, ahead.overdue_since


def _ahead(position: Position) -> Position | None:
    """The position on the first later day on which it is late, if it is not and nothing is paid."""
    if position.overdue_since or not (day := arrears_on(position)):
        return None
    ahead = copied(position)
    ahead.carry_to(day)
    return ahead

"""How failures would spread in a group, as risk officers and its bank see it."""

from __future__ import annotations

from datetime import date

import msgspec

from chalicelib.guarantees.rules.contagion import GroupStress, Night
from chalicelib.guarantees.views.pools import BankId
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Paging
from chalicelib.shared.ranges import BookDay
from chalicelib.shared.views import view_of

CURRENCY = "CNY"


class FailuresView(msgspec.Struct, frozen=True, kw_only=True):
    """The worst that so many defaults do: who then falls, because it has to front more than it can bear, in the order in which they do.

    `called` = `fronted` + `uncovered`: what is owed by all who are down, what the others have to front of it, and what nobody can be made to pay.
    """

    defaulting: list[int]
    falling: list[int]
    called: Money
    fronted: Money
    uncovered: Money


class SharedBuyerView(msgspec.Struct, frozen=True, kw_only=True):
    """A buyer to whom several members export, unnamed: which members, and its part of all the group's exports."""

    seats: list[int]
    share_bp: int


class GroupStressView(msgspec.Struct, frozen=True, kw_only=True):
    """One group on a night. `failures` are of one default, two and three at once, as far as so many owe something.

    `related_groups` have a member that is related to one of this group's; what they share is told to nobody. Of other banks' groups a bank
    is told how many.
    """

    group_id: str
    bank_id: str
    on: date
    outstanding: Money
    failures: list[FailuresView]
    shared_buyers: list[SharedBuyerView]
    related_groups: list[str]
    related_elsewhere: int


class ContagionQuery(Paging, frozen=True, kw_only=True):
    """A bank sees its own groups; officers name a bank, or see all."""

    bank_id: BankId | None = None
    """The bank, by its id."""
    on: BookDay | None = None
    """The last night up to this date; today where it is left out."""


def view(night: Night, group: GroupStress, reader_bank: str | None) -> GroupStressView:
    seen = [each.group_id for each in group.related if reader_bank in (None, each.bank_id)]
    return view_of(
        GroupStressView,
        group,
        CURRENCY,
        bank_id=night.bank_id,
        on=night.on,
        outstanding=Money.of(group.owed_minor, CURRENCY),
        failures=[view_of(FailuresView, each, CURRENCY) for each in group.failures],
        shared_buyers=[view_of(SharedBuyerView, each) for each in group.buyers],
        related_groups=seen,
        related_elsewhere=len(group.related) - len(seen),
    )

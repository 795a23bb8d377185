"""What is known of a firm and its loan at the end of a business day, as sums over windows. Pure.

Windows end with the business day D: four weeks are (D - 28, D]. The order of facts within a day is not in here.
"""

from __future__ import annotations

from datetime import date

import msgspec

from chalicelib.monitoring.rules.policy import ProfileField

Week = tuple[int, int]
"""Completed trade in fen, and on how many business days of the week that is known; of none, nothing is known of it."""


class ProfileChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change of the firm's profile after its first draw."""

    field: ProfileField
    on: date


class VerifiedReport(msgspec.Struct, frozen=True, kw_only=True):
    """A peer report that was found true. Whoever has another `reporter` is independent; it names nobody."""

    report_id: str
    reporter: str
    on: date


class Facts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One loan at the end of a day. What is not known of a day is not in a sum: `Day` says which days those are.

    `weeks` are the whole weeks since the first draw, oldest first: those that ended after the last episode of R4.
    `listings` are the firm's offers seven days before, or before the draw where that is later, and now; None where it had none or nobody has counted them. `notices` are words of banks and courts.
    """

    loan_id: str
    member_id: str
    drawn_on: date
    """The day of the firm's first draw."""
    last_login_on: date | None = None
    trade_28_minor: int = 0
    trade_84_minor: int = 0
    """Of the 84 days before the last 28."""
    orders_7: int = 0
    orders_14: int = 0
    orders_28: int = 0
    weeks: tuple[Week, ...] = ()
    disputes_28: int = 0
    changes: tuple[ProfileChange, ...] = ()
    listings: tuple[int, int] | None = None
    dpd: int = 0
    reports: tuple[VerifiedReport, ...] = ()
    notices: tuple[date, ...] = ()
    consents: bool = True


class GroupFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A group at the end of a day: members with a red alert of their own, and the days past due of the member that is latest."""

    group_id: str
    red_members: tuple[str, ...] = ()
    worst_dpd: int = 0

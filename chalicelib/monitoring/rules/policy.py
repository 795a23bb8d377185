"""The parameters of monitoring: `chalicelib/policies/monitoring/`. Chances are in millionths, parts of a whole in basis points. Pure."""

from __future__ import annotations

from typing import Literal

import msgspec

ProfileField = Literal[
    "address",
    "business_scope",
    "contact",
    "listings",
    "settlement_account",
    "legal_representative",
    "controller",
    "capital_cut",
]
"""What of a firm may change: `listings` is a large part of its offers taken away."""


class Silence(msgspec.Struct, frozen=True, kw_only=True):
    """R1. `default_interval_days` is taken where a firm had fewer than `least_login_days` before its first draw."""

    least_login_days: int
    default_interval_days: int
    amber_intervals: int
    amber_least_days: int
    red_intervals: int
    red_least_days: int
    red_p_ppm: int
    p_least_interval_days: int


class Trade(msgspec.Struct, frozen=True, kw_only=True):
    """R2: trade of 28 days over what the 84 days before let expect; judged only where that is `least_expected_minor`."""

    amber_bp: int
    red_bp: int
    least_expected_minor: int


class Orders(msgspec.Struct, frozen=True, kw_only=True):
    """R3: the shortest of 1, 2 and 4 weeks in which `least_expected` orders are expected."""

    least_expected: int
    amber_p_ppm: int
    red_p_ppm: int


class Decline(msgspec.Struct, frozen=True, kw_only=True):
    """R4: weight and limit of the EWMA, slack and decision interval of the CUSUM (L, k and h, in hundredths of a standard deviation)."""

    weight_bp: int
    limit_hundredths: int
    slack_hundredths: int
    decision_hundredths: int
    least_sigma_milli: int
    least_weeks: int


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """R5: what is a sign for so many `days`; `ambers_for_red` of the lighter ones are as grave as one of the others."""

    amber: tuple[ProfileField, ...]
    red: tuple[ProfileField, ...]
    days: int
    ambers_for_red: int
    listings_bp: int


class Repayment(msgspec.Struct, frozen=True, kw_only=True):
    """R6, in days past due."""

    amber_dpd: int
    red_dpd: int
    default_dpd: int


class Disputes(msgspec.Struct, frozen=True, kw_only=True):
    """R7: so many times the firm's own rate, which is taken as `least_base_bp` at least."""

    least_cases: int
    amber_times: int
    red_times: int
    least_base_bp: int


class Reports(msgspec.Struct, frozen=True, kw_only=True):
    """R8: reporters whose reports were verified in the last `days`."""

    amber: int
    red: int
    days: int


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """R9: members with a red alert of their own, or one so late."""

    amber_members: int
    red_members: int
    red_dpd: int


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """R10: days in a row that a feed lacks."""

    amber_days: int
    red_days: int


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """One version. The episode of an alert ends after `normal_days` without its condition. What people then do about it is in the policy `alerts`."""

    calendar: str
    silence: Silence
    trade: Trade
    orders: Orders
    decline: Decline
    profile: Profile
    repayment: Repayment
    disputes: Disputes
    reports: Reports
    group: Group
    feed: Feed
    normal_days: int

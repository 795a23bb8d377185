"""The parameters of monitoring: `chalicelib/policies/monitoring/`. Chances are in millionths, parts of a whole in basis points. Pure."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.shared.bounds import most

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


Bp = Annotated[int, Meta(ge=0, le=10_000)]
Ppm = Annotated[int, Meta(ge=0, le=1_000_000)]
Days = Annotated[int, Meta(ge=1, le=366)]
Times = Annotated[int, Meta(ge=1, le=1_000)]
Number = Annotated[int, Meta(ge=1, le=1_000_000_000_000)]


Fields = Annotated[tuple[ProfileField, ...], Meta(max_length=8), most(8, why="each field once")]


class Silence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """R1. `default_interval_days` is taken where a firm had fewer than `least_login_days` before its first draw."""

    least_login_days: Days
    default_interval_days: Days
    amber_intervals: Times
    amber_least_days: Days
    red_intervals: Times
    red_least_days: Days
    red_p_ppm: Ppm
    p_least_interval_days: Days


class Trade(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """R2: trade of 28 days over what the 84 days before let expect; judged only where that is `least_expected_minor`."""

    amber_bp: Bp
    red_bp: Bp
    least_expected_minor: Number


class Orders(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """R3: the shortest of 1, 2 and 4 weeks in which `least_expected` orders are expected."""

    least_expected: Number
    amber_p_ppm: Ppm
    red_p_ppm: Ppm


class Decline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """R4: weight and limit of the EWMA, slack and decision interval of the CUSUM (L, k and h, in hundredths of a standard deviation)."""

    weight_bp: Annotated[int, Meta(ge=1, le=10_000)]
    limit_hundredths: Times
    slack_hundredths: Times
    decision_hundredths: Annotated[int, Meta(ge=1, le=10_000)]
    least_sigma_milli: Times
    least_weeks: Times


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """R5: what is a sign for so many `days`; `ambers_for_red` of the lighter ones are as grave as one of the others."""

    amber: Fields
    red: Fields
    days: Days
    ambers_for_red: Times
    listings_bp: Bp


class Repayment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """R6, in days past due."""

    amber_dpd: Days
    red_dpd: Days
    default_dpd: Days


class Disputes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """R7: so many times the firm's own rate, which is taken as `least_base_bp` at least."""

    least_cases: Times
    amber_times: Times
    red_times: Times
    least_base_bp: Annotated[int, Meta(ge=1, le=10_000)]


class Reports(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """R8: reporters whose reports were verified in the last `days`."""

    amber: Times
    red: Times
    days: Days


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """R9: members with a red alert of their own, or one so late."""

    amber_members: Times
    red_members: Times
    red_dpd: Days


class Feed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """R10: days in a row that a feed lacks."""

    amber_days: Days
    red_days: Days


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version. The episode of an alert ends after `normal_days` without its condition. What people then do about it is in the policy `alerts`."""

    calendar: Annotated[str, Meta(max_length=2)]
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
    normal_days: Annotated[int, Meta(ge=1, le=9)]

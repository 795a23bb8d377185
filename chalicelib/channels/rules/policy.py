"""The policy `channels`: the agencies that take part, how long each step may take, and the channels that are shipped as data. Pure."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.channels.rules.badge import BadgeStatus
from chalicelib.channels.rules.channel import Language, Terms
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.periods import Calendar, business_days_at_most
from chalicelib.shared.texts import say


class NotAnAgency(RuleViolation):
    code = "not_a_partner_agency"
    title = "That is not a partner agency of this channel's country."
    fix = "Name agencies of the policy `channels` that are of the channel's country: GET /v1/policies/channels."


class NoTermsForCountry(RuleViolation):
    code = "no_terms_for_country"
    title = "No channel of that country is prepared."
    fix = "Send `terms`, or choose one of `countries`, whose terms are shipped."


class Agency(msgspec.Struct, frozen=True, kw_only=True):
    """A trade agency that nominates and vouches for suppliers of its country. `id` is the `sub` of its tokens; its memberships end in `zone`."""

    id: str
    name: str
    country: str
    zone: str


class Shipped(msgspec.Struct, frozen=True, kw_only=True):
    """A channel that is prepared."""

    name: str
    terms: Terms


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters: `chalicelib/policies/channels/`. Business days are those of `calendar`.

    In a year whose holidays are not published yet, the longest are taken for `longest_holidays_days`."""

    calendar: str
    longest_holidays_days: int
    check_business_days: int
    nomination_days: int
    upload_hours: int
    document_retention_days: int
    membership_months: int
    renewal_days: int
    appeal_days: int
    decide_business_days: int
    badge_minutes: int
    badge_words: dict[BadgeStatus, dict[Language, str]]
    agencies: tuple[Agency, ...]
    channels: dict[str, Shipped]

    def agency(self, agency_id: str) -> Agency | None:
        return next((agency for agency in self.agencies if agency.id == agency_id), None)

    def shipped(self, country: str) -> Shipped:
        """The channel that is prepared for a country. NoTermsForCountry."""
        if country not in self.channels:
            raise NoTermsForCountry(
                say("No channel of {country} is prepared.", country=country),
                param="country",
                countries=sorted(self.channels),
            )
        return self.channels[country]

    def must_sponsor(self, agencies: tuple[str, ...], country: str) -> None:
        """NotAnAgency where one of them is unknown, or of another country."""
        for agency_id in agencies:
            agency = self.agency(agency_id)
            if agency is None or agency.country != country:
                raise NotAnAgency(
                    say("{agency_id!r:.60} is not an agency of {country}.", agency_id=agency_id, country=country),
                    param="terms.agencies",
                )


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What nominations and memberships are decided on: the policy each has pinned, and the business days that count."""

    policy: Policy
    calendar: Calendar

    def business_days_after(self, now: datetime, days: int) -> datetime:
        return business_days_at_most(now, days, self.calendar, self.policy.longest_holidays_days)

"""What a supplier's country decides: the policy `jurisdictions` as it is in force."""

from __future__ import annotations

from datetime import datetime

from chalicelib.shared import fx, policies
from chalicelib.shared.money import Money
from chalicelib.shared.periods import business_date
from chalicelib.suppliers.rules.coverage import CoverPosition
from chalicelib.suppliers.rules.jurisdictions import Jurisdictions, in_currency
from chalicelib.suppliers.views.programme import JurisdictionView


def in_force(now: datetime) -> Jurisdictions:
    return policies.in_force("jurisdictions", business_date(now)).read_as(Jurisdictions)


def shown(country: str, position: CoverPosition, now: datetime) -> JurisdictionView | None:
    """What a country decides, with a supplier's limit in its currency; None where it has no entry."""
    known = in_force(now).countries.get(country)
    if known is None:
        return None
    quote = fx.quote(known.limit_currency, business_date(now))
    return JurisdictionView(
        country=country,
        joins=known.joins,
        limit=Money.of(in_currency(position.limit_minor, quote), quote.of),
        available=Money.of(in_currency(position.available_minor, quote), quote.of),
        rate_as_of=quote.as_of,
        zone=known.zone,
        calendar=known.calendar,
        documents=list(known.documents),
    )

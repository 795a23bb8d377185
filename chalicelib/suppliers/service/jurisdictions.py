"""What a supplier's country decides: the policy `jurisdictions` as it is in force."""

from __future__ import annotations

from datetime import datetime

from chalicelib.shared import policies
from chalicelib.shared.periods import business_date
from chalicelib.suppliers.rules.jurisdictions import Jurisdictions


def in_force(now: datetime) -> Jurisdictions:
    return policies.in_force("jurisdictions", business_date(now)).read_as(Jurisdictions)

"""What a firm owes elsewhere, as it is reported and shown."""

from __future__ import annotations

from datetime import date

import msgspec

from chalicelib.credit.rules.exposure import Exposure
from chalicelib.credit.rules.position import CNY
from chalicelib.credit.views.limits import ExposureView, exposure_view
from chalicelib.shared.money import Money
from chalicelib.shared.ranges import BookDay


class DebtsRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the firm owes lenders outside the platform in all, as of the end of a day: as a credit report says, of which nothing is kept here."""

    outstanding: Money
    """What it owes lenders outside the platform, in all."""
    as_of: BookDay


class DebtsView(msgspec.Struct, frozen=True, kw_only=True):
    """What counts of debts elsewhere against the firm's limit over all banks. `as_of` is null where none were reported, or the consent has ended."""

    member_id: str
    outstanding: Money
    as_of: date | None
    exposure: ExposureView


def view(exposure: Exposure) -> DebtsView:
    return DebtsView(
        member_id=exposure.member_id,
        outstanding=Money.of(exposure.position.withheld_minor, CNY),
        as_of=exposure.elsewhere_as_of,
        exposure=exposure_view(exposure),
    )

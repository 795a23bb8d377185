"""What a supplier that is not in good standing leaves on its balance: its open exposure. Pure.

    exposure = cover of running orders, with all that claims have reserved of it
             + what the platform advanced and is owed
             + what banks took back after it was released to the supplier
    free     = all its balances together - exposure, never below zero

Amounts are US cents, each currency at the table rate of the day; what is owed is rounded up.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from chalicelib.shared.errors import Conflict
from chalicelib.shared.fx import Quote
from chalicelib.shared.money import Money
from chalicelib.shared.periods import wire
from chalicelib.shared.texts import say
from chalicelib.suppliers.rules.coverage import ACTIVE, USD, CoverPosition
from chalicelib.suppliers.rules.programme import Supplier

SEE: Final = {
    "running_orders": "GET /v1/suppliers/{id}/coverage",
    "advances": "GET /v1/recoveries",
    "chargebacks": "GET /v1/suppliers/{id}/balance",
}
"""Where each part of an exposure is told in full."""


class ExposureOpen(Conflict):
    code = "exposure_open"
    title = "Part of the balance stays until running orders, claims and debts are over."
    fix = "Ask for at most `maximum`; more becomes free as what `kept_for` names ends, at `free_at` by itself where that is told."


class EarlyPayoutHeld(Conflict):
    code = "early_payout_held"
    title = "Money of a running order stays held while the supplier is not in good standing."
    fix = "Wait until the order completes, or until the supplier is in the programme and active again."


class Exposure(msgspec.Struct, frozen=True, kw_only=True):
    """US cents, by what they are for."""

    running_orders: int = 0
    advances: int = 0
    chargebacks: int = 0

    @property
    def total_minor(self) -> int:
        return self.running_orders + self.advances + self.chargebacks

    @property
    def kept_for(self) -> list[dict[str, Any]]:
        """The parts that are there, as clients are told."""
        return [
            {"what": what, "amount": Money.of(minor, USD), "see": SEE[what]}
            for what, minor in msgspec.structs.asdict(self).items()
            if minor
        ]


def is_in_good_standing(supplier: Supplier) -> bool:
    """In the programme and active: neither suspended, disqualified nor gone, and not without the qualification it had."""
    return supplier.status == ACTIVE


def exposure(
    position: CoverPosition, advanced: Mapping[str, int], returned: Mapping[str, int], quotes: Mapping[str, Quote]
) -> Exposure:
    """`advanced` and `returned` are what the books say is owed, by currency; of advances the larger of two sums counts, for books lag."""
    return Exposure(
        running_orders=position.reserved_minor,
        advances=max(position.advanced_minor, _owed(advanced, quotes)),
        chargebacks=_owed(returned, quotes),
    )


def free_minor(currency: str, balances: Mapping[str, int], open_: Exposure, quotes: Mapping[str, Quote]) -> int:
    """What of a currency's balance may leave, in its minor units: all of it where nothing is open, be there a rate or not."""
    here = balances.get(currency, 0)
    if not open_.total_minor:
        return here
    in_all = sum(quotes[code].convert(minor) for code, minor in balances.items() if code in quotes)
    kept = max(0, open_.total_minor - (in_all - quotes[currency].convert(here))) if currency in quotes else 0
    return max(0, here - _least_worth(kept, here, quotes[currency])) if currency in quotes else 0


def refuse(currency: str, asked_minor: int, free: int, open_: Exposure, free_at: datetime | None) -> ExposureOpen:
    most = Money.of(free, currency)
    return ExposureOpen(
        say(
            "{amount} {currency} are free: {amount_2} {usd} stay for what is open.",
            amount=most.grouped,
            currency=currency,
            amount_2=Money.of(open_.total_minor, USD).grouped,
            usd=USD,
        ),
        param="money",
        maximum=most,
        shortfall=Money.of(asked_minor - free, currency),
        kept_for=open_.kept_for,
        free_at=wire(free_at) if free_at else None,
    )


def _owed(by_currency: Mapping[str, int], quotes: Mapping[str, Quote]) -> int:
    return sum(quotes[code].convert(minor, "up") for code, minor in by_currency.items() if minor and code in quotes)


def _least_worth(usd_minor: int, most: int, quote: Quote) -> int:
    """The fewest minor units that are worth so many US cents, or all there are."""
    if quote.convert(most) <= usd_minor:
        return most if usd_minor else 0
    low, high = 0, most
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if quote.convert(middle) >= usd_minor else (middle + 1, high)
    return low

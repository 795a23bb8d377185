"""Export credit limits, as they are shown: a limit with every step, and simulations of another."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from chalicelib.credit.rules.exposure import Exposure
from chalicelib.credit.rules.gates import Gate, Outcome, Why
from chalicelib.credit.rules.gates import Name as GateName
from chalicelib.credit.rules.limit import Leaving, Limit, Reason
from chalicelib.credit.rules.limit_working import working
from chalicelib.credit.rules.position import CNY
from chalicelib.credit.rules.products import LimitTerms, Product
from chalicelib.daybook.rules.reading import Reference
from chalicelib.exports.rules.days import Origin
from chalicelib.shared.money import Money
from chalicelib.shared.ranges import BookDay
from chalicelib.shared.texts import Text
from chalicelib.shared.views import view_of

ProductId = Annotated[str, Meta(min_length=1, max_length=64, examples=["boc-term"], pattern="^[a-z][a-z0-9-]{0,63}$")]
MOST_ASSUMED: Final = 100


class DeductionsPart(msgspec.Struct, frozen=True, kw_only=True):
    """What haircuts take off the exports through the platform."""

    related_usd: Money
    one_buyer_usd: Money
    disputes_usd: Money


class LeavingPart(msgspec.Struct, frozen=True, kw_only=True):
    """What the window no longer holds from the date `on` on, and the limit that is left if nothing new is exported."""

    on: date
    platform_usd: Money
    elsewhere_usd: Money
    limit: Money


class LimitPart(msgspec.Struct, frozen=True, kw_only=True):
    """A limit with every step, under the terms it follows from. Products that share terms share it.

    `usd_6m` is held against the threshold of the terms; `limit` is zero where there are `reasons`, and `working` is the arithmetic in words.
    """

    terms: LimitTerms
    since: date
    platform_usd: Money
    deductions: DeductionsPart
    usd_6m: Money
    deals: int
    elsewhere_usd: Money
    raw: Money
    capped: Money
    limit: Money
    missing_usd: Money
    reasons: list[Reason]
    working: list[Text]
    leaves: list[LeavingPart]


class LimitQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    product: ProductId
    """One of GET /v1/credit-products."""
    on: BookDay | None = None
    """The Shanghai date it is worked out for; today where it is left out. On a later day nothing new is exported."""


class AssumedExport(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An export that customs would release on a date; the day before the limit's where none is named."""

    money: Money
    """What the goods would be declared to be worth."""
    on: BookDay | None = None
    origin: Origin = "platform"
    """Whether they would be sold through the platform or elsewhere."""
    is_related: bool = False
    """To a related party."""
    buyer_ref: Reference | None = None
    """A buyer of the exporter's by its reference; a new one where none is named."""


class AssumedReturn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Goods that would come back on a date, at the table rate of that date's month; of an export through the platform where nothing else is said."""

    money: Money
    """What the returned goods were declared to be worth."""
    on: BookDay | None = None
    origin: Origin = "platform"
    """Whether they were sold through the platform or elsewhere."""


class LimitSimulationRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What would be different: more exports, returns, another date, another product. A member asks for itself, an officer for a member."""

    member_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """The firm; an officer names it."""
    product: ProductId
    """The product the limit is worked out for."""
    on: BookDay | None = None
    other_product: ProductId | None = None
    """Another one, to see the difference."""
    other_on: BookDay | None = None
    exports: Annotated[list[AssumedExport], Meta(max_length=MOST_ASSUMED)] = []
    """Exports one thinks of."""
    returns: Annotated[list[AssumedReturn], Meta(max_length=MOST_ASSUMED)] = []
    """Returns one thinks of."""


class ExposureView(msgspec.Struct, frozen=True, kw_only=True):
    """What the firm may draw over all banks: `available` is its limit less draws under way, what is outstanding and what it owes elsewhere.

    The limit is worked out anew every day. Where it falls below what is taken, `available` is zero and nothing is called back.
    """

    limit: Money
    available: Money
    pending: Money
    outstanding: Money
    elsewhere: Money


class GateView(msgspec.Struct, frozen=True, kw_only=True):
    """A condition of the limit: `met`, `failed` or `decided_by_bank`, and why."""

    name: GateName
    outcome: Outcome
    why: Why


class CreditLimitView(LimitPart, frozen=True, kw_only=True):
    """A limit with every step. `gates` are conditions beside the amount, some of which the bank judges by itself; it may give less, or nothing."""

    member_id: str
    product_id: str
    bank_id: str
    as_of: date
    gates: list[GateView]
    exposure: ExposureView | None
    """Null for a firm that never applied."""


class LimitSimulationView(msgspec.Struct, frozen=True, kw_only=True):
    """The same decision twice: on what is known, and on what was assumed."""

    difference: Money
    before: CreditLimitView
    after: CreditLimitView


def view(
    member_id: str, product: Product, limit: Limit, exposure: Exposure, gates: tuple[Gate, ...]
) -> CreditLimitView:
    part = limit_part(limit, product.limit, product.currency)
    return view_of(
        CreditLimitView,
        part,
        member_id=member_id,
        product_id=product.id,
        bank_id=product.bank_id,
        as_of=limit.as_of,
        gates=[view_of(GateView, gate) for gate in gates],
        exposure=exposure_view(exposure) if exposure.version else None,
    )


def exposure_view(exposure: Exposure) -> ExposureView:
    position = exposure.position
    return view_of(
        ExposureView,
        position,
        CNY,
        available=Money.of(position.drawable_minor, CNY),
        elsewhere=Money.of(position.withheld_minor, CNY),
    )


def limit_part(limit: Limit, terms: LimitTerms, currency: str) -> LimitPart:
    return view_of(
        LimitPart,
        limit,
        currency,
        terms=terms,
        deductions=view_of(DeductionsPart, limit.deductions, "USD"),
        working=list(working(limit, terms)),
        leaves=[_leaving(each, currency) for each in limit.leaves],
        **_in_usd(limit, "platform_usd", "usd_6m", "elsewhere_usd", "missing_usd"),
    )


def _leaving(leaving: Leaving, currency: str) -> LeavingPart:
    return view_of(LeavingPart, leaving, currency, **_in_usd(leaving, "platform_usd", "elsewhere_usd"))


def _in_usd(state: Limit | Leaving, *names: str) -> dict[str, Money]:
    return {name: Money.of(getattr(state, f"{name}_minor"), "USD") for name in names}

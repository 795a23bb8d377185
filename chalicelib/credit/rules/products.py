"""What partner banks offer: each product's terms, as the policy `credit-products` has them. Pure.

A version of the policy holds what is `common` to all products, what a kind adds to it, and what each product says otherwise. Whoever
lends under a product keeps the hash of the version with it: `pinned` finds the terms again, whatever was announced since.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Final, Literal

import msgspec

from chalicelib.groups.rules.joint_liability import LiabilityMode
from chalicelib.shared import policies
from chalicelib.shared.errors import NotFound
from chalicelib.shared.policies import Policy
from chalicelib.shared.texts import say

POLICY: Final = "credit-products"

ProductKind = Literal["term", "revolving", "receivable", "card"]
Method = Literal["bullet", "monthly_interest", "equal_principal", "annuity"]
DayCount = Literal["ACT/360", "ACT/365F", "30/360"]
Holidays = Literal["following", "preceding", "unchanged"]
Part = Literal[
    "past_due.penalty",
    "past_due.fee",
    "past_due.interest",
    "past_due.principal",
    "due.penalty",
    "due.fee",
    "due.interest",
    "due.principal",
    "in_advance.penalty",
    "in_advance.fee",
    "in_advance.interest",
    "in_advance.principal",
]
"""What a payment can go to: when it was to be paid, and what it is."""
BasisPoints = Annotated[int, msgspec.Meta(ge=0)]
Ratio = Annotated[str, msgspec.Meta(pattern=r"^[0-9]+(/[1-9][0-9]*)?$")]
"""An exact quotient, `4/5`, for `fractions.Fraction`."""


class NoSuchProduct(NotFound):
    code = "no_such_credit_product"
    title = "No bank offers that product."
    fix = "Choose one of GET /v1/credit-products."


class Materiality(msgspec.Struct, frozen=True, kw_only=True):
    """An overdue amount counts above the larger of `least_minor` and `bp` of its instalment (credit.md 17)."""

    least_minor: int
    bp: BasisPoints


class ServiceLevel(msgspec.Struct, frozen=True, kw_only=True):
    """In how many business days a bank receives an application, begins its review, decides, offers, activates a line, disburses a draw.

    A draw that is not disbursed after `draw_days` is closed.
    """

    receive_days: int
    begin_days: int
    decide_days: int
    offer_days: int
    activate_days: int
    disburse_days: int
    draw_days: int


class LimitTerms(msgspec.Struct, frozen=True, kw_only=True):
    """How a limit follows from exports (credit.md 5). `per_usd`: units of the product's currency for one USD exported.

    `elsewhere` and `related` are the parts that exports outside the platform and to related parties count for; one buyer counts for
    `one_buyer_bp` of the total at most. `min_deals` is 0 where the number of orders does not matter.
    """

    window_months: int
    least_usd_minor: int
    per_usd: Ratio
    most_minor: int
    step_minor: Annotated[int, msgspec.Meta(ge=1)]
    min_deals: int
    elsewhere: Ratio
    related: Ratio
    one_buyer_bp: BasisPoints
    deducts_disputes: bool


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """One product of one bank. `policy` is the hash of the version it stands in; amounts are minor units of `currency`.

    `rate_bp` is the yearly rate; on overdue principal `penalty_rate_bp` of it takes its place (15000: one and a half times). `fee_bp` of a
    draw is taken when it is disbursed. `allocation` is the order in which a payment is spread. A due date on a holiday moves as `holidays`
    says, its interest with it where `interest_follows`. Of a receivable `advance_bp` can be drawn. Where there is a `statement_day`,
    what is drawn is on a statement of that day of each month, and payable `grace_days` later. `introduction_fee_bp` of what is disbursed the bank owes the platform.

    A `guaranteed` product is lent to members of a group that stand for each other, in one of `liability_modes`, for `guarantee_months` after
    the last instalment at least. Of what they cannot pay a pool of the group bears `pool_share_bp`.
    """

    id: str
    bank_id: str
    kind: ProductKind
    name: str
    policy: str
    currency: str
    least_minor: int
    most_minor: int
    term_months: tuple[int, ...]
    methods: tuple[Method, ...]
    rate_bp: BasisPoints
    day_count: DayCount
    penalty_rate_bp: BasisPoints
    overdue_interest_bears: bool
    fee_bp: BasisPoints
    allocation: tuple[Part, ...]
    holidays: Holidays
    interest_follows: bool
    materiality: Materiality
    line_months: int
    renewal_days: int
    sla: ServiceLevel
    limit: LimitTerms
    introduction_fee_bp: BasisPoints
    advance_bp: BasisPoints = 0
    statement_day: int = 0
    grace_days: int = 0
    guaranteed: bool = False
    liability_modes: tuple[LiabilityMode, ...] = ()
    guarantee_months: int = 0
    pool_share_bp: BasisPoints = 0


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """All products of one version of the policy."""

    version: str
    hash: str
    effective_on: date
    products: tuple[Product, ...]

    def find(self, product_id: str, *, param: str = "product_id") -> Product:
        """NoSuchProduct where no bank offers it in this version; `param` is the field that asks for it."""
        for product in self.products:
            if product.id == product_id:
                return product
        raise NoSuchProduct(say("There is no product {product_id!r:.60}.", product_id=product_id), param=param)


def offered(on: date) -> Catalogue:
    """What banks offer on a day."""
    return _catalogue(policies.in_force(POLICY, on).hash)


def find(product_id: str, on: date, *, param: str = "product_id") -> Product:
    """A product as it is offered on a day. NoSuchProduct where none is; `param` is the field that asks for it."""
    return offered(on).find(product_id, param=param)


def pinned(product_id: str, policy: str) -> Product:
    """A product as it was in the version with that hash."""
    return _catalogue(policy).find(product_id)


@lru_cache(maxsize=16)
def _catalogue(hash_: str) -> Catalogue:
    policy = policies.pinned(POLICY, hash_)
    products = tuple(msgspec.convert(_whole(product, policy), Product) for product in policy.values["products"])
    return Catalogue(version=policy.version, hash=hash_, effective_on=policy.effective_on, products=products)


def _whole(product: dict[str, Any], policy: Policy) -> dict[str, Any]:
    """What a product says, over what its kind says, over what all have in common."""
    values = policy.values
    return {**values["common"], **values["kinds"][product["kind"]], **product, "policy": policy.hash}

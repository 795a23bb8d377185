"""What suppliers and officers send about listings, and what is asked of the catalogue."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.listings.rules import listing
from chalicelib.listings.rules.catalogue import Sort
from chalicelib.listings.rules.moderation import RuleId
from chalicelib.shared.documents import FileRequest
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Paging, Waiting
from chalicelib.shared.text import one_line, prose
from chalicelib.shared.texts import say
from chalicelib.shared.views import view_of

Quantity = Annotated[int, Meta(ge=1, le=1_000_000_000)]
Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Category = Annotated[str, Meta(pattern="^[a-z0-9_]{1,40}$")]
Country = Annotated[str, Meta(pattern="^[A-Z]{2}$")]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
Tag = Annotated[str, Meta(pattern="^(en|zh-Hans|ko|ja)$")]
"""A `Language`, in a form that the API document can say of the names in an object."""
ThingId = Annotated[str, Meta(min_length=1, max_length=64)]


class OneCurrency(RuleViolation):
    code = "one_currency"
    title = "A ladder has prices in one currency."
    fix = "Price every step in the currency of the first."


class StepRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From `quantity` on, each costs `price`."""

    quantity: Quantity
    """From how many on."""
    price: Money
    """What each costs then."""


class OfferRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is offered, whole. The channel says what it may be; `pictures` are those of the listing that it shows, the first in lists."""

    titles: dict[Tag, Annotated[str, one_line(listing.MOST_TITLE)]]
    """What it is called, by language."""
    texts: dict[Tag, Annotated[str, prose(listing.MOST_TEXT, least=1)]]
    """What is said of it, by language."""
    category: Category
    """A category of the channel."""
    hs_code: Annotated[str, Meta(pattern="^([0-9]{6,10})?$")] = ""
    """Its code in the Harmonised System, 6 to 10 digits, where the channel asks for one."""
    origin: Country
    """The country it was made in, as ISO 3166 has it in two letters."""
    steps: Annotated[list[StepRequest], Meta(min_length=1, max_length=listing.MOST_STEPS)]
    """What a piece costs from which quantity on, the smallest first."""
    minimum_quantity: Quantity = 1
    """How many one has to take at least."""
    unit: Annotated[str, one_line(30)] = "piece"
    """What one of it is: a piece, a box."""
    lead_days: Annotated[int, Meta(ge=1, le=90)]
    """Within how many days of payment it leaves."""
    pictures: Annotated[list[ThingId], Meta(max_length=listing.MOST_SHOWN)] = []
    """The pictures that are shown, by their ids, the first in front."""

    def offer(self, number: int) -> listing.Offer:
        """The offer in minor units, its ladder by quantity. Malformed names the price that is not what it must be."""
        currency = self.steps[0].price.currency
        steps = []
        for place, step in enumerate(self.steps):
            param = f"offer.steps[{place}].price"
            if step.price.currency != currency:
                raise OneCurrency(say("The ladder begins in {currency}.", currency=currency), param=f"{param}.currency")
            steps.append(listing.Step(step.quantity, step.price.minor(param=f"{param}.amount", least=1)))
        steps.sort(key=lambda step: step.quantity)
        return view_of(
            listing.Offer, self, number=number, currency=currency, steps=(*steps,), pictures=(*self.pictures,)
        )


class DraftRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A listing in a channel that the caller is a member of, with what is on hand of it."""

    channel_id: ThingId
    """The channel, by its id."""
    offer: OfferRequest
    """What is offered, whole."""
    on_hand: Count = 0
    """How many pieces there are."""


class EditRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    offer: OfferRequest
    """What is offered from now on, whole."""


class StockRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`on_hand` as counted, reserved goods among it; `count` as it was read."""

    on_hand: Count
    """How many pieces were counted, reserved ones among them."""
    count: Annotated[int, Meta(ge=1)]
    """The `count` of the stock that was read: a count in between is not lost."""


class FindingRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    rule: RuleId
    """The rule that it breaks, by code."""
    words: Annotated[str, prose(listing.MOST_WORDS, least=1)]
    """What the supplier has to change."""


class RejectRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    rules: Annotated[list[FindingRequest], Meta(min_length=1, max_length=listing.MOST_FINDINGS)]
    """The rules that it breaks, each with words."""

    @property
    def findings(self) -> tuple[listing.Finding, ...]:
        return tuple(listing.Finding(rule=each.rule, words=each.words) for each in self.rules)


class SuspendRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    reason: Annotated[str, prose(listing.MOST_WORDS, least=1)]
    """Why it is taken off sale, in words that the supplier reads."""


class PictureRequest(FileRequest, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A picture to be uploaded: exactly these bytes."""

    media_type: Annotated[str, Meta(pattern="^image/(jpeg|png|webp)$")]
    """`image/jpeg`, `image/png` or `image/webp`."""


class ListingsQuery(Waiting, frozen=True, kw_only=True):
    """A supplier sees its own; an agency those of a supplier it vouches for; officers those of a supplier or a status, or all.

    `awaiting_moderation` are those that a person has to look at: submitted, and changes of what is on sale.
    """

    status: listing.Status | Literal["awaiting_moderation"] | None = None
    """Only those in this status; `awaiting_moderation` is an officer's work."""
    supplier_id: ThingId | None = None
    """The supplier, by its member id."""


class CatalogueQuery(Paging, frozen=True, kw_only=True):
    """What is on sale: of a category, of a supplier. By `price`, the cheapest first, in one `currency`; else the newest first."""

    category: Category | None = None
    """Only what is in this category."""
    supplier: ThingId | None = None
    """Only what this member sells."""
    sort: Sort = "newest"
    """The newest first, or the cheapest."""
    currency: Currency | None = None
    """For `sort=price`; without it, the channel's first price currency."""

"""What an officer's feed sends of trades and activity, and what it is told became of each."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.daybook.rules.activity import Flag, Offered
from chalicelib.daybook.rules.facts import Result
from chalicelib.shared.ranges import PastDay

MOST_FACTS = 500


class TradeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A trade fact, in the columns of a trade history. Each fact is judged alone: one that will not do is answered as refused."""

    trade_id: str
    """The marketplace's own: unique for each order and supplier; 1 to 64 visible ASCII characters, the first not a tilde."""
    supplier_ref: str
    """The marketplace's own identifier of the supplier; an unknown one is registered as a member."""
    buyer_ref: str
    """The marketplace's name for the buyer."""
    supplier_country: str
    """ISO 3166-1 alpha-2."""
    buyer_country: str
    """The buyer's country, as ISO 3166 has it in two letters."""
    category: str
    """First-level category: 1 to 64 characters."""
    currency: str
    """ISO 4217."""
    amount: str
    """Goods and freight: a decimal string with exactly the currency's digits."""
    ordered_at: str
    """RFC 3339 with offset, like all instants here; those that have not happened are left out or null. Each telling holds what its status needs:
    `paid_at` once it is paid, completed or refunded, `shipped_at` once it is shipped."""
    paid_at: str | None = None
    """When everything was paid: RFC 3339 with its offset."""
    ship_by: str | None = None
    """By when it had to leave: RFC 3339 with its offset."""
    shipped_at: str | None = None
    """When it left: RFC 3339 with its offset."""
    promised_by: str | None = None
    """By when it was to arrive: RFC 3339 with its offset."""
    delivered_at: str | None = None
    """When it arrived: RFC 3339 with its offset."""
    status: str
    """placed, paid, shipped, completed, cancelled or refunded (all of it, be it after the delivery)."""


class TradesRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    items: Annotated[list[TradeRequest], Meta(max_length=MOST_FACTS)] = []
    """Facts of trades, at most 500; each is judged alone."""
    told_until: PastDay | None = None
    """Everything up to the end of that day has been told, with this. Of a day of which nobody tells anything, nothing is known: no rule takes it for a
    day on which nothing happened."""


class LoginRequest(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="login"
):
    """An interactive login by one of the member's people."""

    activity_id: str
    """The marketplace's own, unique for each member and kind."""
    member_ref: str
    """The marketplace's name for the member."""
    at: str
    """When it happened: RFC 3339 with any offset."""


class ProfileChangeRequest(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="profile_change"
):
    """A change of the member's public profile."""

    activity_id: str
    """The marketplace's name for the change: it counts once."""
    member_ref: str
    """The marketplace's name for the member."""
    at: str
    """When it happened: RFC 3339 with any offset."""


class OfferChangeRequest(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="offer_change"
):
    """A listing of the member came up for sale, or is offered no more. One that is merely out of stock is offered still."""

    activity_id: str
    """The marketplace's own, unique for each member and kind."""
    member_ref: str
    """The marketplace's name for the member."""
    change: Offered
    """put_up or taken_down. How many a firm has taken down is a sign only where what it put up was told, too."""
    at: str
    """When it happened: RFC 3339 with any offset."""


class InquiryRequest(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="inquiry"
):
    """A buyer asked the member something. A thread counts once, with its first inquiry."""

    thread_id: str
    """The marketplace's own identifier of the conversation."""
    member_ref: str
    """The marketplace's name for the member who was asked."""
    buyer_ref: str
    """The marketplace's name for the buyer who asked."""
    at: str
    """When it happened: RFC 3339 with any offset."""
    flags: Annotated[list[Flag], Meta(max_length=3)] = []
    """Any of them takes the whole thread out of the figures, now or later."""


class ReplyRequest(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="reply"
):
    """The member answered, declined or reported spam. It may arrive before its inquiry."""

    thread_id: str
    """The marketplace's name for the thread it answers."""
    member_ref: str
    """The marketplace's name for the member who answered."""
    at: str
    """When it happened: RFC 3339 with any offset."""


ActivityRequest = LoginRequest | ProfileChangeRequest | OfferChangeRequest | InquiryRequest | ReplyRequest


class ActivitiesRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    items: Annotated[list[ActivityRequest], Meta(max_length=MOST_FACTS)] = []
    """Activities, at most 500; each is judged alone."""
    told_until: PastDay | None = None
    """Everything up to the end of that day has been told, with this. Of a day of which nobody tells anything, nothing is known: no rule takes it for a
    day on which nothing happened."""


class FactView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one fact, in the order they were sent. `column` and `reason` are there where it was refused: the head of this document tells all reasons."""

    fact_id: str
    """The trade, activity or thread id, or the declaration's number, as it was sent."""
    id: str = ""
    """What the API calls it: of an export declaration that was not refused."""
    result: Result
    column: str = ""
    reason: str = ""
    """Rows of a file are refused for the same reasons."""


class CountsView(msgspec.Struct, frozen=True, kw_only=True):
    new: int = 0
    known: int = 0
    updated: int = 0
    refused: int = 0


class FeedView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    version: int
    status: Literal["recorded"]
    counts: CountsView
    items: list[FactView]
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[str]

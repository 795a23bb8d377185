"""What suspended money may be for."""

from __future__ import annotations

import msgspec

from chalicelib.office.rules.awaited import Reason
from chalicelib.shared.money import Money


class SuggestionView(msgspec.Struct, frozen=True, kw_only=True):
    """An order that awaits money. `next` is the rest of its next instalment, `left` all that is not paid; `because` says what agrees with the transfer."""

    order_id: str
    buyer_id: str
    buyer_name: str
    status: str
    next: Money
    left: Money
    because: list[Reason]


class SuggestionsView(msgspec.Struct, frozen=True, kw_only=True):
    """What agrees in most comes first. Nobody allocates by it alone: an officer does, or says what else it is for."""

    items: list[SuggestionView]

"""What officers decide about suspended money."""

from __future__ import annotations

from typing import Annotated

import msgspec

from chalicelib.shared.refusal import Malformed

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class AllocateAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Exactly one of the two."""

    order_id: Name | None = None
    """The order the money is for."""
    seller_id: Name | None = None
    """The seller whose deposit it is for."""

    def must_name_one(self) -> None:
        if (self.order_id is None) == (self.seller_id is None):
            raise Malformed("Name either an order or a seller.", param="order_id")

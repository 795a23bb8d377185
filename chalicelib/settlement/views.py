"""What officers decide about suspended money."""

from __future__ import annotations

from typing import Annotated

import msgspec


class AllocateAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    order_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    """The order the money is for."""

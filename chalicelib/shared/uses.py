"""What a name that counts once was used for. Pure; the items are in `uniques`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from chalicelib.shared.bounds import most


class Use(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a name was used for: `by` is the thing that counted it, `named` what whoever told of it, or decided about it, said it was for."""

    by: str
    at: datetime
    named: Annotated[tuple[str, ...], most(5, why="what it was told for, and what it was allocated to once")] = ()
    amount_minor: int = 0
    currency: str = ""

    def is_repeated_by(self, other: Use) -> bool:
        """Whether another use tells of the same once more: the same amount, for the same thing."""
        same = {self.by, *self.named} & {other.by, *other.named}
        return bool(same) and (self.amount_minor, self.currency) == (other.amount_minor, other.currency)

"""What groups declare: their state machine."""

from __future__ import annotations

from typing import Final

from chalicelib.groups import aggregate

GROUPS: Final = aggregate.GROUPS.swept
MACHINES: Final = (GROUPS,)

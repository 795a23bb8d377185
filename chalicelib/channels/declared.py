"""What channels declare: their state machines."""

from __future__ import annotations

from typing import Final

from chalicelib.channels.aggregate import channels, memberships, nominations

CHANNELS: Final = channels.CHANNELS.swept
NOMINATIONS: Final = nominations.NOMINATIONS.swept
MEMBERSHIPS: Final = memberships.MEMBERSHIPS.swept
MACHINES: Final = (CHANNELS, NOMINATIONS, MEMBERSHIPS)

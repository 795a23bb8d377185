"""What trainings declare: their state machine."""

from __future__ import annotations

from typing import Final

from chalicelib.trainings import aggregate

TRAININGS: Final = aggregate.TRAININGS.swept
MACHINES: Final = (TRAININGS,)

"""What credit declares: its state machines."""

from __future__ import annotations

from typing import Final

from chalicelib.credit.aggregate import lines

LINES: Final = lines.LINES.swept
MACHINES: Final = (LINES,)

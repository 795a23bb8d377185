"""What credit declares: its state machines whose items wait for a moment."""

from __future__ import annotations

from typing import Final

from chalicelib.credit.aggregate import consents, lines

CONSENTS: Final = consents.CONSENTS.swept
LINES: Final = lines.LINES.swept
MACHINES: Final = (CONSENTS, LINES)

"""What credit declares: its state machines whose items wait for a moment."""

from __future__ import annotations

from typing import Final

from chalicelib.credit.aggregate import consents

CONSENTS: Final = consents.CONSENTS.swept
MACHINES: Final = (CONSENTS,)

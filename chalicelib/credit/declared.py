"""What credit declares: its state machines whose items wait for a moment."""

from __future__ import annotations

from typing import Final

from chalicelib.credit.aggregate import consents, lines, pre_offers

CONSENTS: Final = consents.CONSENTS.swept
LINES: Final = lines.LINES.swept
PRE_OFFERS: Final = pre_offers.PRE_OFFERS.swept
MACHINES: Final = (CONSENTS, LINES, PRE_OFFERS)

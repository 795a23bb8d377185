"""What credit declares: its state machines whose items wait for a moment."""

from __future__ import annotations

from typing import Final

from chalicelib.credit.aggregate import applications, consents, lines, pre_offers, scores

CONSENTS: Final = consents.CONSENTS.swept
APPLICATIONS: Final = applications.APPLICATIONS.swept
REVIEWS: Final = applications.REVIEWS.swept
OFFERS: Final = applications.OFFERS.swept
AGREEMENTS: Final = applications.AGREEMENTS.swept
LINES: Final = lines.LINES.swept
PRE_OFFERS: Final = pre_offers.PRE_OFFERS.swept
SCORES: Final = scores.SCORES.swept
MACHINES: Final = (CONSENTS, APPLICATIONS, REVIEWS, OFFERS, AGREEMENTS, LINES, PRE_OFFERS, SCORES)

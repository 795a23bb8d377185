"""What acquiring declares: its state machines."""

from __future__ import annotations

from typing import Final

from chalicelib.acquiring import aggregate

PAYMENTS: Final = aggregate.ACQUIRER_PAYMENTS.swept
SETTLEMENTS: Final = aggregate.SETTLEMENTS.swept
MACHINES: Final = (PAYMENTS, SETTLEMENTS)

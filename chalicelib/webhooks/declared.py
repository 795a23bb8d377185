"""What webhooks declare: the state machine of messages to receivers."""

from __future__ import annotations

from typing import Final

from chalicelib.shared.machines import Machine
from chalicelib.webhooks.records import DeliveryRow
from chalicelib.webhooks.service import sending

DELIVERIES: Final = Machine(
    name="webhooks",
    row=DeliveryRow,
    settle=sending.queue_again,
    settle_here=sending.attempt_now,
    due_at=sending.due_at,
    may_be_quarantined=False,
)
MACHINES: Final = (DELIVERIES,)

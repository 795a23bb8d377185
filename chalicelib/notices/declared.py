"""What notices declare: the state machine of messages to receivers."""

from __future__ import annotations

from typing import Final

from chalicelib.notices.records import DeliveryRow
from chalicelib.notices.service import sending
from chalicelib.shared.machines import Machine

DELIVERIES: Final = Machine(
    name="notices",
    row=DeliveryRow,
    settle=sending.queue_again,
    settle_here=sending.attempt_now,
    due_at=sending.due_at,
    bears_marks=False,
)
MACHINES: Final = (DELIVERIES,)

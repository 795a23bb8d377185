"""What becomes of messages, as figures of a day. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from chalicelib.webhooks.rules.delivery import Delivery

FIGURES: Final = ("attempts", "delivered", "delivered_again", "failed", "given_up", "time_to_deliver")


def added(was: Delivery, after: Delivery) -> dict[str, int]:
    """What one change of a message adds: the attempt, where one was made, and its end. Times are in milliseconds.

    How long it took until a message was taken is told of those that were never replayed: a replay may come weeks later.
    """
    is_attempt = after.tries > was.tries
    is_taken = is_attempt and after.status == "delivered"
    is_first = is_taken and not after.replayed_by
    took = (after.updated_at - after.created_at) // timedelta(milliseconds=1)
    numbers = (is_attempt, is_first, is_taken and not is_first, is_attempt and not is_taken, after.status == "dead")
    return dict(zip(FIGURES, (*map(int, numbers), took if is_first else 0), strict=True))


def family_of(delivery: Delivery) -> str:
    """The first part of what it tells of: `order` of `order.paid`."""
    return delivery.kind.partition(".")[0]

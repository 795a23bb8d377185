"""The queue of messages that are to be sent now: one for each attempt, so that a slow receiver keeps nobody else waiting."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from chalicelib.shared import queues
from chalicelib.webhooks.rules.delivery import Delivery


class SendTask(msgspec.Struct, frozen=True):
    """An attempt at a delivery that is still at this version: what has happened to it since makes the attempt needless."""

    delivery_id: str
    version: int


def send(deliveries: Iterable[Delivery]) -> None:
    """Ask for attempts. Asking twice does no harm. Unavailable where the queue does not take them all: the sweep asks again."""
    queues.send("webhooks", (SendTask(delivery.id, delivery.version) for delivery in deliveries))


def read(body: str) -> SendTask:
    return msgspec.json.decode(body, type=SendTask)

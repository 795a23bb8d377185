"""The queue of messages that are to be sent now: one for each attempt, so that a slow receiver keeps nobody else waiting."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import msgspec

from chalicelib.notices.rules import Delivery
from chalicelib.shared.aws import client
from chalicelib.shared.refusal import Busy
from chalicelib.shared.settings import settings

MOST_AT_ONCE: Final = 10


class Asked(msgspec.Struct, frozen=True):
    """An attempt at a delivery that is still at this version: what has happened to it since makes the attempt needless."""

    delivery_id: str
    version: int


def send(deliveries: Sequence[Delivery]) -> None:
    """Ask for attempts. Asking twice does no harm. Busy where the queue does not take them all: the sweep asks again."""
    bodies = [msgspec.json.encode(Asked(delivery.id, delivery.version)).decode() for delivery in deliveries]
    for start in range(0, len(bodies), MOST_AT_ONCE):
        entries = [
            {"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies[start : start + MOST_AT_ONCE])
        ]
        answer: dict[str, Any] = client("sqs").send_message_batch(QueueUrl=_url(), Entries=entries)
        if answer.get("Failed"):
            raise Busy("The queue of notices did not take every message.")


def read(body: str) -> Asked:
    return msgspec.json.decode(body, type=Asked)


@lru_cache(maxsize=1)
def _url() -> str:
    url: str = client("sqs").get_queue_url(QueueName=settings().name("notices"))["QueueUrl"]
    return url

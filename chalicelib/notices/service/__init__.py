"""Use-cases of outgoing webhooks."""

from chalicelib.notices.service.deliveries import listed as deliveries
from chalicelib.notices.service.deliveries import replay
from chalicelib.notices.service.endpoints import (
    delete,
    disable,
    enable,
    listed,
    ping,
    register,
    rotate_secret,
    shown,
)
from chalicelib.notices.service.sending import attempt, attempt_now, notify, queue_again
from chalicelib.notices.service.silence import Silent

__all__ = [
    "Silent",
    "attempt",
    "attempt_now",
    "delete",
    "deliveries",
    "disable",
    "enable",
    "listed",
    "notify",
    "ping",
    "queue_again",
    "register",
    "replay",
    "rotate_secret",
    "shown",
]

"""Webhooks that Surety sends: whether one is genuine, and what it tells. Signed as Standard Webhooks 1.0 says.

event = opened(secret, request.headers, request.body)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from surety_client.problems import SuretyError


class NotGenuine(SuretyError):
    """The signature, its time or its form is wrong: answer 401, and do nothing with it."""


def opened(secret: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """The event, where its signature is right and not older than five minutes. `body` is the raw body, byte for byte."""
    try:
        Webhook(secret).verify(body, {name.lower(): value for name, value in headers.items()})
    except WebhookVerificationError as wrong:
        raise NotGenuine(str(wrong)) from None
    event: dict[str, Any] = json.loads(body)
    return event

"""The API document, for programs that are not the application: that of a sandbox, which has every endpoint."""

from __future__ import annotations

import json
import os
from typing import Any, Final

_SETTINGS: Final = {"AWS_DEFAULT_REGION": "us-east-1", "SURETY_STAGE": "clients", "SURETY_SANDBOX": "true"}


def document() -> dict[str, Any]:
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    from chalicelib.reference import service  # its settings are read when they are first asked for

    parsed: dict[str, Any] = json.loads(service.document())
    return parsed

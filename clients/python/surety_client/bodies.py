"""What a request's body is sent as."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def as_json(body: Any) -> Any:
    """A form of this package or a mapping, as JSON has it; nothing where there is no body."""
    if body is None or isinstance(body, Mapping):
        return body
    return body.to_dict()

"""Keys and secrets, from the parameter store: read once, kept five minutes, never logged.

A parameter is called `/surety/<stage>/<name>`. Bank keys are lists, so that two can live while one replaces the other.
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any, Final

KEPT_SECONDS: Final = 300

_kept: dict[str, tuple[float, str | None]] = {}


def secret(name: str) -> str | None:
    """The parameter's value, or None where there is no such parameter."""
    from chalicelib.shared.settings import settings

    found = _kept.get(name)
    if found is None or found[0] < time.monotonic():
        found = time.monotonic() + KEPT_SECONDS, _fetch(f"/surety/{settings().stage}/{name}")
        _kept[name] = found
    return found[1]


def required(name: str) -> str:
    value = secret(name)
    if value is None:
        raise LookupError(f"the parameter {name!r} is missing: see docs/runbook.md")
    return value


def forget() -> None:
    """Read everything anew: after a rotation, and between tests."""
    _kept.clear()


def _fetch(path: str) -> str | None:
    store = _store()
    try:
        value: str = store.get_parameter(Name=path, WithDecryption=True)["Parameter"]["Value"]
    except store.exceptions.ParameterNotFound:
        return None
    return value


@lru_cache(maxsize=1)
def _store() -> Any:
    from chalicelib.shared.aws import client

    return client("ssm")

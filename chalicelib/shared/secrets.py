"""Keys and secrets, from the parameter store: read once, kept five minutes, never logged.

A parameter is called `/surety/<stage>/<name>`. Bank keys are lists, so that two can live while one replaces the other. While the parameter
store is away, what was read last goes on to serve, and is asked for again every half minute.
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any, Final

KEPT_SECONDS: Final = 300
STALE_SECONDS: Final = 30

_kept: dict[str, tuple[float, str | None]] = {}


def secret(name: str) -> str | None:
    """The parameter's value, or None where there is no such parameter."""
    cached = _kept.get(name)
    if cached is None or cached[0] < time.monotonic():
        cached = _read_again(name, cached)
        _kept[name] = cached
    return cached[1]


def required(name: str) -> str:
    value = secret(name)
    if value is None:
        raise LookupError(f"the parameter {name!r} is missing: see docs/runbook.md")
    return value


def forget() -> None:
    """Read everything anew: after a rotation, and between tests."""
    _kept.clear()


def _read_again(name: str, kept: tuple[float, str | None] | None) -> tuple[float, str | None]:
    from chalicelib.shared import observe, retries
    from chalicelib.shared.settings import settings
    from chalicelib.shared.store_errors import STORE_ERRORS, is_transient

    path = f"/surety/{settings().stage}/{name}"
    if kept is None:
        return time.monotonic() + KEPT_SECONDS, _fetch(path)
    try:
        with retries.patience(0):  # there is something to go on with: nobody waits for a second try
            return time.monotonic() + KEPT_SECONDS, _fetch(path)
    except STORE_ERRORS as failure:
        if not is_transient(failure):
            raise
        observe.logger.warning("the parameter store does not answer", extra={"parameter": name})
        observe.count("StaleSecrets")
        return time.monotonic() + STALE_SECONDS, kept[1]


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

"""The settings of the stage under test, read anew where a test has changed the environment."""

from __future__ import annotations

from chalicelib.shared.settings import settings


def read_settings() -> None:
    """At once, and not when they are next asked for: during a request the client of the tests shows the environment of deployed functions."""
    settings.cache_clear()
    settings()

"""What a worker tells the process that reports of its tests: of one that passed the one thing that is shown, which is that its call did.

xdist sends five messages for each test and who reports reads them all: of thousands of quick tests that is as much as the tests take themselves.
"""

from __future__ import annotations

from typing import Any, Final

import pytest

_NEVER_SHOWN: Final = frozenset({"logstart", "logfinish"})
_NO_NEWS: Final = frozenset({("passed", "setup"), ("passed", "teardown")})


def pytest_configure(config: pytest.Config) -> None:
    """In a worker; not where somebody wants to know what each part of a test took."""
    if hasattr(config, "workerinput") and config.option.durations is None and config.option.xmlpath is None:
        [told] = [each for each in config.pluginmanager.get_plugins() if type(each).__name__ == "WorkerInteractor"]
        send = told.sendevent

        def send_what_is_shown(name: str, **about: Any) -> None:
            report = about.get("data", {})
            if name not in _NEVER_SHOWN and (report.get("outcome"), report.get("when")) not in _NO_NEWS:
                send(name, **about)

        told.sendevent = send_what_is_shown

"""What the suite costs: its CPU seconds and the tests that take most of them, printed at its end.

CPU time, of a test's process and of those it started, says the same on a busy machine as on a quiet one; time by the wall does not. It is
asked for once with each test: what the one before it left at is where this one begins.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, Final

import pytest

SLOWEST: Final = 20
_COST: Final = "cpu_seconds"
_COSTS: Final = pytest.StashKey[dict[str, float]]()


_LEFT_AT: Final = pytest.StashKey[float]()


def _cpu_seconds() -> float:
    return sum(os.times()[:4])


def pytest_collection_finish(session: pytest.Session) -> None:
    """Loading everything is no test's cost."""
    session.config.stash[_LEFT_AT] = _cpu_seconds()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Keep what setting up, calling and tearing down a test took beside its result."""
    try:
        return (yield)
    finally:
        before, now = item.config.stash[_LEFT_AT], _cpu_seconds()
        item.config.stash[_LEFT_AT] = now
        costs = item.config.stash.setdefault(_COSTS, {})
        costs[item.nodeid] = costs.get(item.nodeid, 0) + now - before  # several tests of schemathesis bear one name


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """A worker hands its costs to the process that reports."""
    output: Any = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_COST] = session.config.stash.get(_COSTS, {})
    return (yield)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    node.config.stash.setdefault(_COSTS, {}).update(getattr(node, "workeroutput", {}).get(_COST, {}))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    costs = terminalreporter.config.stash.get(_COSTS, {})
    terminalreporter.section(f"{_cpu_seconds():,.0f} CPU seconds in all; the {SLOWEST} tests that took most of them")
    for name, seconds in sorted(costs.items(), key=lambda cost: -cost[1])[:SLOWEST]:
        terminalreporter.line(f"{seconds:7.1f} s  {name}")

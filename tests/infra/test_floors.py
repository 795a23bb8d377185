"""The benchmark of floors measures every endpoint that changes something, and every consumer of a stream: see `benchmarks/floors/rows.txt`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from chalicelib import slices
from chalicelib.consumers import STREAMS

FLOORS = Path(__file__).parents[2] / "benchmarks" / "floors"


def rows() -> Iterator[tuple[str, str]]:
    """An endpoint or a consumer, and a command that it is measured as."""
    for line in (FLOORS / "rows.txt").read_text().splitlines():
        origin, command = line.split("\t")
        yield origin, command


def test_what_changes_something_is_in_a_row_of_the_floors() -> None:
    """Play what is new in `benchmarks/floors`, and let `make bench-floors ARGS=--note` write it down. A production stage has no sandbox."""
    endpoints = {endpoint.path: endpoint.keyed for routes in slices.every() for endpoint in routes.endpoints}
    changing = {path for path, is_keyed in endpoints.items() if is_keyed and not path.startswith("/v1/sandbox/")}
    consumers = {consumer.name for consumer in STREAMS}
    origins = {origin for origin, _ in rows()}
    assert (changing | consumers) - origins == set()
    assert origins - endpoints.keys() - consumers == set()


def test_a_command_that_is_written_down_has_a_floor() -> None:
    """The benchmark holds the rest: a row is what it has measured. Its table is read as text, as its package sets an environment."""
    table = (FLOORS / "table.py").read_text()
    assert [command for _, command in rows() if f'"{command}": Floor(' not in table] == []

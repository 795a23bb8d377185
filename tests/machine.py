"""The embedded engine of the tests: one for the session, put back in place between tests.

Making tables takes longer than most tests, and deleting what a large world left behind takes as long as building it. So a test begins with
everything *put back* as it was: moto's stores are handed the items, messages, files and parameters they had. What is in them is shared and
not copied, since `infra.local.memory` copies whatever is about to be changed in place.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import Any, Final, NamedTuple, cast

import boto3
import moto.backends
from moto import mock_aws
from moto.dynamodb.models.utilities import dynamo_to_dict

from chalicelib.shared import tables as rows
from chalicelib.shared.settings import settings
from chalicelib.shared.tables import engine
from infra.local import memory, resources
from tests.conftest import PARAMETERS

REGION: Final = "us-east-1"


class Snapshot(NamedTuple):
    """What an engine held at a moment."""

    tables: dict[str, Any]
    queues: dict[str, Any]
    buckets: dict[str, Any]
    parameters: dict[str, Any]

    def items(self, *, without: Container[str] = ()) -> dict[str, dict[Any, Any]]:
        """Every item of every table, by table and key: what two snapshots are compared by. The sandbox's clock is not among them.

        Totals are those of an account, and counters those of a report: to which part of it something was added hangs on an entry's id.
        """
        tables = {name.rpartition(f"-{settings().stage}-")[2]: table for name, table in self.tables.items()}
        return {
            name: IN_PARTS.get(name, dict)(_items(table))
            for name, table in tables.items()
            if name != "sandbox" and name not in without
        }


class Held(NamedTuple):
    """What there is in a snapshot's tables, queues and buckets, without them: it can be written into a file. Parameters are each process' own."""

    items: dict[str, Any]
    messages: dict[str, Any]
    files: dict[str, Any]


class Machine:
    """The embedded engine, with everything `infra/tables.yaml` declares and this API's secrets."""

    def __init__(self) -> None:
        session = boto3.Session()
        stage = settings().stage
        tables, queues, files, parameters = (
            cast(Any, session.client(service)) for service in ("dynamodb", "sqs", "s3", "ssm")
        )
        # Without streams: moto would copy what they keep with every transaction, and fill the memory.
        resources.create_tables(tables, stage, streams=False)
        resources.create_bucket(files, stage)
        resources.create_queues(queues, stage)  # after the bucket, which would put a message of its own into one
        for name, value in PARAMETERS.items():
            parameters.put_parameter(Name=f"/surety/{stage}/{name}", Value=value, Type="SecureString", Overwrite=True)
        self._lasting: list[Snapshot] = []
        self._new = self.snapshot(lasting=True)

    def wipe(self) -> None:
        """Everything as it was at first."""
        self.restore(self._new)

    def snapshot(self, *, lasting: bool = False) -> Snapshot:
        """What there is now, to be put back as often as wanted; a lasting one also after another has been put back in between."""
        snapshot = Snapshot(
            tables=copy.deepcopy(dict(_store("dynamodb").tables)),  # items are shared: `memory.items`
            queues=_each(_store("sqs").queues, _queue),
            buckets=_each(_store("s3", "aws").buckets, _bucket),
            parameters=_each(_store("ssm")._parameters, list),
        )
        if lasting:
            self._lasting.append(snapshot)
        return snapshot

    def held(self) -> Held:
        """What there is now, for another process, which makes a snapshot of it by `holding`."""
        now = self.snapshot()
        return Held(
            items={name: table.items for name, table in now.tables.items()},
            messages={name: queue._messages for name, queue in now.queues.items()},
            files={name: bucket.keys for name, bucket in now.buckets.items()},
        )

    def holding(self, held: Held) -> Snapshot:
        """A lasting snapshot of what another process had."""
        tables = copy.deepcopy(self._new.tables)
        for name, table in tables.items():
            table.items = held.items[name]
        snapshot = Snapshot(
            tables=tables,
            queues={
                name: memory.items.like(queue, _messages=held.messages[name])
                for name, queue in self._new.queues.items()
            },
            buckets={
                name: memory.items.like(bucket, keys=held.files[name]) for name, bucket in self._new.buckets.items()
            },
            parameters=self._new.parameters,
        )
        self._lasting.append(snapshot)
        return snapshot

    def counts(self) -> dict[str, int]:
        """How many items each table holds."""
        return {name: sum(1 for _ in _items(table)) for name, table in _store("dynamodb").tables.items()}

    def restore(self, kept: Snapshot) -> None:
        """Put back what there was."""
        _fill(_store("dynamodb").tables, copy.deepcopy(kept.tables))
        _fill(_store("sqs").queues, _each(kept.queues, _queue))
        _link_to_dead(_store("sqs").queues)
        _close_files(_store("s3", "aws").buckets, kept=[kept, *self._lasting])
        _fill(_store("s3", "aws").buckets, _each(kept.buckets, _bucket))
        _fill(_store("ssm")._parameters, _each(kept.parameters, list))


@lru_cache(maxsize=1)
def machine() -> Machine:
    """The engine of this process, made when it is first asked for."""
    memory.spare()
    setattr(rows, "bodies", SimpleNamespace(make=lambda events: None))  # noqa: B010 - this engine takes parameters, and reads no body
    mock_aws().start()
    return Machine()


def forget_machine() -> None:
    """Make the engine anew for the next test: somebody has emptied the memory it shares with a server in this process."""
    machine.cache_clear()


def tables() -> list[Any]:
    """The tables of the embedded engine, but for the sandbox's clock."""
    return [table for name, table in _store("dynamodb").tables.items() if name != settings().name("sandbox")]


def stored(table: str) -> Iterator[tuple[Any, Callable[[], dict[str, Any]]]]:
    """Each item of a table of the engine in use, by its key, and how to see it as a stream shows it.

    An item of the embedded engine is the same object until somebody changes it.
    """
    client: Any = engine().client
    if "amazonaws.com" in client.meta.endpoint_url:
        held = _store("dynamodb").tables[settings().name(table)].all_items()
        yield from ((item, partial(dynamo_to_dict, item.attrs)) for item in held)
    else:
        for page in client.get_paginator("scan").paginate(TableName=settings().name(table)):
            yield from ((image, partial(dict, image)) for image in page["Items"])


def has_messages(queue: str) -> bool:
    """Whether anything is, or may become, visible in a queue."""
    return bool(_store("sqs").queues[settings().name(queue)]._messages)


def _store(service: str, region: str = REGION) -> Any:
    backends: Any = moto.backends
    return backends.get_backend(service)[resources.ACCOUNT][region]


def _items(table: Any) -> Iterator[tuple[Any, Any]]:
    for key, item in table.items.items():
        if table.range_key_attr is None:
            yield key, item
        else:
            yield from (((key, inner), each) for inner, each in item.items())


def _totals(items: Iterable[tuple[Any, Any]]) -> dict[Any, Counter[str]]:
    """What each month of an account or a report comes to, all its parts together. Other items of the table are as they are."""
    found: dict[Any, Any] = {}
    for (account, page), item in items:
        name, _, _ = account.value.rpartition("#")
        if "#" in page.value:
            minors = {column: int(told.value) for column, told in item.attrs.items() if told.type == "N"}
            found.setdefault((name, page.value), Counter[str]()).update(minors)
        else:
            found[account, page] = item
    return found


IN_PARTS: Final[dict[str, Callable[[Iterable[tuple[Any, Any]]], dict[Any, Any]]]] = {
    "ledger-totals": _totals,
    "office-counts": _totals,
}


def _each(things: dict[str, Any], copied: Callable[[Any], Any]) -> dict[str, Any]:
    return {name: copied(thing) for name, thing in things.items()}


def _fill(store: dict[str, Any], things: dict[str, Any]) -> None:
    store.clear()
    store.update(things)


def _close_files(now: dict[str, Any], *, kept: Iterable[Snapshot]) -> None:
    """Let go of the temporary files behind what is not kept."""
    wanted = {id(file) for snapshot in kept for bucket in snapshot.buckets.values() for file in _files(bucket)}
    for file in (file for bucket in now.values() for file in _files(bucket)):
        if id(file) not in wanted and hasattr(file, "dispose"):
            file.dispose()


def _files(bucket: Any) -> Iterator[Any]:
    return (version for name in bucket.keys for version in bucket.keys.getlist(name))


def _queue(queue: Any) -> Any:
    return memory.items.like(
        queue,
        _messages=[copy.copy(message) for message in queue._messages],
        _pending_messages=set(),
        deleted_messages=set(queue.deleted_messages),
    )


def _link_to_dead(queues: dict[str, Any]) -> None:
    """A queue puts aside into the dead-letter queue that is there, and not into the one it was copied with."""
    for queue in queues.values():
        if queue.dead_letter_queue is not None:
            queue.dead_letter_queue = queues[queue.dead_letter_queue.name]


def _bucket(bucket: Any) -> Any:
    keys = copy.copy(bucket.keys)
    keys.update({name: list(keys.getlist(name)) for name in keys})
    return memory.items.like(bucket, keys=keys)

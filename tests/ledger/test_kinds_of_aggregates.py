"""Whatever is said of things by their prefix agrees with the one registry of prefixes."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import chalicelib
from chalicelib.ledger.records import books, quarantines
from chalicelib.ledger.rules.chain import Link, owner_of
from chalicelib.orders import records as orders
from chalicelib.shared import ids, journal
from chalicelib.shared.aws import client
from chalicelib.shared.commit import commit
from chalicelib.shared.ids import KINDS, kind_of
from chalicelib.shared.journal import Event
from chalicelib.shared.quarantine import Quarantine
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.shared.request import ENDPOINT as NAME_SPACE
from chalicelib.shared.settings import settings
from chalicelib.shared.tables import engine
from chalicelib.webhooks.service.parties import ORDER, PARTIES, PLATFORM_ALONE
from infra.local import resources

NOW = datetime(2026, 3, 2, tzinfo=UTC)
KEPT = sorted(prefix for prefix, kind in KINDS.items() if kind.table)
TABLES = {told["TableName"]: told for told in resources.declared("AWS::DynamoDB::Table", settings().stage).values()}


def name_of(prefix: str) -> str:
    """A thing of that kind, under the name its chain has."""
    member = ids.derived_id("mem", "somebody")
    return f"{prefix}:{member}" if prefix in ("firm", "subsidy", "supplier") else ids.derived_id(prefix, "one")


def constants() -> Iterator[tuple[str, str]]:
    """Prefixes that modules name."""
    for found in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        module = importlib.import_module(found.name)
        for name in ("PREFIX", "INSTRUCTION", "ATTEMPT", "ENDPOINT"):
            if isinstance(value := getattr(module, name, None), str) and value != NAME_SPACE:
                yield f"{found.name}.{name}", value


def literals() -> Iterator[tuple[str, str]]:
    """Prefixes that are written where names are made or told apart."""
    for file in sorted(Path(chalicelib.__path__[0]).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                place = {"new_id": 0, "derived_id": 0, "is_id": 1}.get(node.func.attr)
                if place is not None and getattr(node.func.value, "id", "") == "ids":
                    told = node.args[place]
                    if isinstance(told, ast.Constant):
                        yield f"{file.name}:{node.lineno}", str(told.value)


def test_every_prefix_that_is_used_is_one_of_the_registry() -> None:
    used = [*constants(), *literals()]
    assert len(used) > 20
    assert [(where, prefix) for where, prefix in used if prefix not in KINDS] == []
    assert [start for start in (ORDER, *PARTIES) if kind_of(start) is None] == []


def test_every_kind_that_is_kept_has_parties_or_a_reason_why_the_platform_alone_hears_of_it() -> None:
    with_parties = {start.rstrip("_:") for start in (ORDER, *PARTIES)}
    assert sorted([*with_parties & set(KEPT), *PLATFORM_ALONE]) == KEPT
    assert with_parties.isdisjoint(PLATFORM_ALONE)


def test_a_name_of_an_unknown_kind_is_not_made() -> None:
    for make in (lambda: ids.new_id("evt", NOW), lambda: ids.derived_id("evt", "x"), lambda: ids.is_id("evt_1", "evt")):
        with pytest.raises(AssertionError, match="evt"):
            make()


@pytest.mark.parametrize("prefix", KEPT)
def test_a_kind_is_kept_in_a_table_that_is_deployed_with_that_key(prefix: str) -> None:
    kind = KINDS[prefix]
    keys = {told["KeyType"]: told["AttributeName"] for told in TABLES[settings().name(kind.table)]["KeySchema"]}
    assert keys["HASH"] == kind.key
    assert ("RANGE" in keys) == (kind.table == "runs")


@pytest.mark.parametrize("prefix", KEPT)
def test_a_thing_of_every_kind_that_is_kept_bears_a_mark_and_is_rid_of_it(aws: None, prefix: str) -> None:
    kind, aggregate_id = KINDS[prefix], name_of(prefix)
    if kind.owned:
        data = {"seller_id": "mem_somebody", "private": {"owner": "mem_somebody"}}
        entry = journal.entry(
            _request("first"), Event("x.made", data), aggregate_id=aggregate_id, seq=1, prev=journal.GENESIS
        )
        books.book([Link(entry, entry.entry_hash)])
        assert owner_of(entry) == "mem_somebody"
    _plant(kind, "mem_somebody" if kind.owned else aggregate_id.rpartition(":")[2])
    assert quarantines.is_not_quarantined(aggregate_id)
    checkpoint = Quarantine(aggregate_id=aggregate_id, seq=1, entry_id="ent_1", why="tampered with", quarantined_at=NOW)
    _commit("put", quarantines.put_quarantine(checkpoint))
    assert quarantines.quarantine_of(aggregate_id) == checkpoint
    _commit("lift", quarantines.lift_quarantine(checkpoint, NOW))
    assert quarantines.is_not_quarantined(aggregate_id)


def _plant(kind: ids.Kind, name: str) -> None:
    item = {kind.key: {"S": name}} | ({"shard": {"N": "0"}} if kind.table == "runs" else {})
    client("dynamodb").put_item(TableName=settings().name(kind.table), Item=item)


def _commit(key: str, change: object) -> None:
    entry = journal.entry(_request(key), Event("x.done"), aggregate_id="brk_1", seq=1, prev=journal.GENESIS)
    commit(entry, change)  # type: ignore[arg-type]


def _request(key: str) -> RequestContext:
    return RequestContext(caller=CLOCK, now=NOW, request_id=key, key=key)


def test_an_index_is_known_however_early_a_kind_of_row_without_it_was_used(aws: None) -> None:
    """Rows that bear marks know of their table's keys alone, and may be the first of it that a process reads."""
    engine.cache_clear()
    order_id = ids.derived_id("ord", "one")
    assert not quarantines.is_not_quarantined(order_id)
    assert list(orders.ids_of("mem_somebody", "supplier")) == []

"""What is made from the journal alone is emptied and made again by a redrive: another form of it needs no more than that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.shared import periods
from chalicelib.shared.settings import settings
from chalicelib.shared.tables import engine
from infra.local.stored_forms import FROM_THE_JOURNAL
from tests.acquiring.till import Till, booth, till
from tests.machine import machine
from tests.world import Pump, token

__all__ = ["booth", "till"]

ADMIN = token("officer", "officer-1", "admin")


def kept() -> dict[Any, Any]:
    """What these tables hold, by table and key; but for when it was written, which is now."""
    found = machine().snapshot().items()
    places = ((table, key, item) for table in FROM_THE_JOURNAL for key, item in found[table].items())
    data = {(table, *_texts(key)): _columns(item) for table, key, item in places}
    return {place: columns for place, columns in data.items() if "books-lag" not in place}


def _texts(key: Any) -> tuple[str, str]:
    first, second = (getattr(part, "value", part) for part in (key if isinstance(key, tuple) else (key, "")))
    return str(first), str(second)


def _columns(item: Any) -> dict[str, Any]:
    columns = item if isinstance(item, dict) else item.to_json()["Attributes"]
    return {name: value for name, value in columns.items() if name != "changed_at"}


def empty() -> None:
    client: Any = engine().client
    for table in FROM_THE_JOURNAL:
        name = settings().name(table)
        keys = [each["AttributeName"] for each in client.describe_table(TableName=name)["Table"]["KeySchema"]]
        for item in client.scan(TableName=name)["Items"]:
            client.delete_item(TableName=name, Key={key: item[key] for key in keys})


def test_books_indexes_and_figures_are_to_the_letter_what_they_were(till: Till, pump: Pump) -> None:
    began = till.time.at - timedelta(days=60)
    order_id, _ = till.captured()
    till.ordered()
    till.ship(order_id)
    till.pass_time(days=2)
    before = kept()
    assert {table for table, *_ in before} == set(FROM_THE_JOURNAL)
    empty()
    assert kept() == {}
    till.time.advance(hours=1)
    answer = till.booth.api.post("/v1/redrives", {"since": periods.wire(began)}, ADMIN)
    pump()
    run = till.booth.api.get(f"/v1/runs/{answer['id']}", ADMIN)
    assert (run["status"], run["counts"]["failed"]) == ("done", 0)
    after = kept()
    assert {place: after.get(place) for place in before} == before
    others = {(table, key.partition(":")[0]) for table, key, _ in after.keys() - before.keys()}
    assert others == {("office-entries", "actor"), ("office-entries", "request")}, "of the redrive itself"

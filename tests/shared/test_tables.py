"""Rows, their columns and what is asked of them: PynamoDB's, by a shorter way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from pynamodb.attributes import UnicodeAttribute
from pynamodb.connection.base import Connection
from pynamodb.exceptions import AttributeNullError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action, Update
from pynamodb.models import Model

from chalicelib.shared import tables
from chalicelib.shared.columns import Document, Instant, PlainText, WholeNumber, added, put, removed
from chalicelib.shared.errors import Unreadable
from chalicelib.shared.tables import Row

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
VALUES: dict[str, Any] = {"name": "a", "part": 3, "number": -7, "since": NOW, "status": "open", "note": [1, 2]}


class _Columns:
    name = PlainText(hash_key=True)
    part = WholeNumber(range_key=True)
    number = WholeNumber(default=0)
    since = Instant(null=True)
    status = PlainText(attr_name="state")
    note = Document[list[int]](list[int], null=True)
    free = UnicodeAttribute(null=True)


class Ours(_Columns, Row):
    class Meta:
        table_name = "things"


class Theirs(_Columns, Model):
    class Meta:
        table_name = "things"


@pytest.mark.parametrize("left_out", [(), ("since", "note"), ("number",), ("since",)])
def test_a_row_is_the_item_that_pynamodb_makes_of_it(left_out: tuple[str, ...]) -> None:
    values = {name: value for name, value in VALUES.items() if name not in left_out}
    ours, theirs = Ours(**values), Theirs(**values)
    assert ours.attribute_values == theirs.attribute_values
    assert ours.serialize() == theirs.serialize()
    assert (
        Ours.from_raw_data(ours.serialize()).attribute_values == Theirs.from_raw_data(ours.serialize()).attribute_values
    )


def test_a_row_by_its_key_has_the_defaults_and_nothing_else() -> None:
    assert Ours("a", 3).attribute_values == Theirs("a", 3).attribute_values == {"name": "a", "part": 3, "number": 0}


def test_a_row_without_a_value_it_needs_is_not_written_and_one_with_another_value_not_read() -> None:
    with pytest.raises(AttributeNullError, match="status"):
        Ours("a", 3).serialize()
    with pytest.raises(ValueError, match="colour"):
        Ours("a", 3, colour="red")
    with pytest.raises(Unreadable):
        Ours.from_raw_data({"name": {"S": "a"}, "number": {"S": "7"}})


@pytest.mark.parametrize(
    "asked",
    [
        lambda row, path: row.number == 5,
        lambda row, path: row.number < -5,
        lambda row, path: row.number <= 5,
        lambda row, path: row.since > NOW,
        lambda row, path: row.since >= NOW,
        lambda row, path: (row.status == "open") & (row.number >= 5) & (row.number == 5),
        lambda row, path: row.name.does_not_exist() | (row.since == NOW),
        lambda row, path: row.number == row.part,
        lambda row, path: row.status == path("status"),
        lambda row, path: row.number.set(5),
        lambda row, path: row.status.set("open"),
        lambda row, path: row.number.set(row.part + 1),
        lambda row, path: row.number.add(-5),
        lambda row, path: row.note.set([1]),
    ],
)
def test_a_condition_and_an_update_are_in_the_words_that_pynamodb_finds(asked: Callable[[Any, Any], Any]) -> None:
    class OfPynamoDB:
        """The same columns, each looked at by PynamoDB itself."""

        def __getattr__(self, column: str) -> Path:
            return Path(getattr(Theirs, column))

    said = []
    for row in (Ours, OfPynamoDB()):
        names: dict[str, str] = {}
        values: dict[str, Any] = {}
        said.append((asked(row, Path).serialize(names, values), names, values))
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (added("d07", -3), Path("d07").add(-3)),
        (put("due_at", 5), Path("due_at").set(5)),
        (removed("due_at"), Path("due_at").remove()),
    ],
)
def test_a_change_of_a_column_by_its_name_is_in_the_words_that_pynamodb_finds(ours: Action, theirs: Action) -> None:
    said = []
    for action in (ours, theirs):
        names: dict[str, str] = {}
        values: dict[str, Any] = {}
        said.append((Update(action).serialize(names, values), names, values))
    assert said[0] == said[1]


@pytest.mark.parametrize("condition", [None, Ours.number >= 0])
def test_a_row_is_saved_as_pynamodb_saves_it(monkeypatch: pytest.MonkeyPatch, condition: Condition | None) -> None:
    asked: list[dict[str, Any]] = []

    def dispatch(operation: str, data: dict[str, Any]) -> dict[str, Any]:
        asked.append(data)
        return {}

    connection = Connection()
    monkeypatch.setattr(connection, "dispatch", dispatch)
    monkeypatch.setattr(tables, "engine", lambda: connection)
    Ours(**VALUES).save(condition)
    Model.save(Ours(**VALUES), condition)
    ours, theirs = ({name: one[name] for name in one if name != "ReturnConsumedCapacity"} for one in asked)
    assert ours == theirs


def test_an_action_of_a_transaction_names_what_it_asks_and_changes() -> None:
    row = Ours(**VALUES)
    assert row.put_action(Ours.name.does_not_exist()) == {
        "TableName": "things",
        "Item": row.serialize(),
        "ConditionExpression": "attribute_not_exists (#0)",
        "ExpressionAttributeNames": {"#0": "name"},
    }
    assert Ours("a", 3).update_action([Ours.number.add(1)], Ours.number >= 0, tells_old=True) == {
        "TableName": "things",
        "Key": {"name": {"S": "a"}, "part": {"N": "3"}},
        "ConditionExpression": "#0 >= :0",
        "UpdateExpression": "ADD #0 :1",
        "ExpressionAttributeNames": {"#0": "number"},
        "ExpressionAttributeValues": {":0": {"N": "0"}, ":1": {"N": "1"}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }

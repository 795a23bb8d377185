"""Nothing that anybody can lengthen lives without a bound in an item: every list in every table, by its type."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
from msgspec import inspect

import chalicelib
from chalicelib.credit.rules.pack import MOST_DOCUMENT_BYTES
from chalicelib.deposits.rules.kept_days import MOST_DAYS_BYTES, MOST_TOTALS_BYTES
from chalicelib.deposits.rules.published import MOST_TERMS_BYTES
from chalicelib.shared.bounds import MOST_ITEM_BYTES
from chalicelib.shared.columns import Document, Packed
from chalicelib.shared.tables import Row

OUR_OWN: Final[dict[str, tuple[int, str]]] = {
    # written by us alone, about as much as there is to say: no caller lengthens them
    "ClosingPartRow.body.sums": (500, "accounts and currencies"),
    "ClosingRow.body.findings.sums": (500, "accounts and currencies"),
    "ClosingRow.body.differences": (500, "accounts and currencies"),
    "ClosingRow.body.unitemised": (200, "suspense accounts and currencies"),
    "ClaimRow.body.decisions[].drafted.findings": (8, "the rules of the book that can apply to one claim"),
    "ClaimRow.body.decisions[].drafted.findings[].numbers": (6, "what a rule reckons with"),
    "ClaimRow.body.decisions[].drafted.remaining_remedies": (4, "those the policy knows"),
    "ClaimRow.body.decisions[].verdict.findings": (8, "as drafted"),
    "ClaimRow.body.decisions[].verdict.findings[].numbers": (6, "as drafted"),
    "ClaimRow.body.decisions[].verdict.remaining_remedies": (4, "as drafted"),
    "DepositRow.body.days[]()": (24, "weighed as a whole, with all days"),
    "DepositRow.body.adjustment.totals": (200, "weighed as a whole"),
    "DepositRow.body.snapshots[].totals": (200, "weighed as a whole"),
    "RulebookRow.body.previews": (3, "the last ones"),
    "RulebookRow.body.previews[].tally.by_category": (100, "categories of the first level"),
    "RulebookRow.body.previews[].tally.by_tier": (100, "tiers of a book"),
    "RulebookRow.body.previews[].tally.most_affected": (50, "the first ones"),
    "SupplierRow.drawn": (40, "one for each currency"),
    "PageRow.days": (31, "the days of a month"),
    "BankRow.behaviours": (100, "levers of the sandbox, none in production"),
    # runs: a job's counts and names, and what its shards set aside, which the shard's own bound keeps short
    "RunRow.body.counts": (50, "kinds of results"),
    "RunRow.body.about": (20, "what a job keeps of its run"),
    "RunRow.body.retry_shards": (1000, "shards"),
    "RunRow.checkpoint.counts": (50, "kinds of results"),
    "RunRow.checkpoint.failures": (200, "what one shard set aside"),
    "RunRow.checkpoint.files": (100, "what one shard wrote"),
    "RunRow.progress": (20, "kinds of progress"),
    "RunRow.result.counts": (50, "kinds of results"),
    "RunRow.result.failures": (200, "what one shard set aside"),
    "RunRow.result.files": (100, "what one shard wrote"),
    # an entry tells of one change
    "JournalRow.document.by.duties": (10, "duties"),
    "JournalRow.document.event.payload": (60, "what one event tells"),
    "JournalRow.document.event.postings": (220, "two for each payment of an order, and the sources of a refund"),
    "JournalRow.document.event.payment_orders": (110, "one for each payment of an order"),
    "JournalRow.document.also": (2, "a claim's order"),
}
"""Lists that no field can bear a note of, by row and path: how many at most, and why."""
WHOLE: Final = {
    "PackRow.body.document": MOST_DOCUMENT_BYTES,
    "RulebookRow.body.published.terms": MOST_TERMS_BYTES,
    "DepositRow.body.days": MOST_DAYS_BYTES,
    "DepositRow.body.adjustment.totals": MOST_TOTALS_BYTES,
    "DepositRow.body.snapshots[].totals": MOST_TOTALS_BYTES,
}
"""Documents that a rule weighs as a whole."""
AN_ID: Final = 64
"""Characters of a text that nobody writes: ids, codes, hashes."""


@dataclass(frozen=True)
class List:
    """A list as it is found in a table's form."""

    path: str
    most: int | None
    literals: bool


def _rows(of: type[Row] = Row) -> Iterator[type[Row]]:
    for row in of.__subclasses__():
        if row.__module__.startswith("chalicelib."):
            yield row
        yield from _rows(row)


def _forms() -> list[tuple[str, Any]]:
    """Every document of every table: row and column, and its type."""
    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        importlib.import_module(module.name)
    found: list[tuple[str, Any]] = []
    for row in sorted(set(_rows()), key=lambda each: each.__name__):
        for name, column in row.get_attributes().items():
            if isinstance(column, Packed):
                found.append((f"{row.__name__}.{name}", column.form))
            elif isinstance(column, Document):
                found.append((f"{row.__name__}.{name}", column._decoder.type))
    return found


FORMS: Final = _forms()


def _noted(form: inspect.Type) -> tuple[inspect.Type, dict[str, Any]]:
    """A type without the notes at its field, and the notes."""
    return (form.type, form.extra or {}) if isinstance(form, inspect.Metadata) else (form, {})


def _lists(form: inspect.Type, path: str) -> Iterator[List]:
    form, notes = _noted(form)
    match form:
        case inspect.ListType() | inspect.VarTupleType() | inspect.SetType() | inspect.FrozenSetType():
            item, _ = _noted(form.item_type)
            yield List(path, notes.get("most", form.max_length), isinstance(item, inspect.LiteralType))
            yield from _lists(form.item_type, f"{path}[]")
        case inspect.DictType():
            yield List(path, notes.get("most", form.max_length), False)
            yield from _lists(form.value_type, f"{path}{{}}")
        case inspect.TupleType():
            for part in form.item_types:
                yield from _lists(part, f"{path}()")
        case inspect.UnionType():
            for part in form.types:
                yield from _lists(part, path)
        case inspect.StructType():
            for field in form.fields:
                yield from _lists(field.type, f"{path}.{field.name}")


class Size:
    """The bytes of a value of a type as JSON with all its lists full, each text as long as may be, in characters of four bytes."""

    def __init__(self) -> None:
        self._shared: dict[int, int] = {}

    def of_item(self, form: inspect.Type, path: str) -> int:
        return self.of(form, path) + sum(self._shared.values())

    def of(self, form: inspect.Type, path: str) -> int:
        if path in WHOLE:
            return WHOLE[path]
        form, notes = _noted(form)
        match form:
            case inspect.ListType() | inspect.VarTupleType() | inspect.SetType() | inspect.FrozenSetType():
                return self._of_many(self.of(form.item_type, f"{path}[]") + 1, form, notes, path)
            case inspect.DictType():
                return self._of_many(AN_ID + 4 + self.of(form.value_type, f"{path}{{}}"), form, notes, path)
            case inspect.TupleType():
                return 2 + sum(1 + self.of(part, f"{path}()") for part in form.item_types)
            case inspect.UnionType():
                return max(self.of(part, path) for part in form.types)
            case inspect.StructType():
                return 2 + sum(
                    len(field.encode_name) + 4 + self.of(field.type, f"{path}.{field.name}") for field in form.fields
                )
            case inspect.StrType():
                return 2 + (4 * notes["characters"] if "characters" in notes else form.max_length or AN_ID)
            case inspect.IntType(le=int()):
                return len(str(form.le))
            case inspect.LiteralType():
                return 2 + max(len(str(value)) for value in form.values)
            case inspect.DateTimeType():
                return 34
            case inspect.AnyType():
                return 4 * AN_ID
            case _:
                return 18

    def _of_many(self, each: int, content: Any, notes: dict[str, Any], path: str) -> int:
        if notes.get("together"):
            self._shared[id(content)] = each * notes["together"]
            return 2
        number = OUR_OWN[path][0] if path in OUR_OWN else notes.get("most", content.max_length)
        item, _ = _noted(getattr(content, "item_type", content))
        if number is None and isinstance(item, inspect.LiteralType):
            number = len(item.values)
        assert number is not None, path
        return 2 + int(number) * each


def test_every_list_in_every_table_names_its_bound() -> None:
    unbounded = [
        found.path
        for path, form in FORMS
        for found in _lists(inspect.type_info(form), path)
        if found.most is None and not found.literals and found.path not in OUR_OWN
    ]
    assert unbounded == []


def test_what_is_written_down_of_our_own_lists_is_there() -> None:
    paths = {found.path for path, form in FORMS for found in _lists(inspect.type_info(form), path)}
    assert OUR_OWN.keys() <= paths


@pytest.mark.parametrize(("path", "form"), FORMS, ids=[path for path, _ in FORMS])
def test_an_item_with_all_its_lists_full_has_room_left(path: str, form: Any) -> None:
    """However long every list and every text is: the clock, banks and officers can still write to it."""
    assert Size().of_item(inspect.type_info(form), path) < MOST_ITEM_BYTES

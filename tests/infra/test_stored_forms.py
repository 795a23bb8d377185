"""Data of another checkout is refused by name, with what to do about it, and never touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.local.resources import declared
from infra.local.stored_forms import CHANGES, FROM_THE_JOURNAL, PRESENT, Misread, StoredForms


def written(data: Path, number: int | None) -> StoredForms:
    data.mkdir()
    (data / "shared.db").write_text("items")
    if number is not None:
        (data / "forms").write_text(str(number))
    return StoredForms(data)


def test_new_data_gets_the_present_number_and_is_read_from_then_on(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert StoredForms(data).older(is_redriven=False) == ()
    (data / "shared.db").write_text("items")
    assert StoredForms(data).older(is_redriven=False) == ()


@pytest.mark.parametrize("number", [None, *range(PRESENT)])
def test_older_data_is_refused_with_what_changed_since_and_what_to_do(tmp_path: Path, number: int | None) -> None:
    forms = written(tmp_path / "data", number)
    with pytest.raises(Misread) as refused:
        forms.older(is_redriven=False)
    said = str(refused.value)
    for change in CHANGES:
        assert all((name in said) is (change.number > (number or 0)) for name in (change.what, *change.tables))
    assert f"mv {tmp_path / 'data'} " in said
    assert "make run REDRIVE=1" in said
    assert (tmp_path / "data" / "shared.db").read_text() == "items"


def test_older_data_is_made_again_and_bears_the_present_number_only_then(tmp_path: Path) -> None:
    forms = written(tmp_path / "data", 1)
    for _ in range(2):
        assert forms.older(is_redriven=True) == CHANGES[1:]
    forms.keep()
    assert forms.older(is_redriven=False) == ()


def test_newer_data_is_refused_whatever_is_asked(tmp_path: Path) -> None:
    for is_redriven in (False, True):
        with pytest.raises(Misread, match="newer checkout"):
            written(tmp_path / f"data-{is_redriven}", PRESENT + 1).older(is_redriven=is_redriven)


def test_changes_are_numbered_one_by_one_and_name_tables_that_there_are() -> None:
    assert [change.number for change in CHANGES] == [*range(1, PRESENT + 1)]
    there = {
        str(table["TableName"]).removeprefix("surety-x-") for table in declared("AWS::DynamoDB::Table", "x").values()
    }
    assert set(FROM_THE_JOURNAL) <= there

"""Nominations in bulk: a file with the care of the history import, each row once, what will not do named by line and column."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalicelib.channels.rules.nomination_file import COLUMNS, nomination_fact
from chalicelib.daybook.rules.reading import Unreadable
from tests.channels.country import FEEDS, JETRO, KOTRA, Country, korea
from tests.daybook.importing import imported, opened, rejected
from tests.world import Pump, token

__all__ = ["korea"]

EXAMPLE = Path(__file__).parents[2] / "examples" / "nominations.csv"


def content(korea: Country, change: Callable[[str], str] = lambda text: text) -> bytes:
    return change(EXAMPLE.read_text()).replace("CHANNEL", korea.channel_id).encode()


def names(korea: Country) -> list[str]:
    return [each["legal_name"] for each in korea.api.get("/v1/nominations", KOTRA)["items"]]


@pytest.mark.parametrize("times", [1, 2])
def test_each_row_becomes_a_draft_once_however_often_its_messages_come(korea: Country, pump: Pump, times: int) -> None:
    done = imported(korea.api, KOTRA, pump, content(korea), times=times, kind="nominations")
    assert (done["status"], done["kind"], rejected(done)) == ("done", "nominations", [])
    assert done["counts"] == {"new": 3, "known": 0, "updated": 0, "refused": 0}
    assert sorted(names(korea)) == sorted(["한빛의류 주식회사", "金성무역", "김철수 상사"])
    [hanbit] = korea.api.get("/v1/nominations?name=hanbit apparel co., ltd.", KOTRA)["items"]
    assert (hanbit["status"], hanbit["categories"], hanbit["agency_id"]) == (
        "draft",
        ["clothing", "jewellery"],
        "kotra",
    )
    again = imported(korea.api, KOTRA, pump, content(korea), kind="nominations")
    assert again["counts"] == {"new": 0, "known": 3, "updated": 0, "refused": 0}


def test_names_in_parts_in_compatibility_form_and_in_utf_16_are_the_same_suppliers(korea: Country, pump: Pump) -> None:
    imported(korea.api, KOTRA, pump, content(korea), kind="nominations")
    text = unicodedata.normalize("NFD", content(korea).decode()).replace("金", "\uf90a").replace("123-45", "１２３-45")
    other = imported(korea.api, KOTRA, pump, text.replace("\n", "\r\n").encode("utf-16"), kind="nominations")
    assert other["counts"] == {"new": 0, "known": 2, "updated": 0, "refused": 1}
    assert rejected(other) == ["2,registration_number,nominated_already"]
    assert len(names(korea)) == 3


def test_what_will_not_do_is_named_by_line_and_column_and_the_rest_is_taken(korea: Country, pump: Pump) -> None:
    rows = [
        {"registration_number": ""},
        {"legal_name": "\u3164"},
        {"categories": "Tea & more"},
        {"mailbox": "nobody"},
        {"categories": "tea"},
        {"channel_id": "chn_nowhere"},
        {"registration_number": "777"},
        {"registration_number": "7-7-7", "vouching": "Otherwise."},
    ]
    header, first, *_ = EXAMPLE.read_text().splitlines()
    whole = {
        "channel_id": "CHANNEL",
        "legal_name": "한빛",
        "romanised_name": "Hanbit",
        "registration_number": "",
        "categories": "clothing",
        "mailbox": "export@hanbit.example",
        "telephone": "",
        "vouching": "Known.",
        "member_id": "",
    }
    lines = [
        ",".join((whole | {"registration_number": f"9-{number}"} | row).values()) for number, row in enumerate(rows)
    ]
    done = imported(
        korea.api, KOTRA, pump, content(korea, lambda text: "\n".join([header, *lines, first])), kind="nominations"
    )
    assert (done["status"], done["counts"]["new"]) == ("done", 2)
    assert rejected(done)[:6] == [
        "2,registration_number,missing_value",
        "3,legal_name,bad_value",
        "4,categories,bad_value",
        "5,mailbox,bad_value",
        "6,categories,category_not_in_channel",
        "7,channel_id,unknown_channel",
    ]
    assert rejected(done)[6:] in (
        ["8,registration_number,nominated_already"],
        ["9,registration_number,nominated_already"],
    )


def test_a_closed_channel_and_another_countrys_take_no_row(korea: Country, pump: Pump) -> None:
    other = imported(korea.api, JETRO, pump, content(korea), kind="nominations")
    assert {each.partition(",")[2] for each in rejected(other)} == {"channel_id,unknown_channel"}
    korea.on_channel("close", {"reason": "The agreement has ended."})
    closed = imported(korea.api, KOTRA, pump, content(korea), kind="nominations")
    assert {each.partition(",")[2] for each in rejected(closed)} == {"channel_id,channel_takes_no_suppliers"}
    assert names(korea) == []


def test_agencies_import_nominations_and_nothing_else_and_see_their_own_imports(korea: Country) -> None:
    import_id = opened(korea.api, KOTRA, "nominations")
    path = f"/v1/imports/{import_id}"
    assert [korea.api.get(path, by).status for by in (KOTRA, FEEDS, JETRO)] == [200, 200, 404]
    for kind, by in (("trade_history", KOTRA), ("exports", KOTRA), ("nominations", FEEDS)):
        refused = korea.api.post("/v1/imports", {"kind": kind}, by)
        assert (refused.status, refused["code"]) == (422, "anothers_file")
    assert korea.api.post("/v1/imports", {"kind": "nominations"}, token("member", korea.firm())).status == 403


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"telephone": "call us"}, "telephone"),
        ({"categories": " ".join(f"c{number}" for number in range(21))}, "categories"),
        ({"romanised_name": "x" * 201}, "romanised_name"),
        ({"vouching": "a\u202eb"}, "vouching"),
    ],
)
def test_a_value_is_judged_as_the_endpoint_judges_it(changed: dict[str, Any], column: str) -> None:
    values = dict.fromkeys(COLUMNS, "x") | {"categories": "tea", "mailbox": "a@b", "telephone": "1"} | changed
    with pytest.raises(Unreadable) as wrong:
        nomination_fact(values, "imp_1:2")
    assert wrong.value.column == column

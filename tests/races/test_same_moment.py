"""What is due at one moment, as deadlines at the end of a business day are: an index has it in an order of its own, and no list leaves any of it out."""

from __future__ import annotations

from itertools import islice
from typing import Any, Final

import pytest
from msgspec.structs import replace

from chalicelib.dead_letters import records as dead_letters
from chalicelib.dead_letters import rules
from chalicelib.office.records.work import WorkRow
from chalicelib.office.rules.things import THINGS
from chalicelib.registry import MACHINES
from chalicelib.shared import due
from chalicelib.shared.periods import to_ms
from tests.races.conftest import ParallelApi
from tests.world import START, token

pytestmark = pytest.mark.engine

MANY: Final = 30
A_PAGE: Final = 7


def test_a_walk_over_what_is_due_goes_on_behind_the_very_item_it_stopped_at(tables: Any) -> None:
    """Over the index of every machine, with what was pushed back and what is quarantined, and with neighbours before and after."""
    for row in {machine.row for machine in MACHINES if machine.row._range_keyname is None}:
        key = row._hash_keyname
        planted = set[str]()
        for number, part in enumerate((*due.PARTS, due.QUARANTINED) * 4):
            at = to_ms(START) + (number % 8 == 0) - (number % 9 == 0)
            item = {"due_shard": {"N": str(part)}, "due_at": {"N": str(at)}, key: {"S": f"thing_{number}"}}
            tables.put_item(TableName=row.Meta.table_name, Item=item)
            planted.add(f"thing_{number}")
        walked = list[due.Place]()
        while page := list(islice(due.every(row, walked[-1] if walked else None), A_PAGE)):
            walked += page
        assert len(walked) == len(planted), row
        assert {name for *_, name in walked} == planted, row
        assert [at for at, *_ in walked] == sorted(at for at, *_ in walked), row


@pytest.mark.parametrize(
    "asked", ["", "&kind=application", "&assignee=somebody", "&due_before=2026-03-02T02:15:00.001Z"]
)
def test_officers_see_all_their_work_however_much_of_it_is_due_at_one_moment(
    api: ParallelApi, officer: str, asked: str
) -> None:
    expected = {f"{prefix}{number}" for prefix in ("app_", "rci_") for number in range(MANY)}
    for name in expected:
        thing = THINGS[name[:3]]
        WorkRow(
            name,
            version=2,
            record=name,
            kind=thing.kind,
            status="submitted",
            deadline="screening",
            owner="officer",
            waiting_in=thing.queue,
            has_deadline=1,
            since=START,
            due_at=START,
            assignee="somebody",
        ).save()
    for number in range(MANY):
        letter = rules.first("orders.day-book", "change", str(number), "", START, written_at=None)
        dead_letters.put(replace(letter, due_at=START))
    letters = {rules.id_of("orders.day-book", str(number)) for number in range(MANY)}
    if "kind" in asked:
        expected = {name for name in expected if name.startswith("app_")}
    elif "assignee" not in asked:
        expected |= letters
    assert walked(api, f"/v1/work?limit={A_PAGE}{asked}", officer) == sorted(expected)
    assert walked(api, f"/v1/dead-letters?limit={A_PAGE}", officer) == sorted(letters)


def test_a_cursor_that_holds_no_place_is_refused(api: ParallelApi) -> None:
    """Such as one that an earlier release gave out."""
    from chalicelib.shared import pages
    from chalicelib.shared.request import Caller

    caller = Caller(sub="officer-1", role="officer")
    for of, path in (
        ("dead-letters", "/v1/dead-letters"),
        ("deposits:False", "/v1/deposits"),
        ("work:None:None:None", "/v1/work"),
    ):
        for told in ([to_ms(START), "ord_1"], {"at": 1, "id": "x"}, 5):
            cursor = pages.encode_cursor(told, caller, of)
            reply = api.get(f"{path}?cursor={cursor}", token("officer", "officer-1", "admin"))
            assert (reply.status, reply["code"]) == (400, "bad_cursor"), (path, reply.body)


def walked(api: ParallelApi, path: str, by: str) -> list[str]:
    """The ids of a list, page by page, in alphabetical order."""
    found, cursor = list[str](), ""
    while True:
        page = api.get(f"{path}{cursor}", by)
        assert page.status == 200, page.body
        found += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            return sorted(found)
        cursor = f"&cursor={page['next_cursor']}"

"""Work: what waits for officers, of every machine, and who sees to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest

from chalicelib import slices
from chalicelib.office.records import work as records
from chalicelib.office.rules.task import OFFICERS, REJECTED_ROWS, Task
from chalicelib.office.rules.things import THINGS, Thing
from chalicelib.office.service import homes
from chalicelib.registry import MACHINES
from chalicelib.shared import clock
from chalicelib.shared.http import Endpoint
from chalicelib.shared.periods import wire
from tests.due import Planter
from tests.world import Api, StandingClock, Streams, token

ADMIN: Final = token("officer", "officer-1", "admin")
CLAIMS: Final = token("officer", "officer-3", "claims")
PLANTED: Final = (
    "cases",
    "scores",
    "reconciliation-items",
    "peer-reports",
    "alerts",
    "sanctions",
    "trainings",
    "appeals",
)
"""Machines whose new items wait for an officer, and take no long story to come by."""


def machine(name: str) -> Any:
    return next(each for each in MACHINES if each.name == name)


@pytest.fixture
def planted(planter: Planter, streams: Streams) -> dict[str, str]:
    """A thing of each of these machines, by its machine's name, and what the journal's stream made of them."""
    made = {name: planter(machine(name)) for name in PLANTED}
    streams(tables=["journal"])
    return made


def work_of(api: Api, query: str = "", by: str = ADMIN) -> dict[str, dict[str, Any]]:
    reply = api.get(f"/v1/work{query}", by)
    assert reply.status == 200, reply.body
    return {item["id"]: item for item in reply["items"]}


def first_deadline(of: str, name: str) -> Any:
    """The first deadline that an officer has to meet, as the machine itself says."""
    aggregate = machine(of).aggregate
    loaded = aggregate.load(name, clock.now())
    running = aggregate.machine.deadlines(loaded.state, loaded.context)
    return next((each for each in running if each.owner in OFFICERS), None)


def test_what_waits_for_officers_is_listed_by_when_it_is_due_whatever_it_is(api: Api, planted: dict[str, str]) -> None:
    reply = api.get("/v1/work?limit=100", ADMIN)
    items = {item["id"]: item for item in reply["items"]}
    deadlines = {name: first_deadline(of, name) for of, name in planted.items() if of != "appeals"}
    appeal = items.pop(f"supplier:{planted['appeals']}")
    assert appeal["deadline"] == "appeal_decision"
    assert items.keys() == {name for name, deadline in deadlines.items() if deadline}
    assert [item["due_at"] for item in reply["items"]] == sorted(item["due_at"] for item in reply["items"])
    for name, item in items.items():
        assert (item["deadline"], item["due_at"]) == (deadlines[name].name, wire(deadlines[name].due_at))
    for item in (*items.values(), appeal):
        assert api.get(item["href"], ADMIN)["status"] == item["status"], "it is done where the item says"
    about = {item["kind"]: item["subject"] for item in (*items.values(), appeal)}
    assert about == {
        "alert": "supplier",
        "case": "buyer",
        "reconciliation_item": None,
        "score": "supplier",
        "supplier": "Appeals",
    }
    counted = {each["kind"]: each["open"] for each in reply["counts"] if each["open"]}
    assert counted == {item["kind"]: 1 for item in reply["items"]}


def test_what_is_done_is_work_no_more_and_an_officer_sees_what_its_duties_are_for(
    api: Api, planted: dict[str, str], streams: Streams
) -> None:
    mine = work_of(api, by=CLAIMS)
    assert {item["kind"] for item in mine.values()} == {"case"}, "the only kind that the duty claims is for"
    case = planted["cases"]
    assert api.post(f"/v1/cases/{case}/resolve", {"outcome": "answered", "text": "Done."}, CLAIMS).status == 200
    streams(tables=["journal"])
    assert case not in work_of(api)
    streams.forget()
    streams(tables=["journal"])
    assert case not in work_of(api), "told twice, late and from the beginning"


def test_a_list_of_work_is_narrowed_and_goes_on_where_it_left_off(
    api: Api, planted: dict[str, str], time: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [item["id"] for item in api.get("/v1/work?limit=100", ADMIN)["items"]]
    paged, path = [], "/v1/work?limit=2"
    while path:
        reply = api.get(path, ADMIN)
        paged += [item["id"] for item in reply["items"]]
        assert bool(reply["counts"]) == (path == "/v1/work?limit=2"), "counts come with the first page"
        path = f"/v1/work?limit=2&cursor={reply['next_cursor']}" if reply["next_cursor"] else ""
    assert paged == whole
    middle = api.get("/v1/work?limit=100", ADMIN)["items"][3]["due_at"]
    before = work_of(api, f"?due_before={middle.replace('+', '%2B')}")
    assert list(before) == [name for name in whole[:3] if name in before]
    assert before
    assert set(work_of(api, "?kind=case")) == {planted["cases"]}
    time.advance(days=400)
    assert all(item["is_overdue"] for item in work_of(api).values())
    counts = api.get("/v1/work", ADMIN)["counts"]
    assert all(each["overdue"] == each["open"] for each in counts)
    monkeypatch.setattr(records, "AT_ONCE", 1)
    assert api.get("/v1/work", ADMIN)["counts"] == counts, "those of many are counted by the engine"


@pytest.mark.parametrize("at_once", [100, 1])
def test_what_waits_without_a_deadline_is_overdue_in_no_count(
    aws: None, time: StandingClock, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(records, "AT_ONCE", at_once)
    thing, now = THINGS["imp"], clock.now()
    records.keep("imp_1", "imp_1", 1, thing, Task(status="done", deadline=REJECTED_ROWS), now)
    records.keep("imp_2", "imp_2", 1, thing, Task(status="done", deadline="by_then", due_at=now), now)
    assert records.counts(thing.kind, now + timedelta(days=1)) == (2, 1)
    assert records.counts(thing.kind, now) == (2, 1), "due now is overdue, as the thing itself says"


def test_work_is_given_to_an_officer_taken_back_and_found_by_who_sees_to_it(
    api: Api, planted: dict[str, str], streams: Streams
) -> None:
    item = planted["reconciliation-items"]
    path = f"/v1/work/{item}/assignment"
    first = api.post(path, {"assignee": "me"}, ADMIN, key="mine")
    assert (first.status, first["assignee"]) == (200, "officer-1")
    assert api.post(path, {"assignee": "me"}, ADMIN, key="mine").raw == first.raw
    assert set(work_of(api, "?assignee=me")) == {item}
    assert item not in work_of(api, "?assignee=nobody")
    assert work_of(api, "?assignee=me", token("officer", "officer-9", "admin")) == {}
    streams.forget()
    streams(tables=["journal"])
    assert set(work_of(api, "?assignee=officer-1")) == {item}, "telling of the item again takes it from nobody"
    assert api.post(path, {"assignee": None}, ADMIN)["assignee"] is None
    assert work_of(api, "?assignee=me") == {}
    assert api.post(path, {"assignee": "me"}, CLAIMS).status == 404, "no duty of the caller's is for it"
    assert api.post(path, {"assignee": "me"}, ADMIN, If_Match='"99"').status == 409


def test_who_has_a_case_says_the_case(api: Api, planted: dict[str, str], streams: Streams) -> None:
    case = planted["cases"]
    refused = api.post(f"/v1/work/{case}/assignment", {}, ADMIN)
    assert (refused.status, refused["code"]) == (409, "assigned_at_the_thing")
    assert api.post(refused["action"], {}, ADMIN).status == 200
    streams(tables=["journal"])
    assert set(work_of(api, "?assignee=me")) == {case}


def test_what_needs_doing_does_not_end_by_being_looked_at(api: Api, planted: dict[str, str]) -> None:
    refused = api.post(f"/v1/work/{planted['cases']}/completion", None, ADMIN)
    assert (refused.status, refused["code"]) == (409, "ends_with_its_deadline")


def test_an_unknown_kind_of_work_is_refused_by_name_with_the_kinds_there_are(api: Api) -> None:
    refused = api.get("/v1/work?kind=claims", ADMIN)
    assert (refused.status, refused["code"]) == (400, "unknown_work_kind")
    assert "claim" in refused["kinds"]


def test_every_machine_with_a_deadline_for_officers_is_a_kind_of_work() -> None:
    waiting = {
        each.rules.table.kind
        for each in MACHINES
        if each.rules and any(timer.owner in OFFICERS for timer in each.rules.timers)
    }
    assert waiting <= {thing.kind for thing in THINGS.values() if thing.done_by}
    for prefix, thing in THINGS.items():
        aggregate = homes.aggregate_of(prefix)
        assert aggregate is None or aggregate.machine.table.kind == thing.kind


def test_a_thing_is_open_to_whom_its_own_endpoint_lets_in_and_work_to_whom_its_actions_do() -> None:
    for prefix, thing in THINGS.items():
        [read] = [each for each in _endpoints_of(thing) if each.method == "GET"]
        assert read.public or read.by.duties == frozenset(thing.seen_by), prefix
        acts = [each.by.duties or frozenset() for each in _endpoints_of(thing) if each.method == "POST"]
        is_acted_on_there = not thing.is_noted and thing.kind != "dead_letter"
        assert not (thing.done_by and is_acted_on_there) or any(each <= set(thing.done_by) for each in acts), prefix


def _endpoints_of(thing: Thing) -> list[Endpoint]:
    """The endpoint of a thing, and those of its actions that officers may call."""
    first, depth = thing.path.partition("{")[0], thing.path.count("/")
    return [
        each
        for routes in slices.every()
        for each in routes.endpoints
        if (each.method == "GET" and each.path.count("/") == depth and _is(each.path, thing.path))
        or (each.method == "POST" and each.path.startswith(f"{first}{{") and "officer" in each.by.roles)
    ]


def _is(path: str, pattern: str) -> bool:
    """Whether a route's path is the pattern of a thing's, whatever the route calls the id."""
    return path.partition("{")[0] == pattern.partition("{")[0] and ("{" in path) == ("{" in pattern)

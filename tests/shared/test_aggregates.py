"""What the kernel does with state machines that recoveries do not need: parents, siblings, effects, drafts. On two tables that are there."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

import pytest
from msgspec import Struct
from msgspec.structs import replace
from pynamodb.attributes import UnicodeAttribute

from chalicelib.shared import journal
from chalicelib.shared.aggregates import Aggregate, AggregateRow, Loaded, Repository
from chalicelib.shared.columns import Packed, WholeNumber
from chalicelib.shared.commit import Joined, Update
from chalicelib.shared.errors import NotAllowed, NotFound, WriteConflict
from chalicelib.shared.journal import Also, Event, Posting, transfer
from chalicelib.shared.pages import Paging
from chalicelib.shared.request import CLOCK, Caller, RequestContext, Stale
from chalicelib.shared.state_machine import Change, Effect, InvalidTransition, StateMachine, Table, Timer, Transition
from chalicelib.shared.tables import Row, find_together, table_name
from tests.stopping import counted

NOW: Final = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
DAY: Final = timedelta(days=1)
OWNER: Final = Caller(sub="mem_1", role="member")
OFFICER: Final = Caller(sub="officer-1", role="officer", duties=("parcels",))
OPEN: Final = frozenset({"draft", "waiting"})


class Shelf(Struct, frozen=True, kw_only=True):
    """A parent that parcels change: so many places are taken. `seq` counts its own entries."""

    id: str
    status: str = "open"
    version: int = 1
    seq: int = 1
    entry_hash: str = ""
    recent: tuple[str, ...] = ()
    updated_at: datetime = NOW
    policy: str = ""
    taken: int = 0
    parcels: tuple[str, ...] = ()


class Parcel(Struct, frozen=True, kw_only=True):
    id: str
    shelf_id: str
    status: str = "waiting"
    version: int = 1
    entry_hash: str = ""
    recent: tuple[str, ...] = ()
    updated_at: datetime = NOW
    policy: str = ""
    until: datetime
    seq: int = 1


class Context(Struct, frozen=True, kw_only=True):
    shelf: Shelf
    fee_minor: int = 0


class Fee(Effect, frozen=True, kw_only=True):
    till: str
    minor: int

    @property
    def target(self) -> str:
        return self.till

    @property
    def postings(self) -> tuple[Posting, ...]:
        return transfer(self.minor, "USD", debit_to=("cash", self.till), credit_to=("fees", self.till))


class ShelfRow(AggregateRow):
    class Meta:
        table_name = table_name("orders")

    order_id = UnicodeAttribute(hash_key=True)
    body = Packed(Shelf)


class ParcelRow(AggregateRow):
    class Meta:
        table_name = table_name("recoveries")

    recovery_id = UnicodeAttribute(hash_key=True)
    body = Packed(Parcel)


class TillRow(Row):
    class Meta:
        table_name = table_name("members")

    member_id = UnicodeAttribute(hash_key=True)
    fees_minor = WholeNumber(null=True)


class NotNow(InvalidTransition):
    code = "not_now"


Actor = Literal["owner", "officer"]
SHELVES: Final = Aggregate[Shelf, tuple[()], Actor](
    name="shelves",
    machine=StateMachine(table=Table[Shelf, tuple[()]](kind="shelf", error=NotNow, transitions=(), ends=frozenset())),
    repository=Repository(ShelfRow),
    context=lambda shelves, now: [() for _ in shelves],
    actor_of=lambda shelf, caller: "officer",
    view=lambda shelf, context, actor, now: shelf,
)
TABLE: Final = Table[Parcel, Context](
    kind="parcel",
    error=NotNow,
    ends=frozenset({"fetched", "returned"}),
    transitions=(
        Transition("put-down", frozenset({"draft"}), frozenset({"owner"}), frozenset({"waiting"})),
        Transition("fetch", frozenset({"waiting"}), frozenset({"owner"}), frozenset({"fetched"})),
        Transition("return", frozenset({"waiting"}), frozenset({"clock"}), frozenset({"returned"})),
    ),
)


def _leave(was: Parcel, context: Context, at: datetime, name: str, status: str, *effects: Effect) -> Change[Parcel]:
    shelf = replace(context.shelf, version=context.shelf.version + 1, taken=context.shelf.taken - 1)
    return TABLE.change(was, name, at, event=status, status=status, also=(shelf,), effects=effects)


def _return(was: Parcel, context: Context, at: datetime) -> Change[Parcel]:
    return _leave(was, context, at, "return", "returned")


def _actor(parcel: Parcel, caller: Caller) -> Actor | None:
    if caller.is_officer:
        return "officer" if parcel.status != "draft" else None
    return "owner" if caller.is_member("mem_1") else None


def _source(name: str, now: datetime) -> Loaded[Parcel, Context] | None:
    parcel, shelf = find_together((ParcelRow, name), (ShelfRow, "shelf_1"))
    return Loaded(parcel.body, Context(shelf=shelf.body)) if parcel and shelf else None


def _siblings(loaded: Loaded[Parcel, Context], now: datetime) -> Sequence[Loaded[Parcel, Context]]:
    shelf = loaded.context.shelf
    names = [name for name in shelf.parcels if name != loaded.state.id]
    return [Loaded(each, loaded.context) for each in PARCELS.repository.load_many(names).values()]


def _contexts(parcels: Sequence[Parcel], now: datetime) -> list[Context | None]:
    shelves = SHELVES.repository.load_many({parcel.shelf_id for parcel in parcels})
    found = (shelves.get(parcel.shelf_id) for parcel in parcels)
    return [Context(shelf=shelf) if shelf else None for shelf in found]


def _take_fees(till: str, effects: Sequence[Fee]) -> Update:
    minor = sum(effect.minor for effect in effects)
    return Update(TillRow(till), [TillRow.fees_minor.add(minor)], guard=~(TillRow.fees_minor > 1_000_000))


def _view(parcel: Parcel, context: Context, actor: Actor, now: datetime) -> View:
    allowed = TABLE.allowed(parcel, actor, context, now)
    return View(id=parcel.id, status=parcel.status, taken=context.shelf.taken, allowed_actions=allowed)


class View(Struct, frozen=True, kw_only=True):
    id: str
    status: str
    taken: int
    allowed_actions: list[str]


def _carry(context: Context, change: Change[Parcel]) -> Context:
    shelf = next((each for each in change.also if isinstance(each, Shelf)), context.shelf)
    return replace(context, shelf=shelf)


PARCELS: Final = Aggregate[Parcel, Context, Actor](
    name="parcels",
    machine=StateMachine(
        table=TABLE,
        timers=(
            Timer("fetching", frozenset({"waiting"}), lambda parcel, _: parcel.until, "owner", "returned", _return),
        ),
    ),
    repository=Repository(ParcelRow),
    context=_contexts,
    source=_source,
    family=_siblings,
    carry=_carry,
    actor_of=_actor,
    view=_view,
    duty="parcels",
    effects={Fee: _take_fees},
    others={Shelf: SHELVES},
    gather=lambda parcel, context, at: replace(context, fee_minor=7),
)


def request(key: str, caller: Caller = OWNER, now: datetime = NOW, **more: Any) -> RequestContext:
    return RequestContext(caller=caller, now=now, request_id="r", key=key, digest="d", **more)


@pytest.fixture
def parcels(aws: None) -> list[str]:
    """Three on one shelf, to be fetched within one, two and three days; the first is a draft still."""
    names = [f"par_{number}" for number in (1, 2, 3)]
    shelf = Shelf(id="shelf_1", taken=3, parcels=tuple(names))
    SHELVES.create(Change(state=shelf, event=Event("shelf.built"), at=NOW), (), request("shelf"))
    for number, name in enumerate(names, 1):
        status = "draft" if number == 1 else "waiting"
        parcel = Parcel(id=name, shelf_id="shelf_1", status=status, until=NOW + number * DAY)
        made = Change(state=parcel, event=Event("parcel.arrived"), at=NOW)
        PARCELS.create(made, Context(shelf=shelf), request(name), "owner")
    return names


def fetch(name: str, **more: Any) -> Any:
    def decide(was: Parcel, context: Context, actor: Actor) -> Change[Parcel]:
        fees = (Fee(till="mem_till", minor=context.fee_minor), Fee(till="mem_till", minor=1))
        return _leave(was, context, NOW, "fetch", "fetched", *(fees if context.fee_minor else ()))

    asked = more.pop("request", request(f"fetch {name}"))
    return PARCELS.execute(name, asked, "fetch", decide, **more)


def shelf() -> Shelf:
    shelf = SHELVES.repository.load("shelf_1")
    assert shelf is not None
    return shelf


def entry_of(state: Parcel | Shelf) -> journal.Entry:
    entry = journal.read(state.recent[-1])
    assert entry is not None
    return entry


def parcel(name: str) -> Parcel:
    parcel = PARCELS.repository.load(name)
    assert parcel is not None
    return parcel


def test_a_command_is_one_read_and_one_transaction_and_answers_with_the_view(parcels: list[str]) -> None:
    with counted() as calls:
        answer = fetch(parcels[1])
    assert calls == ["BatchGetItem", "BatchGetItem", "TransactWriteItems"], "the siblings are the second"
    assert answer.body == b'{"id":"par_2","status":"fetched","taken":2,"allowed_actions":[]}'


def test_a_change_of_two_aggregates_is_one_commit_whose_entry_names_both(parcels: list[str]) -> None:
    was = shelf()
    fetch(parcels[1])
    entry = entry_of(parcel(parcels[1]))
    assert entry.also == (Also("shelf_1", 2),)
    assert (shelf().taken, shelf().version, shelf().seq, shelf().entry_hash) == (2, 2, 1, was.entry_hash)
    assert shelf().recent == (*was.recent, entry.entry_id)
    assert parcel(parcels[1]).entry_hash == entry.entry_hash


def test_two_of_one_kind_may_change_in_one_commit(parcels: list[str]) -> None:
    def swap(was: Parcel, context: Context, actor: Actor) -> Change[Parcel]:
        other = parcel(parcels[2])
        later = replace(other, version=other.version + 1, until=NOW + 99 * DAY)
        return replace(_leave(was, context, NOW, "fetch", "fetched"), also=(later,))

    PARCELS.execute(parcels[1], request("swap"), "fetch", swap)
    assert (parcel(parcels[2]).until, entry_of(parcel(parcels[2])).aggregate_id) == (NOW + 99 * DAY, "par_2")
    assert PARCELS.next_due(parcels[2], NOW) == NOW + 99 * DAY


def test_all_effects_on_a_target_are_one_update_and_are_booked(parcels: list[str]) -> None:
    fetch(parcels[1], funded=True)
    till = TillRow.find("mem_till")
    assert till is not None
    assert till.fees_minor == 8
    assert sum(each.debit_minor for each in entry_of(parcel(parcels[1])).event.postings) == 8


def test_what_sources_of_money_hold_is_read_for_a_preview_as_for_what_is_written(parcels: list[str]) -> None:
    fees: list[int] = []

    def fire(was: Parcel, context: Context, at: datetime) -> Change[Parcel]:
        fees.append(context.fee_minor)
        return _return(was, context, at)

    waiting = frozenset({"waiting"})
    timer = Timer("fetching", waiting, lambda parcel, _: parcel.until, "owner", "returned", fire, funded=True)
    funded = dataclasses.replace(PARCELS, machine=StateMachine(table=TABLE, timers=(timer,)))
    loaded = funded.load(parcels[1], NOW)
    assert loaded is not None
    assert funded.preview_at(loaded, NOW + 2 * DAY).state.status == "returned"
    funded.catch_up(parcels[1], NOW + 2 * DAY)
    assert fees == [7, 7]


def test_an_effect_that_its_event_does_not_book_is_never_written(parcels: list[str]) -> None:
    def unbooked(was: Parcel, context: Context, actor: Actor) -> Change[Parcel]:
        return replace(_leave(was, context, NOW, "fetch", "fetched"), effects=(Fee(till="mem_till", minor=1),))

    with pytest.raises(AssertionError, match="does not book"):
        PARCELS.execute(parcels[1], request("k"), "fetch", unbooked)
    assert parcel(parcels[1]).status == "waiting"


def test_who_may_not_see_it_hears_of_nothing_and_writes_nothing_that_fell_due(parcels: list[str]) -> None:
    stranger, late = Caller(sub="mem_2", role="member"), NOW + 30 * DAY
    for name, caller in ((parcels[1], stranger), (parcels[0], OFFICER), ("par_9", OWNER)):
        with pytest.raises(NotFound, match="There is no parcel"), counted() as calls:
            fetch(name, request=request("k", caller, late))
        assert set(calls) == {"BatchGetItem"}


def test_who_may_never_act_so_is_told_who_may(parcels: list[str]) -> None:
    with pytest.raises(NotAllowed, match="Only the owner may do this"):
        fetch(parcels[1], request=request("k", OFFICER))
    with pytest.raises(NotNow) as raised:
        fetch(parcels[0])
    assert raised.value.numbers["allowed_actions"] == ["put-down"]
    with pytest.raises(Stale):
        fetch(parcels[1], request=request("k", expected_version=9))


def test_siblings_under_one_parent_fall_due_in_order_whichever_is_looked_at(parcels: list[str]) -> None:
    caught_up = PARCELS.catch_up(parcels[2], NOW + 9 * DAY)
    assert caught_up is not None
    assert (caught_up.state.status, caught_up.context.shelf.taken) == ("returned", 1)
    assert [entry_of(parcel(name)).at for name in parcels[1:]] == [NOW + 2 * DAY, NOW + 3 * DAY]
    assert parcel(parcels[0]).status == "draft"


def test_a_preview_comes_to_the_same_and_writes_nothing(parcels: list[str]) -> None:
    loaded, actor = PARCELS.read(parcels[2], request("look", now=NOW + 9 * DAY))
    assert (loaded.state.status, loaded.context.shelf.taken, actor) == ("returned", 1, "owner")
    assert (parcel(parcels[2]).version, shelf().version) == (1, 1)


def test_a_list_shows_what_the_caller_may_see_as_it_stands_now(parcels: list[str]) -> None:
    def listed(caller: Caller, now: datetime = NOW) -> list[tuple[str, str]]:
        places = ((name, name) for name in [*parcels, "par_9"])
        page = PARCELS.page(places, Paging(), request("list", caller, now), "parcels")
        return [(view.id, view.status) for view in page.items]

    assert listed(OWNER) == [("par_1", "draft"), ("par_2", "waiting"), ("par_3", "waiting")]
    assert listed(OFFICER, NOW + 2 * DAY) == [("par_2", "returned"), ("par_3", "waiting")]


def test_an_officer_without_the_duty_is_offered_no_actions(parcels: list[str]) -> None:
    for duties, offered in (((), []), (("parcels",), [])):
        request_context = request("look", replace(OFFICER, duties=duties))
        assert PARCELS.show(*PARCELS.read(parcels[1], request_context), request_context).allowed_actions == offered
    request_context = request("look")
    assert PARCELS.show(*PARCELS.read(parcels[1], request_context), request_context).allowed_actions == ["fetch"]


def test_what_a_slice_above_joins_is_in_the_same_entry(parcels: list[str]) -> None:
    booked = transfer(5, "USD", debit_to=("a", "x"), credit_to=("b", "x"))
    told = fetch(
        parcels[1],
        joined=lambda change: Joined(postings=booked, response=change.event.kind.encode(), also=(Also("evt_1", 2),)),
    )
    entry = entry_of(parcel(parcels[1]))
    assert (told.body, entry.event.postings) == (b"parcel.fetched", booked)
    assert entry.also == (Also("shelf_1", 2), Also("evt_1", 2))


def test_a_request_without_a_key_is_named_after_the_version_and_one_of_two_is_raced(parcels: list[str]) -> None:
    nameless = RequestContext(caller=CLOCK, now=NOW, request_id="job")
    raced: list[Any] = []

    def beaten(was: Parcel, context: Context) -> Change[Parcel]:
        if not raced:
            raced.append(PARCELS.apply(parcels[1], nameless, lambda was, context: _return(was, context, NOW)))
        return _return(was, context, NOW)

    with pytest.raises(WriteConflict):
        PARCELS.apply(parcels[1], nameless, beaten)
    assert (len(raced), shelf().taken) == (1, 2)
    assert entry_of(parcel(parcels[1])).entry_id == RequestContext.of_clock("par_2", 2, NOW).entry_id


def test_what_is_not_there_and_what_changes_nothing_are_applied_as_nothing(parcels: list[str]) -> None:
    assert PARCELS.apply("par_9", request("k"), lambda was, context: _return(was, context, NOW)) is None
    assert PARCELS.apply(parcels[1], request("k"), lambda was, context: None) is None
    assert PARCELS.apply(parcels[1], request("k", now=NOW + 9 * DAY), lambda was, context: None, until=NOW) is None
    assert parcel(parcels[1]).version == 1

"""Aggregates: how a state machine is read, authorised, caught up with the clock, changed and listed. The only I/O of a state machine.

    RECOVERIES.execute(recovery_id, request, "write-off", lambda was, context, actor: rules.write_off(was, reason, request.now))

A command is one read and one transaction. What fell due is applied before every read (`preview_at`) and written before every change
(`catch_up`), each change with the instant it took effect, so that a late sweep alters nothing but when it becomes visible.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace
from pynamodb.indexes import Index

from chalicelib.shared import due, journal, observe, pages, policies
from chalicelib.shared.columns import Instant, WholeNumber
from chalicelib.shared.commit import NOTHING_ELSE, Joined, Put, StoredResponse, Update, commit
from chalicelib.shared.encoding import encode
from chalicelib.shared.errors import NotAllowed, NotFound, WriteConflict
from chalicelib.shared.journal import Also, Entry
from chalicelib.shared.machines import Machine
from chalicelib.shared.pages import Page, Paging, Waiting
from chalicelib.shared.request import CLOCK, Caller, RequestContext, within_duty
from chalicelib.shared.state_machine import Change, Due, Effect, State, StateMachine
from chalicelib.shared.store_errors import is_transient
from chalicelib.shared.tables import AT_ONCE, Row, index, read_together
from chalicelib.shared.texts import say, term

S = TypeVar("S", bound=State)
C = TypeVar("C")
A = TypeVar("A", bound=str)
V = TypeVar("V", bound=Struct)
P = TypeVar("P", bound=Struct)

Writer = Callable[[str, Sequence[Any]], Put | Update]
"""The one guarded update that all effects of a commit on one target become."""


class AggregateRow(Row):
    """An item with one aggregate as its `body`. A table adds its key, its columns and its other indexes."""

    version = WholeNumber()
    due_shard = WholeNumber(null=True)
    due_at = Instant(null=True)

    due: Any = index(due_shard, due_at)
    """None in a table to whose items nothing happens by itself."""


class Loaded(Struct, Generic[S, C], frozen=True):
    """An aggregate and what its rules decide on."""

    state: S
    context: C


class Repository(Generic[S]):
    """A table of aggregates. `columns` are those that its indexes need."""

    def __init__(self, row: type[AggregateRow], columns: Callable[[S], Mapping[str, Any]] = lambda state: {}) -> None:
        self.row: Any = row
        self.key = str(row._hash_keyname)
        self._columns = columns

    def load(self, name: str) -> S | None:
        row = self.row.find(name)
        return cast(S, row.body) if row else None

    def load_all(self, names: Iterable[str]) -> dict[str, S]:
        """These aggregates by id. Unreadable where one cannot be read."""
        return {getattr(row, self.key): row.body for row in self.row.find_many(names)}

    def load_many(self, names: Iterable[str]) -> dict[str, S]:
        """For lists: those of these aggregates that can be read, by id."""
        return {getattr(row, self.key): row.body for row in self.row.listed(names)}

    def put(self, state: S, due_at: datetime | None) -> Put | Update:
        """The next version, if the one before is still the present one; the first, if there is none."""
        row = self.row(
            state.id, version=state.version, **due.columns(state.id, due_at), **self._columns(state), body=state
        )
        is_first, key = state.version == 1, getattr(self.row, self.key)
        return Put(row, guard=key.does_not_exist() if is_first else self.row.version == state.version - 1)

    def ids(
        self, index: Index[Any] | str, value: str, after: str | None = None, *, newest_first: bool = False
    ) -> Iterator[str]:
        """Names in an index whose range key is the id, from behind one of them on."""
        key = getattr(self.row, self.key)
        beyond = None if after is None else key < after if newest_first else key > after
        by = getattr(self.row, index) if isinstance(index, str) else index
        rows = by.query(value, beyond, scan_index_forward=not newest_first, page_size=AT_ONCE + 1)
        return (getattr(row, self.key) for row in rows)


@dataclass(frozen=True, kw_only=True)
class Aggregate(Generic[S, C, A]):
    """What a slice ties together: its machine, its table, who may see an aggregate and as what.

    `context`: for many at once, one read for a page's parents; None where a parent cannot be read, `()` where rules need nothing.
    `actor_of`: None is 404, so that a draft is hidden here. `duty`: without it an officer looks and does not act.
    `acting`: the state as this caller acts on it, such as with who speaks for a party; who may not act so is refused.
    `effects`: the writers of contended records. `others`: the aggregates of slices below whose next versions a change may bring `also`.
    `source`: state and parent in one round trip. `family`: siblings under one parent, which fall due in order.
    `beside`: the context of a state that a change of another brings `also`, from that one's next version and the context it has then; None
    where it is read. `carry`: the context after a change. `gather`: the context with what sources of money hold.
    `after`: what follows at once from an entry that the clock wrote, such as sending; it does not raise.
    """

    name: str
    machine: StateMachine[S, C]
    repository: Repository[S]
    context: Callable[[Sequence[S], datetime], Sequence[C | None]]
    actor_of: Callable[[S, Caller], A | None]
    view: Callable[[S, C, A, datetime], Struct]
    duty: str = ""
    acting: Callable[[S, A, Caller], S] = lambda state, actor, caller: state
    effects: Mapping[type[Effect], Writer] = field(default_factory=dict)
    others: Mapping[type[Any], Aggregate[Any, Any, Any]] = field(default_factory=dict)
    source: Callable[[str, datetime], Loaded[S, C] | None] | None = None
    family: Callable[[Loaded[S, C], datetime], Sequence[Loaded[S, C]]] = lambda loaded, now: ()
    beside: Callable[[S, Loaded[Any, Any]], C | None] = lambda state, of: None
    carry: Callable[[C, Change[S]], C] = lambda context, change: context
    gather: Callable[[S, C, datetime], C] = lambda state, context, at: context
    after: Callable[[S, Entry, datetime], object] = lambda state, entry, now: None
    not_found: type[NotFound] = NotFound

    # Reading

    def load(self, name: str, now: datetime) -> Loaded[S, C] | None:
        """The aggregate as it is kept. One round trip."""
        if self.source:
            return self.source(name, now)
        state = self.repository.load(name)
        return self._loaded(state, now) if state else None

    def load_many(self, names: Iterable[str], now: datetime) -> dict[str, Loaded[S, C]]:
        """For lists: those of these aggregates that can be read, by id."""
        states = self.repository.load_many(names)
        try:
            contexts = self.context(list(states.values()), now)
        except Exception as fault:
            if is_transient(fault):
                raise
            contexts = [*map(pages.isolated(partial(self._context, now=now)), states.values())]
        loaded = zip(states.items(), contexts, strict=True)
        return {name: Loaded(state, context) for (name, state), context in loaded if context is not None}

    def read(self, name: str, request: RequestContext) -> tuple[Loaded[S, C], A]:
        """The aggregate as it stands now, for one who may see it, and as what. Nothing is written."""
        loaded, actor = self._authorized(name, self.load(name, request.now), request.caller)
        return self.preview_at(loaded, request.now), actor

    def kept(self, name: str, request: RequestContext) -> tuple[Loaded[S, C], A]:
        """The aggregate as it is kept, for one who may see it: what is due and not written yet has no entry that a timeline could tell of."""
        return self._authorized(name, self.load(name, request.now), request.caller)

    def show(self, loaded: Loaded[S, C], actor: A, request: RequestContext) -> Any:
        """Its view. An officer without the duty is offered no actions."""
        view = self.view(loaded.state, loaded.context, actor, request.now)
        return within_duty(view, request.caller, self.duty) if self.duty else view

    def shown(self, form: type[V], name: str, request: RequestContext) -> V:
        """Its view, of that form, as it stands now, for one who may see it."""
        return cast(V, self.show(*self.read(name, request), request))

    def page(
        self,
        places: Iterator[tuple[Any, str]],
        query: Paging,
        request: RequestContext,
        of: str,
        *,
        keep: Callable[[S], bool] = lambda state: True,
    ) -> Page[Any]:
        """Views of those the caller may see and `keep` and the query want, as they stand now. `places` are ids, each with where the list goes on."""

        def show(loaded: Loaded[S, C]) -> Any:
            actor = self.actor_of(loaded.state, request.caller)
            loaded = self.preview_at(loaded, request.now)
            is_wanted = actor is not None and keep(loaded.state) and self._is_due(loaded, query)
            return self.show(loaded, cast(A, actor), request) if is_wanted else None

        return pages.filtered(places, lambda names: self.load_many(names, request.now), show, query, request, of)

    # The clock

    def preview_at(self, loaded: Loaded[S, C], now: datetime) -> Loaded[S, C]:
        """The aggregate with everything applied that has fallen due. Nothing is written."""
        known = [loaded, *self.family(loaded, now)]
        while first := self._overdue(known, now):
            was, due = first
            change = due.fire(was.state, self._funded(was, due))
            known = [
                Loaded(change.state if each is was else each.state, self.carry(each.context, change)) for each in known
            ]
        return known[0]

    def present(self, name: str, now: datetime) -> S | None:
        """The state as it stands now, for whoever decides itself who may see what. One round trip; nothing is written."""
        loaded = self.load(name, now)
        return self.preview_at(loaded, now).state if loaded else None

    def as_of(self, state: S, now: datetime) -> S:
        """The state with everything applied that has fallen due. Nothing is written."""
        loaded = self._loaded(state, now)
        return self.preview_at(loaded, now).state if loaded else state

    def catch_up(self, name: str, now: datetime, *, until: datetime | None = None) -> Loaded[S, C] | None:
        """The aggregate with everything written that has fallen due. Who writes it first does not matter: each version has one entry."""
        return self.caught_up(self.load(name, now), now, until or now)

    def caught_up(self, loaded: Loaded[S, C] | None, now: datetime, until: datetime) -> Loaded[S, C] | None:
        """The same of an aggregate that has been read."""
        while loaded and (first := self._overdue([loaded, *self.family(loaded, now)], until)):
            was, due = first
            name = loaded.state.id
            change = due.fire(was.state, self._funded(was, due))
            try:
                entry, _ = self._commit(change, was, RequestContext(caller=CLOCK, now=now, request_id=""))
            except WriteConflict:
                loaded = self.load(name, now)
                continue
            state = self.with_entry(change.state, entry)
            self.after(state, entry, now)
            if was is loaded and not change.also:
                loaded = Loaded(state, self.carry(was.context, change))
            else:
                loaded = self.load(name, now)
        return loaded

    def next_due(self, name: str, now: datetime) -> datetime | None:
        """When something happens to the aggregate by itself, as it is kept."""
        loaded = self.load(name, now)
        return self.machine.next_due(loaded.state, loaded.context) if loaded else None

    @property
    def swept(self) -> Machine:
        """What schedules, sweeps and the sandbox's clock know of it."""
        return Machine(
            name=self.name,
            row=self.repository.row,
            settle=self.catch_up,
            due_at=self.next_due,
            rules=self.machine,
            aggregate=self,
        )

    # Changes

    def execute(
        self,
        name: str,
        request: RequestContext,
        action: str,
        decide: Callable[[S, C, A], Change[S]],
        *,
        funded: bool = False,
        status: int = 200,
        respond: Callable[[S, C, A], Struct] | None = None,
        joined: Callable[[Change[S]], Joined] = lambda change: NOTHING_ELSE,
    ) -> StoredResponse:
        """A command: authorised before anything is written, decided on the present state, one commit.

        NotFound, NotAllowed, Stale and InvalidTransition in that order; then what `decide` refuses. `respond` makes another response than
        the view. `joined` is what a slice above commits with it.
        """
        loaded, actor = self._authorized(name, self.load(name, request.now), request.caller)
        self._require_actor(action, actor)
        loaded, actor = self._authorized(name, self.caught_up(loaded, request.now, request.now), request.caller)
        loaded = Loaded(self.acting(loaded.state, actor, request.caller), loaded.context)
        request.expects(loaded.state.version)
        self.machine.table.require(action, loaded.state, actor, loaded.context, request.now)
        context = self.gather(loaded.state, loaded.context, request.now) if funded else loaded.context
        change = decide(loaded.state, context, actor)
        return self._commit(change, loaded, request, actor, status, respond, joined(change))[1]

    def apply(
        self,
        name: str,
        request: RequestContext,
        decide: Callable[[S, C], Change[S] | None],
        *,
        until: datetime | None = None,
        funded: bool = False,
        joined: Callable[[Change[S]], Joined] = lambda change: NOTHING_ELSE,
    ) -> StoredResponse | None:
        """What a bank, a subscriber or a job does, of whom no action is asked. None where there is no such aggregate, or nothing to do.

        `until`: what fell due up to then is written first, where that is not now. A request without a key is named after the version.
        """
        until = until or request.now
        loaded = self.catch_up(name, request.now, until=until)
        if loaded is None:
            return None
        context = self.gather(loaded.state, loaded.context, until) if funded else loaded.context
        change = decide(loaded.state, context)
        return self._commit(change, loaded, request, joined=joined(change))[1] if change else None

    def create(
        self,
        change: Change[S],
        context: C,
        request: RequestContext,
        actor: A | None = None,
        *,
        status: int = 201,
        joined: Joined = NOTHING_ELSE,
    ) -> StoredResponse:
        """The first version. Its view is the response, where somebody waits for it."""
        return self._commit(change, Loaded(change.state, context), request, actor, status, joined=joined)[1]

    def put(self, state: S, entry: Entry, now: datetime, of: Loaded[Any, Any] | None = None) -> Put | Update:
        """For a commit: the next version, which `entry` has made, be it of its own chain or `of` another aggregate, as that is then."""
        context = self.beside(state, of) if of else None
        loaded = Loaded(state, context) if context is not None else self._loaded(state, now)
        assert loaded is not None, f"{state.id} has a context"
        return self._put(loaded, entry)

    # Inside

    def _loaded(self, state: S, now: datetime) -> Loaded[S, C] | None:
        context = self._context(state, now)
        return Loaded(state, context) if context is not None else None

    def _context(self, state: S, now: datetime) -> C | None:
        return self.context([state], now)[0]

    def _is_due(self, loaded: Loaded[S, C], query: Paging) -> bool:
        """Whether a deadline ends before the moment that a query names, if it names one."""
        before = query.due_before if isinstance(query, Waiting) else None
        return before is None or any(
            each.due_at < before for each in self.machine.deadlines(loaded.state, loaded.context)
        )

    def _authorized(self, name: str, loaded: Loaded[S, C] | None, caller: Caller) -> tuple[Loaded[S, C], A]:
        actor = self.actor_of(loaded.state, caller) if loaded else None
        if loaded is None or actor is None:
            raise self.not_found(
                say("There is no {kind} {name!r:.60}.", kind=term("kind", self.machine.table.kind), name=name)
            )
        return loaded, actor

    def _require_actor(self, action: str, actor: A) -> None:
        actors = self.machine.table.actors(action)
        if actor not in actors:
            raise NotAllowed(
                say("Only the {actors} may do this.", actors=" and the ".join(sorted(actors))),
                fix="Choose one of allowed_actions.",
            )

    def _funded(self, was: Loaded[S, C], due: Due[S, C]) -> C:
        """What a timer's change is decided on: with what sources of money hold, where it takes from them."""
        return self.gather(was.state, was.context, due.effective_at(was.state)) if due.timer.funded else was.context

    def _overdue(self, known: Sequence[Loaded[S, C]], until: datetime) -> tuple[Loaded[S, C], Due[S, C]] | None:
        """What fell due first of siblings, however late it is looked at."""
        waiting = ((each, due) for each in known if (due := self.machine.due(each.state, each.context)))
        overdue = [(each, due) for each, due in waiting if due.at <= until]
        return min(overdue, key=lambda pair: (pair[1].at, pair[0].state.id), default=None)

    def _commit(
        self,
        change: Change[S],
        was: Loaded[S, C],
        request: RequestContext,
        actor: A | None = None,
        status: int = 200,
        respond: Callable[[S, C, A], Struct] | None = None,
        joined: Joined = NOTHING_ELSE,
    ) -> tuple[Entry, StoredResponse]:
        """The aggregate, its entry and all that the change does besides: one transaction."""
        state, context = change.state, self.carry(was.context, change)
        after = Loaded(state, context)
        chain, is_keyless = self.machine.table.aggregate_id(state), not request.key
        if is_keyless:
            request = RequestContext.of_clock(chain, state.version, request.now)
        body = joined.response
        if actor is not None and not body:
            body = encode(respond(state, context, actor) if respond else self.view(state, context, actor, request.now))
        entry = journal.entry(
            request,
            joined.added_to(change.event),
            aggregate_id=chain,
            seq=state.seq,
            version=state.version,
            prev=was.state.entry_hash,
            response=body,
            status=status,
            at=change.at,
            also=(*self._also(change), *joined.also),
        )
        response = commit(
            entry,
            self._put(after, entry),
            *(self._aggregate_of(other, state).put(other, entry, request.now, after) for other in change.also),
            *self._updates(change),
            *joined.changes,
        )
        if is_keyless and response.replayed:
            raise WriteConflict(
                say("Somebody else made version {version} of {chain}.", version=state.version, chain=chain)
            )
        return entry, response

    def _put(self, loaded: Loaded[S, C], entry: Entry) -> Put | Update:
        due_at = self.machine.next_due(loaded.state, loaded.context)
        return self.repository.put(self.with_entry(loaded.state, entry), due_at)

    def with_entry(self, state: S, entry: Entry) -> S:
        """The state with an entry that changed it; its chain's last link, where it is one of its own."""
        is_own = entry.aggregate_id == self.machine.table.aggregate_id(state)
        entry_hash = entry.entry_hash if is_own else state.entry_hash
        return replace(state, entry_hash=entry_hash, recent=journal.recent(state.recent, entry))  # type: ignore[type-var]

    def _also(self, change: Change[S]) -> Iterator[Also]:
        for other in change.also:
            aggregate_id = self._aggregate_of(other, change.state).machine.table.aggregate_id(other)
            yield Also(aggregate_id, other.version)

    def _aggregate_of(self, other: State, state: S) -> Aggregate[Any, Any, Any]:
        """That of a state which a change brings `also`: another of its own kind, or one of a slice below."""
        return self if type(other) is type(state) else self.others[type(other)]

    def _updates(self, change: Change[S]) -> Iterator[Put | Update]:
        """One update for all effects on a target. What they move is in the event's postings, whoever made the change."""
        by_writer: dict[tuple[str, Writer], list[Effect]] = {}
        for effect in change.effects:
            assert set(effect.postings) <= set(change.event.postings), f"{change.event.kind} does not book {effect}"
            by_writer.setdefault((effect.target, self.effects[type(effect)]), []).append(effect)
        return (writer(target, effects) for (target, writer), effects in by_writer.items())


def load_together(wanted: Sequence[tuple[Aggregate[Any, Any, Any], str]], now: datetime) -> list[Any]:
    """Aggregates of several kinds as they stand now, each state or None: one consistent round trip for all, whose contexts need no reading."""
    keys: dict[str, dict[str, Any]] = {}
    for aggregate, name in wanted:
        row = aggregate.repository.row
        keys.setdefault(row.Meta.table_name, {})[name] = row._key(name)
    forms = {aggregate.repository.row.Meta.table_name: aggregate.repository for aggregate, _ in wanted}
    bodies: dict[tuple[str, str], Any] = {}
    for table, item in read_together({table: [*names.values()] for table, names in keys.items()}):
        row = forms[table].row.from_raw_data(item)
        bodies[table, getattr(row, forms[table].key)] = row.body
    states = [(aggregate, bodies.get((aggregate.repository.row.Meta.table_name, name))) for aggregate, name in wanted]
    return [state and aggregate.as_of(state, now) for aggregate, state in states]


def pinning(name: str, form: type[P], context: Callable[..., C]) -> Callable[[Sequence[Any], datetime], list[C]]:
    """For rules that need nothing but the version of a policy which a state pinned."""
    return lambda states, now: [context(policy=policies.pinned(name, each.policy).read_as(form)) for each in states]


def ringing(
    words: str,
    named: str,
    *,
    metric: str,
    on: Collection[str] = (),
    when: Callable[[Any], bool] = lambda state: True,
) -> Callable[[Any, Entry, datetime], None]:
    """An alarm as what follows from an entry that the clock wrote because nobody did what was due: on these events, if any are named, and
    in such states. The log has the id under `named`.
    """

    def ring(state: Any, entry: Entry, now: datetime) -> None:
        if (not on or entry.event.kind in on) and when(state):
            observe.logger.error(words, extra={named: state.id})
            observe.count(metric)

    return ring

"""State machines as values: transitions, timers, and the change that one step comes to. Pure.

A slice's rules decide with its `Table`; above them, a `StateMachine` ties the table to its timers. Rules decide on a state and a context (the
pinned policy, a parent, what sources of money hold) and return a `Change`. `shared/aggregates.py` reads, authorises and commits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final, Generic, Protocol, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.shared.errors import Conflict, DomainError
from chalicelib.shared.journal import Event, PaymentOrder, Posting
from chalicelib.shared.periods import wire
from chalicelib.shared.texts import Text, say, term


class State(Protocol):
    """One version of an aggregate: a frozen msgspec struct.

    `seq` counts its own journal entries: a stored field where entries of other aggregates change it too, else its version (`Versioned`). `entry_hash` is the last of them, `recent` names the last few. `policy` is the hash of the policy it pinned, or empty.
    """

    @property
    def id(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def seq(self) -> int: ...
    @property
    def entry_hash(self) -> str: ...
    @property
    def recent(self) -> tuple[str, ...]: ...
    @property
    def updated_at(self) -> datetime: ...
    @property
    def policy(self) -> str: ...


class Versioned(Struct, frozen=True):
    """Mixed into a state that no entry of another aggregate changes: each of its versions is the next entry of its chain."""

    @property
    def seq(self: State) -> int:
        return self.version


S = TypeVar("S", bound=State)
C = TypeVar("C")
W = TypeVar("W", bound=str)

BY_ITSELF: Final = frozenset({"clock", "bank"})
"""Actors of whose changes no action is asked."""


class InvalidTransition(Conflict):
    """409 with `allowed_actions`, `version` and `<kind>_status`. A machine has a subclass with a code of its own."""

    code = "invalid_transition"
    title = "That is not allowed in the present status."
    fix = "Choose one of allowed_actions."


class UndeclaredTransition(AssertionError):
    """A fault of ours: a rule made a change that its table does not declare. Nothing is written."""


class Deadline(Struct, frozen=True, kw_only=True):
    """`owner` can meet it; `default_outcome` is what comes of it otherwise. `by_clock`: that comes by itself."""

    name: str
    due_at: datetime
    owner: str
    default_outcome: str
    by_clock: bool = True


class Effect(Struct, frozen=True, kw_only=True):
    """What a change does to a contended record, such as a supplier's cover, and what that books.

    All effects of a commit on one target become one update, guarded by the values that matter.
    """

    @property
    def target(self) -> str:
        raise NotImplementedError

    @property
    def postings(self) -> tuple[Posting, ...]:
        return ()


class Change(Struct, Generic[S], frozen=True, kw_only=True):
    """The next version of an aggregate, or its first, the event that tells of it, and what else the same commit does. `at` is when it takes effect.

    `also` are next versions of other aggregates. `aside` says why money that a bank reported is not this aggregate's: the commit has to
    book it in suspense.
    """

    state: S
    event: Event
    at: datetime
    effects: tuple[Effect, ...] = ()
    also: tuple[State, ...] = ()
    aside: DomainError | None = None


STAYS: Final = frozenset[str]()
"""For the targets of a transition that leaves the status as it is, whichever of its sources that is."""


def always(state: Any, context: Any, actor: str, now: datetime) -> bool:
    return True


class Among(Generic[W]):
    """What makes sets of a machine's statuses, and takes no other word: `_in: Final = Among[Status]()`, then `_in("open", "closed")`."""

    def __call__(self, *statuses: W) -> frozenset[W]:
        return frozenset(statuses)


class Transition(Struct, Generic[S, C], frozen=True):
    """`name` is the action on the wire, or the clock's or the bank's. `guard` holds what a table cannot: amounts, dates, who asked first.

    `error` says why the action is refused, where that has a name of its own.
    """

    name: str
    sources: frozenset[str]
    actors: frozenset[str]
    targets: frozenset[str]
    guard: Callable[[S, C, str, datetime], bool] = always
    error: Callable[[S, C, datetime], DomainError | None] = lambda state, context, now: None


def _statuses(was: State, state: State) -> dict[str, Any]:
    return {"from": was.status, "to": state.status}


def telling(*names: str) -> Callable[[State, State], dict[str, Any]]:
    """The payload of a table whose events tell these fields of the state beside its statuses."""
    return lambda was, state: _statuses(was, state) | {name: getattr(state, name) for name in names}


class Table(Struct, Generic[S, C], frozen=True, kw_only=True, dict=True):
    """Which action, from where, by whom, to where. What is not in it is refused, or is a fault where a rule makes it all the same.

    `kind` begins the name of every event. `payload` is what every event of a change tells, `effects` what every change does to contended
    records, both by the version before and the one after. `aggregate_id` names the chain of entries, where that is not the id.
    """

    kind: str
    error: type[InvalidTransition]
    transitions: tuple[Transition[S, C], ...]
    ends: frozenset[str]
    payload: Callable[[S, S], Mapping[str, Any]] = _statuses
    effects: Callable[[S, S], tuple[Effect, ...]] = lambda was, state: ()
    aggregate_id: Callable[[S], str] = lambda state: state.id

    def actors(self, name: str) -> frozenset[str]:
        """The people who may ever take an action."""
        return self._actors.get(name, frozenset())

    def allowed(self, state: S, actor: str, context: C, now: datetime) -> list[str]:
        """The actions this actor may take now, in the order of the table, each once."""
        names = (
            each.name
            for each in self._leaving.get(state.status, ())
            if actor in each.actors and each.guard(state, context, actor, now)
        )
        return list(dict.fromkeys(names))

    def offered(self, state: S, actor: str, context: C, now: datetime) -> list[str]:
        """Those of them that are asked for over the API: a bank acts by its events."""
        return [] if actor in BY_ITSELF else self.allowed(state, actor, context, now)

    def require(self, name: str, state: S, actor: str, context: C, now: datetime) -> None:
        """InvalidTransition where the actor may not take the action now, or the refusal that the transition names."""
        if name in self.allowed(state, actor, context, now):
            return
        named = (each.error(state, context, now) for each in self.transitions if each.name == name)
        raise self.refused(
            next(filter(None, named), self._too_late(name, state, actor, now)), state, actor, context, now
        )

    @cached_property
    def _actors(self) -> dict[str, frozenset[str]]:
        actors: dict[str, frozenset[str]] = {}
        for each in self.transitions:
            actors[each.name] = actors.get(each.name, frozenset()) | each.actors - BY_ITSELF
        return actors

    @cached_property
    def _leaving(self) -> dict[str, list[Transition[S, C]]]:
        """The transitions out of each status, in the order of the table."""
        leaving: dict[str, list[Transition[S, C]]] = {}
        for each in self.transitions:
            for status in each.sources:
                leaving.setdefault(status, []).append(each)
        return leaving

    def _too_late(self, name: str, state: S, actor: str, now: datetime) -> Text:
        kind, status, who = term("kind", self.kind), term("status", state.status), term("actor", actor)
        if state.status in self.ends:
            return say(
                "The {kind} has ended: it is {status}; {action} by the {actor} is not allowed at {at}.",
                kind=kind,
                status=status,
                action=term("action", name),
                actor=who,
                at=wire(now),
            )
        return say(
            "The {kind} is {status}; {action} by the {actor} is not allowed at {at}.",
            kind=kind,
            status=status,
            action=term("action", name),
            actor=who,
            at=wire(now),
        )

    def refused(self, why: Text | DomainError, state: S, actor: str, context: C, now: datetime) -> DomainError:
        """A refusal, or for a text the machine's own, with what the actor may do instead."""
        error = self.error(why) if isinstance(why, Text) else why
        allowed = self.allowed(state, actor, context, now)
        error.numbers |= {f"{self.kind}_status": state.status, "version": state.version, "allowed_actions": allowed}
        return error

    def change(
        self,
        was: S,
        name: str,
        at: datetime,
        *,
        to: str = "",
        event: str = "",
        payload: Mapping[str, Any] | None = None,
        postings: tuple[Posting, ...] = (),
        payment_orders: tuple[PaymentOrder, ...] = (),
        policy: str = "",
        effects: tuple[Effect, ...] = (),
        also: tuple[State, ...] = (),
        aside: DomainError | None = None,
        state: S | None = None,
        **fields: Any,
    ) -> Change[S]:
        """The next version by the transition `name`: `was` with other `fields`, or `state` where rules have worked it out whole.

        `event` is its name where that is not the transition's; `to` is the status, where the event is called so too.
        """
        if to:
            event, fields["status"] = to, to
        if "seq" in type(was).__struct_fields__:  # type: ignore[attr-defined]
            fields["seq"] = was.seq + 1
        after = self.next_version(was, name, at, state=state, **fields)
        effects = (*self.effects(was, after), *effects)
        facts = {**self.payload(was, after), **(payload or {})}
        booked = tuple(posting for effect in effects for posting in effect.postings)
        happened = Event(
            f"{self.kind}.{event or name}", facts, postings + booked, policy or after.policy, payment_orders
        )
        return Change(state=after, event=happened, at=at, effects=effects, also=also, aside=aside)

    def note(self, was: S, event: str, at: datetime, *, payload: Mapping[str, Any], **fields: Any) -> Change[S]:
        """The next version by something that is no transition, and leaves the status: what became known of it."""
        if "seq" in type(was).__struct_fields__:  # type: ignore[attr-defined]
            fields["seq"] = was.seq + 1
        after: S = replace(was, **fields, version=was.version + 1, updated_at=max(at, was.updated_at))  # type: ignore[type-var]
        happened = Event(f"{self.kind}.{event}", {**self.payload(was, after), **payload}, (), after.policy)
        return Change(state=after, event=happened, at=at)

    def next_version(self, was: S, name: str, at: datetime, *, state: S | None = None, **fields: Any) -> S:
        """The same without an event: for the `also` of another aggregate's change, whose entry tells of both."""
        after: S = replace(state or was, **fields, version=was.version + 1, updated_at=max(at, was.updated_at))  # type: ignore[type-var]
        self._require_declared(name, was, after)
        return after

    def _require_declared(self, name: str, was: S, after: S) -> None:
        for each in self.transitions:
            if each.name == name and was.status in each.sources and after.status in (each.targets or {was.status}):
                return
        raise UndeclaredTransition(f"{self.kind} {was.id}: no {name} leads from {was.status} to {after.status}")


class Timer(Struct, Generic[S, C], frozen=True):
    """A deadline and what comes of it. `due_at` is None while it does not run; it may name several, the earliest first.

    `fire` makes the change of the clock, at the first of them; without it the deadline is for people. What fires sees an instant that is
    never before the last change, unless it is `backdated`, as statements with a value time are. `funded`: what sources of money hold is
    read first. `rings_at`: the deadline stays when it has passed, and this is when the clock says so next (`rings_next`).
    """

    name: str
    sources: frozenset[str]
    due_at: Callable[[S, C], datetime | Iterable[Deadline] | None]
    owner: str | Callable[[S], str]
    outcome: str | Callable[[S], str]
    fire: Callable[[S, C, datetime], Change[S]] | None = None
    funded: bool = False
    backdated: bool = False
    rings_at: Callable[[S, C], datetime | None] | None = None

    def deadlines(self, state: S, context: C) -> Iterator[Deadline]:
        due = self.due_at(state, context) if state.status in self.sources else None
        if isinstance(due, datetime):
            yield Deadline(
                name=self.name,
                due_at=due,
                owner=_read(self.owner, state),
                default_outcome=_read(self.outcome, state),
                by_clock=self.fire is not None,
            )
        elif due is not None:
            yield from due

    def fires_at(self, state: S, context: C) -> datetime | None:
        """When the clock does something by itself."""
        if self.fire is None or state.status not in self.sources:
            return None
        due = (self.rings_at or self.due_at)(state, context)
        return due if due is None or isinstance(due, datetime) else next((each.due_at for each in due), None)


def kept(name: str) -> Callable[[State, Any], datetime | None]:
    """When a timer is due whose moment was worked out by the change that began it, and stands in the state under that name."""
    return lambda state, context: cast("datetime | None", getattr(state, name))


def rings_next(due_at: datetime | None, times: int, step: timedelta) -> datetime | None:
    """When a deadline that nobody has met, and that has rung so many times, rings next: when it passes, one step later, and then each wait is twice
    the one before. What is left alone for years is a few entries, and stays overdue.
    """
    return due_at + (2**times - 1) * step if due_at else None


def _read(word: str | Callable[[S], str], state: S) -> str:
    return word if isinstance(word, str) else word(state)


class Due(Struct, Generic[S, C], frozen=True):
    """A timer that runs, and when it fires."""

    at: datetime
    timer: Timer[S, C]

    def effective_at(self, state: S) -> datetime:
        return self.at if self.timer.backdated else max(self.at, state.updated_at)

    def fire(self, state: S, context: C) -> Change[S]:
        assert self.timer.fire is not None, "only the clock's timers fall due"
        return self.timer.fire(state, context, self.effective_at(state))


class StateMachine(Struct, Generic[S, C], frozen=True, kw_only=True):
    """A table of transitions and its timers. Of timers that fire at one instant, the first of the tuple fires first.

    While a state `is_paused` the clock does nothing by itself; what people have to do runs on.
    """

    table: Table[S, C]
    timers: tuple[Timer[S, C], ...] = ()
    is_paused: Callable[[S], bool] = lambda state: False

    def offer(self, state: S, actor: str, context: C, now: datetime) -> dict[str, Any]:
        """For its view: what this actor may do now, and who has to do what until when."""
        return {
            "allowed_actions": self.table.offered(state, actor, context, now),
            "deadlines": self.deadlines(state, context),
        }

    def deadlines(self, state: S, context: C) -> list[Deadline]:
        """All that run now, the earliest first."""
        timers = [timer for timer in self.timers if timer.fire is None] if self.is_paused(state) else self.timers
        running = (deadline for timer in timers for deadline in timer.deadlines(state, context))
        return sorted(running, key=lambda deadline: deadline.due_at)

    def due(self, state: S, context: C) -> Due[S, C] | None:
        """The timer that fires next, if the clock ever does something by itself."""
        first: Due[S, C] | None = None
        for timer in () if self.is_paused(state) else self.timers:
            at = timer.fires_at(state, context)
            if at is not None and (first is None or at < first.at):
                first = Due(at, timer)
        return first

    def next_due(self, state: S, context: C) -> datetime | None:
        """When it fires."""
        due = self.due(state, context)
        return due.at if due else None

    def overdue(self, state: S, context: C, now: datetime) -> Iterator[Change[S]]:
        """The changes the clock makes until `now`, each on the state the one before left."""
        while (due := self.due(state, context)) and due.at <= now:
            change = due.fire(state, context)
            yield change
            state = change.state

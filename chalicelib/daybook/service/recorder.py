"""How facts are recorded, each once: what a fact makes of its item and what the item counts for on pages are written together.

A recorder is made of the functions in which kinds of facts differ. The day-book has one for trades and activity; slices above have their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, Protocol, TypeVar

import msgspec

from chalicelib.daybook.rules.facts import Outcome
from chalicelib.shared import clock, kept, retries
from chalicelib.shared.bounds import NoRoom
from chalicelib.shared.commit import Put
from chalicelib.shared.errors import WriteConflict
from chalicelib.shared.kept import Kept, KeptTable, Key
from chalicelib.shared.settings import settings
from chalicelib.shared.texts import say

REFUSED: Final = Outcome("refused")
GROUP: Final = 500
"""Facts decided on together: enough to fill transactions, few enough for little memory."""


class PageFull(NoRoom):
    code = "day_is_full"
    title = "As much as is kept one by one was told of that date."
    fix = "Name another date."


class OfMember(Protocol):
    @property
    def member_id(self) -> str: ...


class OfFile(Protocol):
    """A fact that a file may bring; `source` names its telling."""

    @property
    def source(self) -> str: ...


F = TypeVar("F", bound=OfMember)
I = TypeVar("I")  # noqa: E741 - an item
P = TypeVar("P")
C = TypeVar("C")


class Change(msgspec.Struct, Generic[I, P], frozen=True):
    """An item in its next version, what it counts for no more and what it shall count for by page, and those pages."""

    item: Kept[I]
    before: tuple[tuple[Key, P], ...]
    after: tuple[tuple[Key, P], ...]
    pages: frozenset[Key]


@dataclass(frozen=True, kw_only=True)
class Recorder(Generic[F, I, P, C]):
    """Facts of a kind, the items they belong to, and the pages that items count for.

    `key_of`: the item a fact belongs to. `tell`: the item after one more telling, the same object where it did not change, and what became
    of the telling. `parts_of`: what an item counts for, by page, each part different from the others. `amended`: a page when some parts go
    and others come. A page holds parts of the `weight` `most` at most, of which it has `size` already; a fact that is too much is `full`. What
    a page adds up by kinds has at most `most_kinds` of them; a fact of one more is `too_various`.
    """

    items: KeptTable[I]
    pages: KeptTable[C]
    key_of: Callable[[F], Key]
    tell: Callable[[I | None, F, datetime], tuple[I | None, Outcome]]
    parts_of: Callable[[Key, I], tuple[tuple[Key, P], ...]]
    amended: Callable[[Key, C | None, Sequence[P], Sequence[P]], C]
    weight: Callable[[P], int]
    size: Callable[[C], int]
    most: int
    full: Outcome
    kinds: Callable[[P], Iterable[Hashable]] = lambda part: ()
    kinds_on: Callable[[C], Iterable[Hashable]] = lambda page: ()
    most_kinds: int = 0
    too_various: Outcome = REFUSED

    def record(self, facts: Sequence[F]) -> list[Outcome]:
        """What became of each fact, in the order given. A fact and the pages it changes are written together, so it counts once.

        Facts may come again, in any order and from several places at once. Raises Unavailable when the store does not keep up: some
        facts are in then, and telling all of them again puts in the rest.
        """
        outcomes: dict[int, Outcome] = {}
        by_member = sorted(range(len(facts)), key=lambda place: facts[place].member_id)
        for start in range(0, len(facts), GROUP):
            outcomes |= self._record({place: facts[place] for place in by_member[start : start + GROUP]})
        return [outcomes[place] for place in range(len(facts))]

    def changed(self, was: Kept[I], item: I) -> list[Put]:
        """An item in its next version and the pages it changes, for a commit with an entry of the journal. PageFull where one has no room."""
        change = self._change(was.key, was, item)
        pages = self.pages.load(change.pages)
        if self._without_room([change], pages):
            raise PageFull(
                say("One of {pages} holds {most}.", pages=sorted(change.pages), most=self.most), maximum=self.most
            )
        amended = self._amended([change], pages)
        return [self.items.change(change.item), *map(self.pages.change, amended.values())]

    def _record(self, facts: Mapping[int, F]) -> dict[int, Outcome]:
        """Decide on the present state and write; what somebody else was faster with is decided again."""
        outcomes: dict[int, Outcome] = {}
        for _ in retries.attempts(say("What is known of a member is being changed by many at once.")):
            outcomes |= self._attempt({place: fact for place, fact in facts.items() if place not in outcomes})
            if len(outcomes) == len(facts):
                break
        return outcomes

    def _attempt(self, facts: Mapping[int, F]) -> dict[int, Outcome]:
        """The outcomes of those facts that are as good as recorded when this returns; the others lost a race."""
        keys = {place: self.key_of(fact) for place, fact in facts.items()}
        there = self.items.load(keys.values())
        items: dict[Key, I | None] = {key: item.content for key, item in there.items()}
        outcomes, now = {}, _now()
        for place, fact in facts.items():
            items[keys[place]], outcomes[place] = self.tell(items.get(keys[place]), fact, now)
        changes = [
            self._change(key, there.get(key), item)
            for key, item in items.items()
            if item is not None and not (key in there and there[key].content is item)
        ]
        pages = self.pages.load(page for change in changes for page in change.pages)
        full = self._without_room(changes, pages)
        lost = self._write([change for change in changes if change.item.key not in full], pages)
        outcomes |= {place: full[keys[place]] for place in outcomes if keys[place] in full}
        return {place: outcome for place, outcome in outcomes.items() if keys[place] not in lost}

    def _change(self, key: Key, was: Kept[I] | None, item: I) -> Change[I, P]:
        counted, counts = self.parts_of(key, was.content) if was else (), self.parts_of(key, item)
        before = tuple(part for part in counted if part not in counts)
        after = tuple(part for part in counts if part not in counted)
        pages = frozenset(page for page, _ in before + after)
        return Change(Kept(key, was.version + 1 if was else 1, item), before, after, pages)

    def _without_room(self, changes: Sequence[Change[I, P]], pages: Mapping[Key, Kept[C]]) -> dict[Key, Outcome]:
        """The items whose parts come on a page that holds as many as it may, or as many kinds; each with what becomes of its facts."""
        held: dict[Key, int] = {}
        kinds: dict[Key, set[Hashable]] = {}
        full: dict[Key, Outcome] = {}
        for change in changes:
            more: defaultdict[Key, int] = defaultdict(int)
            for page, part in change.after:
                more[page] += self.weight(part)
            for page, part in change.before:
                more[page] -= self.weight(part)
            for page, weight in more.items():
                if weight <= 0:
                    continue
                if page not in held:
                    held[page] = self.size(pages[page].content) if page in pages else 0
                held[page] += weight
                if held[page] > self.most:
                    full[change.item.key] = self.full
            for page, part in change.after if self.most_kinds else ():
                if page not in kinds:
                    kinds[page] = set(self.kinds_on(pages[page].content)) if page in pages else set()
                strange = kinds[page].union(self.kinds(part))
                if len(strange) > max(self.most_kinds, len(kinds[page])):
                    full[change.item.key] = self.too_various
                else:
                    kinds[page] = strange
        return full

    def _write(self, changes: Sequence[Change[I, P]], pages: dict[Key, Kept[C]]) -> set[Key]:
        """Write the changes in as few transactions as they fit into. Returns the keys of those that others were faster with."""
        in_order = sorted(changes, key=lambda change: min(change.pages, default=(change.item.key[0], "")))
        lost: set[Key] = set()
        for batch in _batches(in_order):
            amended = self._amended(batch, pages)
            items = (self.items.put(change.item) for change in batch)
            try:
                kept.write([*items, *map(self.pages.put, amended.values())])
                pages |= amended
            except WriteConflict:
                lost |= {change.item.key for change in batch}
        return lost

    def _amended(self, batch: Sequence[Change[I, P]], pages: Mapping[Key, Kept[C]]) -> dict[Key, Kept[C]]:
        """The pages a batch changes, in their next version."""
        before: defaultdict[Key, list[P]] = defaultdict(list)
        after: defaultdict[Key, list[P]] = defaultdict(list)
        for change in batch:
            for page, part in change.before:
                before[page].append(part)
            for page, part in change.after:
                after[page].append(part)
        return {page: self._next(page, pages.get(page), before[page], after[page]) for page in {**before, **after}}

    def _next(self, page: Key, was: Kept[C] | None, before: Sequence[P], after: Sequence[P]) -> Kept[C]:
        content = self.amended(page, was.content if was else None, before, after)
        return Kept(page, was.version + 1 if was else 1, content)


def _now() -> datetime:
    """What has happened by now: by business time, or by the wall's where a sandbox lives in the past and is fed with what came after."""
    return max(clock.now(), clock.real())


def _batches(changes: Sequence[Change[I, P]]) -> Iterator[list[Change[I, P]]]:
    """Changes that fit one transaction together with the pages they change."""
    most = settings().bulk_actions
    batch: list[Change[I, P]] = []
    pages: frozenset[Key] = frozenset()
    for change in changes:
        together = pages | change.pages
        if batch and len(batch) + 1 + len(together) > most:
            yield batch
            batch, together = [], change.pages
        batch.append(change)
        pages = together
    if batch:
        yield batch

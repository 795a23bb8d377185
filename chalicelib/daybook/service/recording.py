"""Recording facts, each once, and reading what they add up to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final

import msgspec

from chalicelib.daybook import records
from chalicelib.daybook.records import KeptItem, KeptPage, Key
from chalicelib.daybook.rules import days as daybook_days
from chalicelib.daybook.rules import items as daybook_items
from chalicelib.daybook.rules.claims import ClaimFact
from chalicelib.daybook.rules.days import MOST_INQUIRIES, DayRow
from chalicelib.daybook.rules.facts import Outcome
from chalicelib.daybook.rules.items import Fact, Item
from chalicelib.daybook.rules.unfinished import Unfinished
from chalicelib.daybook.rules.unfinished import unfinished as find_unfinished
from chalicelib.shared import clock, fx, retries
from chalicelib.shared.errors import WriteConflict
from chalicelib.shared.settings import settings

DAYS: Final = records.STREAM
"""The stream of members' days."""
GROUP: Final = 500
"""Facts decided on together: enough to fill transactions, few enough for little memory."""
FULL: Final = Outcome("refused", "too_many_inquiries", "at")


def record(facts: Sequence[Fact]) -> list[Outcome]:
    """What became of each fact, in the order given. A fact and the day rows it changes are written together, so it counts once.

    Facts may come again, in any order and from several places at once. Raises Unavailable when the store does not keep up: some
    facts are in then, and telling all of them again puts in the rest.
    """
    outcomes: dict[int, Outcome] = {}
    by_member = sorted(range(len(facts)), key=lambda place: facts[place].member_id)
    for start in range(0, len(facts), GROUP):
        outcomes |= _record({place: facts[place] for place in by_member[start : start + GROUP]})
    return [outcomes[place] for place in range(len(facts))]


def record_claims(facts: Sequence[ClaimFact]) -> list[Outcome]:
    """What became of each claim as it was told: telling it twice changes nothing, telling more of it moves it forward."""
    return record(facts)


def rows(member_id: str, start: date, end: date) -> list[DayRow]:
    """The member's day rows from `start` up to but not including `end`, oldest first; days without anything have none."""
    return records.rows(member_id, start, end)


def unfinished(member_id: str) -> Unfinished:
    """What a supplier's trades and claims leave open."""
    return find_unfinished(records.every_item(member_id))


def has_history(member_id: str) -> bool:
    """Whether any trade is known in which the member was the supplier."""
    return records.has_trades(member_id)


class Change(msgspec.Struct, frozen=True):
    """An item as it was read and as it shall be, what it counts for no more and what it shall count for, and the pages that touches."""

    key: Key
    seen: KeptItem | None
    item: Item
    before: tuple[DayRow, ...]
    after: tuple[DayRow, ...]
    pages: frozenset[Key]

    @classmethod
    def of(cls, key: Key, kept_item: KeptItem | None, item: Item) -> Change:
        counted, counts = daybook_items.days_of(kept_item.told if kept_item else None), daybook_items.days_of(item)
        before = tuple(part for part in counted if part not in counts)
        after = tuple(part for part in counts if part not in counted)
        return cls(
            key,
            kept_item,
            item,
            before,
            after,
            frozenset((key[0], daybook_days.page_of(part)) for part in before + after),
        )

    def made(self) -> KeptItem:
        return KeptItem(self.key, self.seen.version + 1 if self.seen else 1, self.item)


def _record(facts: Mapping[int, Fact]) -> dict[int, Outcome]:
    """Decide on the present state and write; what somebody else was faster with is decided again."""
    outcomes: dict[int, Outcome] = {}
    for _ in retries.attempts("The day-book of a member is being changed by many at once."):
        outcomes |= _attempt({place: fact for place, fact in facts.items() if place not in outcomes})
        if len(outcomes) == len(facts):
            break
    return outcomes


def _attempt(facts: Mapping[int, Fact]) -> dict[int, Outcome]:
    """The outcomes of those facts that are as good as told when this returns; the others lost a race."""
    keys = {place: (fact.member_id, daybook_items.key_of(fact)) for place, fact in facts.items()}
    seen = records.items(dict.fromkeys(keys.values()))
    items: dict[Key, Item | None] = {key: kept.told for key, kept in seen.items()}
    outcomes, now = {}, _now()
    for place, fact in facts.items():
        items[keys[place]], outcomes[place] = daybook_items.tell(items.get(keys[place]), fact, fx.quote, now)
    changes = [
        Change.of(key, seen.get(key), item)
        for key, item in items.items()
        if item is not None and not (key in seen and seen[key].told is item)
    ]
    pages = records.pages(dict.fromkeys(page for change in changes for page in change.pages))
    full = _without_room(changes, pages)
    lost = _write([change for change in changes if change.key not in full], pages)
    outcomes |= {place: FULL for place in outcomes if keys[place] in full}
    return {place: outcome for place, outcome in outcomes.items() if keys[place] not in lost}


def _without_room(changes: Sequence[Change], pages: Mapping[Key, KeptPage]) -> set[Key]:
    """The inquiries that come on a date on which the member has as many as are kept one by one."""
    there: Counter[Key] = Counter()
    full: set[Key] = set()
    for change in changes:
        for part in change.after:
            if not part.inquiries or change.before:
                continue
            page = change.key[0], daybook_days.page_of(part)
            kept = sum(len(row.inquiries) for row in pages[page].told) if page in pages else 0
            if kept + there[page] >= MOST_INQUIRIES:
                full.add(change.key)
            there[page] += 1
    return full


def _now() -> datetime:
    """What has happened by now: by business time, or by the wall's where a sandbox lives in the past and is fed with what came after."""
    return max(clock.now(), clock.real())


def _write(changes: Sequence[Change], pages: dict[Key, KeptPage]) -> set[Key]:
    """Write the changes in as few transactions as they fit into. Returns the keys of those that others were faster with."""
    in_order = sorted(changes, key=lambda change: min(change.pages, default=(change.key[0], "")))
    lost: set[Key] = set()
    for batch in _batches(in_order):
        amended = _amended(batch, pages)
        try:
            records.write([*(change.made() for change in batch), *amended.values()])
            pages |= amended
        except WriteConflict:
            lost |= {change.key for change in batch}
    return lost


def _batches(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Changes that fit one transaction together with the pages they change."""
    most = settings().bulk_actions
    batch: list[Change] = []
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


def _amended(batch: Sequence[Change], pages: Mapping[Key, KeptPage]) -> dict[Key, KeptPage]:
    """The pages a batch changes, in their next version."""
    before: defaultdict[Key, list[DayRow]] = defaultdict(list)
    after: defaultdict[Key, list[DayRow]] = defaultdict(list)
    for change in batch:
        if change.pages:
            for parts, of_page in ((change.before, before), (change.after, after)):
                for part in parts:
                    of_page[change.key[0], daybook_days.page_of(part)].append(part)
    return {key: _next(key, pages.get(key), before[key], after[key]) for key in {**before, **after}}


def _next(key: Key, page: KeptPage | None, before: Sequence[DayRow], after: Sequence[DayRow]) -> KeptPage:
    days = daybook_days.amended({row.day: row for row in page.told} if page else {}, before, after)
    return KeptPage(key, page.version + 1 if page else 1, tuple(days[day] for day in sorted(days)))

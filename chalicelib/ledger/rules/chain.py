"""Chains: whether the entries of a thing hang together and none was changed, taken out or slipped in. Pure.

Two stores tell of an entry: the journal holds all of it, the books hold its place and its head. An entry is good where both agree, its
contents give its head, it hangs on the entry before it, and its postings balance.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import msgspec

from chalicelib.ledger.rules.accounts import Turnover
from chalicelib.ledger.rules.chart import CHART
from chalicelib.shared.journal import GENESIS, Entry, imbalance
from chalicelib.shared.periods import business_date

UNREADABLE: Final = "it cannot be read"


class Link(msgspec.Struct, frozen=True):
    """An entry as the journal holds it, and the head that stands beside it there."""

    entry: Entry
    entry_hash: str


class Place(msgspec.Struct, frozen=True):
    """An entry as the books know it: number `seq` of its thing. `version` is told where a thing's history is looked for."""

    aggregate_id: str
    seq: int
    entry_id: str
    entry_hash: str
    version: int = 0


class BadEntry(msgspec.Struct, frozen=True):
    """The place of an entry that does not hold, and why. `gap`: the books miss the one before it, which may still come."""

    aggregate_id: str
    seq: int
    entry_id: str
    why: str
    gap: bool = False


class Tip(msgspec.Struct, frozen=True):
    """How far a thing's chain has been followed."""

    aggregate_id: str = ""
    seq: int = 0
    entry_hash: str = GENESIS


def owner_of(entry: Entry) -> str | None:
    """Under which name a thing's record is kept, where its own name does not say so: every entry of such a thing does."""
    payload = entry.event.payload
    owners = {"dep": payload.get("seller_id"), "whe": payload.get("private", {}).get("owner")}
    name: str | None = owners.get(entry.aggregate_id.partition("_")[0])
    return name


def wrong_in(link: Link) -> str | None:
    """What an entry by itself shows to be wrong, or None."""
    entry = link.entry
    if entry.entry_hash != link.entry_hash:
        return "its contents do not give the head it was sealed with"
    if off := imbalance(entry.event.postings):
        return f"its postings are out of balance by {off}"
    if strange := [posting.account for posting in entry.event.postings if posting.account not in CHART]:
        return f"it posts to {min(strange)!r:.60}, which is not in the chart of accounts"
    return None


def may_lose_answer(link: Link, kept_since: datetime) -> bool:
    """Whether the answer of a sound entry is there and need not be any more: it was given before `kept_since`."""
    return bool(link.entry.response) and _is_past_keeping(link, kept_since)


def has_lost_answer(link: Link, kept_since: datetime) -> bool:
    """Whether a changed entry shows nothing but that its answer was removed when its time was over."""
    return bool(link.entry.removed_answer) and not link.entry.response and _is_past_keeping(link, kept_since)


def _is_past_keeping(link: Link, kept_since: datetime) -> bool:
    entry = link.entry
    return entry.may_lose_answer and entry.written_at < kept_since and wrong_in(link) is None


def wrong_at(tip: Tip, place: Place, link: Link | str | None) -> str | None:
    """What is wrong with the next place of a chain and what the journal holds there, or None."""
    if place.seq != tip.seq + 1:
        return f"number {tip.seq + 1}, the entry before it, is not there"
    if link is None:
        return "it is not in the journal any more"
    if isinstance(link, str):
        return link
    entry = link.entry
    if (entry.aggregate_id, entry.seq) != (place.aggregate_id, place.seq):
        return f"it says it is number {entry.seq} of {entry.aggregate_id!r:.60}"
    if wrong := wrong_in(link):
        return wrong
    if link.entry_hash != place.entry_hash:
        return "it is not the entry the books were told of"
    return None if entry.prev == tip.entry_hash else "it does not hang on the entry before it"


class Findings(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What going through the books has found so far. It grows in place, and is what a walk is taken up with again.

    `until` leaves later postings out of the sums; `sums` are by `code#currency`, or `#currency` once folded.
    """

    until: date | None = None
    tip: Tip = Tip()
    entries: int = 0
    chains: int = 0
    bad: int = 0
    first_bad: BadEntry | None = None
    unbooked: int = 0
    sums: dict[str, Turnover] = {}

    @property
    def ok(self) -> bool:
        return self.bad == 0

    def follow(self, place: Place, link: Link | str | None) -> BadEntry | None:
        """The next place of the books, chain after chain. A bad entry is told once; the chain is followed on from it."""
        bad = None
        if place.aggregate_id != self.tip.aggregate_id:
            self.chains += 1
            self.tip = Tip(place.aggregate_id)
        if why := wrong_at(self.tip, place, link):
            gap = place.seq > self.tip.seq + 1
            bad = self._blame(BadEntry(place.aggregate_id, place.seq, place.entry_id, why, gap))
        self.entries += 1
        self.tip = Tip(place.aggregate_id, place.seq, place.entry_hash)
        return bad

    def add_up(self, link: Link, place: Place | None) -> BadEntry | None:
        """An entry of the journal, in any order: is it in the books, and what does it post?"""
        entry, bad = link.entry, None
        if place is None:
            self.unbooked += 1
            if why := wrong_in(link):
                bad = self._blame(BadEntry(entry.aggregate_id, entry.seq, entry.entry_id, why))
        elif place.entry_id != entry.entry_id:
            why = f"{place.entry_id} has its place in the chain"
            bad = self._blame(BadEntry(entry.aggregate_id, entry.seq, entry.entry_id, why))
        if self.until is None or business_date(entry.at) <= self.until:
            for posting in entry.event.postings:
                key = f"{posting.account}#{posting.currency}"
                self.sums[key] = self.sums.get(key, Turnover()) + Turnover(posting.debit_minor, posting.credit_minor)
        return bad

    def fold(self) -> None:
        """Forget which accounts the sums are of: a cursor has to be short."""
        self.sums = {f"#{currency}": total for currency, total in self.by_currency().items()}

    def by_currency(self) -> dict[str, Turnover]:
        turnovers: dict[str, Turnover] = {}
        for key, total in sorted(self.sums.items()):
            currency = key.rpartition("#")[2]
            turnovers[currency] = turnovers.get(currency, Turnover()) + total
        return turnovers

    def join(self, other: Findings) -> None:
        """The findings of another part of the journal."""
        self.entries += other.entries
        self.chains += other.chains
        self.bad += other.bad
        self.unbooked += other.unbooked
        self.first_bad = self.first_bad or other.first_bad
        for key, total in other.sums.items():
            self.sums[key] = self.sums.get(key, Turnover()) + total

    def _blame(self, bad: BadEntry) -> BadEntry:
        self.bad += 1
        self.first_bad = self.first_bad or bad
        return bad


def first_bad(chain: list[tuple[Place, Link | str | None]]) -> BadEntry | None:
    """The first bad entry of chains given in order; None where all hold."""
    findings = Findings()
    for place, link in chain:
        findings.follow(place, link)
    return findings.first_bad

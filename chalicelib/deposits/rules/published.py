"""Publishing a rulebook: announced long enough before it takes effect, free of errors, under a name of its own. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated, Final

import msgspec

from chalicelib.deposits.rules import lint
from chalicelib.deposits.rules.book import Book, Terms, book, hash_of
from chalicelib.deposits.rules.preview import Tally
from chalicelib.shared import ids
from chalicelib.shared.bounds import most
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.periods import start_of, wire
from chalicelib.shared.texts import say

MOST_WARNINGS: Final = 100
MOST_PREVIEWS: Final = 3
"""The last so many stay with a version; the journal has told of all."""
NOTICE: Final = timedelta(days=7)
"""How long before it takes effect a version is announced: whatever was decided in between was decided without it."""


MOST_TERMS_BYTES: Final = 100_000
"""Of a version's terms: they are one item, and what previews found of them beside them."""


class RulebookTooLarge(RuleViolation):
    code = "rulebook_too_large"
    title = "The rulebook's terms are larger than can be kept."
    fix = "Map categories by their first level, and put those that share an amount into one group."


class TooSoon(RuleViolation):
    code = "rulebook_too_soon"
    title = "A rulebook is announced seven days before it takes effect."
    fix = "Name a later effective_on."


class RulebookFaulty(RuleViolation):
    code = "rulebook_faulty"
    title = "The rulebook contradicts itself."
    fix = "Mend what `errors` names; `warnings` are yours to weigh."


class Warned(msgspec.Struct, frozen=True):
    """What a version's author was warned of, as it is kept: in English."""

    level: lint.Level
    code: str
    where: str
    text: str


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A version as it is kept: its terms, when it was announced, by whom, and what was to be warned of."""

    id: str
    announced_at: datetime
    effective_at: datetime
    author: str
    terms: Terms
    hash: str
    warnings: Annotated[tuple[Warned, ...], most(MOST_WARNINGS, why="the first ones")] = ()

    @property
    def book(self) -> Book:
        return book(self.id, self.announced_at, self.effective_at, self.terms)


class Preview(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A book tried out over all sellers against the one in force at `at`: its evidence. `run` where it took more than a request."""

    id: str
    at: datetime
    against: str
    hash: str
    run: str = ""
    tally: Tally | None = None


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept of a version. A book that ships with the product has no `published`."""

    published: Published | None = None
    updated_at: datetime | None = None
    entry_hash: str = ""
    previews: tuple[Preview, ...] = ()


def publish(
    book_id: str, effective_on: date, terms: Terms, author: str, now: datetime, traded: Iterable[str] = ()
) -> Published:
    """The version, announced now; `traded` are categories that need a group. TooSoon and RulebookFaulty say why not."""
    effective_at = start_of(effective_on)
    if effective_at < now + NOTICE:
        earliest = now + NOTICE
        raise TooSoon(
            say("Announced now, it takes effect on or after {earliest}.", earliest=wire(earliest)),
            param="effective_on",
            earliest=wire(earliest),
        )
    if (size := len(msgspec.json.encode(terms))) > MOST_TERMS_BYTES:
        raise RulebookTooLarge(say("They have {size} bytes.", size=size), param="terms", maximum=MOST_TERMS_BYTES)
    findings = lint.lint(terms, traded)
    if errors := [finding for finding in findings if finding.level == "error"]:
        raise RulebookFaulty(
            errors[0].text,
            param=errors[0].where,
            errors=[msgspec.structs.asdict(finding) for finding in errors],
            warnings=[msgspec.structs.asdict(finding) for finding in findings if finding.level == "warning"],
        )
    return Published(
        id=book_id,
        announced_at=now,
        effective_at=effective_at,
        author=author,
        terms=terms,
        hash=hash_of(terms),
        warnings=tuple(Warned(one.level, one.code, one.where, str(one.text)) for one in findings[:MOST_WARNINGS]),
    )


def chain_of(book_id: str) -> str:
    """The name a rulebook's entries are chained under."""
    return ids.derived_id("rbk", book_id)

"""Rulebooks as everybody may read them, and their previews as officers do."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec

from chalicelib.deposits.rules.book import Book, Books, Terms
from chalicelib.deposits.rules.diff import Change
from chalicelib.deposits.rules.lint import Finding
from chalicelib.deposits.rules.preview import Tally
from chalicelib.deposits.rules.published import Kept, Preview
from chalicelib.shared.money import Money
from chalicelib.shared.ranges import BookDay, ContractDay
from chalicelib.shared.request import Caller
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.views import view_of

BookId = Annotated[str, msgspec.Meta(pattern=r"^[A-Z0-9][A-Z0-9-]{2,31}$")]
BookStatus = Literal["announced", "in_force", "superseded"]


class RulebookRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new version. `terms` are those of a rulebook file; with `based_on`, only what differs from that version.

    What differs is told as RFC 7396 (JSON Merge Patch) has it: objects are merged, null takes a name away, anything else takes the place
    of what was there. Amounts are whole minor units of the book's currency.
    """

    id: BookId
    """The version's name: capital letters, digits and hyphens."""
    effective_on: ContractDay
    """The Shanghai day at whose beginning it takes effect, at least seven days from now."""
    terms: dict[str, Any]
    """The terms in the form of a rulebook file; with `based_on`, only what differs."""
    based_on: BookId | None = None
    """The version that the terms change."""


class RulebookCheckRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What would be announced, as in a new version."""

    terms: dict[str, Any]
    """The terms in the form of a rulebook file; with `based_on`, only what differs."""
    based_on: BookId | None = None
    """The version that the terms change."""


class RulebooksQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    on: BookDay | None = None
    """A Shanghai day; today where it is left out."""


class DiffQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    from_: BookId | None = msgspec.field(name="from", default=None)
    """The version to compare with; where it is left out, the one that takes effect before it."""


class RulebookSummary(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    status: BookStatus
    announced_at: datetime
    effective_at: datetime
    hash: str


class RulebookView(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the rules with its terms. `hash` names the terms: decisions pin it. `author` is shown to officers."""

    id: str
    version: int
    status: BookStatus
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    announced_at: datetime
    effective_at: datetime
    hash: str
    author: str | None
    warnings: list[Finding]
    terms: Terms


class RulebooksView(msgspec.Struct, frozen=True, kw_only=True):
    """The rules in force on a day, those announced to take effect after it, and those that were in force before."""

    on: date
    in_force: RulebookView
    announced: list[RulebookSummary]
    superseded: list[RulebookSummary]


class DiffView(msgspec.Struct, frozen=True, kw_only=True):
    """Every place at which the terms differ."""

    id: str
    from_: str = msgspec.field(name="from")
    changes: list[Change]


class MovedView(msgspec.Struct, frozen=True, kw_only=True):
    up: int
    up_by: Money
    down: int
    down_by: Money


class AffectedView(msgspec.Struct, frozen=True, kw_only=True):
    seller_id: str
    category: str
    orders: int
    base_now: Money
    base_then: Money
    arrears_then: Money


class TallyView(msgspec.Struct, frozen=True, kw_only=True):
    """What the book would change, were the cut-off today. `shielded` sellers would owe `shielded_by` more, and the clamp keeps them."""

    sellers: int
    skipped: int
    set_aside: int
    unchanged: int
    moved: MovedView
    by_category: dict[str, MovedView]
    """By the category that is the higher of a shop; of more than a hundred the largest, and the others together under no name."""
    by_tier: dict[str, MovedView]
    new_arrears: int
    new_arrears_sum: Money
    shielded: int
    shielded_by: Money
    unmapped: int
    bases_now: Money
    bases_then: Money
    most_affected: list[AffectedView]


class RulebookCheckView(msgspec.Struct, frozen=True, kw_only=True):
    """What announcing these terms would be told: errors refuse them, warnings are their author's to weigh. `changes` are against the version `against`,
    and `preview` what they would change for all sellers, null where there are errors, or too many sellers for one request.
    """

    hash: str
    against: str
    findings: list[Finding]
    changes: list[Change]
    preview: TallyView | None
    terms: Terms


class PreviewView(msgspec.Struct, frozen=True, kw_only=True):
    """A version tried out over all sellers. While it runs there is no result yet: `run_id` tells how far it has come."""

    id: str
    status: Literal["running", "done"]
    at: datetime
    book: str
    hash: str
    against: str
    run_id: str | None
    result: TallyView | None


class PreviewsView(msgspec.Struct, frozen=True, kw_only=True):
    """The evidence that is kept with a version, the oldest first."""

    items: list[PreviewView]


def status_of(book: Book, books: Books, at: datetime) -> BookStatus:
    if book.id == books.in_force(at).id:
        return "in_force"
    return "announced" if book.effective_at > at else "superseded"


def summary(book: Book, books: Books, at: datetime) -> RulebookSummary:
    return view_of(RulebookSummary, book, status=status_of(book, books, at))


def view(
    book: Book, books: Books, warnings: list[Finding], version: int, kept: Kept, caller: Caller, at: datetime
) -> RulebookView:
    """One version as it stands at an instant."""
    status = status_of(book, books, at)
    effect = Deadline(name="effect", due_at=book.effective_at, owner="platform", default_outcome="in_force")
    return view_of(
        RulebookView,
        book,
        version=max(1, version),
        status=status,
        created_at=book.announced_at,
        updated_at=kept.updated_at or book.announced_at,
        allowed_actions=["preview"] if caller.has_duty("deposits") else [],
        deadlines=[effect] if status == "announced" else [],
        author=kept.published.author if kept.published and caller.is_officer else None,
        warnings=warnings,
    )


def preview_view(book: Book, preview: Preview) -> PreviewView:
    return view_of(
        PreviewView,
        preview,
        status="done" if preview.tally else "running",
        book=book.id,
        run_id=preview.run or None,
        result=_tally(preview.tally, book.terms.currency) if preview.tally else None,
    )


def check_view(
    draft: Book, against: Book, findings: list[Finding], changes: list[Change], tally: Tally | None
) -> RulebookCheckView:
    return RulebookCheckView(
        hash=draft.hash,
        against=against.id,
        findings=findings,
        changes=changes,
        preview=_tally(tally, draft.terms.currency) if tally else None,
        terms=draft.terms,
    )


def _tally(tally: Tally, currency: str) -> TallyView:
    return view_of(
        TallyView,
        tally,
        currency,
        bases_now=Money.of(tally.base_now_minor, currency),
        bases_then=Money.of(tally.base_then_minor, currency),
    )

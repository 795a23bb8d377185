"""Publishing, reading, comparing and trying out rulebooks."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.deposits.rulebooks import previews, records, rulebook_repository, views
from chalicelib.deposits.rules import published
from chalicelib.deposits.rules.book import Book, Terms, book
from chalicelib.deposits.rules.diff import diff
from chalicelib.deposits.rules.lint import lint
from chalicelib.deposits.rules.published import Kept, Preview
from chalicelib.shared import ids
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.encoding import merge_patch
from chalicelib.shared.errors import Conflict, NotFound, RuleViolation
from chalicelib.shared.http import bad_field, encode
from chalicelib.shared.journal import Event
from chalicelib.shared.periods import business_date, start_of
from chalicelib.shared.request import RequestContext
from chalicelib.shared.text import read_fields
from chalicelib.shared.texts import say

DRAFT: Final = "DRAFT"
"""What terms are called that nobody has announced."""


class RulebookKnown(Conflict):
    code = "rulebook_known"
    title = "A rulebook has that name already."
    fix = "Name the new version otherwise: what was announced is never changed."


class NotTerms(RuleViolation):
    code = "rulebook_incomplete"
    title = "The terms are not those of a whole rulebook."
    fix = "Mend the place named in param, or base the version on one there is and send what differs."


def publish(body: views.RulebookRequest, request: RequestContext) -> StoredResponse:
    """Announce a version from now on. It is linted against every category that the book in force names."""
    books = rulebook_repository.read(request.now)
    if books.find(body.id) is not None:
        raise RulebookKnown(say("{id} has been announced.", id=body.id), param="id")
    terms, traded = _terms(body, request), books.in_force(request.now).terms.categories
    banks_inbox.must_be_payable(terms.currency, request.now, param="terms.currency")
    rulebook = published.publish(body.id, body.effective_on, terms, request.caller.sub, request.now, traded)
    kept = Kept(published=rulebook, updated_at=request.now)
    rulebook_view = views.view(rulebook.book, books, lint(rulebook.terms), 1, kept, request.caller, request.now)
    payload = {
        "effective_at": rulebook.effective_at,
        "hash": rulebook.hash,
        "warnings": [one.code for one in rulebook.warnings],
    }
    event = Event("rulebook.announced", payload, policy=rulebook.hash)
    response = records.write(body.id, 0, Kept(), kept, event, request, encode(rulebook_view), status=201)
    rulebook_repository.forget()
    return response


def check(body: views.RulebookCheckRequest, request: RequestContext) -> views.RulebookCheckView:
    """What is wrong with terms before anybody announces them, what they change, and whom. NotTerms where they are not whole."""
    books = rulebook_repository.read(request.now)
    in_force, terms = books.in_force(request.now), _terms(body, request)
    against = _book(body.based_on, request) if body.based_on else in_force
    draft = book(DRAFT, request.now, request.now, terms)
    findings = lint(terms, in_force.terms.categories)
    is_fit = not any(finding.level == "error" for finding in findings)
    tally = previews.at_once(previews.trial(draft, request.now)) if is_fit else None
    return views.check_view(draft, against, findings, diff(against.terms, terms), tally)


def listed(query: views.RulebooksQuery, request: RequestContext) -> views.RulebooksView:
    """What is in force on a day, what is announced for later, and what went before."""
    books, on = rulebook_repository.read(request.now), query.on or business_date(request.now)
    at = start_of(on) if query.on else request.now
    known = [views.summary(book, books, at) for book in books.others]
    return views.RulebooksView(
        on=on,
        in_force=_shown(books.in_force(at), request, at),
        announced=[one for one in known if one.status == "announced"],
        superseded=[one for one in known if one.status == "superseded"],
    )


def find(book_id: str, request: RequestContext) -> views.RulebookView:
    return _shown(_book(book_id, request), request, request.now)


def compared(book_id: str, query: views.DiffQuery, request: RequestContext) -> views.DiffView:
    """What a version changes against another."""
    book = _book(book_id, request)
    other = _book(query.from_, request) if query.from_ else rulebook_repository.books(request.now).before(book)
    return views.DiffView(id=book.id, from_=other.id, changes=diff(other.terms, book.terms))


def preview(book_id: str, request: RequestContext) -> StoredResponse:
    """Try a version out over all sellers: answered at once where they are few, else by a run. Kept with the version."""
    book, (version, kept) = _book(book_id, request), records.load(book_id)
    request.expects(max(1, version))
    trial = previews.trial(book, request.now)
    tally = previews.at_once(trial)
    name = ids.derived_id("prv", request.entry_id)
    preview = Preview(
        id=name,
        at=request.now,
        against=trial.in_force.id,
        hash=book.hash,
        run="" if tally else previews.run_id(book_id, name),
        tally=tally,
    )
    after = previews.with_preview(kept, preview, request.now)
    event = Event(
        "rulebook.previewed" if tally else "rulebook.preview_begun", previews.facts(preview), policy=book.hash
    )
    response = records.write(book_id, version, kept, after, event, request, encode(views.preview_view(book, preview)))
    if tally is None:
        previews.begin(book_id, name, request.now)
    return response


def evidence(book_id: str, request: RequestContext) -> views.PreviewsView:
    """The last previews of a version, for officers."""
    book, (_, kept) = _book(book_id, request), records.load(book_id)
    return views.PreviewsView(items=[views.preview_view(book, one) for one in kept.previews])


def _terms(body: views.RulebookRequest | views.RulebookCheckRequest, request: RequestContext) -> Terms:
    base = msgspec.to_builtins(_book(body.based_on, request).terms) if body.based_on else {}
    terms = read_fields(merge_patch(base, body.terms), Terms, "terms")
    try:
        return msgspec.convert(terms, Terms)
    except msgspec.ValidationError as wrong:
        misfit = bad_field(wrong, terms, Terms)
        raise NotTerms(misfit.said, param=f"terms.{misfit.param}" if misfit.param else "terms") from wrong


def _book(book_id: str, request: RequestContext) -> Book:
    book = rulebook_repository.find(book_id, request.now)
    if book is None:
        raise NotFound(say("There is no rulebook {book_id!r:.60}.", book_id=book_id))
    return book


def _shown(book: Book, request: RequestContext, at: datetime) -> views.RulebookView:
    version, kept = records.load(book.id)
    return views.view(book, rulebook_repository.books(request.now), lint(book.terms), version, kept, request.caller, at)

"""What changes the requirement from one moment to the next: violations, markets, insurance, corrections, closing and reopening. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.deposits.rules import episodes
from chalicelib.deposits.rules.account import MOST_MATTERS, Correction, TooManyMatters
from chalicelib.deposits.rules.as_of import rebased
from chalicelib.deposits.rules.book import Book, Books
from chalicelib.deposits.rules.deposit import Deposit, Risk, Special, Substitute
from chalicelib.deposits.rules.step import Step, begun, step
from chalicelib.shared import bounds
from chalicelib.shared.periods import wire
from chalicelib.shared.refusal import Conflict, NotAllowed, NotFound, Unfit


class UnknownRiskClass(Unfit):
    code = "unknown_risk_class"
    title = "The rulebook in force has no such risk class."
    fix = "Name one of `known`."


class UnknownSpecial(Unfit):
    code = "unknown_special"
    title = "The rulebook in force has no such market or service."
    fix = "Name one of `known`."


class AlreadyThere(Conflict):
    code = "already_there"
    title = "That stands on the deposit already."
    fix = "Read the deposit."


class NotThere(NotFound):
    code = "not_on_the_deposit"
    title = "The deposit shows no such thing."
    fix = "Name one that the deposit shows."


class BadTerm(Unfit):
    code = "bad_term"
    title = "Insurance stands in from now or later until a later moment."
    fix = "Let it end after it begins, and after now."


class DepositClosed(Conflict):
    code = "deposit_closed"
    title = "The shop is closed."
    fix = "Reopen it first: POST /v1/deposits/{seller_id}/reopen."


class NotClosed(Conflict):
    code = "deposit_not_closed"
    title = "The shop is open."
    fix = "Nothing is to be done."


class CorrectsNothing(Unfit):
    code = "corrects_nothing"
    title = "A correction sets another base amount, or strikes out one violation that should not have been opened."
    fix = "Send a `base` that differs, or the `risk_id` of a violation. A market is left, money is paid, deducted or released: they have commands of their own."


class SameOfficer(NotAllowed):
    code = "same_officer"
    title = "A correction takes two officers."
    fix = "Ask another officer to approve it."


def risk_opened(was: Deposit, risk_id: str, class_: str, case: str, reason: str, books: Books, now: datetime) -> Step:
    """A violation: its amount is required at once. UnknownRiskClass, AlreadyThere."""
    book, deposit = books.in_force(now), begun(was, books, now)
    terms = book.terms.risks.get(class_)
    if terms is None:
        raise UnknownRiskClass(f"There is no {class_!r:.60}.", param="risk_class", known=sorted(book.terms.risks))
    if any(risk.case == case for risk in deposit.risks):
        raise AlreadyThere(f"The case {case!r:.100} was opened before.", param="case")
    bounds.must_have_room(deposit.risks, MOST_MATTERS, TooManyMatters)
    risk = Risk(id=risk_id, class_=class_, minor=terms.amount_minor, opened_at=now, case=case)
    after = replace(deposit, risks=(*deposit.risks, risk))
    facts = {"risk": risk_id, "class": class_, "case": case, "reason": reason, "amount_minor": risk.minor}
    return step(deposit, after, "risk_opened", book, now, facts=facts)


def risk_closed(was: Deposit, risk_id: str, books: Books, now: datetime) -> Step:
    """The case is closed: its amount ends some days later, as the book that was in force when it was opened says."""
    book, deposit = books.in_force(now), begun(was, books, now)
    risk = _the(deposit.risks, risk_id)
    if risk.ends_at is not None:
        raise AlreadyThere(f"The case {risk.case!r:.100} was closed before.", ends_at=wire(risk.ends_at))
    terms = books.in_force(risk.opened_at).terms.risks[risk.class_]
    closed = replace(risk, ends_at=now + timedelta(days=terms.ends_after_days))
    after = replace(deposit, risks=tuple(closed if each.id == risk_id else each for each in deposit.risks))
    facts = {"risk": risk_id, "class": risk.class_, "case": risk.case, "ends_at": closed.ends_at}
    return step(deposit, after, "risk_closed", book, now, facts=facts)


def special_entered(was: Deposit, market: str, books: Books, now: datetime) -> Step:
    """The shop enters a market or takes up a service. UnknownSpecial, AlreadyThere, DepositClosed."""
    must_be_open(was)
    book, deposit = books.in_force(now), begun(was, books, now)
    terms = book.terms.specials.get(market)
    if terms is None:
        raise UnknownSpecial(f"There is no {market!r:.60}.", param="special", known=sorted(book.terms.specials))
    if any(each.market == market for each in deposit.specials):
        raise AlreadyThere(f"The shop is in {market} already.", param="special")
    special = Special(id=market, market=market, minor=terms.amount_minor, entered_at=now)
    after = replace(deposit, specials=(*deposit.specials, special))
    return step(
        deposit, after, "special_entered", book, now, facts={"special": market, "amount_minor": terms.amount_minor}
    )


def special_left(was: Deposit, market: str, books: Books, now: datetime) -> Step:
    book, deposit = books.in_force(now), begun(was, books, now)
    special = _the(deposit.specials, market)
    after = replace(deposit, specials=tuple(each for each in deposit.specials if each is not special))
    return step(deposit, after, "special_left", book, now, facts={"special": market, "amount_minor": special.minor})


def substitute_on(was: Deposit, substitute: Substitute, books: Books, now: datetime) -> Step:
    """Insurance is registered; it stands in from its own beginning. BadTerm, AlreadyThere."""
    book, deposit = books.in_force(now), begun(was, books, now)
    if not now < substitute.until or not substitute.from_ < substitute.until:
        raise BadTerm("It would be over before it counts.", param="valid_until")
    if any(each.id == substitute.id for each in deposit.substitutes):
        raise AlreadyThere("That policy stands on the deposit already.", param="reference")
    bounds.must_have_room(deposit.substitutes, MOST_MATTERS, TooManyMatters)
    after = replace(deposit, substitutes=(*deposit.substitutes, substitute))
    facts = {
        "substitute": substitute.id,
        "insurer": substitute.insurer,
        "amount_minor": substitute.minor,
        "from": substitute.from_,
        "until": substitute.until,
    }
    return step(deposit, after, "substitute_on", book, now, facts=facts)


def correction_proposed(was: Deposit, correction: Correction, books: Books, now: datetime) -> Step:
    """One officer says what is wrong: nothing changes yet. CorrectsNothing, NotThere."""
    book, deposit = books.in_force(now), begun(was, books, now)
    if (correction.base_minor is None) != bool(correction.risk_id):
        raise CorrectsNothing("It names neither a base nor a violation, or both.", param="base")
    if correction.base_minor == deposit.base_minor:
        raise CorrectsNothing("That is the base already.", param="base")
    bounds.must_have_room(deposit.account.corrections, MOST_MATTERS, TooManyMatters)
    account = replace(deposit.account, corrections=(*deposit.account.corrections, correction))
    facts = _correction_facts(deposit, correction)
    return step(deposit, replace(deposit, account=account), "correction_proposed", book, now, facts=facts)


def corrected(was: Deposit, correction_id: str, by: str, books: Books, now: datetime) -> Step:
    """A second officer agrees: from now on the base is another one, or the violation was none. SameOfficer, NotThere."""
    book, deposit, correction = _correction(was, correction_id, books, now)
    if correction.by == by:
        raise SameOfficer("The officer who proposed a correction does not approve it.")
    facts = _correction_facts(deposit, correction)
    after = _put_right(deposit, correction, now)
    return step(deposit, _decided(after, correction_id), "corrected", book, now, facts=facts)


def correction_rejected(was: Deposit, correction_id: str, books: Books, now: datetime) -> Step:
    book, deposit, correction = _correction(was, correction_id, books, now)
    facts = {"correction": correction.id, "reason": correction.reason, "proposed_by": correction.by}
    return step(deposit, _decided(deposit, correction_id), "correction_rejected", book, now, facts=facts)


def closed(was: Deposit, books: Books, now: datetime) -> Step:
    """The shop closes: no base and no markets any more, but what was not paid stays owed, and risks go on."""
    must_be_open(was)
    book, deposit = books.in_force(now), begun(was, books, now)
    after = episodes.closed(deposit, now, books)
    return step(deposit, after, "closed", book, now, facts={"episode": deposit.episode})


def reopened(was: Deposit, books: Books, now: datetime) -> Step:
    """A new episode: base 0 until the next trading day. What was owed, open risks and holds follow the owner."""
    if was.status != "closed":
        raise NotClosed("The shop is open.")
    book, deposit = books.in_force(now), begun(was, books, now)
    after = episodes.reopened(deposit, now, books)
    return step(deposit, after, "reopened", book, now, facts={"episode": after.episode})


def must_be_open(deposit: Deposit) -> None:
    if deposit.status != "open":
        raise DepositClosed(f"The shop {deposit.id} is closed.")


def _correction(was: Deposit, correction_id: str, books: Books, now: datetime) -> tuple[Book, Deposit, Correction]:
    deposit = begun(was, books, now)
    return books.in_force(now), deposit, _the(deposit.account.corrections, correction_id)


def _decided(deposit: Deposit, correction_id: str) -> Deposit:
    left = tuple(each for each in deposit.account.corrections if each.id != correction_id)
    return replace(deposit, account=replace(deposit.account, corrections=left))


def _put_right(deposit: Deposit, correction: Correction, now: datetime) -> Deposit:
    if correction.base_minor is not None:
        return rebased(deposit, now, base_minor=correction.base_minor)
    return replace(deposit, risks=tuple(each for each in deposit.risks if each.id != correction.risk_id))


def _correction_facts(deposit: Deposit, correction: Correction) -> dict[str, Any]:
    told = {"correction": correction.id, "reason": correction.reason, "proposed_by": correction.by}
    if correction.base_minor is not None:
        return told | {"previous_minor": deposit.base_minor, "base_minor": correction.base_minor}
    risk: Risk = _the(deposit.risks, correction.risk_id)
    return told | {"risk": risk.id, "class": risk.class_, "case": risk.case, "amount_minor": risk.minor}


def _the(things: tuple[Any, ...], name: str) -> Any:
    found = next((each for each in things if each.id == name), None)
    if found is None:
        raise NotThere(f"There is no {name!r:.60}.")
    return found

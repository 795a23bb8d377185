"""What changes the requirement from one moment to the next: violations, markets, insurance, corrections. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.deposits.rules import snapshots
from chalicelib.deposits.rules.account import MOST_MATTERS, Account, Correction, TooManyMatters, is_same_case
from chalicelib.deposits.rules.book import Books
from chalicelib.deposits.rules.changes import change
from chalicelib.deposits.rules.deposit import Deposit, Insurance, Risk, Special
from chalicelib.deposits.rules.transitions import TABLE, DepositChange, DepositClosed, NotThere
from chalicelib.shared import bounds
from chalicelib.shared.errors import Conflict, NotAllowed, RuleViolation
from chalicelib.shared.periods import wire
from chalicelib.shared.texts import say


class UnknownRiskClass(RuleViolation):
    code = "unknown_risk_class"
    title = "The rulebook in force has no such risk class."
    fix = "Name one of `known`."


class UnknownSpecial(RuleViolation):
    code = "unknown_special"
    title = "The rulebook in force has no such market or service."
    fix = "Name one of `known`."


class AlreadyThere(Conflict):
    code = "already_there"
    title = "That stands on the deposit already."
    fix = "Read the deposit."


class BadTerm(RuleViolation):
    code = "bad_term"
    title = "Insurance stands in from now or later until a later moment."
    fix = "Let it end after it begins, and after now."


class CorrectsNothing(RuleViolation):
    code = "corrects_nothing"
    title = "A correction sets another base amount, or strikes out one violation that should not have been opened."
    fix = "Send a `base` that differs, or the `risk_id` of a violation. A market is left, money is paid, deducted or released: they have commands of their own."


class SameOfficer(NotAllowed):
    code = "same_officer"
    title = "A correction takes two officers."
    fix = "Ask another officer to approve it."


def risk_opened(
    was: Deposit, risk_id: str, class_: str, case: str, reason: str, books: Books, now: datetime
) -> DepositChange:
    """A violation: its amount is required at once. UnknownRiskClass, AlreadyThere."""
    known = books.in_force(now).terms.risks
    terms = known.get(class_)
    if terms is None:
        raise UnknownRiskClass(
            say("There is no {class_!r:.60}.", class_=class_), param="risk_class", known=sorted(known)
        )
    if any(is_same_case(risk.case, case) for risk in was.risks):
        raise AlreadyThere(say("The case {case!r:.100} was opened before.", case=case), param="case")
    bounds.must_have_room(was.risks, MOST_MATTERS, TooManyMatters)
    risk = Risk(id=risk_id, class_=class_, minor=terms.amount_minor, opened_at=now, case=case)
    payload = {"risk": risk_id, "class": class_, "case": case, "reason": reason, "amount_minor": risk.minor}
    return change(was, "risks", books, now, event="risk_opened", payload=payload, risks=(*was.risks, risk))


def risk_closed(was: Deposit, risk_id: str, books: Books, now: datetime) -> DepositChange:
    """The case is closed: its amount ends some days later, as the book that was in force when it was opened says."""
    risk = _the(was.risks, risk_id)
    if risk.ends_at is not None:
        raise AlreadyThere(say("The case {case!r:.100} was closed before.", case=risk.case), ends_at=wire(risk.ends_at))
    terms = books.in_force(risk.opened_at).terms.risks[risk.class_]
    closed = replace(risk, ends_at=now + timedelta(days=terms.ends_after_days))
    return change(
        was,
        "close-risk",
        books,
        now,
        event="risk_closed",
        payload={"risk": risk_id, "class": risk.class_, "case": risk.case, "ends_at": closed.ends_at},
        risks=tuple(closed if each.id == risk_id else each for each in was.risks),
    )


def special_entered(was: Deposit, market: str, books: Books, now: datetime) -> DepositChange:
    """The shop enters a market or takes up a service. UnknownSpecial, AlreadyThere."""
    known = books.in_force(now).terms.specials
    terms = known.get(market)
    if terms is None:
        raise UnknownSpecial(say("There is no {market!r:.60}.", market=market), param="special", known=sorted(known))
    if any(each.market == market for each in was.specials):
        raise AlreadyThere(say("The shop is in {market} already.", market=market), param="special")
    special = Special(id=market, market=market, minor=terms.amount_minor, entered_at=now)
    payload = {"special": market, "amount_minor": terms.amount_minor}
    specials = (*was.specials, special)
    return change(was, "specials", books, now, event="special_entered", payload=payload, specials=specials)


def special_left(was: Deposit, market: str, books: Books, now: datetime) -> DepositChange:
    special = _the(was.specials, market)
    payload = {"special": market, "amount_minor": special.minor}
    specials = tuple(each for each in was.specials if each is not special)
    return change(was, "leave-special", books, now, event="special_left", payload=payload, specials=specials)


def insurance_on(was: Deposit, insurance: Insurance, books: Books, now: datetime) -> DepositChange:
    """Insurance is registered; it stands in from its own beginning. BadTerm, AlreadyThere."""
    if not now < insurance.until or not insurance.from_ < insurance.until:
        raise BadTerm("It would be over before it counts.", param="valid_until")
    if any(each.id == insurance.id for each in was.insurances):
        raise AlreadyThere("That policy stands on the deposit already.", param="reference")
    bounds.must_have_room(_policies(was) | {insurance.id}, MOST_MATTERS + 1, TooManyMatters)
    payload = {
        "insurance": insurance.id,
        "insurer": insurance.insurer,
        "amount_minor": insurance.minor,
        "from": insurance.from_,
        "until": insurance.until,
    }
    insurances = (*was.insurances, insurance)
    return change(was, "substitutes", books, now, event="insurance_on", payload=payload, insurances=insurances)


def _policies(deposit: Deposit) -> set[str]:
    """Those that stand in for money, and those that are over and of which the insurer still owes."""
    owing = {receivable.id for receivable in deposit.account.receivables if receivable.owed_minor}
    return owing | {insurance.id for insurance in deposit.insurances}


def correction_proposed(was: Deposit, correction: Correction, books: Books, now: datetime) -> DepositChange:
    """One officer says what is wrong: nothing changes yet. CorrectsNothing, NotThere, DepositClosed: a closed shop has no base."""
    if (correction.base_minor is None) != bool(correction.risk_id):
        raise CorrectsNothing("It names neither a base nor a violation, or both.", param="base")
    if correction.base_minor is not None and was.status == "closed":
        raise TABLE.refused(DepositClosed(say("The shop is closed.")), was, "officer", books, now)
    if correction.base_minor == was.base_minor:
        raise CorrectsNothing("That is the base already.", param="base")
    bounds.must_have_room(was.account.corrections, MOST_MATTERS, TooManyMatters)
    account = replace(was.account, corrections=(*was.account.corrections, correction))
    payload = _correction_payload(was, correction)
    return change(was, "corrections", books, now, event="correction_proposed", payload=payload, account=account)


def corrected(was: Deposit, correction_id: str, by: str, decided: str, books: Books, now: datetime) -> DepositChange:
    """A second officer agrees: from now on, and for months after the last that is `decided`, the base is another one, or the violation was none.

    SameOfficer, NotThere.
    """
    correction: Correction = _the(was.account.corrections, correction_id)
    if correction.by == by:
        raise SameOfficer("The officer who proposed a correction does not approve it.")
    seen = snapshots.with_snapshots(was, now, books)
    return change(
        was,
        "approve-correction",
        books,
        now,
        event="corrected",
        payload=_correction_payload(was, correction),
        state=snapshots.corrected(seen, decided, books, base_minor=correction.base_minor, risk_id=correction.risk_id),
        account=_decided(was, correction),
    )


def correction_rejected(was: Deposit, correction_id: str, books: Books, now: datetime) -> DepositChange:
    correction: Correction = _the(was.account.corrections, correction_id)
    payload = {"correction": correction.id, "reason": correction.reason, "proposed_by": correction.by}
    account = _decided(was, correction)
    return change(was, "reject-correction", books, now, event="correction_rejected", payload=payload, account=account)


def _decided(deposit: Deposit, correction: Correction) -> Account:
    left = tuple(each for each in deposit.account.corrections if each is not correction)
    return replace(deposit.account, corrections=left)


def _correction_payload(deposit: Deposit, correction: Correction) -> dict[str, Any]:
    payload = {"correction": correction.id, "reason": correction.reason, "proposed_by": correction.by}
    if correction.base_minor is not None:
        return payload | {"previous_minor": deposit.base_minor, "base_minor": correction.base_minor}
    risk: Risk = _the(deposit.risks, correction.risk_id)
    return payload | {"risk": risk.id, "class": risk.class_, "case": risk.case, "amount_minor": risk.minor}


def _the(things: tuple[Any, ...], name: str) -> Any:
    thing = next((each for each in things if each.id == name), None)
    if thing is None:
        raise NotThere(say("There is no {name!r:.60}.", name=name))
    return thing

"""What a firm changes in its profile: facts, people, accounts; and the erasure of a person. Pure.

What is personal comes sealed. Whatever changes a verified profile makes an officer look at it again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.firms.rules.firm import (
    MOST_ACCOUNTS,
    MOST_PEOPLE,
    WHOLE_BP,
    Account,
    Context,
    Firm,
    Person,
    SettlementAccountKnown,
    TooManyAccounts,
    TooManyPeople,
)
from chalicelib.firms.rules.transitions import TABLE, FirmChange
from chalicelib.shared.bounds import must_have_room
from chalicelib.shared.errors import NotFound, RuleViolation
from chalicelib.shared.journal import Event
from chalicelib.shared.periods import business_date
from chalicelib.shared.sealed import in_payload
from chalicelib.shared.texts import say


class SharesBeyondWhole(RuleViolation):
    code = "shares_beyond_whole"
    title = "The holders together would have more than the whole capital."
    fix = "Correct share_bp: ten thousand are the whole."


class CompanySigns(RuleViolation):
    code = "company_signs"
    title = "A company does not sign; its people do."
    fix = "Leave powers empty for a company, and register the person who signs for it."


class UnfitProfile(RuleViolation):
    code = "unfit_profile"
    title = "A profile cannot be so."
    fix = "Correct what `param` names."


def registered(firm: Firm, context: Context) -> FirmChange:
    """The first version: an officer has to look."""
    _require_founded(firm.founded_year, firm.created_at)
    firm = replace(firm, due_at=firm.created_at + timedelta(hours=context.policy.verify_hours))
    payload = {"to": firm.status, "name": firm.name, "registration_no": firm.registration_no}
    return FirmChange(state=firm, event=Event("firm.registered", payload, policy=firm.policy), at=firm.created_at)


def changed(was: Firm, context: Context, facts: dict[str, Any], now: datetime) -> FirmChange:
    """Other facts of the business."""
    _require_founded(facts.get("founded_year", was.founded_year), now)
    others = {name: value for name, value in facts.items() if getattr(was, name) != value}
    return _changed(was, context, "changed", now, {"facts": others}, **facts)


def person_added(was: Firm, context: Context, person: Person, now: datetime) -> FirmChange:
    must_have_room(was.people, MOST_PEOPLE, TooManyPeople)
    return _with_people(was, context, "person_added", person, (*was.people, person), now)


def person_changed(was: Firm, context: Context, person: Person, now: datetime) -> FirmChange:
    """All of a person anew: an officer has to see it before the person signs again."""
    known = person_of(was, person.id)
    person = replace(person, added_at=known.added_at)
    people = tuple(person if each.id == person.id else each for each in was.people)
    return _with_people(was, context, "person_changed", person, people, now)


def person_removed(was: Firm, context: Context, person_id: str, now: datetime) -> FirmChange:
    """Somebody is with the firm no longer, and signs no more. What was kept of the person stays readable in its history."""
    person_of(was, person_id)
    people = tuple(each for each in was.people if each.id != person_id)
    return _changed(was, context, "person_removed", now, {"person_id": person_id}, people=people)


def person_erased(was: Firm, context: Context, person_id: str, reason: str, now: datetime) -> FirmChange:
    """A person's data becomes unreadable everywhere: the commit destroys the key. Its documents go too."""
    erased = [document.id for document in was.documents if document.person_id == person_id]
    return _changed(
        was,
        context,
        "person_erased",
        now,
        {"person_id": person_id, "documents": erased, "reason": reason},
        action="erase",
        people=tuple(each for each in was.people if each.id != person_id),
        documents=tuple(document for document in was.documents if document.person_id != person_id),
    )


def account_added(was: Firm, context: Context, account: Account, now: datetime) -> FirmChange:
    """Another account, or a known one in another currency. SettlementAccountKnown by the number's mark, however its bank is called."""
    must_have_room(was.settlement_accounts, MOST_ACCOUNTS, TooManyAccounts)
    for known in was.settlement_accounts:
        if account.mark and (known.mark, known.currency) == (account.mark, account.currency):
            raise SettlementAccountKnown(say("It is {account_id}.", account_id=known.id), account_id=known.id)
    payload = {
        "account_id": account.id,
        "bank_name": account.bank_name,
        "currency": account.currency,
        **in_payload([account.number]),
    }
    accounts = (*was.settlement_accounts, account)
    return _changed(was, context, "settlement_account_added", now, payload, settlement_accounts=accounts)


def account_removed(was: Firm, context: Context, account_id: str, now: datetime) -> FirmChange:
    left = tuple(each for each in was.settlement_accounts if each.id != account_id)
    if len(left) == len(was.settlement_accounts):
        raise NotFound(say("There is no settlement account {account_id!r:.60}.", account_id=account_id))
    payload = {"account_id": account_id}
    return _changed(was, context, "settlement_account_removed", now, payload, settlement_accounts=left)


def person_of(firm: Firm, person_id: str) -> Person:
    person = firm.person(person_id)
    if person is None:
        raise NotFound(say("There is no person {person_id!r:.60}.", person_id=person_id))
    return person


def awaiting(firm: Firm, context: Context, now: datetime) -> dict[str, Any]:
    """What a verified profile becomes when an officer has to look at it again."""
    due_at = now + timedelta(hours=context.policy.verify_hours)
    return {"status": "changed", "due_at": due_at} if firm.status == "verified" else {}


def _with_people(
    was: Firm, context: Context, event: str, person: Person, people: tuple[Person, ...], now: datetime
) -> FirmChange:
    if person.kind == "company" and person.powers:
        raise CompanySigns("A company has powers.", param="powers")
    if person.kind == "company" and person.is_legal_representative:
        raise CompanySigns("A company represents the firm by law.", param="is_legal_representative")
    today = business_date(now)
    if person.powers and not person.may(person.powers[0], today):
        raise UnfitProfile(say("The powers ended before {today}.", today=today), param="powers_until")
    if (shares := sum(each.share_bp for each in people)) > WHOLE_BP:
        raise SharesBeyondWhole(
            say("Together they have {shares} of {whole_bp}.", shares=shares, whole_bp=WHOLE_BP),
            param="share_bp",
            maximum=WHOLE_BP,
        )
    payload = {
        "person_id": person.id,
        "kind": person.kind,
        "powers": list(person.powers),
        "powers_until": person.powers_until,
        "is_legal_representative": person.is_legal_representative,
        "is_controller": person.is_controller,
        "share_bp": person.share_bp,
        **in_payload(person.personal),
    }
    return _changed(was, context, event, now, payload, people=people)


def _require_founded(year: int, now: datetime) -> None:
    if year > (latest := business_date(now).year):
        raise UnfitProfile(
            say("No firm was founded later than {latest}.", latest=latest), param="founded_year", maximum=latest
        )


def _changed(
    was: Firm,
    context: Context,
    event: str,
    now: datetime,
    payload: dict[str, Any],
    *,
    action: str = "change",
    **fields: Any,
) -> FirmChange:
    state = replace(was, **awaiting(was, context, now), **fields)
    return TABLE.change(was, action, now, event=event, payload=payload, state=state)

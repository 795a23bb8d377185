"""What firms and officers do with profiles. One read and one transaction each, and a call of KMS where something is sealed."""

from __future__ import annotations

from typing import Any, Final, get_args

from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.firms.aggregate import FIRMS
from chalicelib.firms.records import FirmRow
from chalicelib.firms.rules import changing, documents, seeking, signers, verifying
from chalicelib.firms.rules import firm as rules
from chalicelib.firms.rules.transitions import FirmChange
from chalicelib.firms.service import marks
from chalicelib.firms.views.requests import (
    AccountRequest,
    EraseRequest,
    FirmRequest,
    PersonRequest,
    RegistersRequest,
    ReturnRequest,
)
from chalicelib.members import service as members
from chalicelib.members.rules import must_be_country, must_be_registered
from chalicelib.shared import data_keys, ids, policies
from chalicelib.shared.commit import Joined, StoredResponse
from chalicelib.shared.data_keys import DataKey
from chalicelib.shared.errors import Conflict, NotFound
from chalicelib.shared.periods import business_date
from chalicelib.shared.regions import is_region
from chalicelib.shared.request import RequestContext
from chalicelib.shared.sealed import Sealed
from chalicelib.shared.texts import say

PERSONAL: Final[tuple[rules.PersonalField, ...]] = get_args(rules.PersonalField)


class FirmExists(Conflict):
    code = "firm_exists"
    title = "The member's firm is registered already."
    fix = "Read it with GET /v1/firms/{member_id}, and change what is not so."


def register(body: FirmRequest, request: RequestContext) -> StoredResponse:
    """The profile of the member who calls."""
    member_id, now = request.caller.member_id, request.now
    there, member = members.beside(FirmRow, member_id, member_id)
    must_be_registered(member_id, member)
    if there:
        raise FirmExists(say("{member_id} has a profile.", member_id=member_id))
    in_force = policies.in_force("firms", business_date(now))
    firm = rules.Firm(
        id=member_id,
        status="registered",
        version=1,
        created_at=now,
        updated_at=now,
        policy=in_force.hash,
        **_facts(body),
    )
    context = rules.Context(policy=in_force.read_as(rules.Policy))
    _, kept = data_keys.new(member_id, owner_id=member_id, now=now)
    registered = changing.registered(firm, context)
    return FIRMS.create(registered, context, request, "firm", joined=Joined(changes=(kept,)))


def change(member_id: str, body: FirmRequest, request: RequestContext) -> StoredResponse:
    def decide(was: rules.Firm, context: rules.Context, actor: rules.Actor) -> FirmChange:
        return changing.changed(was, context, _facts(body), request.now)

    return FIRMS.execute(member_id, request, "change", decide)


def add_person(member_id: str, body: PersonRequest, request: RequestContext) -> StoredResponse:
    """With a key of its own, kept by the same commit."""
    person_id = ids.derived_id("per", request.entry_id)
    key, kept = data_keys.new(person_id, owner_id=member_id, now=request.now)
    person = _person(person_id, body, key, request)
    return FIRMS.execute(
        member_id,
        request,
        "change",
        lambda was, context, actor: changing.person_added(was, context, person, request.now),
        status=201,
        joined=lambda change: Joined(changes=(kept,)),
    )


def change_person(member_id: str, person_id: str, body: PersonRequest, request: RequestContext) -> StoredResponse:
    """All of the person anew, sealed with the key there is."""

    def decide(was: rules.Firm, context: rules.Context, actor: rules.Actor) -> FirmChange:
        changing.person_of(was, person_id)
        key = data_keys.keyring([person_id], owner_id=member_id).keys[person_id]
        return changing.person_changed(was, context, _person(person_id, body, key, request), request.now)

    return FIRMS.execute(member_id, request, "change", decide)


def remove_person(member_id: str, person_id: str, request: RequestContext) -> StoredResponse:
    return FIRMS.execute(
        member_id,
        request,
        "change",
        lambda was, context, actor: changing.person_removed(was, context, person_id, request.now),
    )


def erase_person(member_id: str, person_id: str, body: EraseRequest, request: RequestContext) -> StoredResponse:
    """Destroy a person's key, with the firm still or no longer. NotFound where it is no person of the firm, or was erased."""
    if not ids.is_id(person_id, "per"):
        raise NotFound(say("There is no person {person_id!r:.60}.", person_id=person_id))
    destroyed = data_keys.destroy(person_id, owner_id=member_id, now=request.now)
    return FIRMS.execute(
        member_id,
        request,
        "erase",
        lambda was, context, actor: changing.person_erased(was, context, person_id, body.reason, request.now),
        joined=lambda change: Joined(changes=(destroyed,)),
    )


def add_account(member_id: str, body: AccountRequest, request: RequestContext) -> StoredResponse:
    """At which the firm is paid: in a currency that banks pay out for us."""
    banks_inbox.must_be_payable(body.currency, request.now, param="currency")

    def decide(was: rules.Firm, context: rules.Context, actor: rules.Actor) -> FirmChange:
        account = rules.Account(
            id=ids.derived_id("sac", request.entry_id),
            bank_name=body.bank_name,
            currency=body.currency,
            number=data_keys.keyring([member_id], owner_id=member_id)
            .keys[member_id]
            .seal(rules.ACCOUNT_NUMBER, body.number),
            mark=marks.of_account(body.number),
            added_at=request.now,
        )
        return changing.account_added(was, context, account, request.now)

    return FIRMS.execute(member_id, request, "change", decide, status=201)


def remove_account(member_id: str, account_id: str, request: RequestContext) -> StoredResponse:
    return FIRMS.execute(
        member_id,
        request,
        "change",
        lambda was, context, actor: changing.account_removed(was, context, account_id, request.now),
    )


def remove_document(member_id: str, document_id: str, request: RequestContext) -> StoredResponse:
    return FIRMS.execute(
        member_id,
        request,
        "announce",
        lambda was, context, actor: documents.removed(was, context, document_id, request.now),
    )


def confirm(member_id: str, request: RequestContext) -> StoredResponse:
    return FIRMS.execute(
        member_id, request, "confirm", lambda was, context, actor: verifying.confirm(was, context, request.now)
    )


def verify(member_id: str, request: RequestContext) -> StoredResponse:
    return FIRMS.execute(
        member_id, request, "verify", lambda was, context, actor: verifying.verify(was, context, request.now)
    )


def send_back(member_id: str, body: ReturnRequest, request: RequestContext) -> StoredResponse:
    return FIRMS.execute(
        member_id,
        request,
        "return",
        lambda was, context, actor: verifying.send_back(was, context, body.reasons, request.now),
    )


def note_registers(member_id: str, body: RegistersRequest, request: RequestContext) -> StoredResponse:
    seen = rules.Registers(seen_on=body.seen_on, tax_grade=body.tax_grade, on_court_list=body.on_court_list)
    return FIRMS.execute(
        member_id,
        request,
        "note-registers",
        lambda was, context, actor: verifying.note_registers(was, context, seen, request.now),
    )


def seek_group(member_id: str, request: RequestContext) -> StoredResponse:
    """By a signer with the power to let data out: founders of groups are shown the firm for a while."""

    def decide(was: rules.Firm, context: rules.Context, actor: rules.Actor) -> FirmChange:
        signer = signers.signer(was, request.caller.person, "consent", request.now)
        return seeking.seek(was, context, signer.person_id, request.now)

    return FIRMS.execute(member_id, request, "seek_group", decide)


def stop_seeking(member_id: str, request: RequestContext) -> StoredResponse:
    return FIRMS.execute(
        member_id, request, "stop_seeking", lambda was, context, actor: seeking.stop(was, context, request.now)
    )


def _facts(body: FirmRequest) -> dict[str, Any]:
    return {
        "name": body.name,
        "registration_no": body.registration_no,
        "industry": body.industry,
        "region": _region(body.region),
        "size": body.size,
        "currency": body.paid_in_capital.currency,
        "paid_in_capital_minor": body.paid_in_capital.minor(param="paid_in_capital.amount"),
        "founded_year": body.founded_year,
    }


def _region(code: str) -> str:
    """A part of a country there is. UnknownCountry, UnfitProfile."""
    must_be_country(code[:2], param="region")
    if not is_region(code):
        raise changing.UnfitProfile(say("{region!r:.20} is not the code of a province.", region=code), param="region")
    return code


def _person(person_id: str, body: PersonRequest, key: DataKey, request: RequestContext) -> rules.Person:
    return rules.Person(
        id=person_id,
        kind=body.kind,
        personal=_sealed(body, key),
        powers=tuple(dict.fromkeys(body.powers)),
        powers_until=body.powers_until,
        is_legal_representative=body.is_legal_representative,
        is_controller=body.is_controller,
        share_bp=body.share_bp,
        added_at=request.now,
        marks=marks.of_person(body),
        email_mark=marks.of_email(body.email),
    )


def _sealed(body: PersonRequest, key: DataKey) -> tuple[Sealed, ...]:
    given = ((field, getattr(body, field)) for field in PERSONAL)
    return tuple(key.seal(field, text) for field, text in given if text)

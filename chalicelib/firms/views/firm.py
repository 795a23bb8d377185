"""A firm's profile, as the firm and officers see it; and what is sealed in it, for those who may read that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import get_args

from msgspec import Struct

from chalicelib.firms.rules import firm as rules
from chalicelib.firms.rules.timers import MACHINE
from chalicelib.shared.documents import DocumentStatus
from chalicelib.shared.files import Link, UploadForm
from chalicelib.shared.money import Money
from chalicelib.shared.periods import business_date
from chalicelib.shared.sealed import Sealed
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.views import view_of


class PersonView(Struct, frozen=True, kw_only=True):
    """A person without what is personal: `known` names the fields that are kept. `id` is what Surety-Acting-Person names."""

    id: str
    kind: rules.PersonKind
    known: list[str]
    powers: list[rules.Power]
    powers_until: date | None
    is_legal_representative: bool
    is_controller: bool
    share_bp: int
    added_at: datetime
    verified_at: datetime | None


class AccountView(Struct, frozen=True, kw_only=True):
    id: str
    bank_name: str
    currency: str
    added_at: datetime
    verified_at: datetime | None


class DocumentView(Struct, frozen=True, kw_only=True):
    """`status` is `awaited` until the file has come, `kept` if it was what was announced, else `refused`."""

    id: str
    kind: rules.DocumentKind
    person_id: str | None
    status: DocumentStatus
    media_type: str
    size: int
    sha256: str
    announced_at: datetime
    retained_until: date


class RegistersView(Struct, frozen=True, kw_only=True):
    """What an officer saw in public registers on a day. Null: not looked up, or not in them."""

    seen_on: date
    tax_grade: rules.TaxGrade | None
    on_court_list: bool | None


class FirmView(Struct, frozen=True, kw_only=True):
    """What a lender must know of a member, without what is sealed. `id` is the member's; `missing` is what a lender needs besides.

    The first of `deadlines` says who has to do something until when. `reasons` are an officer's who returned it. Until
    `seeks_until` founders of groups are shown its name, industry, region and size.
    """

    id: str
    version: int
    status: rules.Status
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    name: str
    registration_no: str
    industry: str
    region: str
    size: rules.Size
    paid_in_capital: Money
    founded_year: int
    people: list[PersonView]
    settlement_accounts: list[AccountView]
    documents: list[DocumentView]
    missing: list[str]
    verified_at: datetime | None
    verified_until: datetime | None
    reasons: list[str]
    why_expired: rules.WhyExpired | None
    seeks_until: datetime | None
    registers: RegistersView | None


class OpenedPerson(Struct, frozen=True, kw_only=True):
    """A person with what is personal."""

    id: str
    kind: rules.PersonKind
    powers: list[rules.Power]
    powers_until: date | None
    is_legal_representative: bool
    is_controller: bool
    share_bp: int
    verified_at: datetime | None
    name: str | None
    id_number: str | None
    phone: str | None
    email: str | None
    address: str | None


class OpenedAccount(Struct, frozen=True, kw_only=True):
    id: str
    bank_name: str
    currency: str
    number: str


class SealedView(Struct, frozen=True, kw_only=True):
    """What is sealed in a profile, opened for this one reading; nothing of it is kept with the answer."""

    people: list[OpenedPerson]
    settlement_accounts: list[OpenedAccount]


class DocumentAnnounced(Struct, frozen=True, kw_only=True):
    """The profile with the document awaited, and the form to upload it with: these fields first, then the file in a field `file`.

    The form is signed anew whenever the request is repeated, and null once the file has come.
    """

    firm: FirmView
    document_id: str
    upload: UploadForm | None = None


class DisclosureView(Struct, frozen=True, kw_only=True):
    """An officer's reason to read what is sealed in a profile: that officer may until `expires_at`."""

    id: str
    member_id: str
    reason: str
    at: datetime
    expires_at: datetime


class DisclosedView(Struct, frozen=True, kw_only=True):
    """What is sealed in a profile, and where its documents are fetched from."""

    opened: SealedView
    documents: list[Link]


def view(firm: rules.Firm, context: rules.Context, actor: rules.Actor, now: datetime) -> FirmView:
    return view_of(
        FirmView,
        firm,
        **MACHINE.offer(firm, actor, context, now),
        missing=list(rules.missing(firm, business_date(now))),
    )


def opened(firm: rules.Firm, show: Callable[[Sealed], str]) -> SealedView:
    """What is sealed in a profile, as `show` opens it."""
    nothing: dict[str, str | None] = dict.fromkeys(get_args(rules.PersonalField))
    return SealedView(
        people=[
            view_of(OpenedPerson, person, **nothing | {each.field: show(each) for each in person.personal})
            for person in firm.people
        ],
        settlement_accounts=[
            view_of(OpenedAccount, account, number=show(account.number)) for account in firm.settlement_accounts
        ],
    )

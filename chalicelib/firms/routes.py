"""The endpoints of firms."""

from __future__ import annotations

from functools import partial

from chalicelib.banks.rules.partners import CurrencyNotPayable
from chalicelib.firms import examples
from chalicelib.firms.rules.changing import CompanySigns, SharesBeyondWhole, UnfitProfile
from chalicelib.firms.rules.firm import SettlementAccountKnown, TooManyAccounts, TooManyFirmDocuments, TooManyPeople
from chalicelib.firms.rules.signers import SIGNER_ERRORS
from chalicelib.firms.rules.transitions import NotInThisStatus
from chalicelib.firms.rules.verifying import RegistersNotOfThen
from chalicelib.firms.service import commands, disclosing, reading, uploads
from chalicelib.firms.service.commands import FirmExists
from chalicelib.firms.views import requests
from chalicelib.firms.views.firm import DisclosedView, DisclosureView, DocumentAnnounced, FirmView, SealedView
from chalicelib.members.rules import NotRegistered, UnknownCountry
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.documents import DocumentKept, DocumentKnown
from chalicelib.shared.files import Link
from chalicelib.shared.http import MEMBER, OFFICER, Routes
from chalicelib.shared.money import UnknownCurrency
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Firms", response=FirmView)
RISK = OFFICER.with_duty("risk")
by_firm = partial(routes.command, by=MEMBER)
by_officer = partial(routes.command, by=RISK)
_CHANGING = [NotInThisStatus, Stale]
_UNFIT = [UnfitProfile, UnknownCountry, UnknownCurrency]


@by_firm("/v1/firms", status=201, errors=[FirmExists, NotRegistered, *_UNFIT], examples={"a small firm": examples.FIRM})
def register(body: requests.FirmRequest, request: RequestContext) -> StoredResponse:
    """Register what a lender must know of your firm. An officer verifies it."""
    return commands.register(body, request)


@routes.read("/v1/firms", by=MEMBER | RISK, errors=[BadCursor])
def firms(query: requests.FirmsQuery, request: RequestContext) -> Page[FirmView]:
    """Profiles of a status, or all, for officers; your own."""
    return reading.listed(query, request)


@routes.read("/v1/firms/{member_id}", by=MEMBER | RISK)
def firm(member_id: str, request: RequestContext) -> FirmView:
    """A firm's profile without what is sealed: its people by their ids, and what is missing for a lender."""
    return reading.firm(member_id, request)


@routes.read("/v1/firms/{member_id}/timeline", by=MEMBER | RISK)
def timeline(member_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to a profile, oldest first, and who was shown what is sealed. The data of an erased person reads `erased`."""
    return reading.timeline(member_id, query, request)


@routes.read("/v1/firms/{member_id}/sealed", by=MEMBER)
def sealed(member_id: str, request: RequestContext) -> SealedView:
    """What is sealed in your own profile: names, numbers, contacts, accounts."""
    return reading.secrets_of(member_id, request)


@by_firm("/v1/firms/{member_id}/change", errors=[*_CHANGING, *_UNFIT], examples={"as registered": examples.FIRM})
def change(member_id: str, body: requests.FirmRequest, request: RequestContext) -> StoredResponse:
    """Change what is registered. A verified profile then waits for an officer."""
    return commands.change(member_id, body, request)


@by_firm(
    "/v1/firms/{member_id}/people",
    status=201,
    errors=[*_CHANGING, TooManyPeople, SharesBeyondWhole, CompanySigns, UnfitProfile],
    examples={"a signer": examples.SIGNER, "a holder": examples.HOLDER},
)
def add_person(member_id: str, body: requests.PersonRequest, request: RequestContext) -> StoredResponse:
    """Register a signer, a controller or a holder. A signer acts for the firm when an officer has verified it."""
    return commands.add_person(member_id, body, request)


@by_firm(
    "/v1/firms/{member_id}/people/{person_id}/change",
    errors=[*_CHANGING, SharesBeyondWhole, CompanySigns, UnfitProfile],
    examples={"a signer": examples.SIGNER},
)
def change_person(
    member_id: str, person_id: str, body: requests.PersonRequest, request: RequestContext
) -> StoredResponse:
    """Say all of a person anew. A signer waits for an officer before it signs again."""
    return commands.change_person(member_id, person_id, body, request)


@by_firm("/v1/firms/{member_id}/people/{person_id}/remove", errors=_CHANGING)
def remove_person(member_id: str, person_id: str, request: RequestContext) -> StoredResponse:
    """Take somebody out of the profile, who signs no more from now on. The history stays readable for you."""
    return commands.remove_person(member_id, person_id, request)


@routes.command(
    "/v1/firms/{member_id}/people/{person_id}/erase",
    by=MEMBER | RISK,
    errors=_CHANGING,
    examples={"on request": examples.ERASE},
)
def erase_person(
    member_id: str, person_id: str, body: requests.EraseRequest, request: RequestContext
) -> StoredResponse:
    """Make a person's data unreadable, here and in the whole history, for ever. Documents of that person go too."""
    return commands.erase_person(member_id, person_id, body, request)


@by_firm(
    "/v1/firms/{member_id}/settlement-accounts",
    status=201,
    errors=[*_CHANGING, SettlementAccountKnown, TooManyAccounts, CurrencyNotPayable],
    examples={"in yuan": examples.ACCOUNT},
)
def add_account(member_id: str, body: requests.AccountRequest, request: RequestContext) -> StoredResponse:
    """Register an account at which the firm is paid."""
    return commands.add_account(member_id, body, request)


@by_firm("/v1/firms/{member_id}/settlement-accounts/{account_id}/remove", errors=_CHANGING)
def remove_account(member_id: str, account_id: str, request: RequestContext) -> StoredResponse:
    """Take an account out of the profile."""
    return commands.remove_account(member_id, account_id, request)


@routes.command(
    "/v1/firms/{member_id}/documents",
    response=DocumentAnnounced,
    status=201,
    by=MEMBER,
    errors=[*_CHANGING, DocumentKnown, TooManyFirmDocuments],
    examples={"a licence": examples.LICENCE},
    completes=uploads.with_form,
)
def announce(member_id: str, body: requests.DocumentRequest, request: RequestContext) -> StoredResponse:
    """Announce a document and get a form to upload exactly that."""
    return uploads.announce(member_id, body, request)


@routes.read("/v1/firms/{member_id}/documents/{document_id}", by=MEMBER)
def document_link(member_id: str, document_id: str, request: RequestContext) -> Link:
    """An address to fetch a document of yours from, for a quarter of an hour."""
    return uploads.link(member_id, document_id, request)


@by_firm("/v1/firms/{member_id}/documents/{document_id}/remove", errors=[*_CHANGING, DocumentKept])
def remove_document(member_id: str, document_id: str, request: RequestContext) -> StoredResponse:
    """Take back a document that never arrived or was refused."""
    return commands.remove_document(member_id, document_id, request)


@by_firm("/v1/firms/{member_id}/confirm", errors=_CHANGING)
def confirm(member_id: str, request: RequestContext) -> StoredResponse:
    """Say that all of it is so, after it was returned or has expired, or before it does. An officer looks at it."""
    return commands.confirm(member_id, request)


@by_firm("/v1/firms/{member_id}/seek-group", errors=[*_CHANGING, *SIGNER_ERRORS])
def seek_group(member_id: str, request: RequestContext) -> StoredResponse:
    """Let founders of groups of guarantors find your firm for 90 days: its name, industry, region and size, and nothing of its people. A signer consents."""
    return commands.seek_group(member_id, request)


@by_firm("/v1/firms/{member_id}/stop-seeking", errors=_CHANGING)
def stop_seeking(member_id: str, request: RequestContext) -> StoredResponse:
    """Be found no more."""
    return commands.stop_seeking(member_id, request)


@by_officer("/v1/firms/{member_id}/verify", errors=_CHANGING)
def verify(member_id: str, request: RequestContext) -> StoredResponse:
    """Say that the profile is so, with its people and accounts: its signers act from now on."""
    return commands.verify(member_id, request)


@by_officer(
    "/v1/firms/{member_id}/note-registers",
    errors=[*_CHANGING, RegistersNotOfThen],
    examples={"a good taxpayer": examples.REGISTERS},
)
def note_registers(member_id: str, body: requests.RegistersRequest, request: RequestContext) -> StoredResponse:
    """Note what public registers say of the firm: its tax credit grade, and whether it is on the courts' list of defaulters."""
    return commands.note_registers(member_id, body, request)


@by_officer("/v1/firms/{member_id}/return", errors=_CHANGING, examples={"another firm's licence": examples.RETURN})
def send_back(member_id: str, body: requests.ReturnRequest, request: RequestContext) -> StoredResponse:
    """Say what is wrong with the profile; the firm mends it and confirms."""
    return commands.send_back(member_id, body, request)


@routes.command(
    "/v1/firms/{member_id}/disclosures",
    response=DisclosureView,
    status=201,
    by=RISK,
    errors=_CHANGING,
    examples={"before verification": examples.DISCLOSE},
)
def disclose(member_id: str, body: requests.DisclosureRequest, request: RequestContext) -> StoredResponse:
    """Say why you have to read what is sealed in a profile. The firm reads it too."""
    return disclosing.disclose(member_id, body, request)


@routes.read("/v1/firms/{member_id}/disclosures/{disclosure_id}", by=RISK)
def disclosure(member_id: str, disclosure_id: str, request: RequestContext) -> DisclosedView:
    """What is sealed in a profile, for a quarter of an hour after you have said why."""
    return disclosing.read(member_id, disclosure_id, request)

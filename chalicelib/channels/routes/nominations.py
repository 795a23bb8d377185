"""The endpoints of nominations."""

from __future__ import annotations

from chalicelib.channels import examples
from chalicelib.channels.rules.nomination import TooManyNominationDocuments
from chalicelib.channels.rules.nomination_machine import (
    CategoryNotInChannel,
    DocumentsMissing,
    NominationNotInThisStatus,
)
from chalicelib.channels.service import nominations, reading
from chalicelib.channels.service.nominations import (
    ChannelTakesNobody,
    MemberOfChannel,
    NominatedAlready,
    OfAnotherCountry,
    ProposalOver,
    RegistrationNumberFixed,
    UnknownSupplier,
)
from chalicelib.channels.views import nomination as views
from chalicelib.shared.access import CHANNELS
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.documents import DocumentKnown
from chalicelib.shared.errors import NotFound
from chalicelib.shared.files import Link
from chalicelib.shared.http import AGENCY, ANY_DUTY, MEMBER, OFFICER, Routes
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry
from chalicelib.suppliers.rules.jurisdictions import NoJurisdiction

routes = Routes(group="Country channels", response=views.NominationView)
BY = OFFICER.with_duty(CHANNELS)
OFFICERS = OFFICER.with_duty(*ANY_DUTY, CHANNELS)
PARTIES = AGENCY | MEMBER | OFFICERS
_MOVING = [NominationNotInThisStatus, Stale]


@routes.command(
    "/v1/channels/{channel_id}/nominations",
    status=201,
    by=AGENCY,
    errors=[CategoryNotInChannel, ChannelTakesNobody, NominatedAlready, NotFound, ProposalOver],
    examples={"a maker of clothes": examples.NOMINATE},
)
def nominate(channel_id: str, body: views.NominateRequest, request: RequestContext) -> StoredResponse:
    """Name a supplier for a channel of yours, and vouch for it: a draft until you submit it. Many at once: `POST /v1/imports`."""
    return nominations.nominate(channel_id, body, request)


@routes.read("/v1/nominations", by=PARTIES, errors=[BadCursor])
def nomination_list(query: views.NominationsQuery, request: RequestContext) -> Page[views.NominationView]:
    """An agency's own, a member's invitations, or for officers all, those of a status, or those of a name."""
    return reading.nominations(query, request)


@routes.read("/v1/nominations/{nomination_id}", by=PARTIES)
def nomination(nomination_id: str, request: RequestContext) -> views.NominationView:
    """One nomination: who has to do something about it, and until when."""
    return reading.nomination(nomination_id, request)


@routes.read("/v1/nominations/{nomination_id}/timeline", by=PARTIES)
def nomination_timeline(nomination_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to a nomination, oldest first."""
    return reading.nomination_timeline(nomination_id, query, request)


@routes.command(
    "/v1/nominations/{nomination_id}/edit",
    by=AGENCY,
    errors=[*_MOVING, CategoryNotInChannel, RegistrationNumberFixed],
    examples={"one category more": examples.EDIT},
)
def edit(nomination_id: str, body: views.DetailsRequest, request: RequestContext) -> StoredResponse:
    """Say everything anew, while it is a draft or was returned."""
    return nominations.edit(nomination_id, body, request)


@routes.command(
    "/v1/nominations/{nomination_id}/documents",
    response=views.DocumentAnnounced,
    status=201,
    by=AGENCY,
    errors=[*_MOVING, DocumentKnown, TooManyNominationDocuments],
    examples={"its registration": examples.REGISTRATION},
    completes=nominations.with_form,
)
def announce(nomination_id: str, body: views.DocumentRequest, request: RequestContext) -> StoredResponse:
    """Announce a document and get a form to upload exactly that."""
    return nominations.announce(nomination_id, body, request)


@routes.read("/v1/nominations/{nomination_id}/documents/{document_id}", by=AGENCY | OFFICERS)
def document_link(nomination_id: str, document_id: str, request: RequestContext) -> Link:
    """An address to fetch a document from, for a quarter of an hour. Each that an officer is handed is an entry."""
    return nominations.link(nomination_id, document_id, request)


@routes.command("/v1/nominations/{nomination_id}/submit", by=AGENCY, errors=[*_MOVING, ChannelTakesNobody])
def submit(nomination_id: str, request: RequestContext) -> StoredResponse:
    """Have the platform check it, within five business days."""
    return nominations.submit(nomination_id, request)


@routes.command(
    "/v1/nominations/{nomination_id}/check",
    by=BY,
    errors=[*_MOVING, DocumentsMissing, MemberOfChannel, NoJurisdiction, OfAnotherCountry, UnknownSupplier],
    examples={"a member of the marketplace": examples.CHECK, "nobody's yet": {}},
)
def check(nomination_id: str, body: views.CheckRequest, request: RequestContext) -> StoredResponse:
    """Find it in order. A supplier that is a member of the marketplace is invited; another one as soon as a member is named."""
    return nominations.check(nomination_id, body, request)


@routes.command(
    "/v1/nominations/{nomination_id}/return", by=BY, errors=_MOVING, examples={"another firm's paper": examples.RETURN}
)
def return_(nomination_id: str, body: views.ReturnRequest, request: RequestContext) -> StoredResponse:
    """Give it back to the agency, with what has to be mended."""
    return nominations.return_(nomination_id, body, request)


@routes.command(
    "/v1/nominations/{nomination_id}/withdraw",
    by=AGENCY,
    errors=_MOVING,
    examples={"not this season": examples.WITHDRAW},
)
def withdraw(nomination_id: str, body: views.WhyRequest, request: RequestContext) -> StoredResponse:
    """Take a nomination back, until the supplier has joined."""
    return nominations.withdraw(nomination_id, body, request)


@routes.command(
    "/v1/nominations/{nomination_id}/accept", by=MEMBER, errors=[*_MOVING, ChannelTakesNobody, MemberOfChannel]
)
def accept(nomination_id: str, request: RequestContext) -> StoredResponse:
    """Join the channel: the membership is issued at once, for a year."""
    return nominations.accept(nomination_id, request)


@routes.command(
    "/v1/nominations/{nomination_id}/decline", by=MEMBER, errors=_MOVING, examples={"not abroad": examples.DECLINE}
)
def decline(nomination_id: str, body: views.WhyRequest, request: RequestContext) -> StoredResponse:
    """Stay out of the channel."""
    return nominations.decline(nomination_id, body, request)

"""The endpoints of members."""

from __future__ import annotations

from chalicelib.members import service
from chalicelib.members.rules import MemberExists, UnknownCountry
from chalicelib.members.views import MemberRequest, MembersQuery, MemberView, view
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import AGENCY, ANY_DUTY, BANK, MEMBER, OFFICER, Routes
from chalicelib.shared.pages import Page
from chalicelib.shared.periods import UnknownZone
from chalicelib.shared.request import RequestContext

routes = Routes(group="Members and trade facts")


@routes.command(
    "/v1/members",
    response=MemberView,
    status=201,
    by=OFFICER.with_duty("feeds"),
    errors=[MemberExists, UnknownCountry, UnknownZone],
)
def register(body: MemberRequest, request: RequestContext) -> StoredResponse:
    """Register a company or shop."""
    return service.register(body, request)


@routes.read("/v1/members/{member_id}", by=MEMBER | BANK | AGENCY | OFFICER.with_duty(*ANY_DUTY, "feeds"))
def member(member_id: str, request: RequestContext) -> MemberView:
    """One member: itself, or any for an officer."""
    return view(service.find(member_id, request.caller))


@routes.read("/v1/members", by=MEMBER | OFFICER.with_duty(*ANY_DUTY, "feeds"))
def members(query: MembersQuery, request: RequestContext) -> Page[MemberView]:
    """Members, or the one that a marketplace's own identifier belongs to."""
    return service.listed(query, request)

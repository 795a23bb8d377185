"""The doors of members."""

from __future__ import annotations

from chalicelib.members import service
from chalicelib.members.rules import MemberExists, UnknownCountry
from chalicelib.members.views import MemberAsked, MembersQuery, MemberView, view
from chalicelib.shared.commit import Answer
from chalicelib.shared.http import AGENCY, ANY_DUTY, BANK, MEMBER, OFFICER, Routes
from chalicelib.shared.pages import Page
from chalicelib.shared.periods import UnknownZone
from chalicelib.shared.request import Request

routes = Routes(group="Members and trade facts")


@routes.command(
    "/v1/members",
    asks=MemberAsked,
    answers=MemberView,
    status=201,
    by=OFFICER.with_duty("feeds"),
    refuses=[MemberExists, UnknownCountry, UnknownZone],
)
def register(asked: MemberAsked, request: Request) -> Answer:
    """Register a company or shop."""
    return service.register(asked, request)


@routes.read(
    "/v1/members/{member_id}", answers=MemberView, by=MEMBER | BANK | AGENCY | OFFICER.with_duty(*ANY_DUTY, "feeds")
)
def member(member_id: str, request: Request) -> MemberView:
    """One member: itself, or any for an officer."""
    return view(service.find(member_id, request.caller))


@routes.read(
    "/v1/members", query=MembersQuery, answers=Page[MemberView], by=MEMBER | OFFICER.with_duty(*ANY_DUTY, "feeds")
)
def members(query: MembersQuery, request: Request) -> Page[MemberView]:
    """Members, or the one an `external_ref` belongs to."""
    return service.listed(query, request)

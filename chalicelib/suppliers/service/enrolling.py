"""Joining the programme: evaluated at once, in one commit with its postings."""

from __future__ import annotations

from chalicelib.members import service as members
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.request import RequestContext
from chalicelib.suppliers.rules import programme
from chalicelib.suppliers.service import countries, evaluation
from chalicelib.suppliers.service.changing import change, for_change
from chalicelib.suppliers.views.programme import EnrolmentRequest


def enrol(member_id: str, body: EnrolmentRequest, request: RequestContext) -> StoredResponse:
    """Into the programme: active with a limit, or applied with the conditions that failed. NoJurisdiction, EnrolmentDocumentsMissing.

    The entry keeps which documents it was decided on.
    """
    member = members.find(member_id, request.caller)
    was, position = for_change(member_id, request, member)
    moved = programme.enrolled(was, evaluation.point_terms(request.now), request.now)
    shown = countries.must_let_in(member, request)
    payload = {"documents": shown} if shown else None
    return change(was, position, moved, "supplier.enrolled", request, as_of=body.as_of, payload=payload)

"""The endpoints of calls on guarantors."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.guarantees.examples import DECIDE_OBJECTION, OBJECT
from chalicelib.guarantees.rules import call_handling
from chalicelib.guarantees.rules.call import TooManyObjections
from chalicelib.guarantees.rules.call_transitions import CallNotInThisStatus
from chalicelib.guarantees.service import calls as service
from chalicelib.guarantees.service import obligations as obligations_service
from chalicelib.guarantees.views.calls import CallsQuery, CallStatementLine, CallView, DecideRequest, ObjectRequest
from chalicelib.guarantees.views.obligations import ObligationView
from chalicelib.shared import languages
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import AnotherOfficerNeeded
from chalicelib.shared.http import ANY_DUTY, BANK, MEMBER, OFFICER, SVG, Routes, picture
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Guarantees", response=CallView)
PARTIES = MEMBER | BANK | OFFICER.with_duty(*ANY_DUTY)


@routes.read("/v1/guarantee-calls", by=PARTIES, errors=[BadCursor])
def calls(query: CallsQuery, request: RequestContext) -> Page[CallView]:
    """Calls on you as a guarantor, or for your loans, oldest first; a bank's own; as an officer those of a member, a bank or a status."""
    return service.calls(query, request)


@routes.read("/v1/guarantee-calls/{call_id}", by=PARTIES)
def call(call_id: str, request: RequestContext) -> CallView:
    """One call: what the bank asks for and why, your own share, until when it is to be paid, and until when you may object."""
    return service.call(call_id, request)


@routes.read("/v1/guarantee-calls/{call_id}/timeline", by=PARTIES)
def call_timeline(call_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to a call, oldest first; of shares your own."""
    return service.timeline(call_id, query, request)


@routes.read("/v1/guarantee-calls/{call_id}/statement", by=PARTIES)
def statement(call_id: str, query: Paging, request: RequestContext) -> Page[CallStatementLine]:
    """What each entry of a call came to, to the fen: who had to pay what, who paid, and what was claimed anew; of shares your own."""
    return service.statement(call_id, query, request)


@routes.read("/v1/guarantee-calls/{call_id}/cascade", response=str, by=PARTIES, media=SVG)
def cascade(call_id: str, request: RequestContext) -> Response:
    """The statement as a picture (SVG): after each step who has paid what and who still owes what, in words too for those who cannot see it."""
    language = languages.preferred(request.languages)
    return picture(service.cascade(call_id, language, request), language)


@routes.read("/v1/members/{member_id}/obligations", by=MEMBER | OFFICER.with_duty(*ANY_DUTY), errors=[BadCursor])
def obligations(member_id: str, query: Paging, request: RequestContext) -> Page[ObligationView]:
    """What you owe because of a group, or may have to: shares of calls, what other members are owed, loans that you stand for."""
    return obligations_service.obligations(member_id, query, request)


@routes.command(
    "/v1/guarantee-calls/{call_id}/notice",
    by=OFFICER.with_duty("risk"),
    errors=[CallNotInThisStatus, AnotherOfficerNeeded, Stale],
)
def notice(call_id: str, request: RequestContext) -> StoredResponse:
    """Check a call, as the first officer; give notice of it to its guarantors, as the second."""
    return service.notice(call_id, request)


@routes.command(
    "/v1/guarantee-calls/{call_id}/shares/{seat}/objections",
    by=MEMBER,
    errors=[CallNotInThisStatus, call_handling.ShareNotFound, call_handling.TooLateToObject, TooManyObjections, Stale],
    examples={"left the group": OBJECT},
)
def object_to(call_id: str, seat: str, body: ObjectRequest, request: RequestContext) -> StoredResponse:
    """Object to your own share. Its days stand still until an officer has decided; the others' run on."""
    return service.object_to(call_id, seat, body, request)


@routes.command(
    "/v1/guarantee-calls/{call_id}/objections/{objection_id}/decide",
    by=OFFICER.with_duty("risk"),
    errors=[CallNotInThisStatus, call_handling.ObjectionNotFound, AnotherOfficerNeeded, Stale],
    examples={"dismissed": DECIDE_OBJECTION},
)
def decide(call_id: str, objection_id: str, body: DecideRequest, request: RequestContext) -> StoredResponse:
    """Decide an objection, as an officer who neither checked the call nor gave notice of it. Upheld: the others bear that share."""
    return service.decide(call_id, objection_id, body, request)


@routes.command(
    "/v1/guarantee-calls/{call_id}/shares/{seat}/fail",
    by=OFFICER.with_duty("risk"),
    errors=[CallNotInThisStatus, call_handling.ShareNotFound, call_handling.NotOverdue, Stale],
)
def fail(call_id: str, seat: str, request: RequestContext) -> StoredResponse:
    """Confirm that a guarantor has failed, whose days of grace are over: the others have to pay its part too, up to their caps."""
    return service.fail(call_id, seat, request)

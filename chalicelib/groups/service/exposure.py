"""What each member may come to bear under a rule sheet."""

from __future__ import annotations

from chalicelib.groups.aggregate import GROUPS
from chalicelib.groups.rules.group import Seat
from chalicelib.groups.service import sales, sheets
from chalicelib.groups.views.exposure import ExposureQuery, ExposureView, exposure_view, shown_to
from chalicelib.shared.errors import NotFound
from chalicelib.shared.request import RequestContext


def exposure(group_id: str, query: ExposureQuery, request: RequestContext) -> ExposureView:
    """A member's own, and all others' where the sheet allows it; for the bank and officers all. A look at the day-book for each whose sales count."""
    loaded, actor = GROUPS.read(group_id, request)
    group = loaded.state
    number = query.sheet_version or group.draft_version or group.sheet_version
    if not number or actor == "invitee":
        raise NotFound("The group has no rule sheet yet.")
    version = sheets.shown(group, str(number), request).version
    seat = group.seat_of(request.caller.member_id)
    own, months = seat.number if seat else 0, sheets.bounds_at(request.now).sales_months

    def counts(seat: Seat) -> bool:
        return actor in ("officer", "bank") or seat.number == own

    return exposure_view(
        group,
        version,
        {
            seat.number: sales.of_member(seat.member_id, months, request.now) if counts(seat) else None
            for seat in shown_to(group, version, actor, own)
        },
        actor,
        own,
    )

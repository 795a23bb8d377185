"""The endpoint of a member's page."""

from __future__ import annotations

from chalicelib.office.service import overview
from chalicelib.office.views.overview import OverviewView
from chalicelib.shared.access import FEEDS
from chalicelib.shared.http import ANY_DUTY, OFFICER, Routes
from chalicelib.shared.request import RequestContext

routes = Routes(group="Officers' work")


@routes.read("/v1/members/{member_id}/overview", by=OFFICER.with_duty(*ANY_DUTY, FEEDS))
def of_member(member_id: str, request: RequestContext) -> OverviewView:
    """Everything of a member on one page: its cover, its deposit, and the first few of every list that one of your duties opens."""
    return overview.overview(member_id, request)

"""A member on one page: the first few of every list there is of it, as those lists show them to this officer."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from chalicelib import slices
from chalicelib.deposits.aggregate import DEPOSITS
from chalicelib.members import service as members
from chalicelib.members.views import view as member_view
from chalicelib.office.rules.sections import SECTIONS, Section
from chalicelib.office.rules.things import prefix_of, thing_of
from chalicelib.office.views import overview as views
from chalicelib.shared.access import ANY_DUTY
from chalicelib.shared.errors import NotFound
from chalicelib.shared.fx import LIMIT_CURRENCY
from chalicelib.shared.http import Endpoint
from chalicelib.shared.http.requests import query_of
from chalicelib.shared.money import Money
from chalicelib.shared.request import RequestContext
from chalicelib.shared.views import view_of
from chalicelib.suppliers.service import changing

MOST: Final = 5
"""Of each list."""


def overview(member_id: str, request: RequestContext) -> views.OverviewView:
    """Everything of a member that one of the caller's duties opens. NotFound."""
    member = members.find(member_id, request.caller)
    sees_money = request.caller.has_duty(*ANY_DUTY)
    return views.OverviewView(
        id=member_id,
        member=member_view(member),
        cover=_cover(member_id, request) if sees_money else None,
        deposit=_deposit(member_id, request) if sees_money else None,
        sections=[shown for section in SECTIONS if (shown := _section(section, member_id, request))],
        as_of=request.now,
    )


def _cover(member_id: str, request: RequestContext) -> views.CoverSummary | None:
    current = changing.current(member_id, request.now)
    if current is None:
        return None
    supplier, position = current
    return view_of(
        views.CoverSummary,
        position,
        LIMIT_CURRENCY,
        points=supplier.points(request.now),
        href=f"/v1/suppliers/{member_id}",
    )


def _deposit(member_id: str, request: RequestContext) -> views.DepositSummary | None:
    try:
        shown = DEPOSITS.show(*DEPOSITS.read(member_id, request), request)
    except NotFound:
        return None
    return views.DepositSummary(
        status=shown.status,
        required=shown.requirement.total,
        held=shown.balance.held,
        arrears=shown.requirement.arrears,
        due_at=shown.due_at,
        href=f"/v1/deposits/{member_id}",
    )


def _section(section: Section, member_id: str, request: RequestContext) -> views.OverviewSection | None:
    """The first few of a list; None where that is not open to the caller, or has nothing of the member."""
    endpoint = endpoint_of(section)
    if not endpoint.by.admits(request.caller.role, request.caller.duties):
        return None
    named, query = _path_and_query(section, member_id)
    page = endpoint.view(**named, query=query_of({**query, "limit": str(MOST)}, endpoint.query), request=request)
    if not page.items:
        return None
    return views.OverviewSection(
        name=section.name,
        href=section.path.format(**named) + (f"?{urlencode(query)}" if query else ""),
        items=[_item(section, each) for each in page.items],
        has_more=page.next_cursor is not None,
    )


def endpoint_of(section: Section) -> Endpoint:
    """The list that a section is the beginning of."""
    endpoints = slices.load(f"chalicelib.{section.module}").endpoints
    return next(each for each in endpoints if (each.method, each.path) == ("GET", section.path))


def _path_and_query(section: Section, member_id: str) -> tuple[dict[str, str], dict[str, str]]:
    """The ids of the path, and the query."""
    own = {section.member: member_id}
    return (own, dict(section.query)) if "{" in section.path else ({}, {**own, **section.query})


def _item(section: Section, shown: Any) -> views.OverviewItem:
    thing = thing_of(shown.id)
    assert thing is not None, f"{prefix_of(shown.id)} is a thing"
    amount = getattr(shown, section.amount) if section.amount else None
    return views.OverviewItem(
        id=shown.id,
        kind=thing.kind,
        label=getattr(shown, section.label) if section.label else None,
        amount=amount if isinstance(amount, Money) else None,
        status=shown.status,
        created_at=shown.created_at,
        href=thing.href(shown.id),
    )

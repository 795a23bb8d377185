"""The public part of a supplier."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from chalicelib.daybook.rules.days import DayRow
from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.members import service as members
from chalicelib.shared import policies
from chalicelib.shared.errors import NotFound
from chalicelib.shared.periods import business_date
from chalicelib.shared.policies import Policy
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say
from chalicelib.suppliers import records
from chalicelib.suppliers.rules import figures
from chalicelib.suppliers.rules.figures import FigureTerms
from chalicelib.suppliers.views.figures import FiguresView, figures_view
from chalicelib.suppliers.views.storefront import StorefrontView, view


def storefront(member_id: str, request: RequestContext) -> StorefrontView:
    """Badge and figures of any member, now: three reads."""
    member = members.known([member_id]).get(member_id)
    if member is None:
        raise NotFound(say("There is no storefront {member_id!r:.60}.", member_id=member_id))
    policy = policies.in_force("figures", business_date(request.now))
    terms = policy.read_as(FigureTerms)
    rows = daybook_recording.rows(
        member_id, figures.first_day_needed(request.now, terms), business_date(request.now) + timedelta(days=1)
    )
    loaded = records.load(member_id)
    shown = _figures(rows, request.now, business_date(request.now), policy, terms)
    return view(member, loaded[0] if loaded else None, shown, figures.newest(rows), request.now)


def _figures(rows: list[DayRow], now: datetime, today: date, policy: Policy, terms: FigureTerms) -> FiguresView:
    return figures_view(
        figures.transactions(rows, now, terms),
        figures.response(rows, now, terms.response),
        figures.on_time(rows, today, terms.on_time_days),
        figures.claims(rows, now, terms),
        policy=policy,
        as_of=now,
    )

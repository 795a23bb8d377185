"""What was usual for a firm before its first draw: for itself, for officers, and for a bank that it lets see its activity."""

from __future__ import annotations

from chalicelib.members import service as members
from chalicelib.monitoring.aggregate import may_hear
from chalicelib.monitoring.records import watches
from chalicelib.monitoring.rules.activity import never_judged
from chalicelib.monitoring.service import days
from chalicelib.monitoring.views.baseline import BaselineView, FiguresView, NeverJudgedView
from chalicelib.shared.errors import NotFound
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say
from chalicelib.shared.views import view_of


def show(member_id: str, request: RequestContext) -> BaselineView:
    """NotFound for anybody else."""
    bank_id = request.caller.bank_id
    if not bank_id:
        members.find(member_id, request.caller)
    elif not may_hear(member_id, bank_id, request.now):
        raise NotFound(say("There is no member {member_id!r:.60}.", member_id=member_id))
    known = watches.baseline(member_id)
    if known is None:
        return BaselineView(member_id=member_id, baseline=None, not_judged=[])
    never = never_judged(known, days.policy_on(business_date(request.now)))
    return BaselineView(
        member_id=member_id,
        baseline=view_of(FiguresView, known),
        not_judged=[NeverJudgedView(rule=rule, why=why) for rule, why in never.items()],
    )

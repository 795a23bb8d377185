"""What was usual for a firm before its first draw: for itself, for officers, and for a bank that it lets see its activity."""

from __future__ import annotations

from chalicelib.members import service as members
from chalicelib.monitoring.aggregate import may_hear
from chalicelib.monitoring.records import watches
from chalicelib.monitoring.views.baseline import BaselineView, FiguresView
from chalicelib.shared.errors import NotFound
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
    return BaselineView(member_id=member_id, baseline=view_of(FiguresView, known) if known else None)

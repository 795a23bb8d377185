"""Matches for a member: firms that look for a group. Bounded reads: so many firms of a region and a branch, so many orders."""

from __future__ import annotations

from chalicelib.firms.service import marks
from chalicelib.firms.service import reading as firms_reading
from chalicelib.groups.aggregate import GROUPS
from chalicelib.groups.rules import matching
from chalicelib.groups.rules.matching import Match
from chalicelib.groups.rules.relations import related_to
from chalicelib.groups.service.membership import live_among
from chalicelib.groups.views.groups import MatchesView, MatchView
from chalicelib.orders.service import reading as orders_reading
from chalicelib.shared.errors import NotFound
from chalicelib.shared.request import RequestContext
from chalicelib.shared.views import view_of


def matches(group_id: str, request: RequestContext) -> MatchesView:
    """Whom the founder might invite, or a member propose in its place, the best first. Who stands in a group, or is related to a member, is not named."""
    loaded = GROUPS.read(group_id, request)[0]
    group, policy = loaded.state, loaded.context.policy
    own = firms_reading.profile(request.caller.member_id)
    if own is None or not group.is_live_for(own.id):
        raise NotFound("There are no matches for whoever does not stand in the group.")
    partners = orders_reading.partners(own.id, policy.match_orders)
    seated = {seat.member_id for seat in group.seats if seat.is_standing or seat.status == "invited"}
    names = {*firms_reading.seeking(own, policy.match_candidates), *partners} - seated
    known = matching.matches(own, firms_reading.profiles(names), partners)[: 2 * policy.most_matches]
    elsewhere = live_among(each.firm.id for each in known)
    members = marks.of_firms(seat.member_id for seat in group.standing)
    suitable = [
        each
        for each in known
        if each.firm.id not in elsewhere
        and not related_to(each.firm.id, members | {each.firm.id: marks.of_firm(each.firm)})
    ]
    return MatchesView(items=[_view(each) for each in suitable[: policy.most_matches]])


def _view(match: Match) -> MatchView:
    return view_of(MatchView, match.firm, member_id=match.firm.id, reasons=list(match.reasons))

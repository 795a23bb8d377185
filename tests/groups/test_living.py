"""A sealed group: first draw, suspension, calls, proposals to leave, replace and wind down, and the end."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest
from msgspec.structs import replace

from chalicelib.groups.rules import forming, living, proposing
from chalicelib.groups.rules.group import ENDS, Group, Status
from chalicelib.groups.rules.position import GroupPosition, SeatPosition, SetDrawTerms
from chalicelib.groups.rules.proposing import NotAVoter, StillOwes
from chalicelib.groups.rules.timers import MACHINE
from chalicelib.groups.rules.transitions import TABLE
from chalicelib.groups.rules.vetting import NothingLookedAt
from chalicelib.shared.errors import NotFound
from tests.groups.grouping import (
    CONTEXT,
    DAY,
    IN,
    NOW,
    active,
    called,
    later,
    sealed,
    seat,
    statuses,
    suspended,
    winding_down,
)

MS = timedelta(milliseconds=1)
MAY: dict[str, dict[Status, set[str]]] = {
    "founder": {
        "forming": {"invite", "freeze", "leave"},
        "vetting": {"attest", "refuse", "draft", "brief", "sign", "leave"},
        "sealed": {"draft", "brief", "sign", "leave", "replace", "wind_down"},
        "active": {"draft", "brief", "sign", "leave", "replace", "wind_down"},
        "suspended": {"draft", "brief", "sign", "leave", "replace", "wind_down"},
    },
    "member": {
        "forming": {"leave"},
        "vetting": {"attest", "refuse", "draft", "brief", "sign", "leave"},
        "sealed": {"draft", "brief", "sign", "leave", "replace", "wind_down"},
        "active": {"draft", "brief", "sign", "leave", "replace", "wind_down"},
        "suspended": {"draft", "brief", "sign", "leave", "replace", "wind_down"},
    },
    "invitee": {"forming": {"accept", "decline"}},
    "former": {},
    "officer": {"active": {"suspend"}, "suspended": {"resume"}},
    "bank": {
        "vetting": {"override"},
        "sealed": {"override", "activate", "note_seat"},
        "active": {"override", "note_seat", "call"},
        "suspended": {"override", "note_seat", "call"},
        "called": {"note_seat", "call", "settle"},
        "winding_down": {"note_seat", "call", "settle"},
    },
}


@pytest.mark.parametrize("status", get_args(Status))
@pytest.mark.parametrize("actor", MAY)
def test_each_may_do_in_each_status_what_is_drawn_and_nothing_else(status: Status, actor: str) -> None:
    group = IN[status]()
    assert group.status == status
    assert set(TABLE.allowed(group, actor, CONTEXT, NOW)) == MAY[actor].get(status, set())


@pytest.mark.parametrize("status", get_args(Status))
def test_what_waits_has_an_owner_a_time_and_a_default(status: Status) -> None:
    deadlines = MACHINE.deadlines(IN[status](), CONTEXT)
    assert bool(deadlines) == (status not in ENDS | {"active", "suspended", "called"})
    assert all(deadline.owner and deadline.default_outcome and deadline.by_clock for deadline in deadlines)


def test_a_group_that_draws_nothing_is_dissolved_after_ninety_days_but_not_under_a_draw() -> None:
    group = sealed()
    end = NOW + 90 * DAY
    assert later(group, end - MS).status == "sealed"
    assert (later(group, end).status, later(group, end).why) == ("dissolved", "never_drawn")
    drawing = replace(CONTEXT, owed=frozenset({2}))
    waits = later(group, end, drawing)
    assert (waits.status, waits.due_at) == ("sealed", end + 7 * DAY)
    assert later(waits, end + 7 * DAY).status == "dissolved"


def test_a_call_blocks_leaving_ends_proposals_and_the_last_one_lets_good_members_go_on() -> None:
    group = living.suspend(active(), "clock", "dpd", NOW).state
    group = proposing.leave(group, CONTEXT, seat(group, 4), "prp_1", NOW).state
    change = living.call(group, "gcl_1", NOW)
    assert change
    group = change.state
    assert (group.status, group.proposal, group.calls) == ("called", None, ("gcl_1",))
    assert living.call(group, "gcl_1", NOW) is None, "it is known"
    assert "leave" not in TABLE.allowed(group, "member", CONTEXT, NOW)
    second = living.call(group, "gcl_2", NOW)
    assert second
    one = living.settle(second.state, CONTEXT, "gcl_1", NOW)
    assert one
    assert one.state.status == "called"
    last = living.settle(one.state, CONTEXT, "gcl_2", NOW)
    assert last
    assert (last.state.status, last.state.suspended_by) == ("active", None)
    assert living.settle(last.state, CONTEXT, "gcl_2", NOW) is None


def test_what_an_officer_suspended_stays_so_after_a_call() -> None:
    change = living.call(suspended(), "gcl_1", NOW)
    assert change
    settled = living.settle(change.state, CONTEXT, "gcl_1", NOW)
    assert settled
    assert (settled.state.status, settled.state.suspended_by) == ("suspended", "officer")
    assert settled.state.reason == suspended().reason
    assert not settled.state.takes_draws
    assert living.resume(settled.state, "They have paid.", NOW).state.status == "active"


def test_who_is_invited_hears_who_stands_and_nothing_of_the_members_among_themselves() -> None:
    joins = forming.invited(active(), CONTEXT, "inv_9", "mem_9", NOW)
    group = proposing.replace_member(active(), CONTEXT, seat(active(), 1), 4, joins, "prp_1", NOW)
    assert "mem_9" in group.event.payload["member_ids"]
    told = TABLE.note(group.state, "member_late", NOW, payload={"seat": 2, "days_late": "1-30"})
    assert told.event.payload["member_ids"] == [each.member_id for each in active().standing]
    noted = living.note_seat(group.state, 2, "debtor_default", NOW)
    assert noted
    assert "mem_9" in noted.event.payload["member_ids"], "its view says so, too"


def test_with_fewer_than_three_good_members_a_settled_group_is_wound_down() -> None:
    noted = living.note_seat(called(3), 2, "debtor_default", NOW)
    assert noted
    assert living.note_seat(noted.state, 2, "debtor_default", NOW) is None
    settled = living.settle(noted.state, CONTEXT, "gcl_1", NOW)
    assert settled
    assert (settled.state.status, settled.state.due_at) == ("winding_down", NOW + 7 * DAY)
    cured = living.note_seat(noted.state, 2, "cured", NOW)
    assert cured
    settled = living.settle(cured.state, CONTEXT, "gcl_1", NOW)
    assert settled
    assert settled.state.status == "active"


def test_a_wound_down_group_is_dissolved_once_nothing_is_owed_called_or_guaranteed() -> None:
    group = winding_down()
    guaranteed = replace(CONTEXT, guaranteed_until=NOW + 200 * DAY)
    for context in (replace(CONTEXT, owed=frozenset({1})), guaranteed):
        assert later(group, NOW + 100 * DAY, context).status == "winding_down"
    assert later(group, NOW + 200 * DAY - MS, guaranteed).status == "winding_down"
    ended = later(group, NOW + 200 * DAY, guaranteed)
    assert (ended.status, ended.why) == ("dissolved", "all_repaid")
    change = living.call(group, "gcl_1", NOW)
    assert change
    assert (change.state.status, later(change.state, NOW + 30 * DAY).status) == ("winding_down", "winding_down")


def test_a_member_leaves_with_all_consents_and_the_banks_and_owing_nothing() -> None:
    group = active()
    with pytest.raises(StillOwes):
        proposing.leave(group, replace(CONTEXT, owed=frozenset({4})), seat(group, 4), "prp_1", NOW)
    group = proposing.leave(group, CONTEXT, seat(group, 4), "prp_1", NOW).state
    with pytest.raises(NotAVoter):
        proposing.consent(group, CONTEXT, seat(group, 4), "prp_1", (), NOW)
    with pytest.raises(NotFound):
        proposing.consent(group, CONTEXT, seat(group, 3), "prp_2", (), NOW)
    group = consents(group, 1, 2)
    assert group.proposal
    assert group.proposal.stage == "voting"
    group = consents(group, 3)
    assert group.proposal
    assert group.proposal.stage == "with_bank"
    was = group.list_sha256
    group = proposing.approve(group, CONTEXT, "prp_1", NOW).state
    assert (group.status, statuses(group)) == ("active", ["sealed_in", "sealed_in", "sealed_in", "exited"])
    assert (group.proposal, len(group.attestations)) == (None, 6)
    assert group.list_sha256 != was
    assert not group.takes_draws, "until all that stay have signed a sheet for the list as it is"


def test_who_leaves_a_group_of_three_winds_it_down() -> None:
    group = proposing.leave(active(3), CONTEXT, seat(active(3), 3), "prp_1", NOW).state
    group = proposing.approve(consents(group, 1, 2), CONTEXT, "prp_1", NOW).state
    assert (group.status, group.due_at) == ("winding_down", NOW + 7 * DAY)


def test_one_no_of_a_member_or_the_bank_keeps_everything_as_it_is() -> None:
    asked = proposing.leave(active(), CONTEXT, seat(active(), 4), "prp_1", NOW).state
    for after in (
        proposing.object_to(asked, seat(asked, 1), "prp_1", NOW).state,
        proposing.refuse(consents(asked, 1, 2, 3), "prp_1", "Not now.", NOW).state,
        later(asked, (asked.proposal and asked.proposal.due_at) or NOW),
    ):
        assert (after.status, after.proposal, statuses(after)) == ("active", None, ["sealed_in"] * 4)


def test_another_firm_takes_a_place_when_everybody_has_attested_it_and_it_everybody() -> None:
    group = replacing()
    assert statuses(group) == ["sealed_in"] * 4 + ["accepted"]
    with pytest.raises(NothingLookedAt):
        proposing.consent(group, CONTEXT, seat(group, 1), "prp_1", (), NOW)
    with pytest.raises(NotAVoter):
        proposing.consent(group, CONTEXT, seat(group, 5), "prp_1", (), NOW)
    with pytest.raises(NotAVoter):
        proposing.attest(group, CONTEXT, seat(group, 1), 5, ["books"], NOW)
    group = consents(group, 1, 2, 3)
    group = proposing.consent(group, CONTEXT, seat(group, 4), "prp_1", (), NOW).state
    for of in (1, 2, 3):
        assert group.proposal
        assert group.proposal.stage == "voting"
        group = proposing.attest(group, CONTEXT, seat(group, 5), of, ["premises"], NOW).state
    assert group.proposal
    assert group.proposal.stage == "with_bank"
    group = proposing.approve(group, CONTEXT, "prp_1", NOW).state
    assert statuses(group) == ["sealed_in"] * 3 + ["exited", "sealed_in"]
    assert (len(group.attestations), group.unattested) == (12, {})


def test_a_firm_that_was_to_come_does_not_when_the_proposal_fails() -> None:
    group = later(consents(replacing(), 1), NOW + 60 * DAY)
    assert statuses(group) == ["sealed_in"] * 4 + ["timed_out"]
    assert (len(group.attestations), group.proposal) == (12, None)


def test_a_group_is_wound_down_by_more_than_half_whatever_the_others_say() -> None:
    group = proposing.wind_down(active(), CONTEXT, seat(active(), 1), "prp_1", NOW).state
    assert "object" not in TABLE.allowed(group, "member", CONTEXT, NOW)
    group = consents(group, 2)
    assert group.status == "active", "two of four are half"
    assert consents(group, 3).status == "winding_down"


def consents(group: Group, *numbers: int) -> Group:
    assert group.proposal
    for number in numbers:
        group = proposing.consent(group, CONTEXT, seat(group, number), "prp_1", ["books"], NOW).state
    return group


def replacing() -> Group:
    """Seat 4 asks that a firm takes its place, which has accepted."""
    group = active()
    joins = forming.invited(group, CONTEXT, "inv_5", "mem_5", NOW)
    group = proposing.replace_member(group, CONTEXT, seat(group, 4), 4, joins, "prp_1", NOW).state
    return proposing.accept(group, CONTEXT, seat(group, 5), NOW).state


def test_whoever_is_to_leave_draws_nothing_from_the_proposal_on_and_owes_nothing_at_that_moment() -> None:
    group = active()
    asked = proposing.leave(group, CONTEXT, seat(group, 4), "prp_1", NOW)
    [effect] = asked.effects
    assert isinstance(effect, SetDrawTerms)
    assert (effect.terms.held, effect.left) == ((4,), frozenset({4}))
    drawn = GroupPosition(group_id=group.id, seats=(SeatPosition(number=4, loans=1),))
    assert effect.is_outdated(drawn), "it has drawn in between"
    assert not effect.is_outdated(GroupPosition(group_id=group.id))
    [effect] = proposing.object_to(asked.state, seat(group, 1), "prp_1", NOW).effects
    assert isinstance(effect, SetDrawTerms)
    assert (effect.terms.held, effect.left) == ((), frozenset())

"""Finding and vetting each other: seats, invitations, the frozen list, attestations, and what ends what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.groups.rules import forming, vetting
from chalicelib.groups.rules.forming import AlreadySeated
from chalicelib.groups.rules.group import MOST_SEATS, GroupFull, TooManySeats
from chalicelib.groups.rules.relations import RelatedFirms, related, require_unrelated
from chalicelib.groups.rules.transitions import TABLE, GroupNotInThisStatus
from chalicelib.groups.rules.vetting import AlreadyAttested, NotToAttest
from tests.groups.grouping import (
    CONTEXT,
    DAY,
    H1,
    NOW,
    attested,
    drafted,
    formed,
    founded,
    later,
    sealed,
    seat,
    signed,
    statuses,
    vetting_group,
    with_invited,
)

MS = timedelta(milliseconds=1)


def test_gu_3_a_seat_is_never_used_twice_and_attestations_between_those_who_stay_stand() -> None:
    group = signed(attested(vetting_group(), 1, 2, 3), 1, 2, 3)
    assert (len(group.attestations), len(group.unsigned)) == (9, 1)
    assert statuses(group) == ["attested", "attested", "attested", "accepted"]
    group = later(group, group.due_at or NOW)
    assert (group.status, statuses(group)) == ("forming", ["accepted", "accepted", "accepted", "timed_out"])
    at = group.updated_at
    group = with_invited(group, 5, now=at)
    group = forming.freeze(forming.accept(group, group.seats[-1], at).state, CONTEXT, at).state
    assert [each.number for each in group.standing] == [1, 2, 3, 5]
    assert (len(group.attestations), sum(map(len, group.unattested.values()))) == (6, 6)
    group = drafted(group, "2" * 64)
    assert group.unsigned == (1, 2, 3, 5), "signatures under h1 count for nothing"
    group = attested(group, 1, 2, 3, 5, now=at)
    assert (group.status, group.is_complete) == ("vetting", False)
    assert signed(group, 1, 2, 3, 5).is_complete


def test_the_last_attestation_seals_what_all_have_signed() -> None:
    group = sealed()
    assert (group.status, statuses(group)) == ("sealed", ["sealed_in"] * 4)
    assert (group.sheet_version, group.sheet_sha256, group.sheet_list_sha256) == (1, H1, group.list_sha256)
    assert group.takes_draws
    assert group.due_at == NOW + 90 * DAY


def test_every_member_attests_each_of_the_others_once_and_nobody_else() -> None:
    group = vetting_group(3)
    one = seat(group, 1)
    group = vetting.attest(group, CONTEXT, one, 2, ["goods", "books", "books"], NOW).state
    assert group.attestations[0].looked_at == ("books", "goods")
    with pytest.raises(AlreadyAttested):
        vetting.attest(group, CONTEXT, one, 2, ["books"], NOW)
    for nobody in (1, 4):
        with pytest.raises(NotToAttest) as refused:
            vetting.attest(group, CONTEXT, one, nobody, ["books"], NOW)
        assert refused.value.numbers["seats"] == [2, 3]


@pytest.mark.parametrize("members", [3, 10])
def test_a_group_of_n_takes_n_times_n_less_one_attestations(members: int) -> None:
    assert len(sealed(members).attestations) == members * (members - 1)


def test_who_refuses_leaves_and_nobody_is_thrown_out() -> None:
    group = attested(vetting_group(), 1)
    group = vetting.refuse(group, CONTEXT, seat(group, 2), 3, NOW).state
    assert (group.status, statuses(group)) == ("forming", ["accepted", "declined", "accepted", "accepted"])
    assert [(each.by, each.of) for each in group.attestations] == [(1, 3), (1, 4)]
    for nobody in (2, 9):
        with pytest.raises(NotToAttest):
            vetting.refuse(vetting_group(), CONTEXT, seat(group, 2), nobody, NOW)


def test_a_group_outlives_its_founder_and_lapses_when_nobody_stands() -> None:
    group = formed(3)
    assert group.founder_id == "mem_1"
    group = forming.leave(group, CONTEXT, group.seats[0], NOW).state
    assert (group.status, group.founder_id) == ("forming", "mem_2")
    for number in (2, 3):
        group = forming.leave(group, CONTEXT, seat(group, number), NOW).state
    assert (group.status, group.why, group.founder_id) == ("lapsed", "left_by_all", "")


def test_a_list_is_frozen_with_three_at_least_and_ends_invitations_that_are_open() -> None:
    with pytest.raises(GroupNotInThisStatus):
        TABLE.require("freeze", formed(2), "founder", CONTEXT, NOW)
    group = with_invited(formed(3), 4)
    TABLE.require("freeze", group, "founder", CONTEXT, NOW)
    group = forming.freeze(group, CONTEXT, NOW).state
    assert statuses(group) == ["accepted", "accepted", "accepted", "timed_out"]
    assert group.due_at == datetime(2026, 3, 16, 16, tzinfo=UTC), "ten business days"


def test_nobody_is_invited_twice_at_a_time_and_never_more_than_ten_stand() -> None:
    group = with_invited(founded(), 2)
    for known in ("mem_1", "mem_2"):
        with pytest.raises(AlreadySeated):
            forming.invite(group, CONTEXT, "inv_9", known, NOW)
    declined = forming.decline(group, seat(group, 2), NOW).state
    assert [each.number for each in with_invited(declined, 2).seats] == [1, 2, 3], "the same firm on another seat"
    with pytest.raises(GroupFull):
        with_invited(formed(10), 11)
    group = replace(declined, seats=tuple(replace(declined.seats[1], number=each) for each in range(1, MOST_SEATS + 1)))
    with pytest.raises(TooManySeats):
        with_invited(group, 99)


def test_an_invitation_ends_by_itself_and_takes_nothing_along() -> None:
    group = with_invited(formed(3), 4)
    due_at = seat(group, 4).due_at or NOW
    assert statuses(later(group, due_at - MS)) == statuses(group)
    assert statuses(later(group, due_at)) == ["accepted", "accepted", "accepted", "timed_out"]


def test_a_list_that_is_not_frozen_in_time_lapses() -> None:
    group = formed(3)
    assert later(group, NOW + 30 * DAY - MS).status == "forming"
    group = later(group, NOW + 30 * DAY)
    assert (group.status, group.why, group.ended_at) == ("lapsed", "not_formed", NOW + 30 * DAY)


def test_without_a_sheet_the_founder_has_left_something_undone() -> None:
    group = replace(attested(vetting_group(), 1, 2, 3, 4), draft_sha256="")
    assert vetting.undone(group) == (1,)
    assert statuses(later(group, group.due_at or NOW))[0] == "timed_out"


def test_a_mark_that_two_share_names_the_pair_and_nothing_else() -> None:
    marks = {"mem_b": frozenset({"x", "y"}), "mem_a": frozenset({"y"}), "mem_c": frozenset({"z"})}
    assert related(marks) == (("mem_a", "mem_b"),)
    with pytest.raises(RelatedFirms) as refused:
        require_unrelated(marks)
    assert refused.value.numbers == {"related": [["mem_a", "mem_b"]]}
    require_unrelated({"mem_a": frozenset(), "mem_b": frozenset()})

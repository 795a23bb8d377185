"""Groups through the API: founding, inviting, vetting, parting; who sees what; related firms; one group for a firm."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.banks.rules import feed
from chalicelib.firms.records import REPOSITORY as FIRMS
from chalicelib.firms.service import marks
from chalicelib.groups.declared import GROUPS
from chalicelib.groups.examples import AGREE, FOUND, REFUSE, REPLACE, RESUME, SUSPEND, VOUCH
from chalicelib.groups.records.positions import GroupPositionRow
from chalicelib.groups.rules import living, vetting
from chalicelib.groups.rules.position import GroupPosition, SeatPosition
from chalicelib.groups.service import following, reading
from chalicelib.shared import clock
from chalicelib.shared.journal import JournalRow
from chalicelib.webhooks.service import parties
from tests.groups.grouping import CONTEXT, NOW, active, attested, called, sealed, seat, signed, vetting_group
from tests.groups.joining import CCB, OFFICER, PATH, Circle, circle
from tests.round_trips import calls
from tests.world import Reply, Streams, token

__all__ = ["circle"]

STRANGER = token("member", "mem_0000000000000000000000000Z")


def statuses(reply: Reply) -> list[str]:
    return [seat["status"] for seat in reply["seats"]]


def test_firms_invite_accept_decline_freeze_attest_and_one_refuses(circle: Circle) -> None:
    circle.gather(4)
    assert circle.see()["deadlines"][0]["name"] == "list"
    declined = circle.do(5, f"invitations/{circle.invite(5)}/decline")
    assert (statuses(circle.see()), declined.status) == (["accepted"] * 4 + ["declined"], 200)
    frozen = circle.do(1, "freeze-list")
    assert (frozen["status"], len(frozen["list_sha256"])) == ("vetting", 64)
    for by, of in ((1, 2), (1, 3), (1, 4), (2, 1)):
        attested = circle.attest(by, of)
    assert (statuses(attested)[:2], attested["seats"][1]["unattested"]) == (["attested", "accepted"], [3, 4])
    assert [each["looked_at"] for each in attested["attestations"]] == [["books", "premises"]] * 4
    refused = circle.do(2, "attestations", REFUSE | {"seat": 3})
    assert refused["status"] == "forming"
    now = circle.see()
    assert statuses(now) == ["accepted", "declined", "accepted", "accepted", "declined"]
    assert [(each["by"], each["of"]) for each in now["attestations"]] == [(1, 3), (1, 4)]
    again = circle.invite(2)
    assert circle.do(2, f"invitations/{again}/accept")["seats"][-1]["number"] == 6
    timeline = circle.api.get(f"{PATH}/{circle.group_id}/timeline", circle.join(1).token)["items"]
    assert [entry["kind"] for entry in timeline[-3:]] == ["group.refused", "group.invited", "group.accepted"]


def test_every_command_may_be_sent_twice(circle: Circle) -> None:
    circle.gather(3)
    first, again = (circle.ask(1, "freeze-list", key="freeze-1") for _ in range(2))
    assert (first.status, first.body) == (again.status, again.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    for _ in range(2):
        assert circle.ask(1, "attestations", VOUCH, key="vouch-1").status == 200
    assert len(circle.see()["attestations"]) == 1


@pytest.mark.parametrize(
    ("action", "body", "status", "code"),
    [
        ("invitations", {"member_id": "mem_0000000000000000000000000Z"}, 422, "unknown_member"),
        ("invitations/inv_1/accept", None, 409, "group_not_in_this_status"),
        ("attestations", VOUCH, 409, "group_not_in_this_status"),
        ("wind-down", None, 409, "group_not_in_this_status"),
        ("suspend", SUSPEND, 403, "not_allowed"),
    ],
)
def test_what_is_not_to_be_is_refused_by_name(circle: Circle, action: str, body: Any, status: int, code: str) -> None:
    circle.gather(2)
    reply = circle.ask(1, action, body)
    assert (reply.status, reply["code"]) == (status, code)


def test_a_list_of_two_is_not_frozen_and_one_who_looked_at_nothing_vouches_for_nobody(circle: Circle) -> None:
    circle.gather(2)
    assert circle.ask(1, "freeze-list")["code"] == "group_not_in_this_status"
    circle.do(3, f"invitations/{circle.invite(3)}/accept")
    circle.do(1, "freeze-list")
    reply = circle.ask(1, "attestations", VOUCH | {"looked_at": []})
    assert (reply.status, reply["code"], reply["param"]) == (422, "nothing_looked_at", "looked_at")


def test_a_group_is_founded_under_a_product_for_groups_by_a_signer(circle: Circle) -> None:
    refused = circle.join(1).post(PATH, FOUND | {"product_id": "ccb-term"})
    assert (refused.status, refused["code"], refused["products"]) == (
        422,
        "product_not_for_groups",
        ["boc-joint", "ccb-joint"],
    )
    unsigned = circle.api.post(PATH, FOUND, circle.join(1).token)
    assert (unsigned.status, unsigned["code"]) == (403, "signer_not_named")


def test_a_firm_is_in_one_group_at_a_time_and_in_the_next_when_the_last_is_over(circle: Circle) -> None:
    circle.gather(3)
    again = circle.join(1).post(PATH, FOUND)
    assert (again.status, again["code"], again["group_id"]) == (409, "in_another_group", circle.group_id)
    other = Circle(circle.api, circle.time)
    other.found()
    other.firms.append(circle.join(2))
    invitation = other.invite(2)
    refused = other.ask(2, f"invitations/{invitation}/accept")
    assert (refused.status, refused["code"]) == (409, "in_another_group")
    circle.do(2, "leave")
    assert other.ask(2, f"invitations/{invitation}/accept").status == 200
    live = reading.live_of(circle.join(2).member_id)
    assert live
    assert live.id == other.group_id
    back = circle.invite(2)
    assert circle.ask(2, f"invitations/{back}/accept")["code"] == "in_another_group"


def test_related_firms_are_refused_with_the_pair_and_without_what_they_share(circle: Circle) -> None:
    circle.found()
    invitation = circle.invite(2)
    relate(circle, 1, 2)
    reply = circle.ask(2, f"invitations/{invitation}/accept")
    pair = sorted(circle.join(number).member_id for number in (1, 2))
    assert (reply.status, reply["code"], reply["related"]) == (409, "related_firms", [pair])
    assert b"share" not in reply.raw
    third = circle.invite(3)
    circle.do(3, f"invitations/{third}/accept")
    assert circle.see()["seats"][1]["status"] == "invited", "nothing else has changed"


def test_who_comes_is_not_told_which_others_have_become_related_and_may_take_the_place_of_one(circle: Circle) -> None:
    """Officers know of it, members do not; that one of the two leaves is what mends it."""
    circle.plant(active())
    relate(circle, 1, 2)
    new = circle.join(5).member_id
    seats = circle.do(3, "replacements", REPLACE | {"seat": 2, "member_id": new})["seats"]
    reply = circle.ask(5, f"invitations/{seats[4]['invitation_id']}/accept")
    assert (reply.status, reply.body.get("related")) == (200, None)


def test_who_becomes_related_before_the_list_is_frozen_keeps_it_open(circle: Circle) -> None:
    circle.gather(3)
    relate(circle, 1, 3)
    reply = circle.ask(1, "freeze-list")
    assert (reply.status, reply["code"]) == (409, "related_firms")


def test_a_group_in_which_firms_have_become_related_is_not_sealed(circle: Circle) -> None:
    group = attested(signed(vetting_group(3), 1, 2, 3), 1, 2)
    circle.plant(vetting.attest(group, CONTEXT, seat(group, 3), 1, ["books"], NOW).state)
    relate(circle, 1, 2)
    reply = circle.ask(3, "attestations", VOUCH)
    assert (reply.status, reply["code"]) == (409, "related_firms")
    assert (circle.see()["status"], len(circle.see()["attestations"])) == ("vetting", 5)


def test_a_change_that_relates_firms_of_a_sealed_group_is_told_to_officers_once(
    circle: Circle, streams: Streams
) -> None:
    circle.plant(sealed(3))
    one = circle.join(1)
    relate(circle, 1, 2)
    for phone in ("11111", "22222"):
        body = {"name": "A clerk", "phone": phone}
        assert circle.api.post(f"/v1/firms/{one.member_id}/people", body, one.token).status == 201
        streams()
    assert circle.see()["related"] == [[1, 2]]
    assert circle.see(one.token)["related"] is None
    told = [circle.kinds(by).count("group.relation_noted") for by in (OFFICER, one.token, CCB)]
    assert told == [1, 0, 0]


def test_who_is_invited_reads_what_it_was_told_and_not_what_the_members_did_among_themselves(circle: Circle) -> None:
    circle.vet(4)
    circle.attest(1, 2)
    circle.do(4, "attestations", REFUSE | {"seat": 3})
    inside = circle.kinds(circle.join(1).token)
    assert inside[-2:] == ["group.attested", "group.refused"]
    invited = circle.invite(5)
    fifth = circle.join(5)
    assert circle.kinds(fifth.token) == ["group.invited"]
    circle.do(5, f"invitations/{invited}/accept")
    assert circle.kinds(fifth.token) == [*inside, "group.invited", "group.accepted"]


def test_a_group_is_seen_by_its_members_the_invited_its_bank_and_officers(circle: Circle) -> None:
    circle.vet(3)
    for by in (circle.join(2).token, CCB, OFFICER):
        assert circle.see(by).status == 200
    for by in (STRANGER, token("bank", "boc"), token("agency", "agency-1")):
        assert circle.see(by).status in (403, 404)
    circle.do(3, "attestations", REFUSE)
    assert circle.see(circle.join(3).token).status == 404, "who left before the seal"
    assert circle.api.get(f"{PATH}/{circle.group_id}/timeline", STRANGER).status == 404
    invited = circle.invite(4)
    seen = circle.see(circle.join(4).token)
    assert (seen.status, seen["allowed_actions"], seen["attestations"]) == (200, ["accept", "decline"], [])
    assert circle.ask(4, f"invitations/{invited}/accept", key="k").status == 200
    assert circle.see(token("officer", "officer-2", "feeds")).status == 403


def test_lists_are_a_members_own_a_banks_own_and_for_officers_by_status_bank_or_member(circle: Circle) -> None:
    first = circle.gather(2)
    circle.time.advance(seconds=1)
    other = Circle(circle.api, circle.time)
    second = other.found()
    for query, by, expected in (
        ("", circle.join(2).token, [first]),
        ("?status=vetting", circle.join(2).token, []),
        ("", CCB, [first, second]),
        ("", token("bank", "boc"), []),
        ("?status=forming", OFFICER, [first, second]),
        ("?bank_id=ccb", OFFICER, [first, second]),
        (f"?member_id={other.join(1).member_id}", OFFICER, [second]),
        (f"?member_id={other.join(1).member_id}", circle.join(2).token, []),
        ("?bank_id=ccb", token("bank", "boc"), []),
        ("", STRANGER, []),
    ):
        assert [item["id"] for item in circle.api.get(PATH + query, by)["items"]] == expected, (query, by)
    page = circle.api.get(f"{PATH}?limit=1", OFFICER)
    rest = circle.api.get(f"{PATH}?limit=1&cursor={page['next_cursor']}", OFFICER)
    assert [page["items"][0]["id"], rest["items"][0]["id"]] == [first, second]


def test_an_officer_suspends_and_resumes_with_a_reason_and_the_bank_is_told(circle: Circle, streams: Streams) -> None:
    circle.plant(active())
    suspended = circle.api.post(f"{PATH}/{circle.group_id}/suspend", SUSPEND, OFFICER)
    assert (suspended["status"], suspended["suspended_by"], suspended["takes_draws"]) == ("suspended", "officer", False)
    resumed = circle.api.post(f"{PATH}/{circle.group_id}/resume", RESUME, OFFICER)
    assert (resumed["status"], resumed["reason"], resumed["takes_draws"]) == ("active", None, True)
    assert circle.api.post(f"{PATH}/{circle.group_id}/resume", RESUME, OFFICER)["code"] == "group_not_in_this_status"
    streams()
    entries = [row.entry() for row in JournalRow.scan()]
    kinds = [entry.event.kind for entry in entries if entry.aggregate_id == feed.name_of("ccb")]
    assert sorted(kinds) == ["group.resumed", "group.suspended"]


def test_a_member_leaves_with_everybodys_consent_and_the_banks(circle: Circle, streams: Streams) -> None:
    circle.plant(active())
    answer = circle.do(4, "leave")
    proposal = answer["proposal"]
    assert (proposal["stage"], proposal["awaited"]) == ("voting", [1, 2, 3])
    refused = circle.ask(4, f"proposals/{proposal['id']}/consent", AGREE)
    assert (refused.status, refused["code"]) == (409, "not_a_voter")
    assert circle.ask(1, "wind-down")["code"] == "group_not_in_this_status", "one proposal at a time"
    assert circle.consent(proposal["id"], 1, 2, 3)["proposal"]["stage"] == "with_bank"
    event = circle.tell("group.change_approved", 1, proposal_id=proposal["id"])
    streams()
    assert circle.api.get(f"/v1/bank-events/{event}", OFFICER)["status"] == "applied"
    left = circle.see()
    assert (left["status"], statuses(left), left["proposal"]) == ("active", ["sealed_in"] * 3 + ["exited"], None)
    assert left["takes_draws"] is False
    assert circle.see(circle.join(4).token)["allowed_actions"] == [], "it answers for what was drawn, and does no more"
    assert reading.live_of(circle.join(4).member_id) is None


def test_a_member_with_a_loan_of_its_own_neither_leaves_nor_is_replaced(circle: Circle) -> None:
    group_id = circle.plant(active())
    position = GroupPosition(group_id=group_id, version=1, seats=(SeatPosition(number=4, loans=1),))
    GroupPositionRow(group_id, version=1, body=position).save()
    body = REPLACE | {"seat": 4, "member_id": circle.join(5).member_id}
    for reply in (circle.ask(4, "leave"), circle.ask(1, "replacements", body)):
        assert (reply.status, reply["code"], reply["seat"]) == (409, "group_member_still_owes", 4)
    assert circle.do(3, "leave")["proposal"]["leaves"] == 3


def test_a_change_is_not_approved_once_whoever_is_to_leave_owes_something_again(
    circle: Circle, streams: Streams
) -> None:
    """A repayment that is taken back lets its loan stand again; the bank may agree when it is paid."""
    group_id = circle.plant(active())
    proposal_id = circle.do(4, "leave")["proposal"]["id"]
    circle.consent(proposal_id, 1, 2, 3)
    position = GroupPositionRow.find(group_id)
    assert position is not None
    for seq, loans, outcome in ((1, 1, ("refused", "group_member_still_owes")), (2, 0, ("applied", None))):
        position.body = replace(position.body, seats=(SeatPosition(number=4, loans=loans),))
        position.save()
        event = circle.tell("group.change_approved", seq, proposal_id=proposal_id)
        streams()
        shown = circle.api.get(f"/v1/bank-events/{event}", OFFICER)
        assert (shown["status"], shown["reason"]) == outcome
    assert statuses(circle.see()) == ["sealed_in"] * 3 + ["exited"]


def test_the_bank_refuses_a_change_with_a_reason_and_everything_stays(circle: Circle, streams: Streams) -> None:
    circle.plant(active())
    proposal_id = circle.do(4, "leave")["proposal"]["id"]
    early = circle.tell("group.change_refused", 1, proposal_id=proposal_id, reason="Not now.")
    streams()
    assert circle.api.get(f"/v1/bank-events/{early}", OFFICER)["status"] == "refused", "nobody has asked the bank"
    circle.consent(proposal_id, 1, 2, 3)
    circle.tell("group.change_refused", 2, proposal_id=proposal_id, reason="Not now.")
    streams()
    assert (statuses(circle.see()), circle.see()["proposal"]) == (["sealed_in"] * 4, None)


def test_another_firm_takes_a_place(circle: Circle, streams: Streams) -> None:
    circle.plant(active())
    new = circle.join(5)
    body = circle.do(4, "replacements", REPLACE | {"seat": 4, "member_id": new.member_id})
    proposal, invitation_id = body["proposal"], body["seats"][4]["invitation_id"]
    assert (proposal["kind"], proposal["stage"]) == ("replace", "joining")
    circle.do(5, f"invitations/{invitation_id}/accept")
    circle.consent(proposal["id"], 1, 2, 3)
    circle.do(4, f"proposals/{proposal['id']}/consent", AGREE)
    for of in (1, 2, 3):
        circle.attest(5, of)
    circle.tell("group.change_approved", 1, proposal_id=proposal["id"])
    streams()
    assert statuses(circle.see()) == ["sealed_in"] * 3 + ["exited", "sealed_in"]
    live = reading.live_of(new.member_id)
    assert live
    assert live.id == circle.group_id


def test_a_firm_that_was_to_come_declines_and_one_member_objects(circle: Circle) -> None:
    circle.plant(active())
    body = REPLACE | {"seat": 4, "member_id": circle.join(5).member_id}
    answer = circle.do(4, "replacements", body)
    circle.do(5, f"invitations/{answer['seats'][4]['invitation_id']}/decline")
    assert (circle.see()["proposal"], statuses(circle.see())[4]) == (None, "declined")
    proposal_id = circle.do(4, "leave")["proposal"]["id"]
    assert circle.do(2, f"proposals/{proposal_id}/object")["proposal"] is None


def test_more_than_half_wind_a_group_down_and_it_is_dissolved_when_nothing_is_owed(circle: Circle) -> None:
    circle.plant(active())
    proposal_id = circle.do(1, "wind-down")["proposal"]["id"]
    assert circle.ask(2, f"proposals/{proposal_id}/object")["code"] == "group_not_in_this_status"
    assert circle.consent(proposal_id, 2)["status"] == "active"
    assert circle.consent(proposal_id, 3)["status"] == "winding_down"
    circle.time.advance(days=7)
    assert not GROUPS.sweep(clock.now()).failed
    ended = circle.see()
    assert (ended["status"], ended["why"], ended["deadlines"]) == ("dissolved", "all_repaid", [])


def test_the_first_draw_activates_a_group_and_a_late_member_suspends_it_once_or_many_times(circle: Circle) -> None:
    group_id, now = circle.plant(sealed()), clock.now()
    for _ in range(2):
        following.activate(group_id, now)
    assert (circle.see()["status"], circle.see()["version"]) == ("active", 2)
    for _ in range(2):
        following.suspend(group_id, "A member is late.", now)
    assert (circle.see()["suspended_by"], circle.see()["version"]) == ("clock", 3)
    following.activate("grp_none", now)


def test_a_call_stands_in_the_view(circle: Circle) -> None:
    circle.plant(called())
    assert circle.see(circle.join(2).token)["calls"] == ["gcl_1"]


def test_a_command_is_one_read_and_one_transaction(circle: Circle) -> None:
    circle.gather(3)
    with calls() as freezing:
        circle.do(1, "freeze-list")
    assert freezing == ["GetItem", "BatchGetItem", "TransactWriteItems"]
    with calls() as attesting:
        circle.attest(1, 2)
    assert attesting == ["GetItem", "GetItem", "TransactWriteItems"]


def relate(circle: Circle, one: int, other: int) -> None:
    """Give two firms one mark."""
    for number in (one, other):
        firm = FIRMS.load(circle.join(number).member_id)
        assert firm
        person = replace(firm.people[0], marks=("m" * 32,))
        FIRMS.put(replace(firm, people=(person,)), None).row.save()
    known = marks.of_firms(circle.join(number).member_id for number in (one, other))
    assert len(frozenset.intersection(*known.values())) == 1


def test_members_and_the_invited_hear_of_a_group_and_nobody_of_what_is_officers_own(circle: Circle) -> None:
    circle.gather(2)
    circle.invite(3)
    names = {circle.join(number).member_id for number in (1, 2, 3)}
    written = (row.entry() for row in JournalRow.scan())
    entries = sorted((each for each in written if each.aggregate_id == circle.group_id), key=lambda each: each.seq)
    by_kind = {entry.event.kind: set(parties.audiences([entry])[0].sides) for entry in entries}
    assert by_kind["group.invited"] == names
    assert by_kind["group.founded"] == {circle.join(1).member_id}
    noted = living.note_related(sealed(3), ((1, 2),), clock.now())
    assert noted
    private = replace(entries[0], event=noted.event)
    assert parties.audiences([private])[0].sides == {}

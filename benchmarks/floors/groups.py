"""Groups of guarantors: founded, vetted, parted from, suspended; one that was sealed is made beforehand, as its members would have come to it."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from msgspec.structs import replace

from benchmarks.floors.stage import GET, Stage
from chalicelib.firms import records as firms_records
from chalicelib.groups import jobs as groups_jobs
from chalicelib.groups.aggregate import GROUPS, POLICY, context_of
from chalicelib.groups.examples import AGREE, CONSENT, FOUND, INVITE, REFUSE, REPLACE, RESUME, SUSPEND, VOUCH
from chalicelib.groups.rules import forming, living
from chalicelib.groups.rules.group import Group
from chalicelib.groups.service.membership import take_place
from chalicelib.shared import ids, journal, policies
from chalicelib.shared.commit import commit
from chalicelib.shared.journal import Event
from chalicelib.shared.request import CLOCK, RequestContext

PATH: Final = "/v1/guarantee-groups"
OFFICER: Final = "officer-1"


class Firms:
    """Members with a signer each, who act on one group."""

    def __init__(self, stage: Stage, name: str, count: int) -> None:
        self.stage, self.group_id = stage, ""
        self.ids = [stage.register(f"groups-{name}-{number}") for number in range(1, count + 1)]
        self.signers = [stage.signer(member_id) for member_id in self.ids]

    def do(self, number: int, action: str, body: Any = None, *, command: str = "", expect: int = 200) -> Any:
        """What the firm on a seat does, by its signer."""
        self.stage.time.advance(minutes=1)
        by, person = self.ids[number - 1], self.signers[number - 1]
        path = f"{PATH}/{self.group_id}/{action}" if action else PATH
        return self.stage.call(path, by, body, command=command, expect=expect, person=person)

    def join(self, number: int) -> str:
        """An invitation of the firm that is to have that seat."""
        body = INVITE | {"member_id": self.ids[number - 1]}
        return str(self.do(1, "invitations", body, command="invite a firm", expect=201)["seats"][-1]["invitation_id"])


def play(stage: Stage) -> None:
    stage.time.begin()
    _form(stage)
    _part(stage)
    stage.leave()


def _form(stage: Stage) -> None:
    firms = Firms(stage, "forming", 4)
    firms.group_id = firms.do(1, "", FOUND, command="found a group", expect=201)["id"]
    for number in (2, 3):
        firms.do(number, f"invitations/{firms.join(number)}/accept", command="accept an invitation")
    firms.do(4, f"invitations/{firms.join(4)}/decline", command="decline an invitation")
    firms.do(1, "freeze-list", command="freeze the list")
    for by, of in ((1, 2), (1, 3), (2, 1)):
        firms.do(by, "attestations", VOUCH | {"seat": of}, command="attest a member")
    firms.do(3, "attestations", REFUSE | {"seat": 1}, command="refuse a member")
    firms.do(2, "leave", command="leave before the seal")


def _part(stage: Stage) -> None:
    firms = Firms(stage, "parting", 5)
    firms.group_id = _active(stage, firms.ids[:4])
    proposal = firms.do(4, "leave", command="propose to leave")["proposal"]["id"]
    firms.do(1, f"proposals/{proposal}/object", command="object to a change")
    body = REPLACE | {"seat": 4, "member_id": firms.ids[4]}
    proposal = firms.do(4, "replacements", body, command="propose a replacement", expect=201)["proposal"]["id"]
    invitation = firms.stage.see(f"{PATH}/{firms.group_id}", OFFICER)["seats"][4]["invitation_id"]
    firms.do(5, f"invitations/{invitation}/accept", command="accept an invitation")
    firms.do(1, f"proposals/{proposal}/consent", CONSENT, command="consent to a change")
    firms.do(2, f"proposals/{proposal}/object", command="object to a change")
    proposal = firms.do(1, "wind-down", command="propose to wind down")["proposal"]["id"]
    path = f"{PATH}/{firms.group_id}"
    stage.call(f"{path}/suspend", OFFICER, SUSPEND, command="suspend a group")
    stage.call(f"{path}/resume", OFFICER, RESUME, command="resume a group")
    firms.do(2, f"proposals/{proposal}/consent", AGREE, command="consent to a change")
    assert stage.call(path, OFFICER, GET)["proposal"]["consents"] == [1, 2]
    _relate(stage, *firms.ids[:2])


def _relate(stage: Stage, one: str, other: str) -> None:
    """Two firms of the group turn out to be one."""
    known = firms_records.REPOSITORY.load_all([one, other])
    changed = replace(known[other], registration_no=known[one].registration_no)
    firms_records.REPOSITORY.put(changed, None).row.save()
    request = stage.request(other, "member")
    entry = journal.entry(request, Event("firm.changed"), aggregate_id=f"firm:{other}", seq=1, prev=journal.GENESIS)
    stage.followed("stream: groups.follow", "groups.follow", partial(groups_jobs.follow, entry))


def _active(stage: Stage, member_ids: list[str]) -> str:
    """A group of these members from which something was drawn; they owe nothing any more."""
    now, policy = stage.time.at, policies.versions(POLICY)[-1].hash
    context, group_id = context_of(policy), ids.new_id("grp", now)
    group = forming.founded(group_id, "ccb", "ccb-joint", "Oak", member_ids[0], context, policy, now).state
    for number, member_id in enumerate(member_ids[1:], 2):
        group = forming.invite(group, context, f"inv_{number}", member_id, now).state
        group = forming.accept(group, group.seats[-1], now).state
    group = _kept(living.activate(_sealed(group, stage), now).state)
    request = RequestContext(caller=CLOCK, now=now, request_id="bench", key=group_id, digest="planted")
    entry = journal.entry(request, Event("group.founded"), aggregate_id=group_id, seq=1, prev=journal.GENESIS)
    places = (take_place(member_id, group_id, member_id, now) for member_id in member_ids)
    commit(entry, GROUPS.put(group, entry, now), *places)
    return group_id


def _sealed(group: Group, stage: Stage) -> Group:
    seats = tuple(replace(seat, status="sealed_in") for seat in group.seats)
    return replace(group, status="sealed", seats=seats, sealed_at=stage.time.at)


def _kept(group: Group) -> Group:
    """As the first version there is."""
    return replace(group, version=1, seq=1)

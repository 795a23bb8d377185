"""Firms that form a group through the API."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from msgspec.structs import replace

from chalicelib.groups.aggregate import GROUPS
from chalicelib.groups.examples import CONSENT, FOUND, INVITE, VOUCH
from chalicelib.groups.records import sheets
from chalicelib.groups.records.groups import seated
from chalicelib.groups.rules.group import Group
from chalicelib.groups.rules.rule_sheet import proposed
from chalicelib.groups.rules.sheet_handling import KeepSheet
from chalicelib.groups.service.membership import take_place
from chalicelib.shared import clock, ids, journal
from chalicelib.shared.commit import commit
from chalicelib.shared.journal import Event
from chalicelib.shared.request import CLOCK, RequestContext
from tests.credit.borrowing import Borrower, register
from tests.groups import grouping
from tests.groups.test_rule_sheet import SHEET
from tests.world import Api, Reply, StandingClock, token

OFFICER: Final = token("officer", "officer-1", "risk")
CCB: Final = token("bank", "ccb")
PATH: Final = "/v1/guarantee-groups"
_numbers: Iterator[int] = itertools.count(1)


@dataclass
class Circle:
    """Some firms with signers, and what they do with a group."""

    api: Api
    time: StandingClock
    firms: list[Borrower] = field(default_factory=list)
    group_id: str = ""

    def join(self, number: int) -> Borrower:
        """The firm that has, or will have, that seat."""
        while len(self.firms) < number:
            self.firms.append(register(self.api, self.time, f"circle-{next(_numbers)}"))
        return self.firms[number - 1]

    def ask(self, number: int, action: str, body: Any = None, **how: Any) -> Reply:
        """What the firm on a seat asks for, as its signer."""
        return self.join(number).post(f"{PATH}/{self.group_id}/{action}", body, **how)

    def do(self, number: int, action: str, body: Any = None) -> Reply:
        """The same; it succeeds."""
        reply = self.ask(number, action, body)
        assert reply.status in (200, 201), reply.body
        return reply

    def see(self, by: str = OFFICER) -> Reply:
        return self.api.get(f"{PATH}/{self.group_id}", by)

    def kinds(self, by: str) -> list[str]:
        """What its timeline tells a reader of."""
        items = self.api.get(f"{PATH}/{self.group_id}/timeline?limit=100", by)["items"]
        return [entry["kind"] for entry in items]

    def found(self) -> str:
        reply = self.join(1).post(PATH, FOUND)
        assert reply.status == 201, reply.body
        self.group_id = str(reply["id"])
        return self.group_id

    def invite(self, number: int) -> str:
        """The id of an invitation of the firm for a seat."""
        reply = self.do(1, "invitations", INVITE | {"member_id": self.join(number).member_id})
        return str(reply["seats"][-1]["invitation_id"])

    def gather(self, members: int = 3) -> str:
        """A group of so many who have accepted."""
        self.found()
        for number in range(2, members + 1):
            self.do(number, f"invitations/{self.invite(number)}/accept")
        return self.group_id

    def vet(self, members: int = 3) -> str:
        self.gather(members)
        self.do(1, "freeze-list")
        return self.group_id

    def attest(self, by: int, of: int) -> Reply:
        return self.do(by, "attestations", VOUCH | {"seat": of})

    def plant(self, group: Group) -> str:
        """A group as a value, of these firms, as if it had come about here."""
        self.group_id = plant(group, [self.join(seat.number).member_id for seat in group.seats])
        return self.group_id

    def consent(self, proposal_id: str, *numbers: int) -> Reply:
        for number in numbers:
            reply = self.do(number, f"proposals/{proposal_id}/consent", CONSENT)
        return reply

    def tell(self, kind: str, seq: int, **data: Any) -> str:
        """An event of the bank; its status here."""
        fields = {
            "group_id": self.group_id,
            "bank_ref": f"G-{seq}",
            "seq": seq,
            "occurred_at": "2026-03-02T02:00:00Z",
            "business_date": "2026-03-02",
        }
        body = {"type": kind, "data": fields | data, "id": f"msg_group_{next(_numbers)}"}
        sent = self.api.post("/v1/sandbox/banks/ccb/events", body, CCB)
        assert sent.status in (200, 202), sent.body
        return str(sent["id"])


def plant(group: Group, member_ids: list[str]) -> str:
    """Keep a group as a value with these members on its seats; its id. Those who stand stand in no other group."""
    now, group_id = clock.now(), ids.new_id("grp", clock.now())
    seats = tuple(replace(seat, member_id=name) for seat, name in zip(group.seats, member_ids, strict=True))
    group = replace(group, id=group_id, seats=seats, version=1, seq=1, list_sha256=group.list_sha256)
    request = RequestContext(caller=CLOCK, now=now, request_id="r", key=group_id, digest="planted")
    payload = {"to": group.status, "bank_id": group.bank_id, "product_id": group.product_id, "member_ids": member_ids}
    entry = journal.entry(request, Event("group.founded", payload), aggregate_id=group_id, seq=1, prev="")
    places = (take_place(seat.member_id, group_id, f"{seat.number}", now) for seat in seats if seat.is_standing)
    commit(entry, GROUPS.put(group, entry, now), *itertools.islice(places, 7))
    for name in member_ids:
        seated(name, group_id).row.save()
    if number := group.draft_version or group.sheet_version:
        version = proposed(group_id, group.list_sha256, number, SHEET, by=1, now=now)
        sheets.keep("", [KeepSheet(group_id=group_id, version=version)]).row.save()
    return group_id


@pytest.fixture
def circle(api: Api, time: StandingClock) -> Circle:
    return Circle(api, time)


__all__ = ["Circle", "circle", "grouping", "plant"]

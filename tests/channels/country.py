"""A country channel with its agency, officers and suppliers, through the API."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from chalicelib.channels.examples import NOMINATE, PLAN
from chalicelib.shared import files
from tests.world import Api, Pump, Reply, StandingClock, Streams, token

OFFICER: Final = token("officer", "officer-1", "channels")
SECOND: Final = token("officer", "officer-2", "channels")
KOTRA, JETRO = token("agency", "kotra"), token("agency", "jetro")
FEEDS: Final = token("officer", "officer-1", "feeds")


@dataclass
class Country:
    """One channel's way from its plan to a supplier that sells in it."""

    api: Api
    time: StandingClock
    streams: Streams
    pump: Pump
    channel_id: str
    agency: str = KOTRA
    country: str = "KR"
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def do(self, path: str, body: Any = None, by: str = OFFICER, **more: Any) -> Reply:
        """A command that succeeds."""
        reply = self.api.post(path, body, by, **more)
        assert reply.status in (200, 201), reply.body
        return reply

    def on_channel(self, action: str, body: Any = None, by: str = OFFICER) -> Reply:
        return self.do(f"/v1/channels/{self.channel_id}/{action}", body, by)

    def firm(self, name: str = "Hanbit", country: str = "") -> str:
        """A member of the channel's country."""
        body = {"external_ref": f"{name}-{next(self._numbers)}", "name": name, "country": country or self.country}
        return str(self.do("/v1/members", body, FEEDS)["id"])

    def ask(self, **details: Any) -> Reply:
        """A nomination as it is asked for; its registration number is its own."""
        number = f"123-45-{next(self._numbers):05d}"
        return self.api.post(
            f"/v1/channels/{self.channel_id}/nominations",
            NOMINATE | {"registration_number": number} | details,
            self.agency,
        )

    def draft(self, **details: Any) -> str:
        reply = self.ask(**details)
        assert reply.status == 201, reply.body
        return str(reply["id"])

    def act(self, nomination_id: str, action: str, body: Any = None, by: str = "") -> Reply:
        return self.api.post(f"/v1/nominations/{nomination_id}/{action}", body, by or self.agency)

    def go(self, nomination_id: str, action: str, body: Any = None, by: str = "") -> Reply:
        reply = self.act(nomination_id, action, body, by)
        assert reply.status in (200, 201), reply.body
        return reply

    def see(self, nomination_id: str, by: str = "") -> Reply:
        return self.api.get(f"/v1/nominations/{nomination_id}", by or self.agency)

    def hand_in(self, nomination_id: str, kind: str = "business_registration", arrives: bytes = b"") -> str:
        """A document that has come."""
        content = f"{kind} of {nomination_id}".encode()
        body = {
            "kind": kind,
            "media_type": "application/pdf",
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        announced = self.go(nomination_id, "documents", body)
        files.put(announced["upload"]["fields"]["key"], arrives or content, "application/pdf")
        self.pump()
        return str(announced["document_id"])

    def nominated(self, **details: Any) -> str:
        """Handed in with its registration, for an officer to check."""
        nomination_id = self.draft(**details)
        self.hand_in(nomination_id)
        self.go(nomination_id, "submit")
        return nomination_id

    def invited(self, member_id: str, **details: Any) -> str:
        nomination_id = self.nominated(**details)
        self.go(nomination_id, "check", {"member_id": member_id}, OFFICER)
        return nomination_id

    def joined(self, member_id: str = "", **details: Any) -> str:
        """The membership of a supplier that has joined."""
        member_id = member_id or self.firm()
        nomination_id = self.invited(member_id, **details)
        return str(self.go(nomination_id, "accept", None, token("member", member_id))["membership_id"])

    def membership(self, membership_id: str, by: str = "") -> Reply:
        return self.api.get(f"/v1/channel-memberships/{membership_id}", by or self.agency)

    def measure(self, membership_id: str, action: str, body: Any = None, by: str = "") -> Reply:
        return self.api.post(f"/v1/channel-memberships/{membership_id}/{action}", body, by or self.agency)


def opened(api: Api, time: StandingClock, streams: Streams, pump: Pump, **plan: Any) -> Country:
    """A channel on the terms that are shipped, open."""
    channel = api.post("/v1/channels", PLAN | plan, OFFICER)
    assert channel.status == 201, channel.body
    country = Country(api, time, streams, pump, str(channel["id"]))
    country.on_channel("open")
    return country


@pytest.fixture
def korea(api: Api, time: StandingClock, streams: Streams, pump: Pump) -> Country:
    return opened(api, time, streams, pump)

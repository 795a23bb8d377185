"""A firm with its people, and the officers who verify it, through the API."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final

import pytest

from chalicelib.firms.examples import ACCOUNT, FIRM, SIGNER
from chalicelib.shared import files
from tests.world import Api, Pump, Reply, StandingClock, Streams, token

OFFICER: Final = token("officer", "officer-1", "risk")
LICENCE: Final = b"a licence with a stamp"
PLAINTEXT: Final = ("Chen Yulan", "330200197501010000", "5555 0100", "chen@firm.example", "6222020200112233")
"""What of the examples may stand nowhere in the clear."""


@dataclass
class Office:
    """One firm's way to its profile."""

    api: Api
    time: StandingClock
    streams: Streams
    pump: Pump
    firm_id: str

    @property
    def firm(self) -> str:
        return token("member", self.firm_id)

    @property
    def path(self) -> str:
        return f"/v1/firms/{self.firm_id}"

    def do(self, action: str = "", body: Any = None, by: str = "", **more: Any) -> Reply:
        """A command that succeeds."""
        reply = self.ask(action, body, by, **more)
        assert reply.status in (200, 201), reply.body
        return reply

    def ask(self, action: str = "", body: Any = None, by: str = "", **more: Any) -> Reply:
        return self.api.post(f"{self.path}/{action}", body, by or self.firm, **more)

    def see(self, part: str = "", by: str = "") -> Reply:
        return self.api.get(f"{self.path}{part}", by or self.firm)

    def register(self) -> Reply:
        reply = self.api.post("/v1/firms", FIRM, self.firm)
        assert reply.status == 201, reply.body
        return reply

    def person(self, **fields: Any) -> str:
        """The id of a person more."""
        return str(self.do("people", SIGNER | fields)["people"][-1]["id"])

    def document(self, content: bytes = LICENCE, **fields: Any) -> Reply:
        """A document that is announced."""
        body = {
            "kind": "business_licence",
            "media_type": "application/pdf",
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        return self.do("documents", body | fields)

    def hand_in(self, content: bytes = LICENCE, arrives: bytes | None = None, **fields: Any) -> str:
        """A document that has come."""
        announced = self.document(content, **fields)
        files.put(announced["upload"]["fields"]["key"], content if arrives is None else arrives, "application/pdf")
        self.pump()
        return str(announced["document_id"])

    def complete(self) -> str:
        """A profile with all that a lender needs, but the verification; the signer's id."""
        self.register()
        person_id = self.person()
        self.do("settlement-accounts", ACCOUNT)
        self.hand_in()
        return person_id

    def verified(self) -> str:
        person_id = self.complete()
        self.do("verify", None, OFFICER)
        return person_id


@pytest.fixture
def office(api: Api, time: StandingClock, streams: Streams, pump: Pump) -> Office:
    return another(api, time, streams, pump, "haiyue")


def another(api: Api, time: StandingClock, streams: Streams, pump: Pump, ref: str, country: str = "CN") -> Office:
    body = {"external_ref": ref, "name": "A firm", "country": country}
    member_id = api.post("/v1/members", body, token("officer", "officer-9", "admin"))["id"]
    return Office(api, time, streams, pump, member_id)

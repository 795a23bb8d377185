"""A firm with a signer, which speaks through the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.credit.examples import CONSENT
from tests.firms.factories import sign_for
from tests.world import Api, Reply, StandingClock, token

OFFICER = token("officer", "officer-1", "risk")


@dataclass
class Borrower:
    """A member whose profile is verified, and its signer."""

    api: Api
    time: StandingClock
    member_id: str
    person_id: str

    @property
    def token(self) -> str:
        return token("member", self.member_id)

    def post(self, path: str, body: Any = None, **how: Any) -> Reply:
        """As the signer."""
        return self.api.post(path, body, self.token, **{"Surety_Acting_Person": self.person_id, **how})

    def get(self, path: str, by: str = "") -> Reply:
        return self.api.get(path, by or self.token)

    def consent(self, *bank_ids: str, **other: Any) -> str:
        """Give consent to banks, by its id."""
        reply = self.post("/v1/consents", CONSENT | {"bank_ids": list(bank_ids)} | other)
        assert reply.status == 201, reply.body
        return str(reply["id"])

    def withdraw(self, consent_id: str) -> Reply:
        reply = self.post(f"/v1/consents/{consent_id}/withdraw")
        assert reply.status == 200, reply.body
        return reply


def register(api: Api, time: StandingClock, name: str) -> Borrower:
    body = {"external_ref": name, "name": name.title(), "country": "CN"}
    reply = api.post("/v1/members", body, token("officer", "officer-1", "feeds"))
    assert reply.status == 201, reply.body
    return Borrower(api, time, reply["id"], sign_for(reply["id"]))


@pytest.fixture
def borrower(api: Api, time: StandingClock) -> Borrower:
    return register(api, time, "lamps-of-ningbo")

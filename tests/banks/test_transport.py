"""What leaves for a bank, and what becomes of whatever comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from chalicelib.banks.rules import bank_api, outbox
from chalicelib.banks.rules.instruction import Attempt, Instruction, StatusReport
from chalicelib.banks.rules.outbox import NO_LINE
from chalicelib.banks.rules.partners import Partner
from chalicelib.banks.service import inbox, transport
from chalicelib.shared import clock, https
from chalicelib.shared.addresses import Place
from chalicelib.shared.webhooks import verify
from tests.banks.factories import AMOUNT, NOW, POLICY, instruction
from tests.world import StandingClock

SENT = outbox.send(instruction(), NOW, POLICY).state
ATTEMPT: Attempt = SENT.attempts[0]


class Wire:
    """The far end of a connection: it keeps what was sent, and answers as told."""

    def __init__(self) -> None:
        self.asked: list[tuple[Place, bytes, Mapping[str, str]]] = []
        self.answer = https.Response(200)
        self.fails: Exception | None = None

    def post(self, there: Place, headers: Mapping[str, str], body: bytes, *, may_reach: Any) -> https.Response:
        if self.fails:
            raise self.fails
        self.asked.append((there, body, headers))
        return self.answer


@pytest.fixture
def wire(aws: None, time: StandingClock, monkeypatch: pytest.MonkeyPatch) -> Wire:
    far = Wire()
    partner = Partner(id="boc", name="Bank", accounts={}, address="https://bank.example:8443/in/")
    monkeypatch.setattr(inbox, "sender", lambda bank_id, now: partner)
    monkeypatch.setattr(https, "post", far.post)
    return far


def test_an_instruction_is_signed_and_named_after_its_attempt(wire: Wire) -> None:
    assert transport.Https().send(SENT, ATTEMPT) == bank_api.Accepted()
    [(there, body, headers)] = wire.asked
    assert there == Place(host="bank.example", port=8443, path="/in", tls=True)
    assert headers["Idempotency-Key"] == ATTEMPT.id
    signed = verify(inbox.keys("boc", NOW), headers, body, clock.real())
    assert signed.id == ATTEMPT.id
    content = msgspec.json.decode(body)
    assert content["type"] == "refund.instruct"
    assert content["data"] == {
        "attempt_id": ATTEMPT.id,
        "instruction_id": SENT.id,
        "of": "ord_1",
        "money": {"amount": "1500.00", "currency": "USD"},
        "party": "mem_1",
        "bank_ref": "R-1",
    }


def test_a_question_goes_to_the_attempts_own_address(wire: Wire) -> None:
    wire.answer = https.Response(200, b'{"status": "settled", "seq": 3, "bank_ref": "B-1"}')
    assert transport.Https().inquire(SENT, ATTEMPT) == StatusReport(
        outcome="settled", seq=3, moved_minor=AMOUNT, bank_ref="B-1"
    )
    assert wire.asked[0][0].path == f"/in/{ATTEMPT.id}"


@pytest.mark.parametrize("why", ["host_unknown", "tls_failed", "timed_out", "no_answer"])
def test_what_goes_wrong_on_the_way_is_unclear(wire: Wire, why: str) -> None:
    wire.fails = https.NoResponse(why)
    assert transport.Https().send(SENT, ATTEMPT) == bank_api.Indeterminate()


def test_a_redirect_is_not_followed(wire: Wire) -> None:
    wire.answer = https.Response(307)
    assert transport.Https().send(SENT, ATTEMPT) == bank_api.Indeterminate()
    assert len(wire.asked) == 1


@pytest.mark.parametrize("address", ["", "http://bank.example/in"])
def test_without_a_safe_address_nothing_leaves(
    aws: None, time: StandingClock, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    partner = Partner(id="boc", name="Bank", accounts={}, address=address)
    monkeypatch.setattr(inbox, "sender", lambda bank_id, now: partner)
    assert transport.Https().send(SENT, ATTEMPT) == bank_api.Refused(NO_LINE)
    assert transport.Https().inquire(SENT, ATTEMPT) == bank_api.Indeterminate()


def test_a_bank_without_a_key_is_told_nothing(aws: None, time: StandingClock, monkeypatch: pytest.MonkeyPatch) -> None:
    partner = Partner(id="psbc", name="Bank", accounts={}, address="https://bank.example/in")
    monkeypatch.setattr(inbox, "sender", lambda bank_id, now: partner)
    elsewhere: Instruction = outbox.send(instruction(bank_id="psbc"), NOW, POLICY).state
    assert transport.Https().send(elsewhere, elsewhere.attempts[0]) == bank_api.Indeterminate()

"""What leaves for a bank, and what becomes of whatever comes back."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from chalicelib.banks import transport
from chalicelib.banks.rules import NO_LINE, Attempt, Instruction, Partner, Word, line, outbox, verify
from chalicelib.banks.service import inbox
from chalicelib.shared import clock
from tests.banks.given import AMOUNT, NOW, POLICY, instruction
from tests.world import StandingClock

SENT = outbox.send(instruction(), NOW, POLICY).instruction
ATTEMPT: Attempt = SENT.attempts[0]


class Wire:
    """The far end of a connection: it keeps what was sent, and answers as told."""

    asked: list[tuple[str, str, str, bytes, dict[str, str]]]

    def __init__(self) -> None:
        self.asked, self.status, self.body, self.fails = [], 200, b"", None
        self.seconds: float | None = None
        self.closed = 0

    def connection(self, host: str, *, timeout: float) -> Any:
        wire, self.seconds = self, timeout

        class Connection:
            def request(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> None:
                if wire.fails:
                    raise wire.fails
                wire.asked.append((method, host, path, body, headers))

            def getresponse(self) -> Any:
                class Answer:
                    status = wire.status

                    def read(self, most: int) -> bytes:
                        return wire.body[:most]

                return Answer()

            def close(self) -> None:
                wire.closed += 1

        return Connection()

    fails: Exception | None


@pytest.fixture
def wire(aws: None, time: StandingClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    far = Wire()
    partner = Partner(id="boc", name="Bank", accounts={}, address="https://bank.example/in/")
    monkeypatch.setattr(inbox, "partner", lambda bank_id, now: partner)
    monkeypatch.setattr(http.client, "HTTPSConnection", far.connection)
    yield far
    assert far.closed == 1


def test_an_instruction_is_signed_and_named_after_its_attempt(wire: Wire) -> None:
    assert transport.Https().send(SENT, ATTEMPT) == line.Accepted()
    [(method, host, path, body, headers)] = wire.asked
    assert (method, host, path, headers["Idempotency-Key"]) == ("POST", "bank.example", "/in", ATTEMPT.id)
    signed = verify(inbox.keys("boc", NOW), headers, body, clock.real())
    assert signed.id == ATTEMPT.id
    told = msgspec.json.decode(body)
    assert told["type"] == "refund.instruct"
    assert told["data"] == {
        "attempt_id": ATTEMPT.id,
        "instruction_id": SENT.id,
        "of": "ord_1",
        "money": {"amount": "1500.00", "currency": "USD"},
        "party": "mem_1",
        "bank_ref": "R-1",
    }
    assert wire.seconds is not None
    assert wire.seconds <= 5


def test_a_question_goes_to_the_attempts_own_address(wire: Wire) -> None:
    wire.body = b'{"status": "settled", "seq": 3, "bank_ref": "B-1"}'
    assert transport.Https().ask(SENT, ATTEMPT) == Word(outcome="settled", seq=3, moved_minor=AMOUNT, bank_ref="B-1")
    assert wire.asked[0][2] == f"/in/{ATTEMPT.id}"


@pytest.mark.parametrize("failure", [TimeoutError(), ConnectionResetError(), http.client.BadStatusLine("?")])
def test_what_goes_wrong_on_the_way_is_unclear(wire: Wire, failure: Exception) -> None:
    wire.fails = failure
    assert transport.Https().send(SENT, ATTEMPT) == line.Unclear()


def test_a_redirect_is_not_followed(wire: Wire) -> None:
    wire.status = 307
    assert transport.Https().send(SENT, ATTEMPT) == line.Unclear()
    assert len(wire.asked) == 1


@pytest.mark.parametrize("address", ["", "http://bank.example/in"])
def test_without_a_safe_address_nothing_leaves(
    aws: None, time: StandingClock, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    partner = Partner(id="boc", name="Bank", accounts={}, address=address)
    monkeypatch.setattr(inbox, "partner", lambda bank_id, now: partner)
    assert transport.Https().send(SENT, ATTEMPT) == line.Refused(NO_LINE)
    assert transport.Https().ask(SENT, ATTEMPT) == line.Unclear()


def test_a_bank_without_a_key_is_told_nothing(aws: None, time: StandingClock, monkeypatch: pytest.MonkeyPatch) -> None:
    partner = Partner(id="psbc", name="Bank", accounts={}, address="https://bank.example/in")
    monkeypatch.setattr(inbox, "partner", lambda bank_id, now: partner)
    elsewhere: Instruction = outbox.send(instruction(bank_id="psbc"), NOW, POLICY).instruction
    assert transport.Https().send(elsewhere, elsewhere.attempts[0]) == line.Unclear()

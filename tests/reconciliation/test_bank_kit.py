"""The conformance kit: the fake bank and our service keep to the protocol in all four orders, and who does not is found out."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request

import pytest

from infra.local.bank_kit import service
from infra.local.bank_kit.platform import NOW, ORDERS, NotAsAgreed, Platform, hash_and_mirror, play
from infra.local.fake_bank.core import CHINA, Event
from infra.local.fake_bank.server import FakeBank
from tests.loans.lending import Lender, plant_draw

SECRET = "whsec_" + base64.b64encode(b"a secret that both sides know, 32").decode()
TODAY = NOW.astimezone(CHINA).date()


def tried(order: str, *ways: str) -> tuple[list[str], bool]:
    """What was wrong with the fake bank, and whether its books are those that it told of."""
    with Platform(SECRET, order) as platform, FakeBank("kit", platform.url, SECRET, ways=ways, seed=3) as bank:
        try:
            play(platform, lambda loan_id, minor: bank.act("/payments", {"loan_id": loan_id, "amount": minor}))
        except NotAsAgreed as wrong:
            platform.wrong.append(str(wrong))
        platform.must_be_whole()
        assert platform.forge(), "it takes nothing that others have signed"
        expected, _ = hash_and_mirror(platform, TODAY)
        return platform.wrong, bank.books(TODAY)["sha256"] == expected


@pytest.mark.parametrize("order", ORDERS)
def test_the_fake_bank_keeps_to_the_protocol_in_every_order(order: str) -> None:
    assert tried(order) == ([], True)


def test_a_bank_that_sends_late_twice_and_shuffled_keeps_to_the_protocol() -> None:
    assert tried("ordered", "late", "twice", "shuffled") == ([], True)


def test_a_bank_that_contradicts_itself_is_found_out() -> None:
    wrong, _ = tried("ordered", "contradictory")
    assert any("is two events" in each for each in wrong)


def test_the_banks_counter_and_its_books_are_there_for_its_developer() -> None:
    with Platform(SECRET, "ordered") as platform, FakeBank("kit", platform.url, SECRET) as bank:
        play(platform, lambda loan_id, minor: _post(f"{bank.url}/payments", {"loan_id": loan_id, "amount": minor}))
        told = json.loads(_get(f"{bank.url}/messages"))
        assert [kind for kind, _ in told["messages"]][:3] == ["application.submitted"] * 3
        assert json.loads(_get(f"{bank.url}/books?on={TODAY}")) == bank.books(TODAY)
        _post(f"{bank.url}/mischief", {"ways": ["silent"]})
        _post(f"{bank.url}/snapshots", {})
        assert platform.events("balance.snapshot") == []
        _post(f"{bank.url}/mischief", {"ways": []})
        platform.until(lambda: len(platform.events("balance.snapshot")) == 1, "what it kept to itself")
        with pytest.raises(urllib.error.HTTPError, match="400"):
            _post(f"{bank.url}/payments", {"loan_id": "nobody's", "amount": 1})


@pytest.mark.parametrize("order", ORDERS)
def test_our_service_keeps_to_the_protocol_in_every_order(lender: Lender, order: str) -> None:
    loan_id = plant_draw(lender.line_id, lender.firm_id, 60_000_00, months=6, method="equal_principal")
    asked = {"loan_id": loan_id, "amount_minor": 60_000_00, "months": 6, "method": "equal_principal"}
    life = service.Life("boc", asked, lender.time.at)
    for name, event in life.told(order):
        _tell(lender, name, event)
    lender.bank.streams()
    assert life.hash_of_loan(lender.see(loan_id).body) == life.expected
    assert lender.bank.listed("parked") == lender.bank.listed("refused") == []


def _tell(lender: Lender, name: str, event: Event) -> None:
    lender.bank.tell(event.type, event.data, webhook_id=name)
    lender.bank.streams(tables=["bank-events"])


def _post(url: str, body: object) -> object:
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode()), timeout=30) as answer:
        told: object = json.loads(answer.read())
        return told


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as answer:
        content: bytes = answer.read()
        return content

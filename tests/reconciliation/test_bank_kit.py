"""The conformance kit: the fake bank and our service keep to the protocol in all four orders, and who does not is found out."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.local.bank_kit import service
from infra.local.bank_kit.__main__ import main
from infra.local.bank_kit.platform import ORDERS, Platform, play
from infra.local.engine import free_port
from infra.local.fake_bank import mischief
from infra.local.fake_bank.core import CHINA, Core, Event
from infra.local.fake_bank.server import FakeBank
from tests.banks import conformance
from tests.banks.conformance import SECRET, TODAY
from tests.loans.lending import Lender, plant_draw


def tried(order: str, *ways: str) -> tuple[list[str], bool]:
    """What was wrong with the fake bank, and whether its books are those that it told of."""
    wrong, is_told, _ = conformance.tried(Platform(SECRET), FakeBank, play, order, *ways)
    return wrong, is_told


@pytest.mark.parametrize("order", ORDERS)
def test_the_fake_bank_keeps_to_the_protocol_in_every_order(order: str) -> None:
    assert tried(order) == ([], True)


def test_a_bank_that_sends_late_twice_and_shuffled_keeps_to_the_protocol() -> None:
    assert tried("ordered", "late", "twice", "shuffled") == ([], True)


def test_a_bank_that_contradicts_itself_is_found_out() -> None:
    wrong, _ = tried("ordered", "contradictory")
    assert any("is two events" in each for each in wrong)


def test_the_banks_counter_and_its_books_are_there_for_its_developer() -> None:
    with Platform(SECRET) as platform, FakeBank("kit", platform.url, SECRET) as bank:
        play(
            platform,
            "ordered",
            lambda path, body: _post(f"{bank.url}{path}", body),
        )
        content = json.loads(_get(f"{bank.url}/messages"))
        assert [kind for kind, _ in content["messages"]][:3] == ["application.submitted"] * 3
        assert json.loads(_get(f"{bank.url}/books?on={TODAY}")) == bank.books(TODAY)
        _post(f"{bank.url}/mischief", {"ways": ["silent"]})
        _post(f"{bank.url}/snapshots", {})
        assert platform.events("balance.snapshot") == []
        _post(f"{bank.url}/mischief", {"ways": []})
        platform.until(lambda: len(platform.events("balance.snapshot")) == 1, "what it kept to itself")
        with pytest.raises(urllib.error.HTTPError, match="400"):
            _post(f"{bank.url}/payments", {"loan_id": "nobody's", "amount": 1})


def test_a_bank_that_is_started_again_goes_on_where_it_ended(tmp_path: Path) -> None:
    with Platform(SECRET) as platform:
        with FakeBank("kit", platform.url, SECRET, kept=tmp_path / "bank.books") as bank:
            play(platform, "ordered", bank.act)
            [first] = bank.act("/snapshots", {})
            before, heard = bank.books(TODAY), len(bank.core.heard)
        with FakeBank("kit", platform.url, SECRET, kept=tmp_path / "bank.books") as again:
            assert (again.books(TODAY), len(again.core.heard)) == (before, heard)
            [second] = again.act("/snapshots", {})
            assert (second.data["seq"], second.data["loans"]) == (first.data["seq"] + 1, first.data["loans"])
            assert second.name != first.name
            platform.until(lambda: len(platform.events("balance.snapshot")) == 2, "both snapshots")


def test_a_bank_that_runs_for_itself_is_tried_again_and_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    monkeypatch.setenv("KIT_PORT", str(port))
    monkeypatch.setenv("KIT_SECRET", SECRET)
    bank = FakeBank("kit", f"http://127.0.0.1:{port}", SECRET)
    monkeypatch.setenv("URL", f"{bank.url}/surety")
    with ThreadPoolExecutor() as beside:
        starting = beside.submit(bank.__enter__)  # it waits for the kit, which plays the service
        assert main() == 0
        starting.result()
        assert main() == 0
        bank.__exit__()
    assert capsys.readouterr().out.count("as agreed") == 2 * len(ORDERS)
    monkeypatch.setenv("KIT_SECRET", "")
    assert main() == 1


@pytest.mark.parametrize("order", ORDERS)
def test_our_service_keeps_to_the_protocol_in_every_order(lender: Lender, order: str) -> None:
    loan_id = plant_draw(lender.line_id, lender.firm_id, 60_000_00, months=6, method="equal_principal")
    body = {"loan_id": loan_id, "amount_minor": 60_000_00, "months": 6, "method": "equal_principal"}
    core, now = Core("boc", service.kit_rules()), lender.time.at
    events = core.hear("draw.requested", body, now) + service.life(core, loan_id, now)
    assert events[-1].type == "interest.charged"
    for name, event in mischief.order(events, service.WAYS[order], seed=7):
        _tell(lender, name, event)
    lender.bank.streams()
    assert service.hash_shown(lender.see(loan_id).body) == service.hash_expected(
        core, loan_id, now.astimezone(CHINA).date()
    )
    assert lender.bank.listed("parked") == lender.bank.listed("refused") == []


def _tell(lender: Lender, name: str, event: Event) -> None:
    lender.bank.tell(event.type, event.data, webhook_id=name)
    lender.bank.streams(tables=["bank-events"])


def _post(url: str, body: object) -> object:
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode()), timeout=30) as answer:
        content: object = json.loads(answer.read())
        return content


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as answer:
        content: bytes = answer.read()
        return content

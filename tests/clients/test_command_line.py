"""`surety` in a terminal, against the running product: what it prints, what it ends with, and that it never prints a token."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from surety_client.cli import GRANTED, MISSPELT, REFUSED, UNREACHABLE, catalogue, identity, main

from chalicelib.members.rules import id_of
from infra.local.sample.suppliers import BUYER, LANTERNS

OFFICER = ("--as", "officer:me:admin")


class Terminal:
    """Types commands, and reads what comes."""

    def __init__(self, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self._url, self._capsys = url, capsys

    def __call__(self, *words: str, by: tuple[str, ...] = OFFICER, ends: int = GRANTED) -> str:
        ended = main([*words, *by, "--url", self._url])
        out, err = self._capsys.readouterr()
        assert ended == ends, out + err
        assert "eyJ" not in out + err
        return out + err


@pytest.fixture
def surety(
    service: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Terminal:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("SURETY_TOKEN", "SURETY_AS", "SURETY_URL"):
        monkeypatch.delenv(name, raising=False)
    return Terminal(service, capsys)


def test_an_order_is_found_shown_accepted_and_refused_by_name(surety: Terminal) -> None:
    buyer, supplier = (("--as", f"member:{id_of(ref)}") for ref in (BUYER, LANTERNS))
    assert "proposed" in surety("orders", by=buyer)
    [order] = json.loads(surety("orders", "list", "status=proposed", "--json", "--all", by=buyer))["items"]
    assert order["id"] in surety("show", order["id"], by=supplier)
    accept = ("orders", "accept", order["id"], f"version={order['version']}")
    content = json.loads(surety(*accept, "--json", "--key", "once", by=supplier))
    assert content["status"] == "agreed"
    assert json.loads(surety(*accept, "--json", "--key", "once", by=supplier)) == content
    refused = surety("orders", "accept", order["id"], "version=99", by=supplier, ends=REFUSED)
    assert refused.startswith("409 ")
    assert "  fix: " in refused
    assert "404 not_found" in surety("orders", "get", "ord_1", by=buyer, ends=REFUSED)


def test_an_officer_looks_at_work_searches_moves_the_clock_and_runs_a_job(surety: Terminal) -> None:
    assert "{" not in surety("work")
    assert id_of(BUYER) in surety("search", "Hansa")
    before = json.loads(surety("clock", "--json"))["now"]
    assert json.loads(surety("clock", "advance", "2", "--json"))["now"] > before
    assert "done" in surety("jobs", "run", "books-close", before[:10], ends=GRANTED)


@pytest.mark.parametrize("width", ["40", "80", "200"])
def test_ids_are_whole_however_narrow_the_terminal_is(
    surety: Terminal, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    for listed in (("orders", "list"), ("work",), ("members", "list")):
        ids = [item["id"] for item in json.loads(surety(*listed, "--json"))["items"]]
        told = surety(*listed)
        assert [each for each in ids if each not in told] == []
        assert "…" not in told
        assert ("status" in told) == (width != "40")


def test_a_file_is_imported_and_watched_to_its_end(surety: Terminal) -> None:
    content = json.loads(surety("import", "examples/export-declarations.csv", "exports", "--json"))
    assert content["status"] == "done"
    assert content["counts"]["new"] > 0


def test_what_cannot_be_understood_says_what_can(surety: Terminal, tmp_path: Path) -> None:
    assert "no collection ordres" in surety("ordres", ends=MISSPELT)
    assert "accept-short-payment" in surety("orders", "accpet", "x", "y", ends=MISSPELT)
    assert "1 words are wanted here, 0 are given" in surety("orders", "accept", ends=MISSPELT)
    assert "but: as, " in surety("orders", "list", "colour=red", ends=MISSPELT)
    assert "not JSON" in surety("orders", "create", "--body", "{", ends=MISSPELT)
    assert "clock advance HOURS" in surety("clock", "back", "1", ends=MISSPELT)
    assert "role:name" in surety("work", by=("--as", "officer"), ends=MISSPELT)
    assert "surety import FILE" in surety("import", "nowhere.csv", ends=MISSPELT)
    (tmp_path / "surety").mkdir()
    (tmp_path / "surety" / "config.toml").write_text("url = ")
    assert "is not TOML" in surety("health", by=(), ends=MISSPELT)


def test_nobody_there_is_said_so(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    assert main(["health", "--url", "http://127.0.0.1:9"]) == UNREACHABLE
    assert "Nobody answered" in capsys.readouterr().err


def test_help_names_every_collection_each_of_its_calls_and_what_one_takes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == MISSPELT
    assert main(["--help"]) == GRANTED
    told = capsys.readouterr().out
    assert all(collection in told for collection in catalogue.calls())
    main(["claims", "--help"])
    told = capsys.readouterr().out
    assert all(call.words in told and call.summary in told for call in catalogue.calls()["claims"].values())
    main(["orders", "accept", "--help"])
    assert '"version": 1' in capsys.readouterr().out


def test_what_is_typed_goes_before_what_is_set_and_that_before_what_is_kept(tmp_path: Path) -> None:
    kept = tmp_path / "surety" / "config.toml"
    kept.parent.mkdir()
    kept.write_text('url = "https://kept.example"\ntoken_command = "echo from-a-command"\n')
    environment = {"XDG_CONFIG_HOME": str(tmp_path)}
    by_file = identity.connection(None, None, environment)
    assert (by_file.base_url, by_file._authorization()) == (
        "https://kept.example",
        {"Authorization": "Bearer from-a-command"},
    )
    environment |= {"SURETY_URL": "https://set.example", "SURETY_TOKEN": "set"}
    by_environment = identity.connection("https://typed.example", None, environment)
    assert (by_environment.base_url, by_environment._authorization()) == (
        "https://typed.example",
        {"Authorization": "Bearer set"},
    )
    for connection in (by_file, by_environment):
        connection.close()

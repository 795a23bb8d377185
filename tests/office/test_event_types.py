"""The catalogue of events says what machines, webhooks and banks' events declare."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from chalicelib.bank_events import catalogue
from chalicelib.office.rules.event_meanings import MORE
from chalicelib.office.service.event_types import families
from chalicelib.registry import MACHINES
from chalicelib.shared.journal import JournalRow
from chalicelib.shared.languages import ENGLISH, OFFERED
from chalicelib.webhooks import event_examples
from chalicelib.webhooks.rules.endpoint import PLATFORM
from chalicelib.webhooks.service.parties import ORDER, PARTIES
from tests.events import both, forms, names_of, strange
from tests.trade import Trade
from tests.world import Api, token

ROOT: Final = Path(__file__).parents[2]


def test_every_kind_of_thing_that_happens_is_in_the_catalogue_with_who_hears_of_it(api: Api, trade: Trade) -> None:
    trade.agree()
    shown = api.get("/v1/event-types", trade.buyer)
    assert shown.status == 200, shown.body
    shown_families = {each["kind"]: each for each in shown["items"]}
    assert shown_families.keys() == {each.rules.table.kind for each in MACHINES if each.rules}
    assert (shown_families["order"]["id_prefix"], shown_families["order"]["heard_by"]) == (
        "ord",
        ["parties", "platform"],
    )
    assert shown_families["channel"]["heard_by"] == ["platform"]
    entries = [row.entry().event for row in JournalRow.scan()]
    statuses = {status for each in shown_families["order"]["transitions"] for status in (*each["from"], *each["to"])}
    orders = [each for each in entries if each.kind.startswith("order.")]
    assert {each.payload["to"] for each in orders} <= statuses
    assert {each["type"] for each in shown["bank_events"]} == {each.type for each in catalogue.types()}
    assert shown["envelope"]["$ref"].endswith("Message")


def test_the_catalogue_is_open_to_whoever_has_a_token(api: Api) -> None:
    assert api.get("/v1/event-types", token("bank", "boc")).status == 200
    assert api.get("/v1/event-types").status == 401


def test_every_event_that_tests_bring_about_is_shown_by_its_name_and_no_other(api: Api) -> None:
    shown = api.get("/v1/event-types", token("bank", "boc"))["events"]
    assert [each["type"] for each in shown] == sorted(event_examples.every())
    assert {each["kind"] for each in shown} == families(), "each family has an event, and each event a family"
    for each in shown:
        assert each["example"]["type"] == each["type"]
        assert each["sides"][-1] == PLATFORM
        assert {path for path, _ in forms(each["example"]["data"]["payload"])} <= {
            told["name"] for told in each["fields"]
        }


def test_who_is_told_of_an_event_is_who_may_be_told_of_its_kind() -> None:
    for name, seen in event_examples.every().items():
        prefix = seen["message"]["data"]["aggregate_id"]
        has_parties = prefix.startswith((ORDER, *PARTIES))
        assert has_parties or not seen["sides"], name
        assert seen["told_to"] in (*seen["sides"], PLATFORM), name


def test_an_order_that_is_shipped_is_told_to_both_sides_with_the_carrier(api: Api) -> None:
    shown = {each["type"]: each for each in api.get("/v1/event-types", token("bank", "boc"))["events"]}
    shipped = shown["order.shipped"]
    assert (shipped["means"], shipped["sides"]) == ("order: shipped", ["buyer", "supplier", "platform"])
    assert {"name": "to", "type": "string", "always": True} in shipped["fields"]


@pytest.mark.parametrize("language", [language for language in OFFERED if language != ENGLISH])
def test_what_an_event_means_is_said_in_the_readers_language(api: Api, language: str) -> None:
    reply = api.get("/v1/event-types", token("bank", "boc"), Accept_Language=language)
    assert (reply.headers["Content-Language"], reply.headers["Vary"]) == (language, "Accept-Language")
    assert [each["type"] for each in reply["events"] if re.search("[a-z]{4}", each["means"])] == []
    assert event_examples.every().keys() >= MORE.keys()


def test_what_is_recorded_comes_from_tests_that_are_there_and_holds_no_secret() -> None:
    gone = {each["shown_by"] for each in event_examples.every().values() if not (ROOT / each["shown_by"]).exists()}
    assert gone == set()
    assert re.search(r"whsec_|Bearer |eyJ", event_examples.FILE.read_text()) is None


def test_an_event_or_a_fact_that_is_not_recorded_is_missed() -> None:
    known = frozenset(event_examples.every()["order.shipped"]["message"]["data"]["payload"])
    assert strange("order.shipped", known) == ""
    assert names_of({"to": "paid", "private": {"n": 1}, "own": {"buyer": {"fee_minor": 2}}}) == {"to", "fee_minor"}
    assert strange("order.shipped", known | {"unheard_of"}) == "order.shipped: unheard_of is not recorded"
    assert strange("order.shipped", known - {"to"}) == "order.shipped: to is recorded as always there"
    assert strange("order.sent_to_the_moon", frozenset()) == "order.sent_to_the_moon is not recorded"


def test_what_two_tests_saw_of_an_event_is_put_together() -> None:
    one, other = (
        {
            "sides": [side],
            "told_to": side,
            "message": {"data": {"payload": payload}},
            "fields": {path: [form] for path, form in forms(payload)},
            "sometimes": [],
            "shown_by": side,
        }
        for side, payload in (
            ("buyer", {"to": "paid", "until": None}),
            (
                "supplier",
                {"to": "paid", "until": "2026-03-02", "parts": [{"price": {"amount": "1", "currency": "KRW"}}]},
            ),
        )
    )
    seen = both(one, other)
    assert (seen["sides"], seen["told_to"], seen["shown_by"]) == (["buyer", "supplier"], "supplier", "supplier")
    assert seen["fields"] == {
        "parts": ["list of object"],
        "parts[].price": ["money"],
        "to": ["string"],
        "until": ["date", "null"],
    }
    assert seen["sometimes"] == ["parts", "parts[].price"]
    assert both(other, one) == seen == both(seen, one)

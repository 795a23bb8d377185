"""The catalogue of events says what machines, webhooks and banks' events declare."""

from __future__ import annotations

from chalicelib.bank_events import catalogue
from chalicelib.registry import MACHINES
from chalicelib.shared.journal import JournalRow
from tests.trade import Trade
from tests.world import Api, token


def test_every_kind_of_thing_that_happens_is_in_the_catalogue_with_who_hears_of_it(api: Api, trade: Trade) -> None:
    trade.agree()
    shown = api.get("/v1/event-types", trade.buyer)
    assert shown.status == 200, shown.body
    families = {each["kind"]: each for each in shown["items"]}
    assert families.keys() == {each.rules.table.kind for each in MACHINES if each.rules}
    assert (families["order"]["id_prefix"], families["order"]["heard_by"]) == ("ord", ["parties", "platform"])
    assert families["channel"]["heard_by"] == ["platform"]
    told = [row.entry().event for row in JournalRow.scan()]
    statuses = {status for each in families["order"]["transitions"] for status in (*each["from"], *each["to"])}
    orders = [each for each in told if each.kind.startswith("order.")]
    assert {each.payload["to"] for each in orders} <= statuses
    assert {each["type"] for each in shown["bank_events"]} == {each.type for each in catalogue.types()}
    assert shown["envelope"]["$ref"].endswith("Message")


def test_the_catalogue_is_open_to_whoever_has_a_token(api: Api) -> None:
    assert api.get("/v1/event-types", token("bank", "boc")).status == 200
    assert api.get("/v1/event-types").status == 401

"""Reports: each entry once, on its day; held to the tables and to the books."""

from __future__ import annotations

import csv
import io
import random
from typing import Any, Final
from xml.etree import ElementTree

import pytest

from chalicelib.claims.records import ClaimRow
from chalicelib.credit.aggregate.lines import LINES
from chalicelib.credit.rules import line_handling
from chalicelib.deposits.records import DepositRow
from chalicelib.office.records import counts, places
from chalicelib.office.records.places import PlaceRow
from chalicelib.office.rules.found import found_by
from chalicelib.office.rules.reports import REPORTS, Fact
from chalicelib.office.service import counting
from chalicelib.orders.records import OrderRow
from chalicelib.shared import clock, tables
from chalicelib.shared.journal import JournalRow
from chalicelib.shared.settings import settings
from chalicelib.shared.tables import engine
from chalicelib.webhooks.declared import DELIVERIES
from tests.bank_events.conftest import Bank, sweep
from tests.credit.lining import apply as freeze
from tests.credit.lining import plant as plant_line
from tests.deposits.account.shop import Shop
from tests.dispute import Dispute
from tests.round_trips import calls
from tests.trade import Trade
from tests.webhooks.conftest import Desk
from tests.world import START, Api, StandingClock, Streams, token

ADMIN: Final = token("officer", "officer-1", "admin")
FEEDS: Final = token("officer", "officer-2", "feeds")
YEAR: Final = "from=2026-03-01&to=2026-12-01&by=month"


def read(api: Api, name: str, query: str = YEAR) -> list[dict[str, Any]]:
    reply = api.get(f"/v1/reports/{name}?{query}", ADMIN)
    assert reply.status == 200, reply.body
    columns = [column["name"] for column in reply["columns"]]
    return [dict(zip(columns, row, strict=True)) for row in reply["rows"]]


def file_of(api: Api, name: str) -> list[dict[str, str]]:
    reply = api.get(f"/v1/reports/{name}/rows.csv?{YEAR}", ADMIN)
    return list(csv.DictReader(io.StringIO(reply.raw.decode(), newline="")))


def as_text(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{name: "" if cell is None else str(cell) for name, cell in row.items()} for row in rows]


def total(rows: list[dict[str, Any]], column: str) -> int:
    return sum(row[column] for row in rows)


def test_a_report_counts_what_the_tables_hold_however_often_and_in_whatever_order_it_is_told(
    dispute: Dispute, streams: Streams
) -> None:
    api, trade = dispute.trade.api, dispute.trade
    claim = dispute.claim(dispute.late())
    trade.propose()
    streams(tables=["journal"])
    orders, claims = (len(list(row.scan())) for row in (OrderRow, ClaimRow))
    assert (total(read(api, "orders"), "proposed"), total(read(api, "claims"), "filed")) == (orders, claims)
    assert api.post(f"/v1/claims/{claim}/withdraw", {}, trade.buyer).status == 200
    streams.forget()
    streams(tables=["journal"])
    assert total(read(api, "orders"), "proposed") == orders, "told again"
    assert total(read(api, "claims"), "withdrawn") == 1
    agreed = [row.entry() for row in JournalRow.scan() if row.entry().event.kind == "order.accepted"]
    days = read(api, "orders", "from=2026-03-01&to=2026-06-01")
    assert {row["period"]: row["agreed"] for row in days if row["agreed"]} == {
        day: [str(one.at.date()) for one in agreed].count(day) for day in {str(one.at.date()) for one in agreed}
    }


def test_entries_that_are_told_together_share_counters_and_each_counts_once(
    aws: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "settings", lambda: settings()._replace(bulk_actions=10))
    told = [
        (places.counted("actor:a", START, f"ent_{day}"), [Fact("orders", f"2026-03-{day:02d}", "agreed", "", 1)])
        for day in range(1, 13)
    ]
    counts.add(told[2:4])
    with calls() as sent:
        counts.add(told)
    assert sent == ["TransactWriteItems"] * 3, "nine with their one counter; those of them that were not counted; three"
    with calls() as sent:
        counts.add(told)
    assert sent == ["TransactWriteItems"] * 2
    assert counts.between("orders", "month", "0", "2026-04") == {("2026-03", "agreed", ""): 12}
    days = counts.between("orders", "day", "2026-03-02", "2026-03-12")
    assert days == {(f"2026-03-{day:02d}", "agreed", ""): 1 for day in range(2, 12)}


def test_an_entry_is_found_by_who_acted_whether_it_counts_or_not_and_counts_though_it_was_found_before(
    trade: Trade, streams: Streams
) -> None:
    order = trade.agree()
    streams(tables=["journal"])
    entries = [row.entry() for row in JournalRow.scan()]
    expected = {(of, entry.entry_id) for entry in entries for of in found_by(entry)}
    kept = [row for row in PlaceRow.scan() if not row.of.startswith("counted:")]
    assert {(row.of, row.place.partition("#")[2]) for row in kept} == expected
    [accepted] = [entry for entry in entries if entry.event.kind == "order.accepted" and entry.aggregate_id == order]
    [mark] = [row for row in kept if row.counted and row.place.endswith(accepted.entry_id)]
    assert mark.of == f"actor:{trade.supplier_id}"
    places.keep([(mark.of, accepted.at, accepted.entry_id)])
    counting.follow(accepted)
    assert total(read(trade.api, "orders"), "agreed") == 2, "an index from before there were such columns is no mark"


def test_what_an_engine_leaves_unwritten_is_written_again(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    at, write, asked = clock.now(), engine().dispatch, list[int]()

    def leaves_some(operation: str, wanted: Any) -> Any:
        [(table, puts)] = wanted["RequestItems"].items()
        asked.append(len(puts))
        write(operation, {"RequestItems": {table: puts[:20]}})
        return {"UnprocessedItems": {table: puts[20:]} if puts[20:] else {}}

    monkeypatch.setattr(engine(), "dispatch", leaves_some)
    places.keep([("actor:a", at, f"ent_{number:02d}") for number in (*range(30), *range(30))])
    monkeypatch.undo()
    assert asked == [25, 5, 5], "each once"
    assert len(list(places.entries_at("actor:a", None, None, ""))) == 30


def test_what_is_held_of_deposits_is_what_their_table_and_the_books_hold(
    shop: Shop, api: Api, streams: Streams
) -> None:
    shop.open()
    assert shop.act("specials", {"special": "M4"}).status == 200
    shop.pays("600.00")
    streams(tables=["journal"])
    held = sum(row.body.held_minor for row in DepositRow.scan())
    assert held > 0
    window = "from=2023-01-01&to=2023-12-31"
    last = read(api, "deposits", window)[-1]
    books = api.get("/v1/ledger/trial-balance", ADMIN)["accounts"]
    booked = [each["balance"]["amount"] for each in books if each["account"] in ("deposits_held", "deposits_frozen")]
    assert (last["group"], last["held"]) == ("CNY", f"{held / 100:.2f}")
    assert sum(map(float, booked)) == held / 100
    later = read(api, "deposits", "from=2024-01-01&to=2024-02-01")
    assert [(row["period"], row["paid"], row["held"]) for row in later] == [("2024-01-31", "0.00", last["held"])], (
        "it stands"
    )


def test_the_credit_report_has_what_banks_grant_on_lines_as_their_table_has_it(
    time: StandingClock, api: Api, streams: Streams
) -> None:
    lines = [plant_line(member_id, limit) for member_id, limit in (("mem_1", 100_000_000), ("mem_2", 5_000_000))]
    freeze(lines[0], lambda was, context: line_handling.freeze(was, "bank", "Late.", None, was.updated_at))
    streams(tables=["journal"])
    [row] = read(api, "credit")
    assert (row["group"], row["lines_activated"], row["lines_frozen"]) == ("CNY", 2, 1)
    held = sum(line.position.limit_minor for line in LINES.repository.load_all(lines).values())
    assert row["granted"] == row["limits"] == f"{held / 100:.2f}" == "1050000.00"


def test_how_long_events_of_a_bank_waited_and_their_money_lay_in_suspense_is_counted_once_when_it_is_over(
    bank: Bank, trade: Trade, time: StandingClock, streams: Streams
) -> None:
    api, order_id = bank.api, trade.agree()

    def settle() -> None:
        streams.forget()
        streams(random.Random(7), tables=["bank-events", "journal"])

    for seq in (3, 2):
        bank.pay(order_id, "10.00", seq)
    lost = [bank.pay(f"ord_{number:026}", "10.00", 1, bank_ref=f"L-{number}") for number in range(3)]
    settle()
    columns = "items_cleared", "time_in_suspense", "overdue"
    [still] = [row for row in read(api, "money") if row["group"] == "USD"]
    assert [still[name] for name in columns] == [0, None, 0], "it lies there"
    time.advance(hours=6)
    bank.pay(order_id, "10.00", 1)
    settle()
    [waited] = read(api, "bank-events")
    assert waited == {"period": "2026-03", "group": "boc", "waited": 2, "wait": "6.0", "in_vain": 0}
    alone = bank.pay(order_id, "10.00", 9)
    for event_id, hours in zip(lost[:2], (3, 6), strict=True):
        time.advance(hours=hours)
        assert api.post(f"/v1/bank-events/{event_id}/return", None, ADMIN).status == 200
        settle()
    [row] = [row for row in read(api, "money") if row["group"] == "USD"]
    assert [row[name] for name in columns] == [2, "12.0", 0], "nine hours, and fifteen"
    time.advance(days=31)
    sweep(time.at)
    settle()
    cleared = [row for row in read(api, "money") if row["group"] == "USD" and row["items_cleared"]]
    assert [(row["period"], *(row[name] for name in columns)) for row in cleared] == [
        ("2026-03", 2, "12.0", 0),
        ("2026-04", 1, "720.0", 1),
    ]
    assert bank.status(alone) == "suspense"
    [_, late] = read(api, "bank-events")
    assert (late["waited"], late["in_vain"]) == (1, 1)
    for name in ("money", "bank-events"):
        assert file_of(api, name) == as_text(read(api, name))


def test_what_becomes_of_messages_is_counted_once_a_batch_and_once_each(desk: Desk) -> None:
    api, buyer, receiver, time = desk.trade.api, desk.trade.buyer, desk.receiver, desk.trade.time
    endpoint = desk.register(buyer, "order.*")
    receiver.goes_down()
    for _ in range(2):
        desk.trade.propose()
    desk.run()
    receiver.comes_back()
    DELIVERIES.sweep(time.advance(minutes=2))
    with calls() as sent:
        desk.pump(times=2)
    assert sent.count("UpdateItem") == 2 + 1, "two messages and their figures, however often they are delivered"
    desk.trade.propose()
    [last] = desk.run()
    assert desk.do(endpoint["id"], "replay", buyer, {"ids": [last.id]})["replayed"] == 1
    desk.run()
    receiver.goes_down()
    desk.trade.propose()
    desk.run()
    desk.do(endpoint["id"], "delete", buyer)
    DELIVERIES.sweep(time.advance(minutes=2))
    desk.run()
    ends = {"delivered": 3, "delivered_again": 1, "failed": 3, "given_up": 1}
    body = {"period": "2026-03", "group": "order", "attempts": 7, **ends, "time_to_deliver": "80.0"}
    assert read(api, "webhooks") == [body], "two after two minutes, one at once"
    assert file_of(api, "webhooks") == as_text([body])
    by_day = read(api, "webhooks", "from=2026-03-02&to=2026-03-03")
    assert by_day == [body | {"period": "2026-03-02"}]
    assert read(api, "webhooks", "from=2026-03-03&to=2026-03-05") == []


def test_a_report_is_a_file_and_a_chart_too_and_each_figure_says_how_it_is_counted(
    dispute: Dispute, streams: Streams
) -> None:
    api = dispute.trade.api
    dispute.trade.propose()
    streams(tables=["journal"])
    path = f"/v1/reports/orders?{YEAR}"
    shown = api.get(path, ADMIN)
    assert all(column["formula"] for column in shown["columns"])
    assert file_of(api, "orders") == as_text(read(api, "orders"))
    chart = api.get(f"/v1/reports/orders/chart.svg?{YEAR}&column=agreed", ADMIN)
    assert len(ElementTree.fromstring(chart.raw)) >= 4, "title, description, sheet and words"
    assert "<script" not in chart.raw.decode()
    assert api.get(f"/v1/reports/orders/chart.svg?{YEAR}&column=nothing", ADMIN)["code"] == "unknown_report_column"


@pytest.mark.parametrize(
    ("query", "since", "until"),
    [
        ("", "2026-02-01", "2026-03-03"),
        ("by=day&to=2026-03-01", "2026-01-30", "2026-03-01"),
        ("from=2026-03-01", "2026-03-01", "2026-03-03"),
        ("by=month", "2025-04-01", "2026-04-01"),
        ("by=month&from=2026-02-01", "2026-02-01", "2026-04-01"),
        ("by=month&to=2026-01-01", "2025-01-01", "2026-01-01"),
        ("to=2000-01-01", "1999-12-02", "2000-01-01"),
    ],
)
def test_what_is_left_out_of_a_window_is_until_now_thirty_days_or_twelve_months(
    api: Api, query: str, since: str, until: str
) -> None:
    shown = api.get(f"/v1/reports/orders?{query}", ADMIN)
    assert (shown.status, shown["from"], shown["to"]) == (200, since, until), shown.body
    assert api.get(f"/v1/reports/orders/rows.csv?{query}", ADMIN).status == 200
    assert api.get(f"/v1/reports/orders/chart.svg?{query}", ADMIN).status == 200


@pytest.mark.parametrize(
    "query",
    [
        "from=2026-03-02&to=2026-03-02",
        "from=2026-03-03",
        "by=month&to=2026-03-02",
        "from=2026-01-01&to=2027-06-01",
        "from=2026-03-02&to=2026-05-01&by=month",
    ],
)
def test_a_window_that_is_none_is_refused_by_name(api: Api, query: str) -> None:
    refused = api.get(f"/v1/reports/orders?{query}", ADMIN)
    assert (refused.status, refused["code"]) == (400, "bad_report_window")


def test_reports_are_open_to_the_duties_that_their_things_are(api: Api) -> None:
    names = [each["name"] for each in api.get("/v1/reports", ADMIN)["items"]]
    assert set(REPORTS) < set(names)
    assert not set(REPORTS) & {each["name"] for each in api.get("/v1/reports", FEEDS)["items"]}
    assert api.get(f"/v1/reports/orders?{YEAR}", FEEDS).status == 404
    assert api.get(f"/v1/reports/nothing?{YEAR}", ADMIN).status == 404

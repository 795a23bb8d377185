"""Figures of a channel by Shanghai day: each entry once, on the day it belongs to, against the targets."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest

from chalicelib.channels import jobs
from chalicelib.channels.examples import REINSTATE, REVOKE, SUSPEND
from chalicelib.channels.rules import figures as rules
from chalicelib.channels.rules.figures import Counts, Day, Fact
from chalicelib.shared.journal import Entry, Event, JournalRow
from chalicelib.shared.request import CLOCK
from tests.acquiring.till import Till, booth, till
from tests.channels.country import JETRO, KOTRA, OFFICER, Country, korea
from tests.world import Api, Reply, token

__all__ = ["booth", "korea", "till"]

DAY = timedelta(days=1)
MARCH = date(2026, 3, 2)


def see(api: Api, channel_id: str, days: int = 1, form: str = "", by: str = KOTRA, since: date = MARCH) -> Reply:
    return api.get(f"/v1/channels/{channel_id}/figures{form}?from={since}&to={since + days * DAY}", by)


def figures(api: Api, channel_id: str, days: int = 1, since: date = MARCH) -> list[dict[str, Any]]:
    reply = see(api, channel_id, days, since=since)
    assert reply.status == 200, reply.body
    items: list[dict[str, Any]] = reply["days"]
    return items


def test_a_day_of_a_channel_counts_what_was_listed_ordered_paid_and_refunded(till: Till) -> None:
    api, channel_id = till.booth.api, till.booth.channel_id
    _, payment_id = till.captured()
    till.ordered()
    answer = api.post(f"/v1/payments/{payment_id}/refund", {}, till.booth.supplier)
    assert answer.status == 200, answer.body
    till.streams()
    [today] = figures(api, channel_id)
    assert (today["listings"], today["orders"], today["claims"]) == (2, 2, 0)
    assert today["paid"] == {"amount": "661.19", "currency": "CNY"}
    assert today["of_target_bp"] == 7  # of a million


def test_a_late_capture_changes_the_day_on_which_it_was_made_and_the_answer_says_as_of_when(till: Till) -> None:
    """K12."""
    api, channel_id = till.booth.api, till.booth.channel_id
    payment_id = till.pay(till.ordered())
    till.tell("payment.authorised", payment_id, "661.19")
    yesterday = till.time.at
    till.time.advance(days=1)
    before = see(api, channel_id, 2)
    assert [each["paid"]["amount"] for each in before["days"]] == ["0.00", "0.00"]
    till.time.advance(hours=1)
    till.tell("payment.captured", payment_id, "661.19", at=yesterday)
    after = see(api, channel_id, 2)
    assert [each["paid"]["amount"] for each in after["days"]] == ["661.19", "0.00"]
    assert (before["as_of"], after["as_of"]) == ("2026-03-03T02:15:00Z", "2026-03-03T03:15:00Z")
    assert after["days"][0]["changed_at"] == after["as_of"]
    assert (after["paid"]["amount"], after["orders"]) == ("661.19", 1)


def test_a_late_refund_changes_the_day_on_which_the_money_went_back(till: Till) -> None:
    order_id, payment_id = till.captured()
    assert till.booth.api.post(f"/v1/payments/{payment_id}/refund", {}, till.booth.supplier).status == 200
    till.streams()
    [refund] = till.instructions(order_id)
    till.time.advance(days=2)
    till.attempted("payment.refunded", refund, value_date=str(MARCH + DAY))
    days = figures(till.booth.api, till.booth.channel_id, 3)
    assert [each["refunded"]["amount"] for each in days] == ["0.00", "661.19", "0.00"]


def test_what_no_order_took_was_neither_paid_nor_refunded(till: Till) -> None:
    order_id = till.ordered()
    payments = [till.pay(order_id), till.pay(order_id)]
    second = [till.tell("payment.captured", payment_id, "661.19") for payment_id in payments][1]
    till.pass_time(minutes=1)
    [refund] = till.instructions(second)
    till.attempted("payment.refunded", refund)
    assert till.payment(payments[1])["refunded"]["amount"] == "661.19"
    [today] = figures(till.booth.api, till.booth.channel_id)
    assert (today["paid"]["amount"], today["refunded"]["amount"]) == ("661.19", "0.00")


def test_a_claim_counts_on_the_day_on_which_it_is_filed(till: Till) -> None:
    order_id, _ = till.captured()
    till.pass_time(days=20)
    claim = {"reason": "late_shipment", "amount": {"amount": "100.00", "currency": "CNY"}}
    assert till.booth.api.post(f"/v1/orders/{order_id}/claims", claim, till.booth.trade.buyer).status == 201
    till.streams()
    days = figures(till.booth.api, till.booth.channel_id, 21)
    assert [number for number, each in enumerate(days) if each["claims"]] == [20]


def test_an_entry_counts_once_however_often_and_in_which_order_it_is_told(till: Till) -> None:
    till.captured()
    first = see(till.booth.api, till.booth.channel_id).body
    assert first["days"][0]["orders"] == 1
    for row in reversed(list(JournalRow.scan())):
        jobs.follow(row.entry())
        jobs.follow(row.entry())
    assert see(till.booth.api, till.booth.channel_id).body == first


def test_suppliers_are_those_with_a_valid_badge_at_the_end_of_each_day(korea: Country) -> None:
    first, _ = korea.joined(), korea.joined()
    for action, body in (("suspend", SUSPEND), ("reinstate", REINSTATE), ("revoke", REVOKE)):
        korea.time.advance(days=1)
        assert korea.measure(first, action, body).status == 200
    korea.streams()
    days = figures(korea.api, korea.channel_id, 5)
    assert [each["suppliers"] for each in days] == [2, 1, 2, 1, 1]
    assert [each["changed_at"] is None for each in days] == [False, False, False, False, True]
    [later] = figures(korea.api, korea.channel_id, since=date(2026, 4, 1))
    assert (later["suppliers"], later["changed_at"]) == (1, None)


def test_as_a_file_and_as_a_chart_it_says_the_same(till: Till) -> None:
    api, channel_id = till.booth.api, till.booth.channel_id
    till.captured()
    file = see(api, channel_id, 2, ".csv")
    assert file.headers["Content-Type"] == "text/csv"
    first, second = csv.DictReader(io.StringIO(file.raw.decode()))
    assert (first["day"], first["paid"], first["orders"], first["currency"]) == ("2026-03-02", "661.19", "1", "CNY")
    assert (second["listings"], second["as_of"]) == ("1", "2026-03-02T02:15:00Z")
    chart = see(api, channel_id, 2, ".svg")
    assert chart.headers["Content-Type"] == "image/svg+xml"
    drawn = ElementTree.fromstring(chart.raw)
    assert "661.19 CNY paid, 1 orders, 0 claims" in "".join(drawn.itertext())
    assert "1,000,000.00 CNY a day" in "".join(drawn.itertext())
    assert len(drawn.findall(".//{http://www.w3.org/2000/svg}rect")) == 1


def test_they_are_the_channels_agencies_and_officers(korea: Country) -> None:
    for form in ("", ".csv", ".svg"):
        seen = [see(korea.api, korea.channel_id, 1, form, by).status for by in (KOTRA, OFFICER, JETRO)]
        assert seen == [200, 200, 404]
    assert see(korea.api, korea.channel_id, by=token("member", korea.firm())).status == 403


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_window_is_a_day_to_a_year(korea: Country, days: int) -> None:
    refused = see(korea.api, korea.channel_id, days)
    assert (refused.status, refused["code"]) == (400, "bad_figures_window")


# --- the rules --------------------------------------------------------------------------------------------------------


def entry(kind: str, at: datetime = datetime(2026, 3, 1, 16, tzinfo=UTC), **payload: Any) -> Entry:
    return Entry(
        entry_id="ent_1",
        aggregate_id="x_1",
        seq=1,
        prev="",
        at=at,
        by=CLOCK,
        request_id="",
        digest="",
        event=Event(kind, {"channel_id": "chn_1", **payload}),
    )


@pytest.mark.parametrize(
    ("kind", "payload", "adds"),
    [
        ("nomination.joined", {}, ("suppliers", 1)),
        ("channel_membership.expired", {"from": "active", "to": "expired"}, ("suppliers", -1)),
        ("channel_membership.expired", {"from": "suspended", "to": "expired"}, None),
        ("channel_membership.appeal_decided", {"from": "appealed", "to": "active"}, ("suppliers", 1)),
        ("channel_membership.renewed", {"from": "active", "to": "active"}, None),
        ("listing.published", {"from": "submitted", "to": "published"}, ("listings", 1)),
        ("listing.withdrawn", {"from": "published", "to": "withdrawn"}, ("listings", -1)),
        ("listing.drafted", {"to": "draft"}, None),
        ("order.placed", {"to": "agreed"}, ("orders", 1)),
        ("order.shipped", {"to": "shipped"}, None),
        ("claim.filed", {"to": "negotiating"}, ("claims", 1)),
        ("acquirer_payment.captured", {"amount_minor": 100, "currency": "CNY"}, ("paid_minor", 100)),
        ("acquirer_payment.refunded", {"amount_minor": 40, "currency": "CNY"}, ("refunded_minor", 40)),
        ("acquirer_payment.refunded", {"amount_minor": 40, "currency": "CNY", "is_aside": True}, None),
        ("acquirer_payment.captured_aside", {"amount_minor": 100, "currency": "CNY"}, None),
    ],
)
def test_what_an_entry_adds(kind: str, payload: dict[str, Any], adds: tuple[str, int] | None) -> None:
    fact = rules.fact_of(entry(kind, **payload))
    assert (None if fact is None else (fact.name, fact.number)) == adds
    if fact:
        assert fact.day == MARCH, "midnight in Shanghai"


def test_what_is_of_no_channel_adds_nothing() -> None:
    assert rules.fact_of(entry("claim.filed", channel_id=None)) is None


def test_a_capture_belongs_to_the_day_on_which_the_acquirer_made_it() -> None:
    payload: dict[str, Any] = {"amount_minor": 1, "currency": "CNY", "captured_at": "2026-02-28T15:59:59+00:00"}
    assert rules.fact_of(entry("acquirer_payment.captured", **payload)) == Fact(
        channel_id="chn_1", day=date(2026, 2, 28), name="paid_minor", number=1, currency="CNY"
    )


def test_levels_stand_until_they_change_and_what_happened_stays_on_its_day() -> None:
    days = [
        Day(day=MARCH - DAY, counts=Counts(suppliers=2, orders=7)),
        Day(day=MARCH + DAY, counts=Counts(suppliers=-1, listings=2, paid_minor=5)),
    ]
    shown = [each.counts for each in rules.through(Counts(suppliers=1), days, MARCH, MARCH + 3 * DAY)]
    assert shown == [
        Counts(suppliers=3),
        Counts(suppliers=2, listings=2, paid_minor=5),
        Counts(suppliers=2, listings=2),
    ]

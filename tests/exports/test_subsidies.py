"""Subsidies over HTTP: declarations are told, streams run, banks pay; what an exporter sees of it, and the books after it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.exports import jobs
from chalicelib.exports.rules.declaration import id_of as declaration_id
from chalicelib.exports.service import subsidies
from chalicelib.shared import journal
from chalicelib.shared.commit import commit
from chalicelib.webhooks.rules.message import message
from chalicelib.webhooks.service import parties
from tests.exports.declarations import MEMBER, feed, returned, row
from tests.exports.test_feed import correction
from tests.ledger.books import raw_journal
from tests.world import Api, Reply, Streams, token

OWN = token("member", MEMBER)
OTHER = token("member", "mem_0000000000000000000000000Z")
ACCOUNT = {"bank_id": "boc", "account": "6217000010001234567"}
PATH = f"/v1/members/{MEMBER}/subsidies?from=2026-01-01&to=2026-03-03"


def refunded(**given: Any) -> dict[str, Any]:
    return row(**({"amount": "100000.00", "tax_refund_paid_on": "2026-02-10"} | given))


def cny(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}


def shown(api: Api, by: str = OWN, path: str = PATH) -> Reply:
    reply = api.get(path, by)
    assert reply.status == 200, reply.body
    return reply


def lines(reply: Reply) -> list[tuple[str, ...]]:
    return [
        (each["declaration_no"], each["rate"], each["booked"]["amount"], each["reversed"]["amount"], each["reason"])
        for each in reply["items"]
    ]


def kinds() -> list[str]:
    return [entry.event.kind for entry in _entries() if entry.event.kind.startswith("subsidy.")]


def balance(account: str) -> int:
    legs = [
        leg for entry in _entries() for leg in entry.event.postings if (leg.account, leg.owner_id) == (account, MEMBER)
    ]
    return sum(leg.debit_minor - leg.credit_minor for leg in legs)


def _entries() -> list[Any]:
    entries = journal.read_many(item["entry_id"]["S"] for item in raw_journal())
    assert journal.imbalance(posting for entry in entries for posting in entry.event.postings) == {}
    return entries


def test_a_subsidy_is_booked_when_the_tax_refund_is_paid_and_reversed_when_goods_come_back(
    api: Api, officer: str, streams: Streams
) -> None:
    """USD 100,000 self-service 3,000.00 CNY, by staff 2,000.00; 20,000 of the first returned later: 600.00 back. All of it told twice."""
    first, second = refunded(), refunded(declaration_no="D-2", channel="staff", tax_refund_paid_on="2026-02-11")
    feed(api, officer, row(amount="100000.00"))
    streams()
    assert shown(api)["items"] == []
    for _ in range(2):
        feed(api, officer, first, second)
        streams()
    assert lines(shown(api)) == [
        ("D-1", "0.03", "3000.00", "0.00", "booked"),
        ("D-2", "0.02", "2000.00", "0.00", "booked"),
    ]
    assert (shown(api)["unpaid"], shown(api)["owed"]) == (cny("5000.00"), cny("0.00"))
    for _ in range(2):
        feed(api, officer, returned("2026-02-20", "20000.00", amount="100000.00"))
        streams()
    assert lines(shown(api))[0] == ("D-1", "0.03", "3000.00", "600.00", "reversed_in_part")
    assert shown(api)["unpaid"] == cny("4400.00")
    assert kinds() == ["subsidy.booked", "subsidy.booked", "subsidy.reversed"]
    assert (balance("subsidies"), balance("subsidies_payable")) == (440_000, -440_000)


def test_three_thirds_that_come_back_are_reversed_to_the_last_fen(api: Api, officer: str, streams: Streams) -> None:
    """EX-2 (a), each telling twice."""
    sold = {"amount": "33333.33", "tax_refund_paid_on": "2026-02-10"}
    feed(api, officer, row(**sold))
    streams()
    reversed_so_far = []
    for day in ("2026-02-12", "2026-02-15", "2026-02-20"):
        for _ in range(2):
            feed(api, officer, returned(day, "11111.11", **sold))
            streams()
        reversed_so_far.append(shown(api)["items"][0]["reversed"]["amount"])
    assert reversed_so_far == ["333.33", "666.66", "1000.00"]
    assert (shown(api)["items"][0]["net"], shown(api)["items"][0]["reason"]) == (cny("0.00"), "reversed")
    assert (balance("subsidies"), balance("subsidies_payable")) == (0, 0)


def test_a_return_before_the_tax_refund_lowers_the_booking(api: Api, officer: str, streams: Streams) -> None:
    """EX-2 (b)."""
    feed(api, officer, returned("2026-02-01", "20000.00", amount="100000.00"), refunded())
    streams()
    streams.forget()
    streams()
    assert lines(shown(api)) == [("D-1", "0.03", "2400.00", "0.00", "lowered_by_returns")]
    assert kinds() == ["subsidy.booked"]


def test_each_tax_refund_has_a_line_and_where_it_brings_nothing_that_says_why(
    api: Api, officer: str, streams: Streams
) -> None:
    late = {"submitted_on": "2025-01-03", "released_on": "2025-01-05", "tax_refund_paid_on": "2025-02-28"}
    rows = (
        refunded(),
        refunded(declaration_no="D-2", origin="elsewhere"),
        refunded(declaration_no="D-3", **late),
        refunded(declaration_no="D-4", status="returned", returned_on="2026-02-01", returned_amount="100000.00"),
        refunded(declaration_no="D-5", status="cancelled"),
        row(declaration_no="D-6"),
        refunded(declaration_no="D-7", amount="4000000.00", tax_refund_paid_on="2026-01-20"),
    )
    for _ in range(2):
        feed(api, officer, *rows)
        streams.forget()
        streams()
    reply = shown(api, path=PATH.replace("2026-01-01", "2025-01-01"))
    assert {each[0]: (each[2], each[4]) for each in lines(reply)} == {
        "D-1": ("3000.00", "booked"),
        "D-2": ("0.00", "exported_elsewhere"),
        "D-3": ("0.00", "told_too_late"),
        "D-4": ("0.00", "all_returned"),
        "D-5": ("0.00", "cancelled"),
        "D-7": ("100000.00", "monthly_cap"),
    }
    assert [each["capped"] for each in reply["items"] if each["reason"] == "monthly_cap"] == [cny("20000.00")]
    assert (kinds(), reply["unpaid"]) == (["subsidy.booked"] * 2, cny("103000.00"))


def test_what_waits_is_paid_when_an_account_is_named_and_what_comes_later_at_once(
    api: Api, officer: str, streams: Streams
) -> None:
    feed(api, officer, refunded())
    streams()
    named = api.post(f"/v1/members/{MEMBER}/subsidy-account", ACCOUNT, OWN, key="k")
    assert (named.status, named["unpaid"], named["payee"]) == (
        200,
        cny("0.00"),
        {"bank_id": "boc", "account": "***************4567"},
    )
    assert api.post(f"/v1/members/{MEMBER}/subsidy-account", ACCOUNT, OWN, key="k").raw == named.raw
    feed(api, officer, refunded(declaration_no="D-2", channel="staff"))
    streams()
    orders = api.get(f"/v1/bank-instructions?aggregate_id={MEMBER}", officer)["items"]
    assert sorted((each["kind"], each["requested"]["amount"], each["bank_id"]) for each in orders) == [
        ("payout", "2000.00", "boc"),
        ("payout", "3000.00", "boc"),
    ]
    assert (balance("payouts_payable"), balance("subsidies_payable")) == (-500_000, 0)
    feed(api, officer, row(amount="100000.00", status="cancelled"))
    streams()
    assert (shown(api)["owed"], balance("subsidies_receivable")) == (cny("3000.00"), 300_000)
    feed(api, officer, refunded(declaration_no="D-3", amount="120000.00"))
    streams()
    assert (shown(api)["owed"], balance("payouts_payable")) == (cny("0.00"), -560_000)


def test_a_correction_to_another_exporter_takes_the_subsidy_along(api: Api, officer: str, streams: Streams) -> None:
    [items] = feed(api, officer, refunded())["items"]
    streams()
    moved = correction(exporter_ref="other-works", tax_refund_paid_on="2026-02-10")
    right = api.post(f"/v1/exports/{items['id']}/correct", moved, officer)
    streams()
    assert lines(shown(api)) == [("D-1", "0.03", "3000.00", "3000.00", "reversed")]
    other = shown(api, officer, PATH.replace(MEMBER, right["member_id"]))
    assert lines(other) == [("D-1", "0.03", "330.00", "0.00", "booked")]


def test_lines_are_paged_by_the_dates_of_tax_refunds(api: Api, officer: str, streams: Streams) -> None:
    rows = [
        refunded(declaration_no=f"D-{number}", tax_refund_paid_on=f"2026-02-{28 - number:02d}") for number in range(5)
    ]
    feed(api, officer, *rows)
    streams()
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = shown(api, path=f"{PATH}&limit=2&cursor={cursor}")
        seen += [each["declaration_no"] for each in page["items"]]
        cursor = page.body["next_cursor"]
    assert seen == ["D-4", "D-3", "D-2", "D-1", "D-0"]
    some = shown(api, path=PATH.replace("from=2026-01-01&to=2026-03-03", "from=2026-02-25&to=2026-02-27"))
    assert [each["declaration_no"] for each in some["items"]] == ["D-3", "D-2"]


def test_subsidies_are_their_exporters_and_officers_to_see_and_the_account_its_own_to_name(
    api: Api, officer: str, streams: Streams
) -> None:
    feed(api, officer, refunded())
    streams()
    assert shown(api).body == shown(api, officer).body
    assert api.get(PATH, OTHER).status == 404
    path = f"/v1/members/{MEMBER}/subsidy-account"
    assert (api.post(path, ACCOUNT, OTHER).status, api.post(path, ACCOUNT, officer).status) == (404, 403)
    assert api.post(path, ACCOUNT | {"bank_id": "nobank"}, OWN)["code"] == "not_a_partner_bank"
    stale = api.post(path, ACCOUNT, OWN, If_Match='"7"')
    assert (stale.status, stale["code"]) == (409, "version_mismatch")


def test_a_subsidy_that_somebody_else_settles_meanwhile_is_booked_once(
    api: Api, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(api, officer, refunded())
    declaration, raced = declaration_id("D-1"), iter([True])

    def outrun(*args: Any) -> Any:
        if next(raced, False):
            subsidies.settle(declaration)
        return commit(*args)

    monkeypatch.setattr(subsidies, "commit", outrun)
    subsidies.settle(declaration)
    assert (kinds(), balance("subsidies")) == (["subsidy.booked"], 300_000)


def test_a_subsidy_that_is_settled_by_a_correction_meanwhile_stays_as_it_is_now(
    api: Api, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(api, officer, refunded())
    declaration, raced = declaration_id("D-1"), iter([True])

    def outrun(*args: Any) -> Any:
        if next(raced, False):
            right = correction(tax_refund_paid_on="2026-02-10")
            assert api.post(f"/v1/exports/{declaration}/correct", right, officer).status == 200
            subsidies.settle(declaration)
        return commit(*args)

    monkeypatch.setattr(subsidies, "commit", outrun)
    subsidies.settle(declaration)
    assert (kinds(), balance("subsidies")) == (["subsidy.booked"], 33_000)


def test_the_exporter_hears_of_its_subsidies_and_may_open_a_case_about_a_declaration(
    api: Api, officer: str, streams: Streams
) -> None:
    [items] = feed(api, officer, refunded())["items"]
    streams()
    [booked] = [entry for entry in _entries() if entry.event.kind == "subsidy.booked"]
    [audience] = parties.audiences([booked])
    assert (audience.sides, audience.currency) == ({MEMBER: "exporter"}, "CNY")
    payload = json.loads(message(booked, audience, MEMBER))["data"]["payload"]
    assert (payload["amount"], payload["exported_usd"]) == (cny("3000.00"), {"amount": "100000.00", "currency": "USD"})
    case = {
        "kind": "question",
        "about": {"kind": "declaration", "id": items["id"]},
        "subject": "Why so little?",
        "text": "?",
    }
    assert [api.post("/v1/cases", case, by).status for by in (OWN, OTHER)] == [201, 404]


def test_a_declaration_that_is_not_there_settles_nothing(api: Api) -> None:
    subsidies.settle("exp_00000000000000000000000000")
    assert kinds() == []
    assert jobs.SUBSIDIES.coalesces


def test_the_timeline_tells_of_bookings_reversals_and_the_account_page_by_page(
    api: Api, officer: str, streams: Streams
) -> None:
    feed(api, officer, refunded())
    streams()
    feed(api, officer, returned("2026-02-20", "20000.00", amount="100000.00", tax_refund_paid_on="2026-02-10"))
    streams()
    assert api.post(f"/v1/members/{MEMBER}/subsidy-account", ACCOUNT, OWN).status == 200
    streams()
    path = f"/v1/members/{MEMBER}/subsidies/timeline?limit=2"
    first = shown(api, path=path)
    rest = shown(api, path=f"{path}&cursor={first['next_cursor']}")
    assert [each["kind"] for each in (*first["items"], *rest["items"])] == [
        "subsidy.booked", "subsidy.reversed", "subsidy.account_named",
    ]  # fmt: skip
    assert "6217000010001234567" not in rest.raw.decode()
    assert api.get(path, OTHER).status == 404
    assert shown(api, officer, path)["items"] == first["items"]

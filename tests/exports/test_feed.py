"""The officers' feed of declarations, their correction, and what an exporter exported by month and buyer: over HTTP."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from chalicelib.daybook.service import feeding
from chalicelib.exports import examples
from chalicelib.exports.service import recording
from chalicelib.shared.journal import read_many
from tests.exports.declarations import MEMBER, feed, results, returned, row, submitted
from tests.world import Api, Reply, token

OWN = token("member", MEMBER)
OTHER = token("member", "mem_0000000000000000000000000Z")


def exports(api: Api, by: str, start: str = "2025-09-02", end: str = "2026-03-02", member_id: str = MEMBER) -> Reply:
    return api.get(f"/v1/members/{member_id}/exports?from={start}&to={end}", by)


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def platform(reply: Reply) -> str:
    amount: str = reply["total"]["platform"]["amount"]
    return amount


def correction(**given: Any) -> dict[str, Any]:
    return examples.CORRECTION | {"order_ref": "order-1", "buyer_ref": "acme"} | given


def test_a_feed_answers_for_each_row_and_registers_exporters(api: Api, officer: str) -> None:
    reply = feed(
        api,
        officer,
        submitted(),
        row(),
        row(),
        row(declaration_no="D-2", amount="-1.00"),
        row(declaration_no="D-3", channel="phone"),
    )
    assert results(reply) == ["new", "updated", "known", "refused:amount:negative_amount", "refused:channel:bad_value"]
    assert reply["counts"] == {"new": 1, "known": 1, "updated": 1, "refused": 2}
    assert [each["fact_id"] for each in reply["items"]] == ["D-1", "D-1", "D-1", "D-2", "D-3"]
    [exporter] = api.get("/v1/members?external_ref=lantern-works", officer)["items"]
    assert (exporter["id"], exporter["country"]) == (MEMBER, "CN")
    assert platform(exports(api, officer)) == "120000.00"


def test_five_hundred_declarations_are_taken_at_once_and_one_more_is_not(api: Api, officer: str) -> None:
    rows = [row(declaration_no=f"D-{number}", amount="1000.00") for number in range(501)]
    assert api.post("/v1/exports", {"items": rows}, officer).status == 400
    assert feed(api, officer, *rows[:500])["counts"]["new"] == 500
    assert platform(exports(api, officer)) == "500000.00"


def test_a_contradiction_is_refused_by_name_and_changes_nothing(api: Api, officer: str) -> None:
    feed(api, officer, row())
    reply = feed(api, officer, row(amount="120000.01"), row(exporter_ref="somebody-else"), row(buyer_ref="globex"))
    assert results(reply) == [f"refused:{column}:contradicts" for column in ("amount", "exporter_ref", "buyer_ref")]
    assert platform(exports(api, officer)) == "120000.00"


def test_the_same_request_again_gets_the_first_answer(api: Api, officer: str) -> None:
    first = api.post("/v1/exports", examples.DECLARATIONS, officer, key="k")
    assert api.post("/v1/exports", examples.DECLARATIONS, officer, key="k").raw == first.raw
    assert results(api.post("/v1/exports", examples.RETURNED, officer)) == ["updated"]


def test_a_feed_that_died_before_its_answer_is_answered_as_if_it_had_not(
    api: Api, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(feeding, "commit", lambda entry: (_ for _ in ()).throw(RuntimeError("died")))
        assert api.post("/v1/exports", {"items": [row(), row()]}, officer, key="k").status == 500
    assert results(api.post("/v1/exports", {"items": [row(), row()]}, officer, key="k")) == ["new", "known"]
    assert platform(exports(api, officer)) == "120000.00"


def test_a_date_holds_so_many_exports_and_refuses_more_by_name(
    api: Api, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "DECLARATIONS", dataclasses.replace(recording.DECLARATIONS, most=2))
    rows = [row(declaration_no=f"D-{number}") for number in range(4)]
    assert results(feed(api, officer, *rows)) == ["new", "new", *["refused:released_on:too_many_exports"] * 2]
    assert results(feed(api, officer, returned("2026-02-01", "5.00", declaration_no="D-0"))) == ["updated"]


def test_exports_are_shown_by_month_and_buyer_with_what_came_back(api: Api, officer: str) -> None:
    feed(
        api,
        officer,
        row(amount="1000.00"),
        row(declaration_no="D-2", amount="500.00", buyer_ref="globex", related_party="yes"),
        row(declaration_no="D-3", amount="200.00", origin="elsewhere"),
        row(declaration_no="D-4", amount="70.00", released_on="2026-02-03"),
        returned("2026-02-10", "300.00", amount="1000.00"),
        row(declaration_no="D-5", status="cancelled"),
    )
    reply = exports(api, OWN)
    assert reply.body == exports(api, officer).body
    assert reply["total"] == {
        "released": 4,
        "platform": usd("1270.00"),
        "elsewhere": usd("200.00"),
        "related": usd("500.00"),
        "returned": usd("300.00"),
    }
    january, february = reply["months"]
    assert (january["month"], january["platform"], february["platform"]) == ("2026-01", usd("1500.00"), usd("-230.00"))
    assert [(each["buyer_ref"], each["platform"]["amount"]) for each in january["buyers"]] == [
        ("acme", "1000.00"),
        ("globex", "500.00"),
    ]
    assert exports(api, OWN, "2026-02-10", "2026-02-11")["total"]["platform"] == usd("-300.00")


def test_what_is_worth_less_than_half_a_cent_comes_back_and_is_cancelled_like_everything_else(
    api: Api, officer: str
) -> None:
    """Its release and its return on one day were one line, and cancelling it took away two: a 500 for it and all told with it."""
    dust = {"currency": "VND", "amount": "100"}
    feed(api, officer, row(**dust))
    feed(api, officer, returned("2026-01-15", "100", **dust))
    assert exports(api, officer)["total"]["released"] == 1, "a return is no release"
    reply = feed(api, officer, row(status="cancelled", **dust), row(declaration_no="D-2"))
    assert results(reply) == ["updated", "new"]


def test_exports_are_shown_to_their_exporter_and_to_officers_only(api: Api, officer: str) -> None:
    feed(api, officer, row())
    assert exports(api, OTHER).status == exports(api, officer, member_id="mem_0000000000000000000000000Z").status == 404


@pytest.mark.parametrize(("start", "end"), [("2026-03-02", "2026-03-02"), ("2025-03-01", "2026-03-03")])
def test_a_window_of_exports_is_one_to_366_days(api: Api, officer: str, start: str, end: str) -> None:
    feed(api, officer, row())
    reply = exports(api, officer, start, end)
    assert (reply.status, reply["code"], reply["param"]) == (400, "bad_exports_window", "to")


def test_a_declaration_is_shown_to_its_exporter_and_to_officers(api: Api, officer: str) -> None:
    [items] = feed(api, officer, returned("2026-02-10", "500.00", currency="EUR", amount="1000.00"))["items"]
    own, seen = api.get(f"/v1/exports/{items['id']}", OWN), api.get(f"/v1/exports/{items['id']}", officer)
    assert (own["status"], own["usd"], own["rate"]) == ("returned", usd("1100.00"), "1.1000")
    assert own["returns"] == [{"on": "2026-02-10", "money": {"amount": "500.00", "currency": "EUR"}}]
    assert (own["allowed_actions"], seen["allowed_actions"]) == ([], ["correct"])
    assert api.get("/v1/exports/D-1", OWN).body == own.body, "by its number at customs"
    for name, by in ((items["id"], OTHER), ("D-1", OTHER), ("D-2", OWN), ("%E6%97%A5", OWN), ("%00", OWN)):
        assert api.get(f"/v1/exports/{name}", by).status == 404
    assert api.get("/v1/exports/exp_00000000000000000000000000", officer).status == 404


def test_a_correction_moves_what_the_declaration_counts_for_and_is_an_entry(api: Api, officer: str) -> None:
    [items] = feed(api, officer, row())["items"]
    path = f"/v1/exports/{items['id']}/correct"
    reply = api.post(path, correction(), officer, key="k")
    assert (reply.status, reply["version"], reply["corrections"], reply["money"]) == (200, 2, 1, usd("11000.00"))
    assert api.post(path, correction(), officer, key="k").raw == reply.raw
    assert platform(exports(api, officer)) == "11000.00"
    moved = api.post(path, correction(exporter_ref="other-works"), officer, If_Match='"2"')
    assert (moved.status, moved["corrections"]) == (200, 2)
    assert platform(exports(api, officer)) == "0.00"
    assert platform(exports(api, officer, member_id=moved["member_id"])) == "11000.00"
    assert api.get(f"/v1/exports/{items['id']}", OWN).status == 404
    assert results(feed(api, officer, row())) == ["refused:exporter_ref:contradicts"]


def test_a_correction_says_what_was_and_what_is(api: Api, officer: str) -> None:
    [items] = feed(api, officer, row())["items"]
    api.post(f"/v1/exports/{items['id']}/correct", correction(), officer)
    [entry] = [each for each in _journal() if each.event.kind == "export.corrected"]
    assert (entry.aggregate_id, entry.seq, entry.event.payload["reason"]) == (items["id"], 1, correction()["reason"])
    assert (entry.event.payload["was"]["amount_minor"], entry.event.payload["is"]["amount_minor"]) == (
        12_000_000,
        1_100_000,
    )


@pytest.mark.parametrize(
    ("given", "status", "code", "param"),
    [
        ({"released_on": None}, 422, "unfit_declaration", "released_on"),
        ({"buyer_ref": "lantern-works"}, 422, "unfit_declaration", "buyer_ref"),
        ({"returns": [{"on": "2026-02-01", "money": usd("11000.01")}], "status": "returned"}, 422, "unfit_declaration", "returned_amount"),
        ({"returns": [{"on": "2026-02-01", "money": {"amount": "1.00", "currency": "EUR"}}]}, 422, "unfit_declaration", "returns[0].money.currency"),
        ({"money": {"amount": "11000.00", "currency": "KES"}}, 422, "no_exchange_rate", "money.currency"),
        ({"released_on": "2026-03-03"}, 422, "date_out_of_range", "released_on"),
        ({"buyer_country": "XX"}, 422, "unknown_country", "buyer_country"),
        ({"reason": ""}, 400, "bad_field", "reason"),
    ],
)  # fmt: skip
def test_a_correction_that_cannot_be_true_is_refused(
    api: Api, officer: str, given: dict[str, Any], status: int, code: str, param: str
) -> None:
    [items] = feed(api, officer, row())["items"]
    reply = api.post(f"/v1/exports/{items['id']}/correct", correction(**given), officer)
    assert (reply.status, reply["code"], reply["param"]) == (status, code, param)
    assert platform(exports(api, officer)) == "120000.00"


def test_a_correction_of_another_version_is_stale_and_one_of_too_many_days_is_refused(api: Api, officer: str) -> None:
    [items, *_] = feed(api, officer, row(), *(returned(f"2026-02-{day:02d}", "1.00") for day in range(1, 10)))["items"]
    path = f"/v1/exports/{items['id']}/correct"
    stale = api.post(path, correction(), officer, If_Match='"9"')
    assert (stale.status, stale["code"]) == (409, "version_mismatch")
    wide = api.post(path, correction(status="released"), officer)
    assert (wide.status, wide["code"], wide["days"]) == (422, "correction_too_wide", 10)


def _journal() -> list[Any]:
    from chalicelib.shared.journal import JournalRow

    return read_many(row.entry_id for row in JournalRow.scan())

"""Rulebooks through the API: announced in time, linted, read by date, compared, tried out over all sellers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.banks.service import inbox
from chalicelib.deposits import records
from chalicelib.deposits.examples import DEDUCTION
from chalicelib.deposits.rulebooks import previews, rulebook_repository
from chalicelib.deposits.rulebooks.examples import RULEBOOK
from chalicelib.deposits.rules.cut_offs import ordinal
from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.deposits.rules.preview import Moved, Tally
from chalicelib.runs import jobs as run_jobs
from chalicelib.runs.messages import Shard
from chalicelib.shared.tables import engine
from tests.deposits.account.shop import Shop
from tests.deposits.rules.sellers import CATEGORY
from tests.world import START, Api, Reply, StandingClock, Streams, token

OFFICER = token("officer", "off_1", "deposits")
BOOKS = "/v1/deposit-rulebooks"
CHECKS = "/v1/deposit-rulebook-checks"


def publish(api: Api, by: str = OFFICER, key: str | None = None, **changed: Any) -> Reply:
    return api.post(BOOKS, RULEBOOK | changed, by, key=key)


def shop(number: int, *, base: int = 0, cash: int = 0, orders: int = 0, group: str = "G1") -> Deposit:
    day = ordinal(START) - 3
    sold = ((day, ((CATEGORY[group], orders, orders * 1000),)),) if orders else ()
    at = datetime(2026, 2, 20, tzinfo=UTC)
    deposit = Deposit(
        id=f"mem_{number:026d}",
        opened_at=at,
        updated_at=at,
        base_minor=base * 100,
        available_minor=cash * 100,
        awaiting_first_trade=False,
        days=sold,
    )
    records.save(deposit, None)
    return deposit


def test_a_preview_names_so_many_categories_and_tells_of_the_others_together() -> None:
    tally = Tally(by_category={f"c{number:04d}": Moved(up=1, up_by_minor=number) for number in range(5_000)})
    told = tally.closed().by_category
    assert len(told) == 100
    assert told["c4999"].up_by_minor == 4_999
    assert sum(each.up for each in told.values()) == 5_000


def test_the_rules_in_force_on_a_day_are_public(api: Api) -> None:
    today, then = api.get(BOOKS), api.get(f"{BOOKS}?on=2023-03-06")

    assert today["in_force"]["id"] == "EX-2024-01"
    assert then["in_force"]["id"] == "EX-2023-02"
    assert [one["id"] for one in then["announced"]] == ["EX-2024-01"]
    assert [one["id"] for one in then["superseded"]] == ["EX-2021-09"]
    assert api.get(f"{BOOKS}?on=2023-02-07")["in_force"]["id"] == "EX-2021-09"
    assert api.get(f"{BOOKS}?on=2023-02-08")["in_force"]["id"] == "EX-2023-02"
    assert api.get(f"{BOOKS}?on=2016-02-08")["in_force"]["id"] == "EX-2021-09", "the first also rules the time before"
    assert api.get(f"{BOOKS}?on=2000-01-01")["in_force"]["id"] == "EX-2021-09"
    assert api.get(f"{BOOKS}?on=2028-03-02")["in_force"]["id"] == "EX-2024-01"
    assert [api.get(f"{BOOKS}?on={day}")["code"] for day in ("0001-01-01", "9999-12-31")] == ["date_out_of_range"] * 2


def test_a_version_is_announced_and_takes_effect_on_its_day(api: Api, time: StandingClock) -> None:
    reply = publish(api)

    assert (reply.status, reply["status"], reply["author"]) == (201, "announced", "off_1")
    assert reply["effective_at"] == "2026-04-30T16:00:00Z"
    assert reply["deadlines"][0]["name"] == "effect"
    assert reply["hash"] == rulebook_repository.find("EX-2026-05", START).hash  # type: ignore[union-attr]
    assert "cliff" in {one["code"] for one in reply["warnings"]}
    assert api.get(BOOKS)["in_force"]["id"] == "EX-2024-01"

    time.advance(days=60)

    assert api.get(BOOKS)["in_force"]["id"] == "EX-2026-05"
    assert api.get(f"{BOOKS}/EX-2026-05")["status"] == "in_force"
    assert api.get(f"{BOOKS}/EX-2026-05")["author"] is None


def test_publishing_twice_with_one_key_is_one_version(api: Api) -> None:
    first, second = publish(api, key="k"), publish(api, key="k")

    assert first.raw == second.raw
    assert second.headers["Idempotent-Replayed"] == "true"
    assert publish(api)["code"] == "rulebook_known"


def test_a_version_that_ships_cannot_be_announced_again(api: Api) -> None:
    assert publish(api, id="EX-2024-01")["code"] == "rulebook_known"


@pytest.mark.parametrize(
    ("effective_on", "code"),
    [
        ("0001-01-01", "date_out_of_range"),
        ("2026-03-09", "rulebook_too_soon"),
        ("2026-03-10", ""),
        ("2028-03-02", ""),
        ("2028-03-03", "date_out_of_range"),
        ("9999-12-31", "date_out_of_range"),
    ],
)
def test_less_than_seven_days_of_notice_and_more_than_two_years_are_refused(
    api: Api, effective_on: str, code: str
) -> None:
    reply = publish(api, effective_on=effective_on)

    if code:
        assert (reply.status, reply["code"], reply["param"]) == (422, code, "effective_on")
    else:
        assert reply.status == 201, reply.body


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"groups": {"G1": {"text": "", "amounts_minor": [5000, 10000, 9999, 50000, 100000]}}}, "row_decreasing"),
        ({"groups": {"G1": {"text": "", "amounts_minor": [5000]}}}, "row_length"),
        ({"categories": {"perfumery": None}}, "category_unmapped"),
        ({"categories": {"perfumery": "G99"}}, "no_such_group"),
        ({"tiers": [{"from": 2, "to": 30}, {"from": 31, "to": 100}, {"from": 101, "to": 500}, {"from": 501, "to": 2000}, {"from": 2001}]}, "tiers_not_from_1"),
        ({"default_group": "G99"}, "no_default_group"),
        ({"count_basis": "paid"}, "count_basis_unsupported"),
    ],
)  # fmt: skip
def test_a_book_that_contradicts_itself_is_refused_with_the_place(api: Api, terms: dict[str, Any], code: str) -> None:
    reply = publish(api, terms=terms)

    assert (reply.status, reply["code"]) == (422, "rulebook_faulty")
    assert code in {one["code"] for one in reply["errors"]}


@pytest.mark.parametrize(
    ("changed", "status", "param"),
    [
        ({"terms": {"clamp": "sometimes"}}, 422, "terms.clamp"),
        ({"terms": {"colour": "red"}}, 422, "terms.colour"),
        ({"terms": {}, "based_on": None}, 422, "terms.tiers"),
        ({"id": "lower case"}, 400, "id"),
        ({"effective_on": "2026-02-30"}, 400, "effective_on"),
    ],
)
def test_what_cannot_be_read_is_named(api: Api, changed: dict[str, Any], status: int, param: str) -> None:
    reply = publish(api, **changed)

    assert (reply.status, reply["param"]) == (status, param)


def test_a_book_can_only_be_based_on_one_there_is(api: Api) -> None:
    assert publish(api, based_on="EX-1999-01").status == 404


def test_only_officers_with_the_duty_publish(api: Api) -> None:
    assert publish(api, by=token("officer", "off_2", "claims")).status == 403
    assert publish(api, by=token("member", "mem_00000000000000000000000001")).status == 403


def test_versions_are_compared_place_by_place(api: Api) -> None:
    reply = api.get(f"{BOOKS}/EX-2024-01/diff?from=EX-2023-02")

    assert [one["where"] for one in reply["changes"]] == ["groups.G1.amounts_minor[2]", "groups.G1.amounts_minor[3]"]
    assert (reply["changes"][0]["was"], reply["changes"][0]["now_is"]) == (20000, 60000)
    assert api.get(f"{BOOKS}/EX-2024-01/diff?from=EX-2024-01")["changes"] == []
    assert api.get(f"{BOOKS}/EX-2024-01/diff")["from"] == "EX-2023-02", "the one before, unless another is named"
    assert api.get(f"{BOOKS}/EX-2024-01/diff?from=EX-1999-01").status == 404


def test_a_preview_counts_who_would_owe_more_and_whom_the_clamp_shields(api: Api) -> None:
    publish(api, terms={"groups": {"G2": {"text": "", "amounts_minor": [40000, 40000, 60000, 100000, 200000]}}})
    shop(1, base=100, cash=100, orders=5, group="G2")  # shielded: 400 instead of 100
    shop(2, base=100, cash=50, orders=5, group="G2")  # in arrears: up to 400
    shop(3, base=500, cash=500, orders=5, group="G2")  # down to 400 instead of 100
    shop(4, base=50, cash=50, orders=5)

    reply = api.post(f"{BOOKS}/EX-2026-05/preview", None, OFFICER)

    assert reply["status"] == "done"
    found = reply["result"]
    assert (found["sellers"], found["shielded"], found["shielded_by"]["amount"]) == (4, 1, "300.00")
    assert found["moved"] == {
        "up": 2,
        "up_by": {"amount": "600.00", "currency": "CNY"},
        "down": 0,
        "down_by": {"amount": "0.00", "currency": "CNY"},
    }
    assert list(found["by_category"]) == ["furniture_decor"]
    assert list(found["by_tier"]) == ["1-30"]
    assert {one["seller_id"][-1] for one in found["most_affected"]} == {"2", "3"}
    kept = api.get(f"{BOOKS}/EX-2026-05/previews", OFFICER)["items"]
    assert kept == [reply.body]


def test_terms_are_checked_and_tried_out_before_anybody_announces_them(api: Api) -> None:
    shop(1, base=100, cash=50, orders=5, group="G2")
    terms = {"groups": {"G2": {"text": "", "amounts_minor": [40000, 40000, 60000, 100000, 200000]}}}
    draft = {"based_on": "EX-2024-01", "terms": terms}
    answer = api.post(CHECKS, draft, OFFICER)
    assert (answer.status, answer["against"]) == (200, "EX-2024-01"), answer.body
    assert {one["where"] for one in answer["changes"]} >= {"groups.G2.amounts_minor[0]"}
    assert (answer["preview"]["sellers"], answer["preview"]["moved"]["up"]) == (1, 1)
    assert api.post(CHECKS, draft, OFFICER).body == answer.body
    assert api.get(f"{BOOKS}/DRAFT").status == 404, "nothing is kept"
    faulty = {"G1": {"text": "", "amounts_minor": [5000, 10000, 9999, 50000, 100000]}}
    refused = api.post(CHECKS, draft | {"terms": {"groups": faulty}}, OFFICER)
    assert ("row_decreasing", "error") in {(one["code"], one["level"]) for one in refused["findings"]}
    assert (refused.status, refused["preview"]) == (200, None)
    bad = api.post(CHECKS, draft | {"terms": {"clamp": "sometimes"}}, OFFICER)
    assert (bad.status, bad["code"], bad["param"]) == (422, "rulebook_incomplete", "terms.clamp")
    assert api.post(CHECKS, draft | {"based_on": "EX-1999-01"}, OFFICER).status == 404


def test_many_sellers_are_tried_out_by_a_run_to_the_same_tally(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(40):
        shop(number, base=100, cash=50 * (number % 3), orders=number, group="G2")
    reply = api.post(f"{BOOKS}/EX-2023-02/preview", None, OFFICER)
    monkeypatch.setattr(previews, "AT_ONCE", 10)

    answer = api.post(f"{BOOKS}/EX-2023-02/preview", None, OFFICER)
    assert (answer["status"], answer["result"]) == ("running", None)
    for shard in [*range(1, previews.SHARDS + 1), 3]:
        run_jobs.work_on(Shard(answer["run_id"], shard), previews.JOBS)

    kept = api.get(f"{BOOKS}/EX-2023-02/previews", OFFICER)["items"]
    assert [one["status"] for one in kept] == ["done", "done"]
    assert kept[1]["result"] == reply["result"]
    assert kept[1]["id"] == answer["id"]


def test_a_preview_is_asked_for_twice_and_made_once(api: Api) -> None:
    shop(1, base=100, cash=100, orders=5)

    first = api.post(f"{BOOKS}/EX-2023-02/preview", None, OFFICER, key="p")
    second = api.post(f"{BOOKS}/EX-2023-02/preview", None, OFFICER, key="p")

    assert first.raw == second.raw
    assert len(api.get(f"{BOOKS}/EX-2023-02/previews", OFFICER)["items"]) == 1


def test_previews_are_for_officers_with_the_duty(api: Api) -> None:
    assert api.post(f"{BOOKS}/EX-2023-02/preview", None, token("officer", "off_2", "risk")).status == 403
    assert api.get(f"{BOOKS}/EX-2023-02/previews", token("member", "mem_00000000000000000000000001")).status == 403
    assert api.post(f"{BOOKS}/EX-1999-01/preview", None, OFFICER).status == 404


def test_a_seller_that_cannot_be_decided_on_is_set_aside(api: Api) -> None:
    shop(1, base=100, cash=100, orders=5)
    broken = {"member_id": {"S": "mem_broken"}, "version": {"N": "1"}, "body": {"B": b"{}"}}
    store: Any = engine().client
    store.put_item(TableName=records.DepositRow.Meta.table_name, Item=broken)

    reply = api.post(f"{BOOKS}/EX-2023-02/preview", None, OFFICER)

    assert (reply["result"]["sellers"], reply["result"]["set_aside"]) == (2, 1)


@pytest.mark.parametrize("currency", ["KWD", "BRL", "VND"])
def test_a_book_in_a_currency_in_which_nobody_can_be_paid_is_refused(api: Api, currency: str) -> None:
    refused = publish(api, terms={"currency": currency})
    assert (refused.status, refused["code"], refused["param"]) == (422, "currency_not_payable", "terms.currency")
    assert refused["currencies"] == inbox.policy(START).currencies
    assert api.get(f"{BOOKS}/EX-2026-05").status == 404


def test_a_deduction_is_paid_by_a_bank_that_pays_in_the_books_currency(
    api: Api, time: StandingClock, streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The book is in CNY, and psbc holds nothing but USD for us."""
    policy = inbox.policy(START)
    partners = [
        replace(bank, accounts={"USD": bank.accounts["USD"]}) if bank.id == "psbc" else bank for bank in policy.partners
    ]
    monkeypatch.setattr(inbox, "policy", lambda now: replace(policy, partners=tuple(partners)))
    seller = Shop(api, time, streams)
    seller.open()
    deduction = DEDUCTION | {"payee_id": seller.seller_id}
    refused = seller.act("deductions", deduction | {"bank_id": "psbc"})
    assert (refused.status, refused["code"], refused["param"]) == (422, "currency_not_payable", "bank_id")
    assert refused["currencies"] == ["USD"]
    reply = seller.act("deductions", deduction | {"bank_id": "boc"})
    assert reply.status == 200, reply.body

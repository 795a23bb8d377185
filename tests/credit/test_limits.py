"""Export credit limits over HTTP: declarations are told, the limit is read; the worked examples of its source, simulations, and the daily run."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib import consumers
from chalicelib.credit import jobs
from chalicelib.credit.examples import LIMIT_SIMULATION
from chalicelib.credit.rules import products
from chalicelib.credit.rules.effects import DisburseExposure, TakeExposure
from chalicelib.credit.rules.products import Product
from chalicelib.credit.service import exposure, limits
from chalicelib.runs import items
from chalicelib.runs import service as runs
from chalicelib.runs.jobs import work_on
from chalicelib.runs.messages import Shard
from chalicelib.shared import fx, ids, journal
from chalicelib.shared.fx import Quote
from chalicelib.shared.request import RequestContext
from tests.credit.lining import asked, do
from tests.dispute import Dispute
from tests.exports.declarations import MEMBER, feed, results, returned, row
from tests.ledger.books import raw_journal
from tests.world import Api, Pump, Reply, StandingClock, token

OWN = token("member", MEMBER)
OTHER = token("member", "mem_0000000000000000000000000Z")
AS_OF = "2024-08-31"
NAMED = {
    "member_missing": "member_id",
    "no_such_credit_product": "other_product",
    "no_exchange_rate": "exports[0].money.currency",
    "malformed": "exports[0].money.amount",
    "bad_field": "exports",
}
"""What a simulation's refusal names."""


def exported(amount: str, declaration_no: str = "D-1", **given: Any) -> dict[str, Any]:
    """Released in the window of AS_OF."""
    dates = {"submitted_on": "2024-05-10", "released_on": "2024-05-17"}
    return row(
        declaration_no=declaration_no,
        order_ref=f"order {declaration_no}".replace(" ", "-"),
        amount=amount,
        **(dates | given),
    )


def limit(api: Api, by: str = OWN, product: str = "boc-term", on: str | None = AS_OF) -> Reply:
    return api.get(f"/v1/members/{MEMBER}/credit-limit?product={product}" + (f"&on={on}" if on else ""), by)


def amount(reply: Reply, name: str = "limit") -> str:
    text: str = reply[name]["amount"]
    return text


def assert_books_balance() -> None:
    entries = journal.read_many(item["entry_id"]["S"] for item in raw_journal())
    assert journal.imbalance(posting for entry in entries for posting in entry.event.postings) == {}


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    """EUR at 1.0850 in March and May, 1.0700 in June."""
    rates = {"03": "1.0850", "05": "1.0850", "06": "1.0700"}

    def quote(currency: str, on: date) -> Quote:
        return Quote(currency, "USD", "1" if currency == "USD" else rates[f"{on:%m}"], f"{on:%Y-%m}", "a table")

    monkeypatch.setattr(fx, "quote", quote)


def offering(monkeypatch: pytest.MonkeyPatch, **terms: Any) -> None:
    """Products as a bank would offer them with other terms of the limit."""
    find = products.find

    def other(product_id: str, on: date, **named: Any) -> Product:
        product = find(product_id, on, **named)
        return replace(product, limit=replace(product.limit, **terms))

    monkeypatch.setattr(products, "find", other)


@pytest.mark.parametrize(
    ("case", "exported_usd", "expected"),
    [
        ("L1", "99999.99", "0.00"),
        ("L2", "100000.00", "100000.00"),
        ("L3", "1234567.89", "1234567.00"),
        ("L5", "10000000.01", "10000000.00"),
        ("L6", "25000000.00", "10000000.00"),
    ],
)
def test_a_yuan_for_each_dollar_exported(api: Api, officer: str, case: str, exported_usd: str, expected: str) -> None:
    feed(api, officer, exported(exported_usd))
    reply = limit(api)
    assert (reply.status, amount(reply), amount(reply, "usd_6m")) == (200, expected, exported_usd)
    assert reply["limit"]["currency"] == "CNY"
    assert reply["reasons"] == (["EXPORT_BELOW_MIN"] if case == "L1" else [])
    assert limit(api).raw == limit(api, officer).raw == reply.raw


def test_currencies_add_up_at_the_table_rates_of_their_months(api: Api, officer: str, table: None) -> None:
    """L10."""
    feed(api, officer, exported("60000.00", currency="EUR"), exported("50000.00", "D-2"))
    assert (amount(limit(api), "usd_6m"), amount(limit(api))) == ("115100.00", "115100.00")


def test_a_limit_goes_down_to_a_whole_step(api: Api, officer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """L12."""
    feed(api, officer, exported("1234567.89"))
    offering(monkeypatch, step_minor=1_000_000)
    assert amount(limit(api)) == "1230000.00"


def test_one_deal_is_too_few_where_three_are_asked_for(api: Api, officer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """L13."""
    feed(api, officer, exported("150000.00"))
    offering(monkeypatch, min_deals=3)
    assert (amount(limit(api)), limit(api)["reasons"]) == ("0.00", ["TOO_FEW_DEALS"])
    feed(api, officer, exported("1.00", "D-2"), exported("1.00", "D-3"))
    assert amount(limit(api)) == "150002.00"


def test_what_is_verified_elsewhere_counts_four_fifths(api: Api, officer: str) -> None:
    """L14."""
    feed(api, officer, exported("200000.00"), exported("100000.00", "D-2", origin="elsewhere"))
    assert amount(limit(api)) == "280000.00"


def test_a_return_takes_the_rate_of_the_month_in_which_its_export_was_released(
    api: Api, officer: str, table: None
) -> None:
    """EX-1, told twice."""
    march = {"submitted_on": "2024-03-01", "released_on": "2024-03-12", "currency": "EUR"}
    sold = exported("10000.00", **march)
    back = sold | {"status": "returned", "returned_on": "2024-06-05", "returned_amount": "10000.00"}
    assert results(feed(api, officer, sold, exported("100000.00", "D-2"))) == ["new", "new"]
    assert amount(limit(api), "usd_6m") == "110850.00"
    assert results(feed(api, officer, back, back)) == ["updated", "known"]
    assert amount(limit(api), "usd_6m") == "100000.00"
    shown = api.get(f"/v1/members/{MEMBER}/exports?from=2024-03-01&to=2024-06-30", OWN)
    months = {each["month"]: each["platform"]["amount"] for each in shown["months"]}
    assert months == {"2024-03": "10850.00", "2024-05": "100000.00", "2024-06": "-10850.00"}


def test_a_fall_of_the_limit_leaves_nothing_available_and_calls_nothing_back(
    api: Api, officer: str, time: StandingClock, pump: Pump
) -> None:
    """L16."""
    old, new = ({"submitted_on": f"2025-{month}-01", "released_on": f"2025-{month}-15"} for month in ("09", "11"))
    feed(api, officer, exported("300000.00", **old), exported("700000.00", "D-2", **new))
    assert limits.refresh(MEMBER, asked()) == 100_000_000
    do(TakeExposure(member_id=MEMBER, minor=80_000_000))
    do(DisburseExposure(member_id=MEMBER, minor=80_000_000))
    assert amount(limit(api, on=None)) == "1000000.00"
    time.advance(days=20)
    run = jobs.begin_limits(time())
    pump()
    assert api.get(f"/v1/runs/{run.id}", officer)["counts"] == {"firms": 1, "set_aside": 0}
    reply = limit(api, on=None)
    assert amount(reply) == "700000.00"
    held = {name: money["amount"] for name, money in reply["exposure"].items()}
    assert held == {
        "limit": "700000.00",
        "available": "0.00",
        "pending": "0.00",
        "outstanding": "800000.00",
        "elsewhere": "0.00",
    }
    assert_books_balance()


def test_the_daily_run_changes_only_what_has_changed_however_often_it_runs(
    api: Api, officer: str, time: StandingClock, pump: Pump
) -> None:
    feed(api, officer, row())
    limits.refresh(MEMBER, asked())
    version = exposure.of(MEMBER).version
    for _ in range(2):
        jobs.begin_limits(time())
        pump(times=2)
        time.advance(days=1)
    assert (exposure.of(MEMBER).version, exposure.of(MEMBER).position.limit_minor) == (version, 12_000_000)
    feed(api, officer, returned("2026-02-20", "5000.00"))
    jobs.begin_limits(time())
    pump()
    assert (exposure.of(MEMBER).version, exposure.of(MEMBER).position.limit_minor) == (version + 1, 11_500_000)


def test_a_firm_whose_limit_cannot_be_worked_out_is_set_aside_and_the_others_are_not(
    api: Api, officer: str, time: StandingClock, pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(api, officer, row(), row(declaration_no="D-2", exporter_ref="other-works"))
    [other] = api.get("/v1/members?external_ref=other-works", officer)["items"]
    for member_id in (MEMBER, other["id"]):
        exposure.set_limit(member_id, 1, asked())
    refresh = limits.refresh

    def poisoned(member_id: str, request: Any) -> int:
        if member_id == MEMBER:
            raise ValueError("poison")
        return refresh(member_id, request)

    monkeypatch.setattr(limits, "refresh", poisoned)
    run = jobs.begin_limits(time())
    pump()
    assert api.get(f"/v1/runs/{run.id}", officer)["counts"] == {"firms": 2, "set_aside": 1}
    assert [exposure.of(each).position.limit_minor for each in (MEMBER, other["id"])] == [1, 12_000_000]


class Killed(BaseException):
    """The worker is gone."""


@pytest.fixture
def crowd(monkeypatch: pytest.MonkeyPatch, api: Api) -> list[str]:
    """Firms that applied, gone over one at a time."""
    monkeypatch.setattr(items, "AT_ONCE", 1)
    crowd = [ids.derived_id("mem", f"borrower {number}") for number in range(20)]
    for member_id in crowd:
        exposure.set_limit(member_id, 1, asked())
    return crowd


def test_a_worker_that_dies_is_taken_over_where_it_was(
    crowd: list[str], time: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked_out: Counter[str] = Counter()
    refresh = limits.refresh

    def dies(member_id: str, request: RequestContext) -> int:
        worked_out[member_id] += 1
        limit_minor = refresh(member_id, request)
        if sum(worked_out.values()) % 3 == 2:
            raise Killed
        return limit_minor

    monkeypatch.setattr(limits, "refresh", dies)
    run = jobs.begin_limits(time())
    for shard in range(1, jobs.SHARDS + 1):
        for _ in range(20):
            with suppress(Killed):
                work_on(Shard(run.id, shard), consumers.JOBS)
                break
    assert (runs.get(run.id).status, runs.get(run.id).counts) == ("done", {"firms": 20, "set_aside": 0})
    assert set(worked_out) == set(crowd)
    assert max(worked_out.values()) == 2, "the one at which it died is worked out again, and no other"
    assert {exposure.of(each).position.limit_minor for each in crowd} == {0}


@pytest.mark.parametrize("named", [2, 1])
def test_what_was_set_aside_is_worked_out_when_the_run_is_redriven(
    crowd: list[str],
    api: Api,
    officer: str,
    time: StandingClock,
    pump: Pump,
    monkeypatch: pytest.MonkeyPatch,
    named: int,
) -> None:
    """By name, or with all of its shard where not all are named."""
    refresh = limits.refresh
    poisoned = set(crowd[:2])

    def poison(member_id: str, request: RequestContext) -> int:
        if member_id in poisoned:
            raise ValueError("poison")
        return refresh(member_id, request)

    monkeypatch.setattr(limits, "refresh", poison)
    monkeypatch.setattr(items, "MOST_NAMED", named)
    monkeypatch.setattr(jobs, "SHARDS", 1)
    run = jobs.begin_limits(time())
    pump(times=2)
    shown = api.get(f"/v1/runs/{run.id}", officer)
    assert shown["counts"] == {"firms": 20, "set_aside": 2}
    assert len({each["item"] for each in shown["failures"]} & poisoned) == named
    mended, still = crowd[:2]
    poisoned.remove(mended)
    assert api.post(f"/v1/runs/{run.id}/redrive", None, officer).status == 200
    pump(times=2)
    shown = api.get(f"/v1/runs/{run.id}", officer)
    assert (shown["status"], shown["counts"]) == ("done", {"firms": 20, "set_aside": 1})
    assert [exposure.of(each).position.limit_minor for each in (mended, still)] == [0, 1]


def test_every_step_is_shown_and_what_leaves_the_window_when(api: Api, officer: str) -> None:
    early = {"submitted_on": "2024-02-20", "released_on": "2024-03-05"}
    feed(api, officer, exported("45000.00", **early), exported("120000.00", "D-2"))
    reply = limit(api)
    assert (reply["product_id"], reply["bank_id"], reply["as_of"], reply["since"]) == (
        "boc-term",
        "boc",
        AS_OF,
        "2024-02-29",
    )
    assert reply["working"][-1] == "limit = 165,000.00 down to whole 1.00 = 165,000.00"
    assert [(gate["name"], gate["outcome"], gate["why"]) for gate in reply["gates"]] == [
        ("no_adverse_record", "decided_by_bank", "bank_record"),
        ("not_over_borrowed", "decided_by_bank", "debts_not_reported"),
        ("three_party_consent", "failed", "consent_missing"),
    ]
    assert reply["exposure"] is None
    assert [(each["on"], each["platform_usd"]["amount"], each["limit"]["amount"]) for each in reply["leaves"]] == [
        ("2024-09-06", "45000.00", "120000.00"),
        ("2024-11-18", "120000.00", "0.00"),
    ]


def test_a_limit_is_its_firms_and_officers_to_read_and_names_a_product(api: Api, officer: str) -> None:
    feed(api, officer, row())
    assert limit(api, OTHER).status == 404
    unknown = limit(api, product="boc-mortgage")
    assert (unknown.status, unknown["code"], unknown["param"]) == (404, "no_such_credit_product", "product")


def test_a_simulation_tells_what_more_exports_add(api: Api, officer: str) -> None:
    feed(api, officer, row())
    body = LIMIT_SIMULATION | {"on": "2026-03-02"}
    reply = api.post("/v1/credit-limit-simulations", body, OWN)
    assert (reply.status, reply["difference"]) == (200, {"amount": "12000.00", "currency": "CNY"})
    assert (amount(Reply(200, reply["before"], {}, b"")), reply["after"]["limit"]["amount"]) == (
        "120000.00",
        "132000.00",
    )
    assert reply["before"] == limit(api, on="2026-03-02").body
    assert api.post("/v1/credit-limit-simulations", body | {"member_id": MEMBER}, officer).body == reply.body
    assert amount(limit(api, on="2026-03-02")) == "120000.00"


@pytest.mark.parametrize(
    ("given", "difference"),
    [
        ({"returns": [{"money": {"amount": "20000.01", "currency": "USD"}}]}, "-120000.00"),
        ({"returns": [{"money": {"amount": "20000.00", "currency": "USD"}}]}, "-20000.00"),
        ({"exports": [{"money": {"amount": "10000.00", "currency": "EUR"}, "origin": "elsewhere"}]}, "8800.00"),
        ({"exports": [{"money": {"amount": "10000.00", "currency": "USD"}, "on": "2025-08-01"}]}, "0.00"),
        ({"other_on": "2026-07-16"}, "-120000.00"),
        ({"other_on": "2026-07-15"}, "0.00"),
        ({"other_product": "ccb-term"}, "0.00"),
    ],
)
def test_a_simulation_takes_returns_other_dates_and_products(
    api: Api, officer: str, given: dict[str, Any], difference: str
) -> None:
    feed(api, officer, row())
    reply = api.post("/v1/credit-limit-simulations", {"product": "boc-term", **given}, OWN)
    assert (reply.status, reply["difference"]["amount"]) == (200, difference)


@pytest.mark.parametrize(
    ("given", "by", "status", "code"),
    [
        ({"member_id": MEMBER}, OTHER, 404, "not_found"),
        ({}, "officer", 422, "member_missing"),
        ({"other_product": "none"}, OWN, 404, "no_such_credit_product"),
        ({"exports": [{"money": {"amount": "1.00", "currency": "KES"}}]}, OWN, 422, "no_exchange_rate"),
        ({"exports": [{"money": {"amount": "0.00", "currency": "USD"}}]}, OWN, 400, "malformed"),
        ({"exports": [{"money": {"amount": "1.00", "currency": "USD"}}] * 101}, OWN, 400, "bad_field"),
    ],
)
def test_a_simulation_that_cannot_be_made_is_refused(
    api: Api, officer: str, given: dict[str, Any], by: str, status: int, code: str
) -> None:
    feed(api, officer, row())
    reply = api.post(
        "/v1/credit-limit-simulations", {"product": "boc-term", **given}, officer if by == "officer" else by
    )
    assert (reply.status, reply["code"], reply.body.get("param")) == (status, code, NAMED.get(code))


def test_claims_that_are_open_are_deducted_where_the_product_says_so(
    dispute: Dispute, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    api, supplier_id = dispute.trade.api, dispute.trade.supplier_id
    product, today = products.find("boc-term", date(2026, 3, 2)), date(2026, 3, 20)
    claim_id = dispute.claim(dispute.late(), amount="1000.00")
    [member] = [each for each in api.get("/v1/members", officer)["items"] if each["id"] == supplier_id]
    feed(api, officer, row(exporter_ref=member["external_ref"]))
    assert limits.limit_of(supplier_id, product, today).limit_minor == 12_000_000
    deducting = replace(product, limit=replace(product.limit, deducts_disputes=True))
    assert limits.limit_of(supplier_id, deducting, today).deductions.disputes_usd_minor == 100_000
    assert dispute.act(claim_id, "withdraw", "buyer").status == 200
    assert limits.limit_of(supplier_id, deducting, today).limit_minor == 12_000_000

"""The worked examples of the specification, through the API, the banks and the jobs. Yuan; the run is that of 6 March 2023."""

from __future__ import annotations

from typing import Any

from tests.deposits.account.shop import G1, G3, G4, G6, Shop, yuan

NOTHING = ("0.00", "0.00", "0.00", "0.00", "0.00")


def test_D1_a_shop_that_never_traded_owes_nothing_and_is_skipped(shop: Shop) -> None:
    run = shop.month_runs("2023-03")

    assert run.counts["skipped"] == 1
    assert shop.figures() == NOTHING


def test_D3_the_first_trading_day_sets_the_base_from_the_whole_shop(shop: Shop) -> None:
    shop.at("2023-03-01 20:00")
    shop.sells(35, G1, 700, "2023-03-01")
    shop.sells(5, G4, 15_000, "2023-03-01")
    shop.at("2023-03-02 00:05").day_runs("2023-03-01")

    assert shop.figures() == ("1000.00", "0.00", "0.00", "1000.00", "1000.00")
    assert shop.see()["due_at"] == "2023-03-04T16:00:00Z", "72 hours after the midnight at which it is known"


def test_D4_without_arrears_growth_does_not_raise_the_base(shop: Shop) -> None:
    shop.at("2023-02-09 20:00").sells(20, G1, 400, "2023-02-09")
    shop.at("2023-02-10 00:05").day_runs("2023-02-09")
    shop.pays("50.00")
    shop.at("2023-03-01 20:00").sells(600, G1, 12_000, "2023-03-01")
    month = shop.see()["explanation"]["coming"]
    assert (month["orders"], month["raw"]["amount"], month["clause"]) == (620, "500.00", "ceiling")
    shop.month_runs("2023-03")

    assert shop.figures() == ("50.00", "0.00", "0.00", "50.00", "0.00")


def test_D6_with_arrears_the_base_does_not_fall(shop: Shop) -> None:
    traded_before(shop, base="500.00")
    shop.pays("200.00")
    shop.at("2023-03-01 20:00").sells(12, G1, 240, "2023-03-01")
    shop.month_runs("2023-03")

    assert shop.figures() == ("500.00", "0.00", "0.00", "500.00", "300.00")


def test_D8_an_idle_shop_without_arrears_goes_to_zero_and_is_armed_again(shop: Shop) -> None:
    traded_before(shop, base="200.00")
    shop.pays("200.00")
    shop.month_runs("2023-03")

    reply = shop.see()
    assert shop.figures() == NOTHING
    assert (
        reply["awaiting_first_trade"],
        reply["membership_period"],
        reply["requirement"]["releasable"]["amount"],
    ) == (True, 2, "200.00")


def test_D9_an_idle_shop_with_arrears_keeps_its_base(shop: Shop) -> None:
    traded_before(shop, base="200.00")
    shop.pays("50.00")
    shop.month_runs("2023-03")

    assert shop.figures() == ("200.00", "0.00", "0.00", "200.00", "150.00")
    assert shop.see()["awaiting_first_trade"] is False


def test_D11_a_first_trade_on_the_6th_is_set_on_the_7th(shop: Shop) -> None:
    shop.at("2023-03-06 00:02").sells(2, G3, 300, "2023-03-06 00:01")
    run = shop.month_runs("2023-03")
    assert (run.counts["skipped"], shop.figures()) == (1, NOTHING)

    shop.at("2023-03-07 00:05").day_runs("2023-03-06")
    assert shop.figures() == ("100.00", "0.00", "0.00", "100.00", "100.00")


def test_D12_a_first_trade_on_the_5th_is_one_bill(shop: Shop) -> None:
    shop.at("2023-03-05 20:00").sells(40, G1, 800, "2023-03-05")
    shop.month_runs("2023-03")

    assert shop.figures() == ("100.00", "0.00", "0.00", "100.00", "100.00")
    assert shop.see()["due_at"] == "2023-03-08T16:00:00Z"
    told = statement(shop)
    assert [line["kind"] for line in told if line["seq"]] == ["deposit.opened", "deposit.assessed"]
    (month,) = [line for line in told if line["seq"] is None]
    assert month["payload"]["base"] == month["payload"]["previous"] == yuan("100.00"), "decided, and no bill of its own"


def test_D15_and_D16_a_new_book_is_used_first_by_the_next_run(shop: Shop) -> None:
    shop.at("2023-02-01 10:00").open()
    shop.sells(3, G1, 60, "2023-02-01")
    shop.at("2023-02-02 00:05").day_runs("2023-02-01")
    shop.pays("1000.00")
    assert shop.at("2023-02-08 12:00").figures() == ("1000.00", "0.00", "0.00", "1000.00", "0.00")

    shop.at("2023-03-01 20:00").sells(310, G1, 6_200, "2023-03-01")
    shop.month_runs("2023-03")
    assert shop.figures() == ("200.00", "0.00", "0.00", "200.00", "0.00")
    assert shop.see()["requirement"]["releasable"]["amount"] == "800.00"


def test_D18_a_violation_is_required_at_once(shop: Shop) -> None:
    traded_before(shop, base="500.00")
    shop.pays("500.00")
    shop.at("2023-03-12 11:00")
    reply = shop.act("risks", {"risk_class": "R2", "case": "C-1", "reason": "false advertising"})

    assert reply.status == 200
    assert shop.figures() == ("500.00", "2000.00", "0.00", "2500.00", "2000.00")
    assert reply["due_at"] == "2023-03-15T03:00:00Z"


def test_D20_entering_a_market_is_required_at_once(shop: Shop) -> None:
    shop.at("2023-03-01 20:00").sells(8, G6, 8_000, "2023-03-01")
    shop.at("2023-03-02 00:05").day_runs("2023-03-01")
    shop.pays("1000.00")
    assert shop.act("specials", {"special": "M1"}).status == 200

    assert shop.figures() == ("1000.00", "0.00", "10000.00", "11000.00", "10000.00")


def test_D22_a_deduction_makes_arrears_and_so_the_floor_acts(shop: Shop) -> None:
    traded_before(shop, base="500.00")
    shop.pays("500.00")
    shop.at("2023-03-01 15:00").sells(5, G1, 100, "2023-03-01")
    taken = shop.act("deductions", deduction(shop, "350.00"))
    assert taken.status == 200, taken.body
    shop.month_runs("2023-03")

    assert shop.figures() == ("500.00", "0.00", "0.00", "500.00", "350.00")


def test_D23_what_was_refunded_paid_after_or_told_after_the_cut_off_does_not_count(shop: Shop) -> None:
    traded_before(shop, base="200.00")
    shop.pays("200.00")
    shop.at("2023-03-04 20:00").sells(98, G1, 1_960, "2023-03-01")
    shop.sells(3, G1, 60, "2023-03-02", status="cancelled")
    shop.at("2023-03-06 00:02").sells(1, G1, 20, "2023-03-06 00:30")
    shop.sells(1, G1, 20, "2023-03-04")
    shop.month_runs("2023-03")

    assert shop.figures() == ("100.00", "0.00", "0.00", "100.00", "0.00")
    reply = shop.see()
    assert reply["explanation"]["last"]["orders"] == 98
    assert reply["requirement"]["releasable"]["amount"] == "100.00"


def test_D25_risk_follows_the_owner_into_the_next_episode(shop: Shop) -> None:
    traded_before(shop, base="500.00")
    shop.pays("500.00")
    shop.registers_account()
    shop.at("2023-04-10 12:00")
    assert shop.act("close", None, shop.seller)["requirement"]["releasable"]["amount"] == "500.00"
    shop.at("2023-05-01 12:00")
    freed = shop.act("releases", {}, shop.seller)
    assert freed.status == 200, freed.body
    assert shop.see()["balance"]["held"]["amount"] == "0.00"

    shop.at("2023-05-20 12:00")
    assert shop.act("risks", {"risk_class": "R2", "case": "C-9", "reason": "an old sale"}).status == 200
    shop.at("2023-06-01 12:00")
    assert shop.act("reopen", None, shop.seller)["membership_period"] == 2
    assert shop.figures() == ("0.00", "2000.00", "0.00", "2000.00", "2000.00")
    assert shop.see()["awaiting_first_trade"] is True


def traded_before(shop: Shop, *, base: str) -> None:
    """A shop whose first trading day lies before the window of March, with a base of its own since."""
    shop.at("2023-01-10 10:00").open()
    shop.sells(1, G1, 20, "2023-01-10", status="completed")
    shop.at("2023-01-11 00:05").day_runs("2023-01-10")
    assert shop.kept.awaiting_first_trade is False
    shop.at("2023-02-08 10:00").based(base)


def deduction(shop: Shop, amount: str, cause: str = "CLM-1") -> dict[str, str | dict[str, str]]:
    return {
        "money": yuan(amount),
        "cause": cause,
        "reason": "not as described",
        "payee_id": shop.seller_id,
        "bank_id": "boc",
        "account": "6217000010001234567",
    }


def statement(shop: Shop) -> list[dict[str, Any]]:
    shop.streams()
    reply = shop.see("/statements?limit=100")
    assert reply.status == 200, reply.body
    items: list[dict[str, Any]] = reply["items"]
    return items

"""A guarantor lends the debtor an instalment before default: offered, paid at the bank, owed by the debtor, paid back through us."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.banks.rules import feed
from chalicelib.guarantees.rules.member_claim import MOST_OFFERS
from chalicelib.shared.journal import JournalRow
from tests.bank_events.conftest import books
from tests.guarantees.rescuing import RISK, SECOND, THIRD, Rescue
from tests.world import token

DUE = (2026, 3, 6)


def messages(kind: str) -> list[dict[str, Any]]:
    """What the bank was told, by type."""
    entries = (row.entry() for row in JournalRow.scan() if row.aggregate_id == feed.name_of("boc"))
    return [entry.event.payload for entry in entries if entry.event.kind == kind]


def test_an_instalment_is_lent_once_and_paid_back(rescue: Rescue) -> None:
    rescue.lender.on(*DUE)
    first, again = (rescue.offer(key="once") for _ in range(2))
    assert (first.status, first["status"], first["instalment"], first.raw) == (201, "offered", 1, again.raw)
    assert [deadline["owner"] for deadline in first["deadlines"]] == ["creditor"]
    other = rescue.offer(THIRD)
    assert (other.status, other["code"]) == (409, "rescue_offered")
    rescue.lender.bank.streams()
    [message] = messages("rescue.offered")
    assert (message["rescue_id"], message["instalment"], message["seat"]) == (first["id"], 1, 2)
    assert rescue.pay(30_100_50, 2) == ("applied", None)
    lent = rescue.see(first["id"])
    assert (lent["status"], lent["remaining"]["amount"], lent["kind"]) == ("payable", "30100.50", "rescue")
    assert [each["id"] for each in rescue.claims()] == [first["id"]]
    assert rescue.offer(THIRD)["code"] == "rescue_offered", "a day's penalty is left, and one instalment is lent once"
    assert rescue.transfer(first["id"], "30100.50") == ("applied", None)
    paid = rescue.see(first["id"])
    assert (paid["status"], paid["why"], paid["remaining"]["amount"]) == ("paid", "paid", "0.00")
    instructions = rescue.lender.api.get(f"/v1/bank-instructions?aggregate_id={SECOND}", RISK)["items"]
    assert [(each["kind"], each["money"]["amount"], each["party_id"]) for each in instructions] == [
        ("payout", "30100.50", SECOND)
    ]
    assert books()[f"member_claims_paid:{first['id']}"] == 30_100_50


def test_an_instalment_is_offered_so_often_and_no_more(rescue: Rescue) -> None:
    rescue.lender.on(*DUE)
    for _ in range(MOST_OFFERS):
        assert rescue.act(rescue.offer()["id"], "withdraw", token("member", SECOND)).status == 200
    refused = rescue.offer()
    assert (refused.status, refused["code"], refused["maximum"]) == (409, "too_many_offers_of_a_rescue", MOST_OFFERS)


def test_who_is_no_guarantor_sees_no_loan_and_no_claim(rescue: Rescue) -> None:
    rescue.lender.on(*DUE)
    assert rescue.offer(rescue.lender.firm_id).status == 404, "the debtor does not rescue itself"
    assert rescue.offer("mem_0000000000000000000000000Z").status == 404
    offered = rescue.offer()
    assert rescue.see(offered["id"], THIRD).status == 404
    assert rescue.act(offered["id"], "withdraw", token("member", THIRD)).status == 404
    assert rescue.act(offered["id"], "withdraw", rescue.lender.firm).status == 403


def test_what_cannot_be_rescued_says_why(rescue: Rescue) -> None:
    assert rescue.offer()["code"] == "nothing_to_rescue", "nothing is due on the day of the draw"
    rescue.lender.on(*DUE)
    assert rescue.offer(currency="USD")["code"] == "not_the_loans_currency"
    assert (
        rescue.lender.api.post("/v1/loans/lon_0/rescues", {"money": {"amount": "1.00", "currency": "CNY"}}, RISK).status
        == 403
    )
    rescue.lender.sweep()
    event = rescue.lender.tell("default.declared", rescue.loan_id, cause="unlikely_to_pay", amount=90_000_00)
    assert event == ("applied", None)
    assert rescue.offer()["code"] == "rescue_only_before_default"


def test_an_offer_ends_with_default_or_when_nobody_paid_and_another_may_be_made(rescue: Rescue) -> None:
    rescue.lender.on(*DUE)
    first = rescue.offer()
    withdrawn = rescue.act(first["id"], "withdraw", token("member", SECOND))
    assert (withdrawn.status, withdrawn["why"]) == (200, "offer_withdrawn")
    second = rescue.offer(THIRD)
    rescue.lender.time.at += timedelta(days=14)
    rescue.sweep()
    assert rescue.see(second["id"], THIRD)["why"] == "not_lent_in_time"
    third = rescue.offer()
    assert len({first["id"], second["id"], third["id"]}) == 3
    rescue.lender.sweep()
    rescue.lender.tell("default.declared", rescue.loan_id, cause="unlikely_to_pay", amount=90_000_00)
    rescue.lender.bank.streams()
    assert rescue.see(third["id"])["why"] == "defaulted"


def test_what_a_guarantor_paid_without_an_offer_is_owed_to_it_too_and_no_longer_when_the_bank_takes_it_back(
    rescue: Rescue,
) -> None:
    rescue.lender.on(*DUE)
    rescue.pay(10_000_00, 3, bank_ref="G-1")
    [claim] = rescue.claims()
    assert (claim["remaining"]["amount"], claim["creditor"]["member_id"]) == ("10000.00", THIRD)
    rescue.transfer(claim["id"], "4000.00")
    reversed_ = rescue.lender.tell(
        "repayment.reversed", rescue.loan_id, original_bank_ref="G-1", amount=8_000_00, reason="Recalled."
    )
    assert reversed_ == ("applied", None)
    rescue.lender.bank.streams()
    by_kind = {each["kind"]: each for each in (*rescue.claims(), *rescue.claims(side="creditor"))}
    assert (by_kind["rescue"]["status"], by_kind["rescue"]["owed"]["amount"]) == ("paid", "4000.00")
    back = by_kind["restitution"]
    assert (back["remaining"]["amount"], back["debtor"]["member_id"]) == ("2000.00", THIRD), "the debtor had paid 4,000"


def test_an_instalment_of_another_schedule_is_lent_by_its_offer(rescue: Rescue) -> None:
    days = ("2026-03-05", "2026-04-05", "2026-05-05")
    rows = [
        {"number": 4 + place, "due_date": day, "principal": 30_000_00, "interest": 90_00}
        for place, day in enumerate(days)
    ]
    rescue.lender.on(2026, 3, 3)
    assert rescue.lender.tell("schedule.changed", rescue.loan_id, version=2, schedule=rows) == ("applied", None)
    rescue.lender.on(*DUE)
    offered = rescue.offer()
    assert (offered.status, offered["instalment"]) == (201, 4)
    assert rescue.pay(30_000_00, 2) == ("applied", None)
    assert [(each["id"], each["status"]) for each in rescue.claims()] == [(offered["id"], "payable")]


def test_the_journal_may_come_twice_and_in_disorder(rescue: Rescue) -> None:
    rescue.lender.on(*DUE)
    rescue.offer()
    rescue.pay(30_100_00, 2)
    before = rescue.claims()
    rescue.lender.bank.streams()
    rescue.pay(1_00, 2)
    rescue.lender.bank.streams()
    after = rescue.claims()
    assert [each for each in after if each["id"] == before[0]["id"]] == before
    assert len(after) == 2


def test_the_bank_is_told_before_the_guarantee_period_of_a_loan_ends(rescue: Rescue) -> None:
    until = rescue.lender.see(rescue.loan_id)["guaranteed_until"]
    assert until == "2026-11-05", "six months after the last instalment falls due"
    rescue.lender.on(2026, 9, 6)
    rescue.lender.sweep()
    rescue.lender.bank.streams()
    [message] = messages("guarantee.period_ending")
    assert (message["loan_id"], message["guaranteed_until"], message["days"]) == (rescue.loan_id, until, 60)
    rescue.lender.on(2026, 12, 30)
    rescue.lender.sweep()
    rescue.lender.bank.streams()
    assert sorted(each["days"] for each in messages("guarantee.period_ending")) == [7, 30, 60]

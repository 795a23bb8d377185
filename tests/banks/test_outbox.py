"""Instructions to banks, from the entry that gives them to the money, through the endpoints and the sandbox's bank."""

from __future__ import annotations

from typing import Any

import pytest

import app
from chalicelib.banks.declared import INSTRUCTIONS
from chalicelib.banks.records.outbox import InstructionRow
from chalicelib.banks.rules import bank_api
from chalicelib.banks.rules.instruction import Attempt, Instruction
from chalicelib.banks.rules.outbox import NO_LINE
from chalicelib.banks.service import transport
from chalicelib.sandbox import partner_bank
from chalicelib.shared.settings import settings
from tests.banks.conftest import AMOUNT, PARTY, Outbox, books
from tests.banks.factories import instruct
from tests.letters import waiting
from tests.world import Streams, token

OWED = {"refunds_payable": -AMOUNT}
PAID = {"bank_clearing": -AMOUNT}
SETTLE, REFUSE, SILENT, LOSE = ({"does": does} for does in ("accept", "refuse", "fall_silent", "lose"))


def test_a_refund_is_sent_once_and_settled_when_the_bank_says_so(outbox: Outbox) -> None:
    name = outbox.refund()
    assert (outbox.status(name), books()) == ("sent", OWED)
    [attempt] = outbox.attempts(name)
    event = outbox.event("refund.settled", attempt)
    reply = outbox.see(name)
    assert (reply["status"], reply["paid"]["amount"], reply["overpaid"]["amount"]) == ("settled", "1500.00", "0.00")
    assert books() == PAID
    assert outbox.kinds(name) == ["created", "sent", "settled"]
    shown = outbox.api.get(f"/v1/bank-events/{event}", outbox.officer)
    assert (shown["status"], shown["instruction_id"], shown["order_id"]) == ("applied", name, None)


def test_an_entry_that_is_followed_again_makes_nothing_new(outbox: Outbox) -> None:
    name = outbox.refund()
    for _ in range(2):
        Streams()()
    assert outbox.kinds(name) == ["created", "sent"]
    assert InstructionRow.count() == 2, "the instruction, and its attempt's name"


def test_of_two_who_carry_on_at_once_one_sends(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The schedule looks at an instruction while the stream's consumer is about to send it."""
    sent: list[str] = []
    real = partner_bank.PartnerBank()

    class Counting(partner_bank.PartnerBank):
        def send(self, instruction: Instruction, attempt: Attempt) -> bank_api.SendResult:
            sent.append(attempt.id)
            INSTRUCTIONS.sweep(outbox.time.at)
            return real.send(instruction, attempt)

    monkeypatch.setattr(transport, "_transport", Counting())
    name = outbox.refund()
    assert sent == outbox.attempts(name)


def test_what_the_bank_says_when_asked_counts_like_an_event(outbox: Outbox) -> None:
    name = outbox.refund()
    outbox.pass_time(minutes=14)
    assert outbox.status(name) == "sent"
    outbox.pass_time(minutes=1)
    assert (outbox.status(name), books()) == ("settled", PAID)
    outbox.event("refund.settled", outbox.attempts(name)[0])
    assert (outbox.kinds(name)[-1], books()) == ("told", PAID)


def test_a_failed_attempt_is_tried_again_under_a_new_name_after_the_policys_hours(outbox: Outbox) -> None:
    outbox.bank(REFUSE)
    name = outbox.refund()
    reply = outbox.see(name)
    assert (reply["status"], reply["reason"]) == ("failed", "insufficient_funds")
    assert reply["deadlines"] == [
        {
            "name": "retry",
            "due_at": "2026-03-02T03:15:00Z",
            "owner": "platform",
            "default_outcome": "sent",
            "by_clock": True,
        }
    ]
    outbox.pass_time(hours=1)
    first, second = outbox.attempts(name)
    assert first != second
    outbox.event("refund.settled", second)
    assert (outbox.status(name), books()) == ("settled", PAID)


def test_when_tries_are_spent_the_party_names_another_account(outbox: Outbox) -> None:
    outbox.bank(*[REFUSE] * 5)
    name = outbox.refund()
    outbox.pass_time(hours=1 + 6 + 24 + 72)
    view = outbox.see(name, outbox.party)
    assert (view["status"], len(view["attempts"]), view["allowed_actions"]) == ("needs_account", 5, ["account"])
    assert view["deadlines"][0]["owner"] == "party"
    account = {"account": "DE89370400440532013000", "bank": "COBADEFF"}
    assert outbox.act(name, "account", token("member", "mem_00000000000000000000000002"), account).status == 404
    reply = outbox.act(name, "account", outbox.party, account, key="k")
    assert (reply.status, reply["status"], reply["account"]) == (200, "created", "…3000"), reply.body
    assert outbox.act(name, "account", outbox.party, account, key="k").raw == reply.raw
    outbox.streams()
    view = outbox.see(name)
    assert (view["status"], view["attempts"][-1]["account"]) == ("sent", "…3000")
    assert "DE893704" not in str(view.body)
    outbox.event("refund.settled", view["attempts"][-1]["id"])
    assert books() == PAID


def test_an_account_that_is_closed_needs_another_at_once(outbox: Outbox) -> None:
    outbox.bank({"does": "refuse", "reason": "account_closed"})
    assert outbox.status(outbox.refund()) == "needs_account"


def test_who_names_no_account_in_time_is_the_officers_however_late_it_is_looked_at(outbox: Outbox) -> None:
    outbox.bank({"does": "refuse", "reason": "account_closed"})
    name = outbox.refund()
    outbox.time.advance(days=6, hours=23, minutes=59)
    assert outbox.status(name) == "needs_account"
    outbox.time.advance(minutes=1, days=3)
    reply = outbox.see(name)
    assert (reply["status"], reply["updated_at"]) == ("manual", "2026-03-09T02:15:00Z")
    assert outbox.load(name).status == "needs_account", "nothing is written by reading"
    INSTRUCTIONS.sweep(outbox.time.at)
    assert outbox.see(name).body | {"version": 0} == reply.body | {"version": 0}
    listed = outbox.api.get("/v1/bank-instructions", outbox.officer)["items"]
    assert [item["id"] for item in listed] == [name]
    assert listed[0]["allowed_actions"] == ["retry", "settle-by-hand"]


def test_an_unclear_attempt_is_asked_about_and_never_tried_again_unasked(outbox: Outbox) -> None:
    outbox.bank(SILENT | {"then": "wait"})
    name = outbox.refund()
    assert outbox.status(name) == "unknown"
    outbox.pass_time(days=1)
    assert (outbox.status(name), len(outbox.attempts(name))) == ("sent", 1)
    outbox.event("refund.settled", outbox.attempts(name)[0])
    assert (outbox.status(name), books()) == ("settled", PAID)


def test_what_the_bank_never_heard_of_is_sent_again_under_the_same_name(outbox: Outbox) -> None:
    outbox.bank(LOSE, LOSE)
    name = outbox.refund()
    [attempt] = outbox.attempts(name)
    outbox.pass_time(hours=4)
    assert outbox.attempts(name) == [attempt]
    outbox.pass_time(days=2)
    assert (outbox.status(name), outbox.attempts(name), books()) == ("settled", [attempt], PAID)


def test_what_stays_unclear_becomes_an_officers(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "_transport", Deaf())
    name = outbox.refund()
    outbox.pass_time(days=5)
    reply = outbox.see(name)
    assert (reply["status"], reply["reason"], reply["allowed_actions"]) == (
        "manual",
        "unclear",
        ["retry", "settle-by-hand"],
    )
    asked_again = outbox.act(name, "retry", outbox.officer)
    assert (asked_again["status"], len(asked_again["attempts"])) == ("unknown", 1)
    monkeypatch.undo()
    outbox.streams()
    outbox.pass_time(days=1)
    assert (outbox.status(name), len(outbox.attempts(name)), books()) == ("settled", 1, PAID)


def test_an_officer_settles_by_hand_with_the_banks_reference(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "_transport", Deaf())
    name = outbox.refund()
    [attempt] = outbox.attempts(name)
    assert outbox.act(name, "settle-by-hand", outbox.party, {"bank_ref": "B-9"}).status == 403
    done = outbox.act(name, "settle-by-hand", outbox.officer, {"bank_ref": "B-9"}, key="k")
    assert (done.status, done["status"], done["attempts"][0]["manual"]) == (200, "settled", True), done.body
    assert outbox.act(name, "settle-by-hand", outbox.officer, {"bank_ref": "B-9"}, key="k").raw == done.raw
    again = outbox.act(name, "settle-by-hand", outbox.officer, {"bank_ref": "B-9"})
    assert (again.status, again["code"], again["allowed_actions"]) == (409, "instruction_not_in_this_state", [])
    outbox.event("refund.failed", attempt, reason="account_closed")
    outbox.event("refund.settled", attempt, seq=2)
    assert (outbox.status(name), books()) == ("settled", PAID)


@pytest.mark.parametrize(
    "told",
    [
        [("settled", 1)],
        [("settled", 1), ("settled", 1)],
        [("failed", 1), ("settled", 2)],
        [("settled", 2), ("failed", 1)],
        [("settled", 1), ("failed", 1)],
        [("failed", 1), ("settled", 1)],
        [("failed", 1), ("settled", 2), ("failed", 1), ("settled", 2)],
    ],
)
def test_however_a_bank_tells_of_a_settled_attempt_it_is_booked_once(
    outbox: Outbox, told: list[tuple[str, int]]
) -> None:
    name = outbox.refund()
    [attempt] = outbox.attempts(name)
    for outcome, seq in told:
        outbox.event(f"refund.{outcome}", attempt, seq)
    assert (outbox.status(name), books()) == ("settled", PAID)
    outbox.pass_time(days=5)
    assert (len(outbox.attempts(name)), books()) == (1, PAID)


def test_money_that_came_back_is_owed_and_sent_again(outbox: Outbox) -> None:
    name = outbox.refund()
    outbox.event("refund.settled", outbox.attempts(name)[0], 1)
    outbox.event("refund.failed", outbox.attempts(name)[0], 2, reason="returned_by_bank")
    assert (outbox.status(name), books()) == ("failed", OWED)
    outbox.pass_time(hours=2)
    assert (outbox.status(name), len(outbox.attempts(name)), books()) == ("settled", 2, PAID)


def test_a_second_settlement_is_booked_as_owed_to_us_and_rings(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    rang: list[str] = []
    monkeypatch.setattr("chalicelib.shared.observe.count", lambda name, value=1: rang.append(name))
    outbox.bank({"does": "accept", "then": "wait"})
    name = outbox.refund()
    outbox.event("refund.failed", outbox.attempts(name)[0], 1)
    outbox.pass_time(hours=2)
    assert outbox.status(name) == "settled"
    outbox.event("refund.settled", outbox.attempts(name)[0], 2)
    assert books() == {"bank_clearing": -2 * AMOUNT, "returned_receivable": AMOUNT}
    assert (outbox.see(name)["overpaid"]["amount"], outbox.kinds(name)[-1]) == ("1500.00", "overpaid")
    assert "InstructionOverpaid" in rang


@pytest.mark.parametrize(
    ("kind", "changes"),
    [("refund.settled", {"money": {"amount": "1500.00", "currency": "EUR"}}), ("payout.settled", {})],
)
def test_what_does_not_fit_the_attempt_goes_to_suspense_and_to_an_officer(
    outbox: Outbox, kind: str, changes: dict[str, Any]
) -> None:
    name = outbox.refund()
    event = outbox.event(kind, outbox.attempts(name)[0], **changes)
    shown = outbox.api.get(f"/v1/bank-events/{event}", outbox.officer)
    assert (shown["status"], shown["reason"]) == ("suspense", "not_of_this_instruction")
    assert outbox.status(name) == "manual"
    outbox.pass_time(days=1)
    assert len(outbox.attempts(name)) == 1
    assert books()["refunds_payable"] == -AMOUNT


def test_a_refund_settled_short_is_finished_by_an_officers_retry(outbox: Outbox) -> None:
    name = outbox.refund()
    event = outbox.event("refund.settled", outbox.attempts(name)[0], amount="1400.00")
    assert outbox.api.get(f"/v1/bank-events/{event}", outbox.officer)["status"] == "applied"
    reply = outbox.see(name)
    assert (reply["status"], reply["reason"], reply["paid"]["amount"], reply["remaining"]["amount"]) == (
        "manual",
        "settled_short",
        "1400.00",
        "100.00",
    )
    [attempt] = reply["attempts"]
    assert (attempt["money"]["amount"], attempt["moved"]["amount"]) == ("1500.00", "1400.00")
    assert books() == {"bank_clearing": -140_000, "refunds_payable": -10_000}
    outbox.pass_time(days=5)
    assert len(outbox.attempts(name)) == 1, "nothing more leaves before an officer has looked at it"
    assert outbox.act(name, "account", outbox.party, {"account": "X"}).status == 409
    outbox.act(name, "retry", outbox.officer)
    outbox.streams()
    assert outbox.see(name)["attempts"][-1]["money"]["amount"] == "100.00"
    outbox.event("refund.settled", outbox.attempts(name)[-1], amount="100.00")
    reply = outbox.see(name)
    assert (reply["status"], reply["remaining"]["amount"], reply["overpaid"]["amount"]) == ("settled", "0.00", "0.00")
    assert (books(), outbox.kinds(name).count("settled")) == (PAID, 1)


def test_a_refund_settled_short_is_finished_manually(outbox: Outbox) -> None:
    name = outbox.refund()
    outbox.event("refund.settled", outbox.attempts(name)[0], amount="1400.00")
    done = outbox.act(name, "settle-by-hand", outbox.officer, {"bank_ref": "B-9"})
    assert (done["status"], done["attempts"][-1]["moved"]["amount"], books()) == ("settled", "100.00", PAID)


@pytest.mark.parametrize(
    "amounts", [["1600.00"], ["1600.00", "1600.00"], ["1400.00", "1600.00"], ["1700.00", "1600.00"]]
)
def test_what_is_settled_over_is_owed_back_and_rings(
    outbox: Outbox, amounts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rang: list[str] = []
    monkeypatch.setattr("chalicelib.shared.observe.count", lambda name, value=1: rang.append(name))
    name = outbox.refund()
    for seq, amount in enumerate(amounts, 1):
        outbox.event("refund.settled", outbox.attempts(name)[0], seq, amount)
    reply = outbox.see(name)
    assert (reply["status"], reply["paid"]["amount"], reply["overpaid"]["amount"]) == ("settled", "1500.00", "100.00")
    assert books() == PAID | {"bank_clearing": -AMOUNT - 10_000, "returned_receivable": 10_000}
    assert "InstructionOverpaid" in rang


def test_a_failure_of_another_amount_is_refused_and_the_bank_is_asked(outbox: Outbox) -> None:
    outbox.bank({"does": "accept", "then": "fail"})
    name = outbox.refund()
    event = outbox.event("refund.failed", outbox.attempts(name)[0], amount="1400.00")
    shown = outbox.api.get(f"/v1/bank-events/{event}", outbox.officer)
    assert (shown["status"], shown["reason"]) == ("refused", "not_of_this_instruction")
    assert (outbox.status(name), books()) == ("sent", OWED)
    outbox.pass_time(minutes=15)
    assert (outbox.status(name), books()) == ("failed", OWED)


def test_a_bank_says_when_asked_that_it_has_moved_another_amount(outbox: Outbox) -> None:
    outbox.bank({"does": "accept", "moves": {"amount": "1400.00", "currency": "USD"}})
    name = outbox.refund()
    outbox.pass_time(minutes=15)
    assert (outbox.status(name), books()) == ("manual", {"bank_clearing": -140_000, "refunds_payable": -10_000})


def test_a_debit_collected_short_is_told_when_all_of_it_has_come(outbox: Outbox) -> None:
    [debit] = outbox.tell(instruct("debit", aggregate_id=PARTY, account="A-1"))
    outbox.streams()
    outbox.event("debit.settled", outbox.attempts(debit)[0], amount="1400.00")
    assert books() == {"bank_clearing": 140_000, "collected": -140_000}
    assert "settled" not in outbox.kinds(debit)
    outbox.act(debit, "retry", outbox.officer)
    outbox.streams()
    outbox.event("debit.settled", outbox.attempts(debit)[-1], amount="100.00")
    assert (outbox.kinds(debit)[-1], books()) == ("settled", {"bank_clearing": AMOUNT, "collected": -AMOUNT})


def test_what_is_told_of_no_attempt_of_ours_is_not_lost(outbox: Outbox) -> None:
    nobody = "att_00000000000000000000000000"
    settled, failed = outbox.event("refund.settled", nobody), outbox.event("refund.failed", nobody)
    seen = [outbox.api.get(f"/v1/bank-events/{event}", outbox.officer)["status"] for event in (settled, failed)]
    assert (seen, books()) == (["suspense", "refused"], {"suspense": AMOUNT, "bank_clearing": -AMOUNT})


def test_payouts_and_debits_move_money_between_us_and_a_supplier(outbox: Outbox) -> None:
    payout, debit = outbox.tell(
        instruct("payout", aggregate_id=PARTY, account="A-1"), instruct("debit", aggregate_id=PARTY, account="A-1")
    )
    outbox.streams()
    outbox.event("payout.settled", outbox.attempts(payout)[0])
    assert books() == {"payouts_payable": AMOUNT, "bank_clearing": -AMOUNT}
    outbox.event("debit.settled", outbox.attempts(debit)[0])
    assert books() == {"payouts_payable": AMOUNT, "collected": -AMOUNT}
    listed = outbox.api.get(f"/v1/bank-instructions?aggregate_id={PARTY}", outbox.officer)["items"]
    assert sorted(item["id"] for item in listed) == sorted([payout, debit])
    for bank_id, found in ((listed[0]["bank_id"], listed), ("another", [])):
        assert (
            outbox.api.get(f"/v1/bank-instructions?aggregate_id={PARTY}&bank_id={bank_id}", outbox.officer)["items"]
            == found
        )


@pytest.mark.parametrize("stop_first", [True, False])
def test_a_stop_holds_back_what_has_not_left(outbox: Outbox, stop_first: bool) -> None:
    outbox.bank(REFUSE, REFUSE)
    told = [instruct(party=PARTY), instruct("stop", amount_minor=40_000)]
    names = [outbox.tell(one)[0] for one in (reversed(told) if stop_first else told)]
    outbox.streams()
    refund, stop = reversed(names) if stop_first else names
    assert outbox.see(refund)["money"]["amount"] == "1100.00"
    assert outbox.status(stop) == "stopped"
    assert books() == {"refunds_payable": 40_000 - AMOUNT, "returned_receivable": -40_000}
    outbox.pass_time(days=2)
    assert (outbox.status(refund), outbox.see(refund)["paid"]["amount"]) == ("settled", "1100.00")
    assert books() == {"bank_clearing": 40_000 - AMOUNT, "returned_receivable": -40_000}


def test_what_has_left_is_not_held_back(outbox: Outbox) -> None:
    refund = outbox.refund()
    [stop] = outbox.tell(instruct("stop"))
    outbox.streams()
    assert (outbox.status(stop), outbox.see(refund)["money"]["amount"]) == ("created", "1500.00")
    outbox.pass_time(days=4)
    assert (outbox.status(stop), outbox.status(refund)) == ("stopped", "settled")


def test_an_instruction_is_its_partys_and_the_officers(outbox: Outbox) -> None:
    name = outbox.refund()
    assert outbox.see(name, outbox.party)["party_id"] == PARTY
    stranger = outbox.see(name, token("member", "mem_00000000000000000000000002"))
    assert (stranger.status, stranger["code"]) == (404, "not_found")
    assert outbox.api.get("/v1/bank-instructions?status=settled", outbox.officer).status == 400


def test_lists_go_on_where_they_left_off(outbox: Outbox) -> None:
    names = outbox.tell(*[instruct(party=PARTY) for _ in range(5)])
    outbox.streams()
    for query in ("status=sent", "aggregate_id=ord_1", "status=sent&aggregate_id=ord_1"):
        first = outbox.api.get(f"/v1/bank-instructions?limit=3&{query}", outbox.officer)
        rest = outbox.api.get(f"/v1/bank-instructions?limit=3&{query}&cursor={first['next_cursor']}", outbox.officer)
        assert sorted(item["id"] for item in first["items"] + rest["items"]) == sorted(names)
        assert rest["next_cursor"] is None


def test_a_bank_without_an_address_leaves_its_instructions_to_officers(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "_transport", transport.Https())
    reply = outbox.see(outbox.refund())
    assert (reply["status"], reply["reason"]) == ("manual", NO_LINE)


def test_an_entry_that_cannot_be_followed_waits_for_another_try(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.banks.service.outbox.enqueue", lambda entry: 1 // 0)
    outbox.tell(instruct())
    records = outbox.streams.records("journal")
    assert app.journal_followed({"Records": records}, None) == {"batchItemFailures": []}
    [letter] = waiting()
    assert (letter.consumer, letter.key) == ("banks.instruct", records[0]["dynamodb"]["Keys"]["entry_id"]["S"])


class Deaf:
    """A line on which nothing is ever answered."""

    def send(self, instruction: Instruction, attempt: Attempt) -> bank_api.SendResult:
        return bank_api.Indeterminate()

    def inquire(self, instruction: Instruction, attempt: Attempt) -> bank_api.InquiryResult:
        return bank_api.Indeterminate()


def test_suspended_money_is_given_back_through_its_bank(outbox: Outbox) -> None:
    money = {"amount": "1500.00", "currency": "USD"}
    data = {"bank_ref": "R-7", "seq": 1, "order_id": "ord_00000000000000000000000000", "account": "TA-USD-01"}
    event = outbox.api.post(
        "/v1/sandbox/banks/boc/events",
        {"type": "payment.received", "data": data | {"value_date": "2026-03-02", "money": money}},
        outbox.officer,
    )["id"]
    outbox.streams()
    outbox.api.post(f"/v1/bank-events/{event}/return", None, outbox.officer)
    outbox.streams()
    [refund] = outbox.api.get(f"/v1/bank-instructions?aggregate_id={event}", outbox.officer)["items"]
    assert (refund["kind"], refund["bank_ref"], refund["party_id"], refund["money"]) == ("refund", "R-7", None, money)
    outbox.event("refund.settled", refund["attempts"][0]["id"])
    assert (outbox.status(refund["id"]), books()) == ("settled", {})


def test_elsewhere_the_sandboxs_bank_has_no_door(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = "/v1/sandbox/banks/{}/behaviour"
    assert outbox.api.post(endpoint.format("nobody"), {"next": []}, outbox.officer).status == 404
    assert outbox.api.post(endpoint.format("boc"), {"next": [{"does": "steal"}]}, outbox.officer).status == 400
    first = outbox.api.post(endpoint.format("boc"), {"next": [REFUSE]}, outbox.officer, key="k")
    assert outbox.api.post(endpoint.format("boc"), {"next": [REFUSE]}, outbox.officer, key="k").raw == first.raw
    assert settings().sandbox

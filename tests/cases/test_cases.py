"""Cases through the API: who opens one about what, who sees it, and how it comes to an end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.bank_events.service import telling
from chalicelib.cases.declared import CASES
from chalicelib.cases.examples import ESCALATE, OPEN, REOPEN, REPLY, RESOLVE
from chalicelib.credit.aggregate.applications import APPLICATIONS
from chalicelib.registry import MACHINES
from chalicelib.shared import observe
from chalicelib.shared.journal import JournalRow
from chalicelib.shared.pages import MOST_LOOKED_AT
from tests.credit.lining import plant as plant_line
from tests.deposits.account.shop import Shop, shop
from tests.due import Planter, bank, debt, desk, outbox, planter, receiver
from tests.groups.grouping import active
from tests.groups.joining import plant as plant_group
from tests.loans.lending import plant_loan
from tests.round_trips import calls
from tests.trade import Trade
from tests.world import Reply, StandingClock, token

__all__ = ["bank", "debt", "desk", "outbox", "planter", "receiver", "shop"]

OFFICER = token("officer", "officer-1", "claims")
SUPERVISOR = token("officer", "officer-9", "admin")


def open_about(trade: Trade, about: str, name: str, by: str, **more: Any) -> Reply:
    return trade.api.post("/v1/cases", OPEN | {"about": {"kind": about, "id": name}} | more, by)


@pytest.fixture
def case_id(trade: Trade) -> str:
    """The buyer's complaint about its order."""
    reply = open_about(trade, "order", trade.propose()["id"], trade.buyer)
    assert reply.status == 201, reply.body
    return str(reply["id"])


def act(trade: Trade, case_id: str, action: str, by: str, body: Any = None) -> Reply:
    return trade.api.post(f"/v1/cases/{case_id}/{action}", body, by)


def see(trade: Trade, case_id: str, by: str = OFFICER) -> Reply:
    return trade.api.get(f"/v1/cases/{case_id}", by)


def test_a_complaint_is_answered_escalated_decided_and_reopened(trade: Trade, case_id: str) -> None:
    assert act(trade, case_id, "assign", OFFICER, {})["owner"] == "officer-1"
    replied = act(trade, case_id, "reply", OFFICER, REPLY)
    assert (replied["status"], replied["deadlines"][0]["owner"]) == ("waiting_for_customer", "customer")
    escalated = act(trade, case_id, "escalate", trade.buyer, ESCALATE)
    assert (escalated["status"], escalated["allowed_actions"]) == ("escalated", ["reply"])
    refused = act(trade, case_id, "resolve", OFFICER, RESOLVE)
    assert (refused.status, refused["code"], refused["allowed_actions"]) == (409, "case_not_in_this_status", [])
    assert act(trade, case_id, "resolve", SUPERVISOR, RESOLVE)["outcome"] == "upheld"
    reopened = act(trade, case_id, "reopen", trade.buyer, REOPEN)
    assert (reopened["status"], reopened["outcome"]) == ("escalated", None)
    assert [message["by"] for message in reopened["messages"]] == [
        "customer", "officer", "customer", "supervisor", "customer",
    ]  # fmt: skip
    timeline = trade.api.get(f"/v1/cases/{case_id}/timeline", trade.buyer)["items"]
    assert [entry["kind"] for entry in timeline] == [
        "case.opened", "case.assigned", "case.replied", "case.escalated", "case.resolved", "case.reopened",
    ]  # fmt: skip
    assert timeline[2]["payload"]["text"] == REPLY["text"]


def test_nobody_but_its_customer_and_officers_sees_a_case_and_the_customer_sees_no_officers_name(
    trade: Trade, case_id: str
) -> None:
    act(trade, case_id, "assign", OFFICER, {"owner": "officer-7"})
    assert see(trade, case_id)["owner"] == "officer-7"
    assert see(trade, case_id, trade.buyer)["owner"] is None
    assert see(trade, case_id, trade.supplier).status == 404, "the other side of the order"
    assert see(trade, case_id, token("officer", "officer-2", "feeds")).status == 403
    reply = trade.api.get(f"/v1/cases/{case_id}/timeline", trade.buyer)
    assert b"officer-7" not in reply.raw
    assert act(trade, case_id, "assign", trade.buyer, {}).status == 403


def test_nobody_opens_a_case_about_what_its_customer_cannot_see(trade: Trade) -> None:
    order_id, stranger = trade.propose()["id"], token("member", "mem_0000000000000000000000000Z")
    assert open_about(trade, "order", order_id, stranger).status == 404
    assert open_about(trade, "order", order_id, OFFICER, customer_id="mem_0000000000000000000000000Z").status == 404
    for_another = open_about(trade, "order", order_id, trade.buyer, customer_id=trade.supplier_id)
    assert (for_another.status, for_another["code"]) == (403, "not_allowed")
    reply = open_about(trade, "order", order_id, OFFICER, customer_id=trade.supplier_id)
    assert (reply.status, reply["messages"][0]["by"]) == (201, "officer")
    assert see(trade, reply["id"], trade.supplier).status == 200
    assert see(trade, reply["id"], trade.buyer).status == 404


@pytest.mark.parametrize(
    ("kind", "machine", "owner"),
    [
        ("order", "orders", "buyer"),
        ("claim", "claims", "buyer"),
        ("recovery", "recoveries", "supplier"),
        ("firm", "firms", ""),
        ("credit_line", "credit-lines", "supplier"),
        ("loan", "loans", "supplier"),
        ("alert", "alerts", "supplier"),
        ("guarantee_group", "groups", ""),
        ("bank_instruction", "bank-instructions", ""),
        ("bank_event", "bank-events", ""),
    ],
)
def test_a_case_is_about_any_aggregate(trade: Trade, planter: Planter, kind: str, machine: str, owner: str) -> None:
    name = planter(next(each for each in MACHINES if each.name == machine))
    reply = open_about(trade, kind, name, OFFICER)
    assert (reply.status, reply["customer_id"]) == (201, None)
    if owner:
        assert open_about(trade, kind, name, getattr(trade, owner)).status == 201
    if machine in ("bank-events", "firms"):
        assert open_about(trade, kind, name, trade.buyer).status == 404


def test_a_case_is_about_an_application_by_its_firm(trade: Trade, planter: Planter) -> None:
    name = planter(next(each for each in MACHINES if each.name == "applications"))
    application = APPLICATIONS.repository.load(name)
    assert application is not None
    assert open_about(trade, "credit_application", name, token("member", application.member_id)).status == 201
    assert (
        open_about(trade, "credit_application", name, token("member", "mem_0000000000000000000000000Z")).status == 404
    )


def test_a_case_is_about_a_seat_of_a_group_by_whoever_sees_the_group(trade: Trade) -> None:
    """A seat is named by its group and its number, and has no other name."""
    group_id = plant_group(active(3), [trade.supplier_id, trade.buyer_id, "mem_0000000000000000000000000Y"])
    seat = f"{group_id}_02"
    assert open_about(trade, "guarantee_seat", seat, trade.buyer)["about"] == {"kind": "guarantee_seat", "id": seat}
    assert open_about(trade, "guarantee_seat", seat, trade.supplier).status == 201
    assert open_about(trade, "guarantee_seat", seat, OFFICER).status == 201
    for name in (
        f"{group_id}_09",
        f"{group_id}_2",
        group_id,
        f"{group_id}_xx",
        f"{group_id}_０２",
        "grp_01JV8QZ7N4K3T5W6X8Y9ABCDEF_02",
    ):
        assert open_about(trade, "guarantee_seat", name, trade.buyer).status == 404
    stranger = token("member", "mem_0000000000000000000000000Z")
    assert open_about(trade, "guarantee_seat", seat, stranger).status == 404


def test_a_hardship_about_a_loan_reaches_its_bank_which_reads_it_and_replies(trade: Trade) -> None:
    loan_id = plant_loan(trade.supplier_id)
    boc, ccb = token("bank", "boc"), token("bank", "ccb")
    case = open_about(trade, "loan", loan_id, trade.supplier, kind="hardship")
    assert (case.status, case["bank_id"]) == (201, "boc")
    [entry] = [row.entry() for row in JournalRow.scan() if row.entry().event.kind == "case.opened"]
    telling.tell(entry, trade.time.at)
    entries = [row.entry().event for row in JournalRow.scan() if row.entry().event.kind == "hardship.reported"]
    assert [(each.payload["case_id"], each.payload["about"]) for each in entries] == [(case["id"], loan_id)]
    assert [each["id"] for each in trade.api.get("/v1/cases", boc)["items"]] == [case["id"]]
    assert trade.api.get("/v1/cases", ccb)["items"] == []
    assert see(trade, case["id"], ccb).status == 404
    shown = see(trade, case["id"], boc)
    assert (shown["owner"], shown["allowed_actions"]) == (None, ["reply"])
    assert act(trade, case["id"], "reply", boc, REPLY)["status"] == "waiting_for_customer"
    assert [each["by"] for each in see(trade, case["id"], trade.supplier)["messages"]] == ["customer", "lender"]
    assert act(trade, case["id"], "resolve", boc, RESOLVE).status == 403


def test_nothing_but_a_customers_hardship_about_what_a_bank_lent_is_routed_to_it(trade: Trade) -> None:
    loan_id = plant_loan(trade.supplier_id)
    assert open_about(trade, "loan", loan_id, trade.supplier, kind="question")["bank_id"] is None
    assert open_about(trade, "loan", loan_id, OFFICER, kind="hardship")["bank_id"] is None
    assert open_about(trade, "member", trade.supplier_id, trade.supplier, kind="hardship")["bank_id"] is None
    line_id = plant_line(trade.supplier_id, 100_000_00)
    assert open_about(trade, "credit_line", line_id, trade.supplier, kind="hardship")["bank_id"]
    for_it = open_about(trade, "loan", loan_id, OFFICER, kind="hardship", customer_id=trade.supplier_id)
    assert for_it["bank_id"] == "boc", "an officer who was telephoned"


def test_a_case_is_about_a_deposit_by_its_seller_a_supplier_and_a_member(trade: Trade, shop: Shop) -> None:
    shop.open()
    assert open_about(trade, "deposit", shop.seller_id, shop.seller).status == 201
    assert open_about(trade, "deposit", shop.seller_id, trade.buyer).status in (403, 404)
    assert open_about(trade, "supplier", trade.supplier_id, trade.supplier).status == 201
    assert open_about(trade, "member", trade.buyer_id, trade.buyer).status == 201


def test_what_nobody_answers_goes_to_a_supervisor_then_back_to_the_customer_and_rings(
    trade: Trade, time: StandingClock, case_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(observe, "count", lambda signal, value=1: rung.append(signal))
    time.advance(hours=24)
    assert see(trade, case_id)["status"] == "escalated", "before anything is written"
    CASES.sweep(time.at)
    assert "CaseUnanswered" not in rung
    time.advance(hours=48)
    CASES.sweep(time.at)
    assert rung.count("CaseUnanswered") == 1
    reply = see(trade, case_id, trade.buyer)
    assert (reply["status"], reply["outcome"], reply["allowed_actions"]) == ("resolved", "unanswered", ["reopen"])
    time.advance(days=14)
    CASES.sweep(time.at)
    assert see(trade, case_id)["status"] == "closed"
    assert rung.count("CaseUnanswered") == 1


def test_lists_are_of_a_status_an_owner_or_a_customer_and_a_members_are_its_own(trade: Trade) -> None:
    order_id = trade.propose()["id"]
    first, second = (open_about(trade, "order", order_id, by)["id"] for by in (trade.buyer, trade.supplier))
    act(trade, second, "assign", OFFICER, {})
    act(trade, second, "reply", OFFICER, REPLY)

    def ids(query: str, by: str = OFFICER) -> list[str]:
        return [item["id"] for item in trade.api.get(f"/v1/cases{query}", by)["items"]]

    assert ids("") == [first, second]
    assert ids("?limit=1") == [first]
    assert ids("?status=waiting_for_customer") == ids("?owner=officer-1") == [second]
    assert ids("?owner=officer-1&status=open") == []
    assert ids(f"?customer_id={trade.buyer_id}") == ids("", trade.buyer) == [first]
    assert ids(f"?about={order_id}") == sorted([first, second]), "made at one moment, so in the order of their names"
    assert ids(f"?about={order_id}&owner=officer-1") == ids(f"?about={order_id}", trade.supplier) == [second]
    assert ids("?about=ord_0000000000000000000000000Z") == []
    assert ids(f"?customer_id={trade.buyer_id}", trade.supplier) == ids("?owner=officer-1", trade.supplier) == []


def test_however_many_cases_others_have_about_a_thing_a_party_to_it_is_told_of_none(trade: Trade) -> None:
    order_id = trade.propose()["id"]
    for _ in range(MOST_LOOKED_AT + 1):
        assert open_about(trade, "order", order_id, trade.buyer).status == 201
    page = trade.api.get(f"/v1/cases?about={order_id}&limit=1", trade.supplier)
    assert (page["items"], page["next_cursor"]) == ([], None)
    assert len(trade.api.get(f"/v1/cases?about={order_id}", trade.buyer)["items"]) == MOST_LOOKED_AT + 1


@pytest.mark.parametrize(
    ("kind", "machine"), [("sanction", "sanctions"), ("reconciliation_item", "reconciliation-items")]
)
def test_officers_note_what_they_think_of_anything_they_decide_on(
    trade: Trade, planter: Planter, kind: str, machine: str
) -> None:
    """A case of their own, without a customer: what it is about has to be there, and nobody else sees it."""
    name = planter(next(each for each in MACHINES if each.name == machine))
    note = open_about(trade, kind, name, OFFICER)
    assert (note.status, note["customer_id"]) == (201, None), note.body
    assert [item["id"] for item in trade.api.get(f"/v1/cases?about={name}", SUPERVISOR)["items"]] == [note["id"]]
    assert see(trade, note["id"], trade.supplier).status == 404
    assert open_about(trade, kind, f"{name}x", OFFICER)["code"] == "not_found"
    assert open_about(trade, kind, name, trade.buyer)["code"] == "not_found"


def test_officers_note_what_they_think_of_a_customers_case(trade: Trade, case_id: str) -> None:
    note = open_about(trade, "case", case_id, OFFICER)
    assert (note.status, note["about"]) == (201, {"kind": "case", "id": case_id})
    assert open_about(trade, "case", case_id, trade.supplier)["code"] == "not_found"


ACTS: dict[str, Callable[[Trade], tuple[str, Any]]] = {
    "reply": lambda trade: (trade.buyer, REPLY),
    "assign": lambda trade: (OFFICER, {}),
    "escalate": lambda trade: (OFFICER, ESCALATE),
    "resolve": lambda trade: (OFFICER, RESOLVE),
    "reopen": lambda trade: (trade.buyer, REOPEN),
}


@pytest.mark.parametrize("action", ACTS)
def test_a_command_is_one_read_and_one_transaction(trade: Trade, case_id: str, action: str) -> None:
    if action == "reopen":
        act(trade, case_id, "resolve", OFFICER, RESOLVE)
    by, body = ACTS[action](trade)
    with calls() as sent:
        reply = act(trade, case_id, action, by, body)
    assert reply.status == 200, reply.body
    assert sent == ["GetItem", "TransactWriteItems"]


def test_the_customer_hears_of_its_case_by_webhook_and_the_other_side_does_not(trade: Trade, desk: Any) -> None:
    endpoints = {
        by: desk.register(by, "case.*", url=f"https://receiver.example/{n}")["id"]
        for n, by in enumerate((trade.buyer, trade.supplier))
    }
    open_about(trade, "order", trade.propose()["id"], trade.buyer)
    desk.streams()
    assert [len(desk.log(endpoint_id, by)) for by, endpoint_id in endpoints.items()] == [1, 0]

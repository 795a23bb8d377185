"""A protected order from proposal to completion, through the API, and everything that can happen on the way."""

from __future__ import annotations

import pytest

from chalicelib.banks.rules.protocol import SeqSpent, TooEarly
from chalicelib.orders.declared import ORDERS
from chalicelib.orders.examples import TERMS
from chalicelib.orders.records import REPOSITORY
from chalicelib.orders.rules.order import Order
from chalicelib.orders.rules.payments import PaymentReceived
from chalicelib.orders.service.commands import allocate, apply_bank_fact
from chalicelib.shared import journal
from chalicelib.shared.commit import Joined
from chalicelib.shared.request import Caller, RequestContext
from tests.ledger.books import entries_of
from tests.round_trips import calls
from tests.trade import ELSEWHERE, Trade, aside
from tests.world import token


def test_a_happy_order_ends_with_the_money_released_and_the_cover_free(trade: Trade) -> None:
    order_id = trade.agree()
    assert trade.standing().reserved_minor == 150_000
    trade.pay(order_id, 150_000)
    assert trade.see(order_id)["status"] == "funded"
    trade.pay(order_id, 350_000)
    assert trade.ship(order_id)["status"] == "shipped"
    assert trade.act(order_id, "deliver", trade.supplier, {"reference": "POD-1"})["status"] == "delivered"
    received = trade.act(order_id, "receive", trade.buyer)
    assert [deadline["name"] for deadline in received["deadlines"]] == ["claim_window"]
    trade.time.advance(days=30)
    done = trade.see(order_id)
    assert (done["status"], done["allowed_actions"], done["deadlines"]) == ("completed", [], [])
    assert ORDERS.next_due() == trade.time.at
    assert ORDERS.sweep(trade.time.at).looked_at == 1
    assert trade.see(order_id).body == done.body
    money = trade.see(order_id, "/money")
    assert (money["released"]["amount"], money["held"]["amount"]) == ("5000.00", "0.00")
    assert trade.standing().available_minor == 10_000_000
    kinds = [entry["kind"] for entry in trade.see(order_id, "/timeline")["items"]]
    assert kinds == [
        f"order.{name}"
        for name in (
            "proposed",
            "accepted",
            "payment_received",
            "payment_received",
            "shipped",
            "delivered",
            "received",
            "completed",
        )
    ]


def test_every_entry_of_an_order_hangs_on_the_one_before(trade: Trade) -> None:
    order_id = trade.agree()
    trade.fund(order_id)
    order = _stored(order_id)
    entries = entries_of(order_id)
    assert [entry.seq for entry in entries] == [1, 2, 3, 4]
    assert [entry.prev for entry in entries] == [journal.GENESIS, *(entry.entry_hash for entry in entries[:-1])]
    assert order.entry_hash == entries[-1].entry_hash


def test_every_command_twice_gives_the_first_answer(trade: Trade) -> None:
    reply = trade.propose()
    path = f"/v1/orders/{reply['id']}"
    first = trade.api.post(f"{path}/accept", {"version": 1}, trade.supplier, key="once")
    again = trade.api.post(f"{path}/accept", {"version": 1}, trade.supplier, key="once")
    assert (first.status, again.raw, again.headers["Idempotent-Replayed"]) == (200, first.raw, "true")
    assert trade.standing().reserved_minor == 150_000
    other = trade.api.post(f"{path}/accept", {"version": 2}, trade.supplier, key="once")
    assert (other.status, other["code"]) == (422, "idempotency_key_reused")


def test_only_the_other_side_accepts_and_only_the_version_it_saw(trade: Trade) -> None:
    reply = trade.propose()
    own = trade.act(reply["id"], "accept", trade.buyer, {"version": 1})
    assert (own.status, own["code"], own["allowed_actions"]) == (409, "not_in_this_state", ["amend", "cancel"])
    amended = trade.act(reply["id"], "amend", trade.supplier, {"terms": _terms(cover="total")})
    assert (amended["version"], amended["proposed_by"]) == (2, "supplier")
    stale = trade.act(reply["id"], "accept", trade.buyer, {"version": 1})
    assert (stale.status, stale["code"], stale["version"]) == (409, "terms_changed", 2)
    assert trade.act(reply["id"], "accept", trade.buyer, {"version": 2})["status"] == "agreed"
    assert trade.standing().reserved_minor == 500_000


def test_a_draft_is_its_creators_alone(trade: Trade) -> None:
    body = {"buyer_id": trade.buyer_id, "supplier_id": trade.supplier_id, "terms": _terms(), "propose": False}
    draft = trade.api.post("/v1/orders", body, trade.buyer)
    assert draft["status"] == "draft"
    assert trade.see(draft["id"], by=trade.supplier).status == 404
    assert trade.act(draft["id"], "cancel", trade.supplier, {}).status == 404
    assert trade.act(draft["id"], "propose", trade.buyer)["status"] == "proposed"
    assert trade.see(draft["id"], by=trade.supplier).status == 200


def test_too_little_cover_leaves_the_proposal_as_it_was(trade: Trade) -> None:
    big = {
        "items": [{"name": "Crane", "quantity": 1, "unit_price": _usd("150000.00")}],
        "instalments": [{"name": "all", "money": _usd("150000.00")}],
        "cover": "total",
    }
    reply = trade.propose(**big)
    refused = trade.act(reply["id"], "accept", trade.supplier, {"version": 1})
    assert (refused.status, refused["code"]) == (409, "capacity_exceeded")
    assert (refused["shortfall"], refused["maximum"]) == (_usd("50000.00"), _usd("100000.00"))
    assert trade.see(reply["id"])["version"] == 1
    assert trade.standing().reserved_minor == 0


def test_without_a_supplier_in_the_programme_there_is_no_cover_and_the_order_says_so(
    trade: Trade, officer: str
) -> None:
    outside = trade.api.post("/v1/members", {"external_ref": "outside", "name": "Outside", "country": "VN"}, officer)[
        "id"
    ]
    body = {"buyer_id": trade.buyer_id, "supplier_id": outside, "terms": _terms(), "accept_uncovered": True}
    reply = trade.api.post("/v1/orders", body, trade.buyer)
    assert (reply["warning"], reply["terms"]["cover"], reply["cover"]["state"]) == (
        "supplier_not_enrolled",
        "none",
        "none",
    )
    agreed = trade.act(reply["id"], "accept", token("member", outside), {"version": 1})
    assert (agreed["status"], agreed["cover"]["cap"]["amount"]) == ("agreed", "0.00")


def test_a_part_payment_is_covered_for_what_arrived(trade: Trade) -> None:
    order_id = trade.agree()
    trade.pay(order_id, 40_000)
    reply = trade.see(order_id)
    assert (reply["status"], reply["cover"]["active"]["amount"]) == ("part_funded", "400.00")


def test_one_payment_of_everything_fills_both_instalments_and_the_cover_stays_at_the_deposit(trade: Trade) -> None:
    order_id = trade.agree()
    trade.pay(order_id, 500_000)
    reply = trade.see(order_id)
    assert [part["received"]["amount"] for part in reply["instalments"]] == ["1500.00", "3500.00"]
    assert reply["cover"]["active"]["amount"] == "1500.00"
    assert reply["ship_by_at"] == "2026-04-01T02:15:00Z"


def test_what_is_paid_above_the_total_is_owed_back_and_never_covered(trade: Trade) -> None:
    order_id = trade.agree(cover="total")
    trade.pay(order_id, 510_000)
    money = trade.see(order_id, "/money")
    assert (money["received"]["amount"], money["unallocated"]["amount"], money["covered"]["amount"]) == (
        "5000.00",
        "100.00",
        "5000.00",
    )


def test_money_in_another_currency_or_on_another_account_waits_in_suspense(trade: Trade) -> None:
    order_id = trade.agree()
    trade.pay(order_id, 150_000, "R-A", currency="EUR")
    trade.pay(order_id, 150_000, "R-B", account="XX-USD-99")
    reply = trade.see(order_id, "/money")
    assert [paid["status"] for paid in reply["payments"]] == ["wrong_currency", "wrong_account"]
    assert (reply["received"]["amount"], reply["covered"]["amount"]) == ("0.00", "0.00")
    assert trade.see(order_id)["status"] == "agreed"
    assert _balance(order_id, "suspense", ELSEWHERE) == {"EUR": -150_000, "USD": -150_000}


def test_a_payment_after_the_end_waits_in_suspense(trade: Trade) -> None:
    order_id = trade.agree()
    trade.act(order_id, "cancel", trade.buyer, {})
    trade.pay(order_id, 150_000)
    assert trade.see(order_id, "/money")["payments"][0]["status"] == "order_closed"
    assert trade.see(order_id)["status"] == "cancelled"


def test_the_same_payment_noticed_twice_counts_once(trade: Trade) -> None:
    order_id = trade.agree()
    first = trade.pay(order_id, 40_000, "R-1", seq=1)
    again = trade.pay(order_id, 40_000, "R-1", seq=1)
    assert (first.replayed, again.replayed) == (False, True)
    trade.pay(order_id, 40_000, "R-1", seq=2)
    assert trade.see(order_id, "/money")["received"]["amount"] == "400.00"


def test_another_amount_under_a_reference_the_bank_has_used_waits_in_suspense(trade: Trade) -> None:
    order_id = trade.agree()
    trade.pay(order_id, 40_000, "R-1")
    trade.pay(order_id, 50_000, "R-1")
    money = trade.see(order_id, "/money")
    assert [paid["status"] for paid in money["payments"]] == ["counted", "reference_reused"]
    assert (money["received"]["amount"], _balance(order_id, "suspense", ELSEWHERE)) == ("400.00", {"USD": -50_000})


def test_what_an_officer_allocates_is_outside_the_banks_numbering(trade: Trade) -> None:
    order_id = trade.agree()
    fact = PaymentReceived(
        bank_id="boc",
        bank_ref="R-7",
        seq=0,
        account="TA-USD-01",
        value_date=trade.time.at.date(),
        amount_minor=150_000,
        currency="USD",
    )
    officer = RequestContext(
        caller=Caller(sub="officer-1", role="officer"), now=trade.time.at, request_id="x", key="allocate", digest="x"
    )
    allocate(order_id, fact, officer, Joined())
    trade.pay(order_id, 350_000, "R-8", seq=1)
    assert [part["received"]["amount"] for part in trade.see(order_id)["instalments"]] == ["1500.00", "3500.00"]


def test_bank_events_of_an_order_apply_in_their_order(trade: Trade) -> None:
    order_id = trade.agree()
    with pytest.raises(TooEarly) as early:
        trade.pay(order_id, 40_000, seq=2)
    assert early.value.expected == 1
    trade.pay(order_id, 40_000, "R-1", seq=1)
    with pytest.raises(SeqSpent):
        _pay_otherwise(trade, order_id)


def test_refunding_one_of_two_real_payments_leaves_the_order_funded(trade: Trade) -> None:
    order_id = trade.agree()
    trade.pay(order_id, 150_000, "R-1")
    trade.pay(order_id, 150_000, "R-2")
    trade.take_back(order_id, 150_000, "R-2")
    reply = trade.see(order_id)
    assert (reply["status"], [part["received"]["amount"] for part in reply["instalments"]]) == (
        "funded",
        ["1500.00", "0.00"],
    )
    trade.take_back(order_id, 1, "R-2")
    assert trade.see(order_id)["status"] == "funded"
    assert _balance(order_id, "suspense", ELSEWHERE) == {"USD": 1}


def test_a_returned_deposit_takes_the_order_back_to_where_it_waits_for_money(trade: Trade) -> None:
    order_id = trade.agree()
    trade.pay(order_id, 150_000, "R-1")
    trade.take_back(order_id, 150_000, "R-1")
    reply = trade.see(order_id)
    assert (reply["status"], reply["cover"]["active"]["amount"]) == ("agreed", "0.00")
    assert _balance(order_id, "held") == {}


def test_the_supplier_may_put_up_with_what_bank_fees_took_and_surplus_cover_is_released(trade: Trade) -> None:
    order_id = trade.agree()
    trade.pay(order_id, 147_800)
    assert trade.see(order_id)["status"] == "part_funded"
    by_buyer = trade.act(order_id, "accept-short-payment", trade.buyer, {})
    assert by_buyer.status == 403
    taken = trade.act(order_id, "accept-short-payment", trade.supplier, {})
    assert (taken["status"], taken["cover"]["cap"]["amount"], taken["cover"]["active"]["amount"]) == (
        "funded",
        "1478.00",
        "1478.00",
    )
    assert trade.standing().reserved_minor == 147_800
    trade.pay(order_id, 350_000)
    assert trade.ship(order_id).status == 200


def test_a_large_shortfall_must_be_named(trade: Trade) -> None:
    order_id = trade.agree()
    trade.pay(order_id, 100_000)
    silent = trade.act(order_id, "accept-short-payment", trade.supplier, {})
    assert (silent.status, silent["code"], silent["shortfall"], silent["maximum"]) == (
        422,
        "shortfall_not_agreed",
        _usd("500.00"),
        _usd("75.00"),
    )
    named = trade.act(order_id, "accept-short-payment", trade.supplier, {"shortfall": _usd("500.00")})
    assert named["status"] == "funded"


def test_an_order_nobody_answers_or_pays_expires_and_frees_its_cover(trade: Trade) -> None:
    silent, unpaid = trade.propose()["id"], trade.agree()
    trade.time.advance(days=30)
    assert trade.see(silent)["status"] == "expired"
    late = trade.act(silent, "accept", trade.supplier, {"version": 1})
    assert (late.status, late["status"], late["allowed_actions"]) == (409, 409, [])
    trade.time.advance(days=30)
    assert trade.see(unpaid)["status"] == "expired"
    _sweep(trade)
    assert trade.standing().available_minor == 10_000_000


def test_a_deadline_is_met_one_millisecond_before_and_missed_at_its_instant(trade: Trade) -> None:
    in_time, too_late = trade.propose(), trade.propose()
    trade.time.advance(days=30, milliseconds=-1)
    assert trade.act(in_time["id"], "accept", trade.supplier, {"version": 1}).status == 200
    trade.time.advance(milliseconds=1)
    assert trade.act(too_late["id"], "accept", trade.supplier, {"version": 1}).status == 409


def test_a_late_sweep_gives_the_result_of_one_in_time(trade: Trade) -> None:
    order_id = trade.agree()
    trade.fund(order_id)
    trade.ship(order_id)
    trade.time.advance(days=60 + 30 + 200)
    _sweep(trade)
    timeline = trade.see(order_id, "/timeline")["items"]
    assert [(entry["kind"], entry["at"]) for entry in timeline[-2:]] == [
        ("order.received", "2026-05-01T02:15:00Z"),
        ("order.completed", "2026-05-31T02:15:00Z"),
    ]
    assert timeline[-1]["recorded_at"] != timeline[-1]["at"]


def test_a_deposit_that_stays_short_is_owed_back(trade: Trade) -> None:
    order_id = trade.agree()
    trade.pay(order_id, 40_000)
    trade.time.advance(days=60)
    _sweep(trade)
    assert trade.see(order_id)["status"] == "cancelled"
    assert _balance(order_id, "refunds_payable") == {"USD": -40_000}
    assert trade.standing().reserved_minor == 0


def test_after_funding_a_cancel_needs_both(trade: Trade) -> None:
    order_id = trade.agree()
    trade.fund(order_id)
    reply = trade.act(order_id, "cancel", trade.buyer, {"reason": "changed plans"})
    assert (reply["status"], reply["cancel_requested_by"]) == ("funded", "buyer")
    assert trade.act(order_id, "cancel", trade.buyer, {}).status == 409
    done = trade.act(order_id, "cancel", trade.supplier, {})
    assert (done["status"], trade.see(order_id, "/money")["refunded"]["amount"]) == ("refunded", "5000.00")
    assert trade.standing().available_minor == 10_000_000


def test_an_order_never_shipped_gives_its_money_back(trade: Trade) -> None:
    order_id = trade.agree()
    trade.fund(order_id)
    trade.time.advance(days=30 + 30)
    _sweep(trade)
    assert trade.see(order_id)["status"] == "refunded"


def test_the_day_to_ship_by_moves_when_both_want_it_before_it_passes(trade: Trade) -> None:
    order_id = trade.agree(ship_by={"kind": "fixed", "date": "2026-04-30", "zone": "Asia/Shanghai"})
    trade.fund(order_id)
    assert trade.see(order_id)["ship_by_at"] == "2026-04-30T16:00:00Z"
    reply = trade.act(order_id, "amend", trade.supplier, {"ship_by": {"kind": "fixed", "date": "2026-05-15"}})
    assert reply["ship_by_change_request"]["date"] == "2026-05-15"
    assert trade.see(order_id, "/timeline")["items"][-1]["kind"] == "order.ship_by_change_requested"
    assert "accept" not in reply["allowed_actions"]
    moved = trade.act(order_id, "accept", trade.buyer, {"version": reply["version"]})
    assert (moved["ship_by_at"], moved["ship_by_change_request"]) == ("2026-05-15T16:00:00Z", None)
    trade.time.advance(days=90)
    assert (
        trade.act(order_id, "amend", trade.supplier, {"ship_by": {"kind": "fixed", "date": "2026-08-15"}})["code"]
        == "old_day_has_passed"
    )


def test_a_balance_paid_late_moves_the_day_to_ship_by(trade: Trade) -> None:
    order_id = trade.agree(ship_by={"kind": "fixed", "date": "2026-04-30", "zone": "Asia/Shanghai"})
    trade.pay(order_id, 150_000)
    assert trade.see(order_id)["ship_by_at"] is None
    assert "ship" not in trade.see(order_id, by=trade.supplier)["allowed_actions"]
    trade.time.advance(days=54)
    trade.pay(order_id, 350_000)
    assert trade.see(order_id)["ship_by_at"] == "2026-05-02T02:15:00Z"


def test_goods_may_leave_in_parts(trade: Trade) -> None:
    order_id = trade.agree()
    trade.fund(order_id)
    part = trade.ship(order_id, lines=[{"line": 1, "quantity": 40}])
    assert (part["status"], len(part["shipments"])) == ("funded", 1)
    much = trade.ship(order_id, lines=[{"line": 1, "quantity": 61}])
    assert (much.status, much["code"], much["maximum"]) == (422, "not_that_much_left_to_ship", 60)
    assert trade.ship(order_id)["status"] == "shipped"


def test_each_side_extends_receipt_once(trade: Trade) -> None:
    order_id = trade.agree(transport="express")
    trade.fund(order_id)
    shipped = trade.ship(order_id)
    assert shipped["deadlines"][0]["due_at"] == "2026-03-17T02:15:00Z"
    assert trade.act(order_id, "extend-receipt", trade.buyer)["deadlines"][0]["due_at"] == "2026-04-01T02:15:00Z"
    assert trade.act(order_id, "extend-receipt", trade.buyer).status == 409
    assert trade.act(order_id, "extend-receipt", trade.supplier)["deadlines"][0]["due_at"] == "2026-04-16T02:15:00Z"
    trade.time.advance(days=45)
    reply = trade.see(order_id)
    assert (reply["status"], reply["received_automatically"]) == ("received", True)


def test_a_foreign_currency_reserves_at_the_table_rate_rounded_up(trade: Trade) -> None:
    won = {
        "currency": "KRW",
        "cover": "total",
        "items": [{"name": "Film", "quantity": 1, "unit_price": {"amount": "1000001", "currency": "KRW"}}],
    }
    order_id = trade.agree(**won, instalments=[{"name": "all", "money": {"amount": "1000001", "currency": "KRW"}}])
    assert trade.standing().reserved_minor == 82_001
    assert trade.see(order_id)["cover"]["reserved"]["amount"] == "820.01"


@pytest.mark.parametrize("param", ["buyer_id", "supplier_id"])
def test_a_party_that_is_no_member_is_named(trade: Trade, param: str) -> None:
    body = {"buyer_id": trade.buyer_id, "supplier_id": trade.supplier_id, "terms": _terms()}
    by = trade.supplier if param == "buyer_id" else trade.buyer
    refused = trade.api.post("/v1/orders", body | {param: "mem_00000000000000000000000000"}, by)
    assert (refused.status, refused["code"], refused["param"]) == (422, "unknown_member", param)


@pytest.mark.parametrize("side", ["buyer", "supplier"])
def test_a_proposal_is_one_read_of_both_parties_and_one_transaction(trade: Trade, side: str) -> None:
    body = {"buyer_id": trade.buyer_id, "supplier_id": trade.supplier_id, "terms": _terms()}
    with calls() as sent:
        reply = trade.api.post("/v1/orders", body, {"buyer": trade.buyer, "supplier": trade.supplier}[side])
    assert reply.status == 201, reply.body
    assert sent == ["BatchGetItem", "TransactWriteItems"]


def test_outsiders_see_nothing(trade: Trade) -> None:
    order_id = trade.agree()
    stranger = token("member", "mem_00000000000000000000000000")
    for path in ("", "/timeline", "/money"):
        assert trade.see(order_id, path, by=stranger).status == 404
    assert trade.act(order_id, "cancel", stranger, {}).status == 404


def test_lists_are_by_side_and_state_and_page(trade: Trade) -> None:
    ids = []
    for _ in range(3):
        trade.time.advance(milliseconds=1)
        ids.append(trade.propose()["id"])
    trade.act(ids[1], "accept", trade.supplier, {"version": 1})
    page = trade.api.get("/v1/orders?limit=2", trade.buyer)
    rest = trade.api.get(f"/v1/orders?limit=2&cursor={page['next_cursor']}", trade.buyer)
    assert [order["id"] for order in page["items"] + rest["items"]] == ids[::-1]
    agreed = trade.api.get("/v1/orders?as=supplier&status=agreed", trade.supplier)
    assert [order["id"] for order in agreed["items"]] == [ids[1]]
    assert trade.api.get("/v1/orders?as=supplier", trade.buyer)["items"] == []


def test_a_cover_quote_says_how_much_and_why_not(trade: Trade) -> None:
    quote = trade.api.post("/v1/cover-quotes", {"supplier_id": trade.supplier_id, "terms": _terms()}, trade.buyer)
    assert (quote["covered"], quote["cap"]["amount"], quote["why"]) == (True, "1500.00", [])
    other = trade.api.post("/v1/cover-quotes", {"supplier_id": trade.buyer_id, "terms": _terms()}, trade.buyer)
    assert (other["covered"], other["why"]) == (False, ["supplier_not_enrolled"])


def test_a_supplier_sees_its_cover_and_who_holds_it(trade: Trade, officer: str) -> None:
    order_id = trade.agree()
    path = f"/v1/suppliers/{trade.supplier_id}/coverage"
    reply = trade.api.get(path, trade.supplier)
    assert (reply["limit"]["amount"], reply["available"]["amount"], reply["reserved"]["amount"]) == (
        "100000.00",
        "98500.00",
        "1500.00",
    )
    assert [held["order_id"] for held in reply["reservations"]["items"]] == [order_id]
    assert trade.api.get(path, officer).body == reply.body
    assert trade.api.get(path, trade.buyer).status == 404


def test_if_match_guards_a_command(trade: Trade) -> None:
    reply = trade.propose()
    wrong = trade.api.post(f"/v1/orders/{reply['id']}/cancel", {}, trade.buyer, If_Match='"7"')
    assert (wrong.status, wrong["code"], wrong["version"]) == (409, "version_mismatch", 1)
    assert trade.api.post(f"/v1/orders/{reply['id']}/cancel", {}, trade.buyer, If_Match='"1"')["status"] == "cancelled"


def _terms(**changes: object) -> dict[str, object]:
    return TERMS | changes


def _usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def _stored(order_id: str) -> Order:
    order = REPOSITORY.load(order_id)
    assert order is not None
    return order


def _balance(order_id: str, account: str, of: str = "") -> dict[str, int]:
    """Debits less credits of an account of an order, or of something else, from the order's journal entries."""
    sums: dict[str, int] = {}
    for entry in entries_of(order_id):
        for leg in entry.event.postings:
            if (leg.account, leg.owner_id) == (account, of or order_id):
                sums[leg.currency] = sums.get(leg.currency, 0) + leg.debit_minor - leg.credit_minor
    return {currency: total for currency, total in sums.items() if total}


def _sweep(trade: Trade) -> None:
    while (due := ORDERS.next_due()) and due <= trade.time.at:
        ORDERS.sweep(trade.time.at)


def _pay_otherwise(trade: Trade, order_id: str) -> None:
    fact = PaymentReceived(
        bank_id="boc",
        bank_ref="R-9",
        seq=1,
        account="TA-USD-01",
        value_date=trade.time.at.date(),
        amount_minor=1,
        currency="USD",
    )
    request = RequestContext(
        caller=Caller(sub="bank:boc", role="bank"), now=trade.time.at, request_id="x", key="another-message", digest="x"
    )
    apply_bank_fact(order_id, fact, request, aside=aside(fact))

"""Other terms after agreement: what moves with them, and what does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.ledger.rules.chart import COVER_AVAILABLE
from chalicelib.orders.examples import TERMS
from chalicelib.orders.rules import agreement, amending, delivery
from chalicelib.orders.rules.amending import TooLateToAmend
from chalicelib.orders.rules.order import Claimed, Order, Policy, ShipByRequest, TermsChangeRequest
from chalicelib.orders.rules.terms import BadTerms, ShipAfterPayment, Terms
from chalicelib.orders.rules.transitions import NotInThisState
from chalicelib.orders.views.requests import TermsRequest
from chalicelib.shared import fx, policies
from tests import provoked
from tests.claims.playing import PAYMENTS
from tests.claims.rules.given import PAID, TERMS_POLICY, consignment, paid_order
from tests.round_trips import calls
from tests.trade import Trade
from tests.world import Reply

NOW = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
POLICY = policies.versions("protection")[0]
CHOICES = st.sampled_from(["none", "deposit", "total"])


def goods(quantity: int, deposit: int, cover: str = "deposit", **more: Any) -> dict[str, Any]:
    """The usual chairs at 50.00 each, so many of them, with another deposit; amounts in whole dollars."""
    total = quantity * 50
    parts = [("deposit", deposit), ("balance", total - deposit)] if deposit < total else [("deposit", total)]
    return TERMS | {
        "items": [TERMS["items"][0] | {"quantity": quantity}],
        "instalments": [{"name": name, "money": {"amount": f"{whole}.00", "currency": "USD"}} for name, whole in parts],
        "cover": cover,
        **more,
    }


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def ask(trade: Trade, order_id: str, terms: dict[str, Any], by: str = "") -> Reply:
    return trade.act(order_id, "amend", by or trade.buyer, {"terms": terms})


def change(trade: Trade, order_id: str, terms: dict[str, Any]) -> Reply:
    """Asked for by the buyer, accepted by the supplier."""
    reply = ask(trade, order_id, terms)
    assert reply.status == 200, reply.body
    return trade.act(order_id, "accept", trade.supplier, {"version": reply["version"]})


def test_what_is_asked_for_is_seen_by_both_and_changes_nothing_yet(trade: Trade) -> None:
    order_id = trade.agree()
    reply = ask(trade, order_id, goods(120, 1800))
    for side in (trade.buyer, trade.supplier):
        wanted = trade.see(order_id, by=side)["terms_change_request"]
        assert (wanted["by"], wanted["terms"]["total"], wanted["cap"]) == ("buyer", usd("6000.00"), usd("1800.00"))
        assert [part["money"] for part in wanted["instalments"]] == [usd("1800.00"), usd("4200.00")]
    assert (reply["terms"]["total"], reply["cover"]["cap"]) == (usd("5000.00"), usd("1500.00"))
    assert "accept" not in reply["allowed_actions"]
    assert "accept" in trade.see(order_id, by=trade.supplier)["allowed_actions"]


def test_a_second_request_of_the_same_side_replaces_the_first(trade: Trade) -> None:
    order_id = trade.agree()
    first = ask(trade, order_id, goods(120, 1800))
    second = ask(trade, order_id, goods(110, 1650))
    late = trade.act(order_id, "accept", trade.supplier, {"version": first["version"]})
    assert (late.status, late["code"]) == (409, "terms_changed")
    taken = trade.act(order_id, "accept", trade.supplier, {"version": second["version"]})
    assert (taken["terms"]["total"], taken["terms_change_request"]) == (usd("5500.00"), None)


def test_a_day_to_ship_by_and_other_terms_are_asked_for_one_at_a_time(trade: Trade) -> None:
    order_id = trade.agree()
    day = {"kind": "after_payment", "days": 50, "payment": "full"}
    trade.act(order_id, "amend", trade.buyer, {"ship_by": day})
    reply = ask(trade, order_id, goods(100, 1500, ship_by=day))
    assert (reply["ship_by_change_request"], reply["terms_change_request"]["terms"]["ship_by"]) == (None, day)
    again = trade.act(order_id, "amend", trade.buyer, {"ship_by": day})
    assert (again["terms_change_request"], again["ship_by_change_request"]) == (None, day)
    assert trade.act(order_id, "amend", trade.supplier, {"ship_by": day}).status == 409


def test_a_larger_deposit_takes_the_order_back_to_where_it_waits_for_it(trade: Trade) -> None:
    order_id = trade.agree()
    trade.pay(order_id, 150_000)
    trade.time.advance(days=59)
    changed = change(trade, order_id, goods(120, 1800))
    assert (changed["status"], changed["cover"]["active"]) == ("part_funded", usd("1500.00"))
    payment = next(deadline for deadline in changed["deadlines"] if deadline["name"] == "payment")
    assert payment["due_at"] == "2026-06-29T02:15:00Z"
    trade.pay(order_id, 30_000)
    assert trade.see(order_id)["status"] == "funded"


def test_a_smaller_total_may_make_what_was_paid_all_there_is_to_pay(trade: Trade) -> None:
    order_id = trade.agree()
    trade.pay(order_id, 250_000)
    assert trade.see(order_id)["ship_by_at"] is None
    changed = change(trade, order_id, goods(50, 1500))
    assert (changed["status"], changed["ship_by_at"]) == ("funded", "2026-04-01T02:15:00Z")
    assert trade.ship(order_id).status == 200


def test_money_above_the_old_total_counts_towards_a_larger_new_one(trade: Trade) -> None:
    order_id = trade.agree(cover="total")
    trade.pay(order_id, 560_000)
    changed = change(trade, order_id, goods(110, 1500, "total"))
    money = trade.see(order_id, "/money")
    assert (money["received"], money["unallocated"]) == (usd("5500.00"), usd("100.00"))
    assert changed["cover"]["active"] == usd("5500.00")
    assert trade.standing().reserved_minor == 550_000


def test_a_balance_that_is_owed_anew_has_its_full_time(trade: Trade) -> None:
    order_id = trade.agree(ship_by={"kind": "after_payment", "days": 90, "payment": "full"})
    trade.fund(order_id)
    trade.time.advance(days=80)
    long = {"kind": "after_payment", "days": 90, "payment": "full"}
    changed = change(trade, order_id, goods(120, 1500, ship_by=long))
    assert [deadline["name"] for deadline in changed["deadlines"]] == ["balance"]
    trade.time.advance(days=59)
    assert trade.see(order_id)["status"] == "funded"
    trade.time.advance(days=1)
    assert trade.see(order_id)["status"] == "refunded"


def test_cover_may_be_chosen_later_and_given_up(trade: Trade) -> None:
    order_id = trade.agree(cover="none")
    assert change(trade, order_id, goods(100, 1500, "total"))["cover"]["cap"] == usd("5000.00")
    assert trade.standing().reserved_minor == 500_000
    given_up = change(trade, order_id, goods(100, 1500, "none"))
    assert (given_up["cover"]["state"], trade.standing().reserved_minor) == ("released", 0)
    assert change(trade, order_id, goods(100, 1500, "deposit"))["cover"]["state"] == "reserved"
    assert trade.standing().reserved_minor == 150_000


@pytest.mark.parametrize(
    ("terms", "param"),
    [
        (goods(20, 1000), "terms.items"),
        (goods(100, 1500, currency="EUR"), "terms.items[0].unit_price.currency"),
        (goods(100, 1500, instalments=TERMS["instalments"][:1]), "instalments"),
    ],
)
def test_terms_that_do_not_fit_what_was_paid_are_refused_when_asked_for(
    trade: Trade, terms: dict[str, Any], param: str
) -> None:
    order_id = trade.agree()
    trade.pay(order_id, 150_000)
    refused = ask(trade, order_id, terms)
    assert (refused.status, refused["code"], refused["param"]) == (422, "bad_terms", param)


def test_another_currency_is_another_order(trade: Trade) -> None:
    euros = [{"name": "Oak chair", "quantity": 1, "unit_price": {"amount": "50.00", "currency": "EUR"}}]
    parts = [{"name": "all", "money": {"amount": "50.00", "currency": "EUR"}}]
    refused = ask(trade, trade.agree(), TERMS | {"currency": "EUR", "items": euros, "instalments": parts})
    assert (refused.status, refused["param"]) == (422, "terms.currency")


def test_money_that_arrives_between_asking_and_accepting_is_looked_at_again(trade: Trade) -> None:
    order_id = trade.agree()
    ask(trade, order_id, goods(60, 1500))
    trade.fund(order_id)
    version = trade.see(order_id)["version"]
    refused = trade.act(order_id, "accept", trade.supplier, {"version": version})
    assert (refused.status, refused["param"], refused["minimum"]) == (422, "terms.items", usd("5000.00"))


def test_cover_the_supplier_has_drawn_on_early_cannot_be_given_up(trade: Trade) -> None:
    order_id = trade.agree()
    trade.fund(order_id)
    provoked.given("Of the order 1,500.00 USD are held and covered.")
    beyond = trade.act(order_id, "early-payout", trade.supplier, {"money": usd("1500.01")})
    assert (beyond.status, beyond["code"], beyond["maximum"]) == (422, "not_that_much_free", usd("1500.00"))
    trade.act(order_id, "early-payout", trade.supplier, {"money": usd("700.00")})
    refused = ask(trade, order_id, goods(100, 1500, "none"))
    assert (refused.status, refused["param"], refused["minimum"]) == (422, "terms.cover", usd("700.00"))


def test_once_goods_have_left_the_terms_stay(trade: Trade) -> None:
    order_id = trade.agree()
    trade.fund(order_id)
    ask(trade, order_id, goods(120, 1500))
    assert trade.ship(order_id, lines=[{"line": 1, "quantity": 10}])["terms_change_request"] is None
    refused = ask(trade, order_id, goods(120, 1500))
    assert (refused.status, refused["code"]) == (409, "not_in_this_state")


def test_both_commands_twice_give_the_first_answer(trade: Trade) -> None:
    order_id, body = trade.agree(), {"terms": goods(120, 1800)}
    answer = [trade.api.post(f"/v1/orders/{order_id}/amend", body, trade.buyer, key="ask") for _ in "12"]
    seen = {"version": answer[0]["version"]}
    taken = [trade.api.post(f"/v1/orders/{order_id}/accept", seen, trade.supplier, key="take") for _ in "12"]
    for first, again in (answer, taken):
        assert (again.raw, again.headers["Idempotent-Replayed"]) == (first.raw, "true")
    assert trade.standing().reserved_minor == 180_000


def test_the_journal_tells_both_contracts_and_the_policy_stays_the_orders_own(trade: Trade) -> None:
    order_id = trade.agree()
    before = trade.see(order_id)
    after = change(trade, order_id, goods(120, 1800))
    newest = trade.see(order_id, "/timeline")["items"][-1]
    assert (newest["kind"], newest["by"]) == ("order.terms_changed", "supplier")
    assert (newest["payload"]["old"], newest["payload"]["new"]) == (before["terms"]["hash"], after["terms"]["hash"])
    assert (newest["payload"]["old_cap"], newest["payload"]["new_cap"]) == (usd("1500.00"), usd("1800.00"))
    assert after["policy"] == before["policy"]
    assert trade.standing().reserved_minor == 180_000


def test_more_cover_is_reserved_at_the_rate_of_the_first(trade: Trade) -> None:
    """Both at the rate of March, though the second is asked for in another month."""
    yuan = {"currency": "CNY"}
    items = [{"name": "Oak chair", "quantity": 100, "unit_price": {"amount": "50.00", "currency": "CNY"}}]
    parts = [{"name": "all", "money": {"amount": "5000.00", "currency": "CNY"}}]
    order_id = trade.agree(**yuan, items=items, instalments=parts, cover="total")
    first = trade.see(order_id)["cover"]
    trade.time.advance(days=40)
    doubled = [parts[0] | {"money": {"amount": "10000.00", "currency": "CNY"}}]
    more = TERMS | yuan | {"items": [items[0] | {"quantity": 200}], "instalments": doubled, "cover": "total"}
    second = change(trade, order_id, more)["cover"]
    assert (second["rate"], second["rate_as_of"]) == (first["rate"], first["rate_as_of"])
    assert trade.standing().reserved_minor == int(second["reserved"]["amount"].replace(".", ""))


@pytest.mark.parametrize(("by", "action"), [("buyer", "amend"), ("supplier", "accept")])
def test_asking_and_accepting_are_one_read_and_one_transaction(trade: Trade, by: str, action: str) -> None:
    order_id = trade.agree()
    body: dict[str, Any] = {"terms": goods(120, 1800)}
    if action == "accept":
        body = {"version": ask(trade, order_id, body["terms"])["version"]}
    with calls() as sent:
        assert trade.act(order_id, action, getattr(trade, by), body).status == 200
    assert sent == ["GetItem", "TransactWriteItems"]


# --- rules ------------------------------------------------------------------------------------------------------------


@given(
    received=st.integers(0, 700_000),
    quantity=st.integers(1, 200),
    deposit=st.integers(1, 10_000),
    first=CHOICES,
    then=CHOICES,
)
def test_whatever_the_terms_become_money_and_cover_follow_to_the_unit(
    received: int, quantity: int, deposit: int, first: str, then: str
) -> None:
    order = _agreed(first)
    order = replace(
        order,
        received_minor=min(received, 500_000),
        unallocated_minor=max(0, received - 500_000),
        funded_at=NOW if received >= 150_000 else None,
        paid_at=NOW if received >= 500_000 else None,
    )
    order = replace(order, status=order.funded_status)
    terms = _terms(goods(quantity, min(deposit, quantity * 50), then))
    policy = POLICY.read_as(Policy)
    if terms.total_minor < order.received_minor:
        with pytest.raises(BadTerms):
            amending.request_terms_change(order, "supplier", terms, policy, NOW)
        return
    asked = amending.request_terms_change(order, "supplier", terms, policy, NOW)
    quote = fx.quote("USD", NOW.date())
    step = agreement.accept(
        asked.state, "buyer", asked.state.version, policy=policy, policy_hash=POLICY.hash, quote=quote, now=NOW
    )
    after = step.state
    assert after.received_minor + after.unallocated_minor == received
    assert after.unallocated_minor == 0 or after.received_minor == terms.total_minor
    assert after.status == after.funded_status
    assert bool(after.funded_at) == (after.status == "funded")
    assert bool(after.paid_at) == (after.received_minor >= terms.total_minor)
    assert (after.cover.remaining_usd_minor if after.cover else 0) == terms.cap_minor
    was = order.cover.remaining_usd_minor if order.cover else 0
    moved = [leg.credit_minor - leg.debit_minor for leg in step.event.postings if leg.account == COVER_AVAILABLE]
    assert sum(moved) == terms.cap_minor - was
    assert len(step.effects) == len(moved)
    assert after.active_cover_minor == min(terms.cap_minor, after.received_minor)


def test_terms_are_not_changed_while_somebody_claims_on_them() -> None:
    claimed = Claimed(claim_id="clm_1", reason="not_shipped", lines=(1,), requested_minor=1)
    order = replace(_agreed("deposit"), status="funded", claims=(claimed,), paused_since=NOW)
    with pytest.raises(NotInThisState, match="A claim is open"):
        amending.request_terms_change(order, "buyer", _terms(goods(120, 1800)), POLICY.read_as(Policy), NOW)


def test_what_was_waived_stays_waived_of_an_instalment_that_stays() -> None:
    order = replace(_agreed("total"), waivers={"deposit": 2_200}, received_minor=147_800, status="funded")
    policy = POLICY.read_as(Policy)
    for terms, due in ((goods(120, 1500, "total"), 597_800), (goods(120, 1800, "total"), 600_000)):
        asked = amending.request_terms_change(order, "supplier", _terms(terms), policy, NOW).state
        after = agreement.accept(
            asked, "buyer", asked.version, policy=policy, policy_hash="", quote=None, now=NOW
        ).state
        assert (after.due_minor, after.cover and after.cover.cap_minor) == (due, due)


def test_a_day_that_has_passed_may_stay_but_not_move() -> None:
    day = {"kind": "fixed", "date": "2026-03-20", "zone": "Asia/Shanghai"}
    order = replace(_agreed("deposit", ship_by=day), status="funded", funded_at=NOW, paid_at=NOW)
    policy, later = POLICY.read_as(Policy), NOW + timedelta(days=25)
    stays = _terms(goods(90, 1500, ship_by=day))
    assert amending.request_terms_change(order, "buyer", stays, policy, later).state.terms_change_request
    moves = _terms(goods(90, 1500, ship_by=day | {"date": "2026-05-01"}))
    with pytest.raises(TooLateToAmend):
        amending.request_terms_change(order, "buyer", moves, policy, later)


def _terms(body: dict[str, Any]) -> Terms:
    return msgspec.convert(body, TermsRequest).terms("UTC")


def _agreed(cover: str, **changes: Any) -> Order:
    order = agreement.create(
        "ord_1",
        _terms(TERMS | {"cover": cover} | changes),
        side="buyer",
        buyer_id="mem_b",
        supplier_id="mem_s",
        policy=POLICY.hash,
        warning="",
        propose=True,
        now=NOW,
    ).state
    quote = fx.quote("USD", NOW.date()) if cover != "none" else None
    policy = POLICY.read_as(Policy)
    return agreement.accept(order, "supplier", 1, policy=policy, policy_hash=POLICY.hash, quote=quote, now=NOW).state


def _asked_to_cancel(**changes: Any) -> Order:
    return paid_order(cancel_requested_by="supplier", payments=PAYMENTS, **changes)


def _ships_a_part(order: Order) -> Order:
    return delivery.ship(order, consignment(PAID, line_1=20), TERMS_POLICY, PAID + timedelta(days=1)).state


def _takes_other_terms(order: Order) -> Order:
    items = tuple(replace(item, name=f"{item.name}, waxed") for item in order.terms.items)
    wanted = TermsChangeRequest("buyer", replace(order.terms, items=items))
    return amending.accept_terms(order, wanted, TERMS_POLICY, None, PAID + timedelta(days=1)).state


def _takes_another_day(order: Order) -> Order:
    asked = replace(order, ship_by_change_request=ShipByRequest("buyer", ShipAfterPayment(days=60, payment="full")))
    return agreement.accept(
        asked, "supplier", asked.version, policy=TERMS_POLICY, policy_hash="", quote=None, now=PAID + timedelta(days=1)
    ).state


@pytest.mark.parametrize("goes_on", [_ships_a_part, _takes_other_terms, _takes_another_day])
def test_who_asked_to_cancel_and_then_goes_on_with_the_order_consents_to_nothing_any_more(
    goes_on: Callable[[Order], Order],
) -> None:
    """Else the other side could end it by that old word, and keep goods that have left since."""
    order = goes_on(_asked_to_cancel())
    assert (order.status, order.cancel_requested_by) == ("funded", None)
    asked = agreement.cancel(order, "buyer", "", PAID + timedelta(days=2)).state
    assert (asked.status, asked.cancel_requested_by) == ("funded", "buyer")
    assert agreement.cancel(_asked_to_cancel(), "buyer", "", PAID).state.status == "refunded"

"""A thing whose chain is broken: who marks it, what is refused, how it goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.deposits.examples import RISK
from chalicelib.deposits.service import days as deposits_days
from chalicelib.ledger.records import quarantines
from chalicelib.ledger.records.chains import ChainRow
from chalicelib.ledger.rules.chain import BadEntry
from chalicelib.ledger.service import quarantining, verifying
from chalicelib.orders.declared import ORDERS
from chalicelib.shared import clock, journal
from chalicelib.shared.commit import commit
from chalicelib.shared.journal import Entry, Event, JournalRow
from chalicelib.shared.quarantine import ChainBroken
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.suppliers.rules.balance import Balance, Draw
from chalicelib.webhooks.rules.delivery import Outcome
from tests.bank_events.conftest import Bank, bank
from tests.deposits.account.shop import OFFICER as DEPOSITS
from tests.deposits.account.shop import Shop, shop, yuan
from tests.dispute import Dispute
from tests.ledger.books import delete, raw_journal, tamper
from tests.suppliers import effects
from tests.trade import Trade
from tests.webhooks.conftest import URL, Desk, desk, receiver
from tests.world import Api, Reply, Streams, token

__all__ = ["bank", "desk", "receiver", "shop"]

REPAIRED = {"reason": "Restored from the backup of this morning."}


@pytest.fixture
def order_id(trade: Trade, streams: Streams) -> str:
    """Accepted, paid in full and in the books: four entries."""
    made = trade.agree()
    trade.fund(made)
    streams()
    return made


def entry_of(aggregate_id: str, seq: int) -> dict[str, Any]:
    return next(
        item for item in raw_journal() if (item["aggregate_id"]["S"], item["seq"]["N"]) == (aggregate_id, str(seq))
    )


def break_entry(aggregate_id: str, seq: int) -> dict[str, Any]:
    """Change when an entry says it happened. Answers the entry as it was."""
    was = entry_of(aggregate_id, seq)
    tamper(was["entry_id"]["S"], at={"N": str(int(was["at"]["N"]) + 1)})
    return was


def repair(was: dict[str, Any]) -> None:
    tamper(was["entry_id"]["S"], at=was["at"])


def verify(api: Api, officer: str, aggregate_id: str = "") -> Reply:
    return api.get("/v1/ledger/verification" + (f"?aggregate_id={aggregate_id}" if aggregate_id else ""), officer)


def lift(api: Api, officer: str, aggregate_id: str, **more: Any) -> Reply:
    return api.post(f"/v1/ledger/chains/{aggregate_id}/lift", REPAIRED, officer, **more)


def test_nothing_is_written_to_a_thing_whose_chain_is_broken_and_everything_is_read(
    trade: Trade, order_id: str, officer: str
) -> None:
    bad = break_entry(order_id, 2)
    reply = verify(trade.api, officer, order_id)
    assert (reply["ok"], reply["first_bad"]["seq"], reply["quarantine"]["seq"]) == (False, 2, 2)
    refused = trade.ship(order_id)
    assert (refused.status, refused["code"]) == (409, "chain_broken")
    assert (refused["aggregate_id"], refused["seq"], refused["entry_id"]) == (order_id, 2, bad["entry_id"]["S"])
    assert "duty admin" in refused["fix"]
    assert trade.see(order_id)["status"] == "funded"
    assert len(trade.see(order_id, "/timeline")["items"]) == 4
    assert trade.api.get("/v1/orders?as=supplier", trade.supplier)["items"][0]["id"] == order_id


def test_other_things_go_on(trade: Trade, order_id: str, officer: str) -> None:
    break_entry(order_id, 2)
    verify(trade.api, officer, order_id)
    other = trade.agree()
    trade.fund(other)
    assert trade.ship(other).status == 200


def test_an_officer_lifts_the_mark_once_the_chain_holds_again(trade: Trade, order_id: str, officer: str) -> None:
    was = break_entry(order_id, 2)
    verify(trade.api, officer, order_id)
    early = lift(trade.api, officer, order_id)
    assert (early.status, early["code"], early["seq"]) == (409, "chain_broken", 2)
    repair(was)
    assert trade.ship(order_id).status == 409
    assert verify(trade.api, officer, order_id)["quarantine"]["status"] == "marked"
    first, again = (lift(trade.api, officer, order_id, key="lift") for _ in "12")
    assert (first.status, first["status"], first["reason"]) == (200, "lifted", REPAIRED["reason"])
    assert (again.raw, again.headers["Idempotent-Replayed"]) == (first.raw, "true")
    assert lift(trade.api, officer, order_id).status == 404
    assert verify(trade.api, officer, order_id)["quarantine"] is None
    assert trade.ship(order_id).status == 200


def test_finding_and_lifting_are_in_the_journal(trade: Trade, order_id: str, officer: str) -> None:
    was = break_entry(order_id, 2)
    for _ in range(2):  # the second time it is known
        verify(trade.api, officer, order_id)
    repair(was)
    lift(trade.api, officer, order_id)
    kinds = [entry.event.kind for entry in _entries("brk")]
    assert sorted(kinds) == ["chain.broken", "chain.quarantine_lifted"]
    lifted = next(entry for entry in _entries("brk") if entry.event.kind == "chain.quarantine_lifted")
    assert (lifted.by.sub, lifted.event.payload["reason"], lifted.event.payload["seq"]) == (
        "officer-1",
        REPAIRED["reason"],
        2,
    )


def test_only_an_officer_with_the_duty_admin_lifts(trade: Trade, order_id: str) -> None:
    for by in (token("officer", "officer-2", "claims"), trade.supplier):
        assert lift(trade.api, by, order_id).status == 403


def test_the_nightly_close_marks_what_it_finds(trade: Trade, order_id: str) -> None:
    break_entry(order_id, 3)
    verifying.close(clock.now().date(), clock.now())
    assert trade.ship(order_id)["seq"] == 3


def test_an_entry_that_was_taken_out_is_marked(trade: Trade, order_id: str, officer: str) -> None:
    delete(entry_of(order_id, 1)["entry_id"]["S"])
    assert not verify(trade.api, officer)["ok"]
    assert trade.ship(order_id)["seq"] == 1


def test_money_for_a_marked_order_waits_and_a_sweep_goes_past_it(trade: Trade, order_id: str, officer: str) -> None:
    other = trade.agree()
    break_entry(order_id, 2)
    verify(trade.api, officer, order_id)
    with pytest.raises(ChainBroken):
        trade.pay(order_id, 1_000)
    trade.time.advance(days=70)
    assert ORDERS.sweep(trade.time.at).looked_at == 1
    assert (trade.see(other)["status"], trade.see(order_id)["status"]) == ("expired", "refunded")
    assert _entries(order_id)[-1].event.kind == "order.payment_received"


def test_money_a_bank_tells_of_meanwhile_is_kept_in_suspense_and_allocated_after_the_repair(
    trade: Trade, order_id: str, officer: str, bank: Bank
) -> None:
    was = break_entry(order_id, 2)
    verify(trade.api, officer, order_id)
    event_id = bank.pay(order_id, "10.00", 3)
    bank.streams()
    reply = bank.event(event_id)
    assert (reply["status"], reply["reason"]) == ("suspense", "chain_broken")
    repair(was)
    assert lift(trade.api, officer, order_id).status == 200
    named = {"order_id": order_id}
    assert trade.api.post(f"/v1/bank-events/{event_id}/allocate", named, officer).status == 200
    bank.streams()
    assert bank.status(event_id) == "allocated"
    assert trade.see(order_id, "/money")["unallocated"]["amount"] == "10.00"


def test_a_bank_event_whose_entry_was_changed_takes_no_more_changes(
    trade: Trade, order_id: str, officer: str, bank: Bank
) -> None:
    event_id = bank.pay("ord_00000000000000000000000000", "10.00", 1, bank_ref="R-strange")
    bank.streams()
    was = break_entry(event_id, 1)
    assert verify(trade.api, officer, event_id)["quarantine"]["aggregate_id"] == event_id
    for action, body in (("allocate", {"order_id": order_id}), ("return", None)):
        refused = trade.api.post(f"/v1/bank-events/{event_id}/{action}", body, officer)
        assert (refused.status, refused["code"], refused["aggregate_id"]) == (409, "chain_broken", event_id)
    assert bank.status(event_id) == "suspense"
    repair(was)
    assert lift(trade.api, officer, event_id).status == 200
    assert trade.api.post(f"/v1/bank-events/{event_id}/return", None, officer)["status"] == "returned"


def test_a_supplier_is_marked_under_its_own_name(trade: Trade, marked_supplier: tuple[str, Any], officer: str) -> None:
    chain, was = marked_supplier
    about = f"/v1/suppliers/{trade.supplier_id}"
    refused = trade.api.post(f"{about}/suspension", {"reason": "again"}, officer)
    assert (refused.status, refused["code"], refused["aggregate_id"]) == (409, "chain_broken", chain)
    repair(was)
    assert lift(trade.api, officer, chain).status == 200
    assert trade.api.post(f"{about}/suspension", {"reason": "again"}, officer).status == 200


def test_no_order_reserves_cover_of_a_marked_supplier(
    trade: Trade, marked_supplier: tuple[str, Any], officer: str
) -> None:
    chain, was = marked_supplier
    proposed, position = trade.propose()["id"], trade.standing()
    refused = trade.act(proposed, "accept", trade.supplier, {"version": 1})
    assert (refused.status, refused["code"], refused["aggregate_id"]) == (409, "chain_broken", chain)
    assert (trade.see(proposed)["status"], trade.standing()) == ("proposed", position)
    repair(was)
    assert lift(trade.api, officer, chain).status == 200
    assert trade.act(proposed, "accept", trade.supplier, {"version": 1}).status == 200
    assert trade.standing().reserved_minor > position.reserved_minor


def test_orders_of_a_marked_supplier_keep_their_cover_until_the_mark_is_lifted(
    trade: Trade, marked_supplier: tuple[str, Any], order_id: str, officer: str
) -> None:
    chain, was = marked_supplier
    position = trade.standing()
    assert trade.act(order_id, "cancel", trade.buyer, {}).status == 200
    refused = trade.act(order_id, "cancel", trade.supplier, {})
    assert (refused.status, refused["code"], refused["aggregate_id"]) == (409, "chain_broken", chain)
    assert (trade.see(order_id)["status"], trade.standing()) == ("funded", position)
    trade.time.advance(days=70)
    ORDERS.sweep(trade.time.at)
    assert trade.standing() == position
    repair(was)
    assert lift(trade.api, officer, chain).status == 200
    ORDERS.sweep(trade.time.advance(minutes=1))  # it was pushed back
    assert (trade.see(order_id)["status"], trade.standing().reserved_minor) == ("refunded", 0)


def test_nothing_is_drawn_on_the_balance_of_a_marked_supplier(trade: Trade, marked_supplier: tuple[str, Any]) -> None:
    request = RequestContext(caller=CLOCK, now=trade.time.at, request_id="draw", key="draw")
    entry = journal.entry(request, Event("payout.requested"), aggregate_id="pay_1", seq=1, prev=journal.GENESIS)
    drawn = effects.change(trade.supplier_id, draw=Draw("USD", 1, Balance(1, 0, 0)))
    with pytest.raises(ChainBroken):
        commit(entry, drawn)


@pytest.fixture
def marked_supplier(trade: Trade, order_id: str, officer: str, streams: Streams) -> tuple[str, dict[str, Any]]:
    """The name of its chain and the entry that is bad, as it was."""
    streams()
    chain = f"supplier:{trade.supplier_id}"
    was = break_entry(chain, 1)
    assert verify(trade.api, officer, chain)["quarantine"]["aggregate_id"] == chain
    return chain, was


# --- deposits ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def chain(shop: Shop, officer: str) -> str:
    """The name of the chain of a deposit that was opened and paid into, and is in the books."""
    shop.pays("200.00", "D-1")
    shop.streams()
    name: str = shop.see()["id"]
    return name


def test_a_marked_deposit_refuses_every_change_and_is_read(shop: Shop, chain: str, officer: str) -> None:
    was = break_entry(chain, 2)
    assert verify(shop.api, officer, chain)["quarantine"]["aggregate_id"] == chain
    before = shop.kept
    for action, body in (("payments", {"money": yuan("10.00")}), ("risks", RISK)):
        refused = shop.act(action, body, DEPOSITS)
        assert (refused.status, refused["code"], refused["aggregate_id"]) == (409, "chain_broken", chain), refused.body
    event_id = shop.pays("50.00", "D-2")
    reply = shop.api.get(f"/v1/bank-events/{event_id}", officer)
    assert (reply["status"], reply["reason"]) == ("suspense", "chain_broken")
    assert (shop.kept, shop.see().status) == (before, 200)
    early = lift(shop.api, officer, chain)
    assert (early.status, early["code"]) == (409, "chain_broken")
    repair(was)
    assert lift(shop.api, officer, chain)["status"] == "lifted"
    assert shop.act("payments", {"money": yuan("10.00")}, DEPOSITS).status == 201


def test_days_are_not_put_onto_a_marked_deposit(shop: Shop, chain: str, officer: str) -> None:
    was = break_entry(chain, 2)
    verify(shop.api, officer, chain)
    shop.sells(1, "computers", 100, "2023-02-08", is_complete=False)
    before = shop.kept
    with pytest.raises(ChainBroken):
        deposits_days.tell_days(shop.seller_id, shop.time.at, shop.time.at)
    assert shop.kept == before
    repair(was)
    lift(shop.api, officer, chain)
    assert deposits_days.tell_days(shop.seller_id, shop.time.at, shop.time.at)


def test_a_deposit_is_marked_even_where_its_only_entry_was_taken_out(shop: Shop, officer: str) -> None:
    shop.streams()
    chain = shop.see()["id"]
    delete(entry_of(chain, 1)["entry_id"]["S"])
    assert verify(shop.api, officer, chain)["quarantine"]["seq"] == 1


# --- webhook endpoints ------------------------------------------------------------------------------------------------


def test_no_endpoint_of_an_owner_is_changed_while_one_of_them_is_marked(desk: Desk, officer: str) -> None:
    by = desk.trade.buyer
    broken, sound = (desk.register(by, "order.*", url=f"https://receiver.example/{each}")["id"] for each in "12")
    desk.run()
    was = break_entry(broken, 1)
    assert verify(desk.trade.api, officer, broken)["quarantine"]["aggregate_id"] == broken
    actions = [(broken, action) for action in ("rotate-secret", "disable", "delete", "ping")] + [(sound, "disable")]
    for endpoint_id, action in actions:
        refused = desk.do(endpoint_id, action, by)
        assert (refused.status, refused["code"], refused["aggregate_id"]) == (409, "chain_broken", broken)
    another = desk.trade.api.post("/v1/webhook-endpoints", {"url": f"{URL}/3", "kinds": ["*"]}, by)
    assert (another.status, another["code"]) == (409, "chain_broken")
    assert desk.trade.api.get(f"/v1/webhook-endpoints/{broken}", by)["status"] == "enabled"
    assert lift(desk.trade.api, officer, sound).status == 404
    repair(was)
    assert lift(desk.trade.api, officer, broken)["status"] == "lifted"
    assert desk.do(sound, "disable", by).status == 200


def test_a_marked_endpoint_is_sent_to_and_a_refused_replay_sends_nothing(desk: Desk, officer: str) -> None:
    by = desk.trade.buyer
    endpoint_id = desk.register(by, "order.*")["id"]
    desk.run()
    break_entry(endpoint_id, 1)
    verify(desk.trade.api, officer, endpoint_id)
    order_id = desk.trade.propose()["id"]
    assert [sent["data"]["aggregate_id"] for sent in desk.run()] == [order_id]
    refused = desk.do(endpoint_id, "replay", by, {"aggregate_id": order_id, "from_seq": 1})
    assert (refused.status, refused["code"]) == (409, "chain_broken")
    assert desk.run() == []


def test_a_receiver_that_is_gone_is_told_nothing_more_once_its_marked_endpoint_is_repaired(
    desk: Desk, officer: str
) -> None:
    by = desk.trade.buyer
    endpoint_id = desk.register(by, "order.*")["id"]
    desk.run()
    was = break_entry(endpoint_id, 1)
    verify(desk.trade.api, officer, endpoint_id)
    desk.receiver.outcome = Outcome(code=410)
    desk.trade.propose()
    desk.run()
    [held] = desk.log(endpoint_id, by)
    reply = desk.trade.api.get(f"/v1/webhook-endpoints/{endpoint_id}", by)
    assert (held["status"], reply["status"]) == ("held", "enabled")
    repair(was)
    lift(desk.trade.api, officer, endpoint_id)
    desk.trade.propose()
    desk.run()
    assert desk.trade.api.get(f"/v1/webhook-endpoints/{endpoint_id}", by)["why"] == "gone"


def test_a_claim_neither_moves_nor_pays_while_its_order_is_marked(dispute: Dispute, officer: str) -> None:
    order_id = dispute.late()
    claim_id = dispute.claim(order_id)
    dispute.streams()
    break_entry(order_id, 2)
    verify(dispute.trade.api, officer, order_id)
    refused = dispute.act(claim_id, "withdraw", "buyer")
    assert (refused.status, refused["code"], refused["aggregate_id"]) == (409, "chain_broken", order_id)
    assert dispute.see(claim_id)["status"] == "negotiating"


def test_a_place_the_books_have_not_heard_of_yet_marks_nothing_for_an_hour(
    trade: Trade, order_id: str, officer: str
) -> None:
    """The books hear of entries in any order: number 3 before number 2 is no damage, as long as number 2 still comes."""
    _forget_place(order_id, 2)
    reply = verify(trade.api, officer, order_id)
    assert (reply["ok"], reply["first_bad"]["seq"], reply["quarantine"]) == (False, 3, None)
    assert trade.act(order_id, "cancel", trade.supplier, {}).status == 200
    trade.time.advance(hours=1)
    assert verify(trade.api, officer, order_id)["quarantine"]["seq"] == 3


@pytest.mark.parametrize(
    "aggregate_id",
    ["mem_01JAZ3V5W8N0R4T6Y8B1D3F5H7", "whe_1", "dep_1", "rbk_1", "nonsense", "ord_01JAZ3V5W8N0R4T6Y8B1D3F5H7"],
)
def test_what_keeps_no_record_of_its_own_bears_no_mark(api: Api, officer: str, aggregate_id: str) -> None:
    quarantining.quarantine_broken(_bad(aggregate_id), None, clock.now())
    assert quarantines.quarantine_of(aggregate_id) is None
    assert lift(api, officer, aggregate_id).status == 404


def test_a_run_is_marked_where_it_keeps_itself(api: Api, officer: str) -> None:
    run_id = api.post("/v1/sandbox/jobs/books-close", {}, officer)["id"]
    quarantining.quarantine_broken(_bad(run_id), None, clock.now() + timedelta(hours=2))
    quarantine = quarantines.quarantine_of(run_id)
    assert quarantine is not None
    assert (quarantine.aggregate_id, quarantine.seq) == (run_id, 7)


def _bad(aggregate_id: str) -> BadEntry:
    return BadEntry(aggregate_id, 7, "ent_1", "it is not in the journal any more")


def _entries(aggregate_id: str) -> list[Entry]:
    found = [
        JournalRow.from_raw_data(item).entry()
        for item in raw_journal()
        if item["aggregate_id"]["S"].startswith(aggregate_id)
    ]
    return sorted(found, key=lambda entry: entry.seq)


def _forget_place(aggregate_id: str, seq: int) -> None:
    ChainRow(aggregate_id, seq).delete()

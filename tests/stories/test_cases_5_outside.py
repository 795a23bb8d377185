"""Cases a good implementation handles, 25 to 29: what the public sees, who is told, and who is kept out.

Case 27, the Korean channel, belongs to the programme that opens it and has its stories there.
"""

from __future__ import annotations

from datetime import timedelta

import jwt
import pytest
from msgspec.structs import replace

from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.shared import clock
from chalicelib.webhooks.declared import DELIVERIES
from tests.dispute import Dispute
from tests.suppliers.test_programme import SELLER, WHY, enrol, member, penalize, post, seller, sold, trading
from tests.suppliers.test_storefront import read, store_key
from tests.trade import Trade
from tests.webhooks.conftest import Desk, desk, receiver
from tests.world import Api, StandingClock, Streams, token

__all__ = ["desk", "member", "receiver", "trading"]


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


# --- metrics ----------------------------------------------------------------------------------------------------------


def test_metrics_of_an_empty_sample(api: Api, member: str) -> None:
    """Empty sample: unknown, and not zero."""
    figures = api.get(f"/v1/storefronts/{SELLER}")["figures"]
    assert (figures["response_rate"]["rate_bp"], figures["response_rate"]["sufficient"]) == (None, False)
    assert (figures["on_time_rate"]["rate_bp"], figures["response_time"]["median_hours"]) == (None, None)


def test_metrics_where_everything_is_excluded(api: Api, trading: str) -> None:
    """All excluded: ten trades without protection are no protected transactions."""
    figures = api.get(f"/v1/storefronts/{SELLER}")["figures"]
    assert (figures["transactions_12m"]["count"], figures["on_time_rate"]["sample"]) == (0, 10)


def test_metrics_at_the_bounds_of_their_window(api: Api, member: str, time: StandingClock) -> None:
    """Window boundaries: the same day a year ago is out, the day after it is in, and so is today."""
    ordered = {name: time.at - timedelta(days=days + 5) for name, days in (("out", 365), ("in", 364), ("today", 0))}
    for number, at in enumerate(ordered.values()):
        daybook_recording.record([replace(sold(number, at), protected=True)])
    figures = api.get(f"/v1/storefronts/{SELLER}")["figures"]["transactions_12m"]
    assert (figures["count"], figures["value"]) == (2, usd("2000.00"))


def test_metrics_and_amended_dates(trade: Trade, streams: Streams) -> None:
    """Amended dates: shipped after the first day and before the one the buyer accepted in time is on time."""
    day = {"kind": "fixed", "date": "2026-03-20", "zone": "Asia/Shanghai"}
    shipped = [trade.agree(ship_by=day) for _ in range(2)]
    for order_id in shipped:
        trade.fund(order_id)
    later = {"ship_by": day | {"date": "2026-03-25"}}
    reply = trade.act(shipped[0], "amend", trade.supplier, later)
    assert trade.act(shipped[0], "accept", trade.buyer, {"version": reply["version"]}).status == 200
    trade.time.advance(days=20)
    for order_id in shipped:
        assert trade.ship(order_id).status == 200
    trade.time.advance(days=10)
    streams()
    figures = trade.api.get(f"/v1/storefronts/{trade.supplier_id}")["figures"]["on_time_rate"]
    assert (figures["sample"], figures["rate_bp"]) == (2, 5_000)


def test_metrics_and_events_that_arrive_late(api: Api, trading: str, time: StandingClock) -> None:
    """Late-arriving events change an earlier day: stored as-of snapshots stay."""
    decided = enrol(api)["decision"]
    time.advance(hours=1)
    daybook_recording.record([sold(99, time.at - timedelta(days=40), minor=1_000_000)])
    reply = api.get(f"/v1/suppliers/{SELLER}", seller())
    assert reply["decision"] == decided
    assert reply["qualification"]["limit"] != decided["limit"]
    assert reply["limit"] == decided["limit"]


# --- the badge --------------------------------------------------------------------------------------------------------


def test_badge(api: Api, trading: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Revoked, suspended, expired: never VALID."""

    def shown() -> tuple[str, str]:
        badge = api.get(f"/v1/storefronts/{SELLER}/badge")
        return badge["status"], read(api, badge["statement"])["status"]

    enrol(api)
    assert shown() == ("VALID", "VALID")
    post(api, "suspension", WHY)
    assert shown() == ("SUSPENDED", "SUSPENDED")
    post(api, "reinstatement", WHY)
    penalize(api, 48)
    assert shown() == ("REVOKED", "REVOKED")
    past = clock.real() - timedelta(hours=2)
    monkeypatch.setattr(clock, "real", lambda: past)
    with pytest.raises(jwt.ExpiredSignatureError):
        shown()


def test_badge_without_its_key(api: Api, trading: str) -> None:
    """Key rotated, status list unreachable -> UNKNOWN, never VALID."""
    enrol(api)
    store_key(None)
    badge = api.get(f"/v1/storefronts/{SELLER}/badge")
    assert (badge.status, badge["status"], badge["statement"]) == (200, "UNKNOWN", None)
    assert b"Status unknown" in api.get(f"/v1/storefronts/{SELLER}/badge.svg").raw


# --- receivers and strangers ------------------------------------------------------------------------------------------


def test_webhook_receiver_down_three_days(desk: Desk) -> None:
    """Dead letter, replay, `seq` gap detection."""
    buyer = desk.trade.buyer
    endpoint = desk.register(buyer, "order.*")
    order_id = desk.trade.agree()
    desk.run()
    desk.receiver.goes_down()
    desk.trade.pay(order_id, 150_000)
    desk.run()
    for _ in range(12):
        DELIVERIES.sweep(desk.trade.time.advance(hours=26))
        desk.run()
    assert [one["status"] for one in desk.log(endpoint["id"], buyer, "?status=dead")] == ["dead"]
    desk.receiver.comes_back()
    desk.receiver.sent = [sent for sent in desk.receiver.sent if sent["data"]["seq"] != 3]
    desk.trade.pay(order_id, 350_000)
    desk.run()
    heard = {sent["data"]["seq"] for sent in desk.receiver.sent}
    [gap] = set(range(1, max(heard) + 1)) - heard
    body = {"aggregate_id": order_id, "from_seq": gap, "to_seq": gap}
    assert desk.do(endpoint["id"], "replay", buyer, body)["replayed"] == 1
    assert [sent["data"]["seq"] for sent in desk.run()] == [gap] == [3]


def test_unauthorised_party(dispute: Dispute) -> None:
    """Reads or acts on a claim: 404 not 403 leak."""
    claim_id = dispute.claim(dispute.late())
    stranger, nowhere = token("member", "mem_0000000000000000000000000Z"), claim_id[:-2] + "09"
    api = dispute.trade.api
    for path, body in (("", None), ("/timeline", None), ("/withdraw", {}), ("/offers", {"kind": "none"})):
        there, not_there = (
            api.get(f"/v1/claims/{name}{path}", stranger)
            if body is None
            else api.post(f"/v1/claims/{name}{path}", body or None, stranger)
            for name in (claim_id, nowhere)
        )
        assert there.status == not_there.status == 404
        assert _without_names(there.body, claim_id) == _without_names(not_there.body, nowhere)


def test_reviewer_with_a_conflict_of_interest(dispute: Dispute) -> None:
    """Reviewer with conflict of interest barred."""
    claim_id = dispute.claim(dispute.late())
    dispute.in_review(claim_id)
    dispute.do(claim_id, "recuse", "officer-a")
    excluded_reviewers = dispute.rule(claim_id, "officer-a")
    assert (excluded_reviewers.status, excluded_reviewers["code"]) == (403, "conflict_of_interest")
    assert dispute.rule(claim_id, "officer-b")["status"] == "determined"


def _without_names(problem: dict[str, str], name: str) -> dict[str, str]:
    return {key: str(told).replace(name, "…") for key, told in problem.items() if key != "request_id"}

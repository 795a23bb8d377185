"""The process stops before or after any call of any command about a claim, and the request comes again: nothing is different in the end."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest

from chalicelib.bank_events import jobs as bank_events
from chalicelib.banks.service import outbox as banks_outbox
from chalicelib.claims.declared import CLAIMS
from chalicelib.claims.service import deciding as claims_deciding
from chalicelib.claims.service import evidence as claims_evidence
from chalicelib.claims.service import subscribers as claims_subscribers
from chalicelib.dead_letters.jobs import consume
from chalicelib.orders.declared import ORDERS
from chalicelib.shared import clock, ids
from chalicelib.shared import files as bucket
from chalicelib.shared.files import Arrived, UploadForm
from chalicelib.shared.journal import Entry, JournalRow
from chalicelib.shared.request import Caller, RequestContext
from tests.claims.refunds import Refunds, assert_books, refunds, usd
from tests.dispute import Dispute, file_of, upload
from tests.stopping import try_every_stop

pytestmark = pytest.mark.slow

__all__ = ["refunds"]

Command = tuple[str, Callable[[Refunds, str], Any]]

PROOF: Final = b"proof"
CLAIM: Final = {"reason": "wrong_item", "amount": usd("1200.00")}
RULING: Final = {
    "outcome": "partial",
    "approved": usd("900.00"),
    "supplier_fault_percent": 100,
    "reasoning": "Most of it.",
}
RETURN: Final = {"kind": "return_and_refund", "amount": usd("900.00")}
FEE: Final = {"inspector": "huadong-survey", "fee": usd("180.00")}
REPORT: Final = {"conforms": False, "defect_bp": 3000, "buyer_fault_bp": 0, "sha256": "0" * 64}


def endpoint(action: str, who: str, body: Any = None, name: str = "") -> Command:
    """An endpoint of the claim; its key is its name."""
    key = name or f"{action} by {who}"
    return key, lambda refunds, order_id: send(refunds.dispute, f"claims/{claim_of(order_id)}/{action}", who, body, key)


def send(dispute: Dispute, path: str, who: str, body: Any, key: str) -> Any:
    reply = dispute.trade.api.post(f"/v1/{path}", body, dispute.token(who), key=key.replace(" ", "-"), X_Request_Id="r")
    assert reply.status in (200, 201), (key, reply.body)
    return reply


def claim_of(order_id: str) -> str:
    return f"clm_{order_id.removeprefix('ord_')}_01"


def evidence(who: str, code: str, content: bytes = PROOF) -> list[Command]:
    """Announced, arrived, handed in."""
    name = f"announce {code}"

    def file_id(refunds: Refunds) -> str:
        trade = refunds.dispute.trade
        member = trade.buyer_id if who == "buyer" else trade.supplier_id
        return ids.derived_id("evd", ids.derived_id("ent", "endpoint", "member", member, name.replace(" ", "-")))

    def announce(refunds: Refunds, order_id: str) -> None:
        path = f"claims/{claim_of(order_id)}/evidence"
        told = send(refunds.dispute, path, who, file_of(content, code), name)
        assert told["evidence_id"] == file_id(refunds)
        upload(told, content)

    def arrive(refunds: Refunds, order_id: str) -> None:
        key = f"{claims_evidence.UPLOADS}{claim_of(order_id)}/{file_id(refunds)}"
        claims_evidence.file_arrived(Arrived(key=key, size_bytes=len(content), etag=hashlib.md5(content).hexdigest()))

    def submit(refunds: Refunds, order_id: str) -> None:
        path = f"claims/{claim_of(order_id)}/evidence/{file_id(refunds)}/submit"
        send(refunds.dispute, path, who, None, f"submit {code}")

    return [(name, announce), (f"{code} arrives", arrive), (f"submit {code}", submit)]


def later(name: str, **by: float) -> Command:
    """The clock moves on, and the schedule sweeps."""

    def sweep(refunds: Refunds, order_id: str) -> None:
        now = refunds.dispute.trade.time.advance(**by)
        CLAIMS.sweep(now)
        ORDERS.sweep(now)

    return name, sweep


def pay_the_fee(refunds: Refunds, order_id: str) -> None:
    request = RequestContext(
        caller=Caller(sub="bank:boc", role="bank"), now=clock.now(), request_id="r", key="fee", digest="18000"
    )
    claims_deciding.take_fee(claim_of(order_id), "R-fee", 18_000, "USD", "boc", request)


def follow(kind: str) -> Command:
    """What comes of the last entry of a kind."""
    return f"follow {kind}", lambda refunds, order_id: claims_subscribers.follow(last(kind))


def last(kind: str) -> Entry:
    return max((row.entry() for row in JournalRow.scan() if row.entry().event.kind == kind), key=lambda entry: entry.at)


DECIDED: Final[list[Command]] = [
    ("file", lambda refunds, order_id: send(refunds.dispute, f"orders/{order_id}/claims", "buyer", CLAIM, "file")),
    follow("claim.filed"),
    endpoint("edit", "buyer", {"amount": usd("1000.00")}),
    endpoint("offers", "supplier", {"kind": "none"}),
    endpoint("escalate", "buyer"),
    endpoint("assign", "officer-b", {"officer": "officer-a"}),
    endpoint("open-evidence", "officer-a"),
    *evidence("buyer", "photos"),
    endpoint("complete-evidence", "supplier"),
    endpoint("complete-evidence", "buyer"),
    endpoint("recuse", "officer-c"),
    endpoint("determine", "officer-a", RULING),
    *evidence("supplier", "purchase_chain"),
    endpoint("appeal", "supplier", {"grounds": "Most of it was what was ordered.", "concedes": usd("600.00")}),
    endpoint("decide-appeal", "officer-b", RULING | {"approved": usd("800.00")}),
]

DETERMINED: Final[list[Command]] = [
    *DECIDED[: 1 + [name for name, _ in DECIDED].index("determine by officer-a")],
    *evidence("buyer", "correspondence", b"other"),
]

UNDISPUTED: Final[list[Command]] = [
    endpoint("appeal", "buyer", {"grounds": "All of it was wrong."}),
    later("the supplier does not appeal", days=7),
    endpoint("decide-appeal", "officer-b", RULING | {"approved": usd("1000.00"), "outcome": "full"}),
]

AGREED: Final[list[Command]] = [
    later("silence", hours=80),
    endpoint("settle", "buyer", RETURN),
    endpoint("settle", "supplier", RETURN),
    endpoint("ship-return", "buyer", {"carrier": "COSCO", "tracking_number": "1"}),
    later("nobody acknowledges", days=7),
]

INSPECTED: Final[list[Command]] = [
    endpoint("inspection", "officer-a", FEE),
    ("pay the fee", pay_the_fee),
    endpoint("inspection-report", "officer-a", REPORT),
    later("nobody decides, nobody appeals", days=30),
]

WITHDRAWN: Final[list[Command]] = [endpoint("withdraw", "buyer"), follow("claim.withdrawn")]

STORIES: Final[dict[str, tuple[list[Command], list[Command], str]]] = {
    "decided": ([], DECIDED, "payable"),
    "undisputed": (DETERMINED, UNDISPUTED, "payable"),
    "agreed": (DECIDED[:1], AGREED, "payable"),
    "inspected": ([DECIDED[0], *DECIDED[3:5], DECIDED[6]], INSPECTED, "payable"),
    "withdrawn": (DECIDED[:1], WITHDRAWN, "withdrawn"),
}
"""What has happened, what may be stopped, and how it ends."""


@pytest.mark.parametrize("story", STORIES)
def test_stopping_anywhere_and_asking_again_changes_nothing(
    refunds: Refunds, story: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket, "upload_form", _unsigned)
    order_id = _order(refunds)
    before, commands, status = STORIES[story]
    for _, command in before:
        command(refunds, order_id)
    for name, command in commands:
        _try_every_stop(refunds, order_id, name, command)
    assert refunds.dispute.see(claim_of(order_id))["status"] == status


def test_a_refund_is_told_to_banks_and_counted_once_wherever_it_stops(refunds: Refunds) -> None:
    """Paid from the held money, the supplier's balance and an advance; then the bank's word, the day-book and the points."""
    dispute = refunds.dispute
    order_id = _order(refunds)
    claim_id = dispute.claim(order_id, "wrong_item", "4900.00")
    offer = dispute.do(claim_id, "offers", "supplier", {"kind": "full", "amount": usd("4900.00")})["offers"][0]
    _try_every_stop(refunds, order_id, *endpoint(f"offers/{offer['id']}/accept", "buyer", None, "accept"))
    assert dispute.see(claim_id, "supplier")["refund"]["advanced"] == usd("3900.00")
    for entry in _settled_by_the_bank(refunds, order_id):
        _try_every_stop(refunds, order_id, "follow the bank", lambda _, __, made=entry: claims_subscribers.follow(made))  # type: ignore[misc]
    _try_every_stop(refunds, order_id, *follow("claim.paid"))
    assert dispute.see(claim_id)["status"] == "paid"
    assert_books()


def _settled_by_the_bank(refunds: Refunds, order_id: str) -> list[Entry]:
    """The bank has paid both parts; nobody has followed its word yet."""
    api, officer = refunds.dispute.trade.api, refunds.dispute.token("officer-a")
    banks_outbox.enqueue(last("claim.payable"))
    items = [item["id"] for item in api.get(f"/v1/bank-instructions?aggregate_id={order_id}", officer)["items"]]
    for name in items:
        banks_outbox.dispatch(name)
        sent = api.get(f"/v1/bank-instructions/{name}", officer)["attempts"][0]
        refunds.say("settled", sent["id"], sent["money"]["amount"])
        consume(refunds.dispute.streams.records("bank-events"), [bank_events.EVENTS])
    return [
        entry
        for row in JournalRow.scan()
        if (entry := row.entry()).aggregate_id in items and "settled" in entry.event.kind
    ]


def _unsigned(key: str, *_: Any, **__: Any) -> UploadForm:
    """A form as it is but for its signature, which holds the second it was made in."""
    return UploadForm("", {"key": key}, len(PROOF))


def _try_every_stop(refunds: Refunds, order_id: str, name: str, command: Callable[[Refunds, str], Any]) -> None:
    try_every_stop(name, lambda: command(refunds, order_id), refunds.dispute.trade.time)


def _order(refunds: Refunds) -> str:
    """Received, with all of it covered; the supplier had 4,500.00 of it before, and took 4,000.00 to its bank."""
    order_id = refunds.dispute.received(early="4500.00", cover="total")
    refunds.pay_out_balance("4000.00")
    refunds.dispute.trade.time.advance(milliseconds=timedelta(hours=1) // timedelta(milliseconds=1))
    return order_id

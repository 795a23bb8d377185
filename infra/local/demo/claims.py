"""Two claims: a late shipment that the platform advances and recovers, and a quality claim with an inspection and an appeal."""

from __future__ import annotations

import hashlib
import io
from typing import Any, Final

from infra.local.client import upload
from infra.local.demo.protection import TERMS, tell_coverage
from infra.local.demo.stage import Stage, amount, money, next_due, say, scene, usd, words

LATE: Final = TERMS | {
    "items": [{"name": "Bench, beech", "quantity": 70, "unit_price": usd("10.00")}],
    "instalments": [{"name": "whole", "money": usd("700.00")}],
}
FAULTY: Final = TERMS | {
    "items": [{"name": "Table, beech", "quantity": 10, "unit_price": usd("50.00")}],
    "instalments": [{"name": "whole", "money": usd("500.00")}],
}


def play(stage: Stage) -> None:
    late, faulty = prepare(stage)
    claim = negotiate(stage, late)
    decide(stage, claim)
    refund(stage, claim)
    recover(stage, claim)
    claim = inspect(stage, faulty)
    appeal(stage, claim, faulty)


def prepare(stage: Stage) -> tuple[str, str]:
    """One order whose money the supplier has early and which it ships late, one whose goods are faulty."""
    scene("Two more orders", "700.00 USD, paid out early and shipped nine days late; 500.00 USD, shipped in time")
    account = {"bank_id": "boc", "account": "6222021001116245702", "currency": "USD"}
    stage.client.post(f"/v1/suppliers/{stage.supplier_id}/bank-account", account, stage.supplier)
    late, faulty = (stage.agree(terms)["id"] for terms in (LATE, FAULTY))
    stage.tell_order(stage.pay(late, "700.00"))
    stage.tell_order(stage.pay(faulty, "500.00"))
    stage.client.post(f"/v1/orders/{late}/early-payout", {}, stage.supplier)
    say.print(
        f"  early payout of 700.00 USD, as far as the cover stands for it; the balance goes to the bank: {_empty(stage)}"
    )
    stage.ship(faulty)
    stage.advance(24 * 38)
    stage.tell_order(stage.ship(late))
    return late, faulty


def negotiate(stage: Stage, order: str) -> str:
    scene("A late shipment is claimed, and not settled")
    claim_request = {"order_id": order, "reason": "late_shipment", "amount": usd("300.00")}
    seen = stage.client.post("/v1/claim-simulations", claim_request, stage.buyer)
    say.print(
        f"  simulated: {'eligible' if seen['eligible'] else 'not eligible'}, would reserve {money(seen['would_reserve'])}, likely {money(seen['least'])} to {money(seen['most'])}"
    )
    body = {"reason": "late_shipment", "amount": usd("300.00"), "statement": "Nine days late."}
    claim = stage.client.post(f"/v1/orders/{order}/claims", body, stage.buyer)
    tell_claim(claim)
    for by, offered in ((stage.supplier, "50.00"), (stage.buyer, "250.00")):
        answered = stage.client.post(
            f"/v1/claims/{claim['id']}/offers", {"kind": "partial", "amount": usd(offered)}, by
        )
    say.print(
        f"  the supplier offers 50.00 USD, the buyer asks 250.00 USD: {'they overlap' if answered['overlap'] else 'no overlap'}"
    )
    stage.advance(24 * 7)
    claim_id: str = claim["id"]
    tell_claim(stage.client.get(f"/v1/claims/{claim_id}", stage.supplier))
    return claim_id


def decide(stage: Stage, claim: str) -> None:
    scene("An officer decides", "on a draft that the rules made; nobody appeals")
    stage.advance(24 * 7)
    drafted = stage.client.get(f"/v1/claims/{claim}/draft", stage.officer)["draft"]
    stage.client.post(f"/v1/claims/{claim}/determine", _ruling(drafted), stage.officer)
    decision = stage.client.get(f"/v1/claims/{claim}/decisions", stage.buyer)["items"][0]
    again = "the same" if decision["recomputed"]["same"] else "something else"
    say.print(
        f"  {decision['decided']['outcome']}: {money(decision['decided']['approved'])}; computed again, it comes to {again}"
    )


def refund(stage: Stage, claim: str) -> None:
    scene("Money back", "the bank fails at first; another attempt succeeds")
    stage.bank_will({"does": "accept", "then": "fail", "reason": "account closed for maintenance"})
    stage.advance(24 * 7)
    tell_claim(stage.client.get(f"/v1/claims/{claim}", stage.supplier))
    stage.advance(2)
    ended = stage.until(lambda: _ended(stage, claim), "The refund was not settled")
    tell_claim(ended)
    order = ended["order_id"]
    for instruction in stage.client.get(f"/v1/bank-instructions?aggregate_id={order}", stage.officer)["items"]:
        attempts = ", ".join(attempt["status"] for attempt in instruction["attempts"])
        say.print(
            f"  {words(instruction['kind'])} of {money(instruction['money'])}: {instruction['status']}; attempts: {attempts}"
        )


def recover(stage: Stage, claim: str) -> None:
    scene("Recovery", "the supplier is debited; its limit, points and storefront follow")

    def debited() -> Any:
        (recovery,) = stage.client.get("/v1/recoveries", stage.supplier)["items"]
        return recovery if recovery["status"] == "debited" else None

    stage.advance(24)
    recovery = stage.until(debited, "The debit was not settled")
    say.print(f"  {recovery['status']}, {money(recovery['remaining'])} left")

    def moved() -> Any:
        seen = stage.client.get(f"/v1/storefronts/{stage.supplier_id}")
        return seen if seen["figures"]["loss_rate"]["claims"] else None

    seen = stage.until(moved, "The storefront did not move")["figures"]
    points = stage.client.get(f"/v1/suppliers/{stage.supplier_id}", stage.supplier)["points"]
    given = ", ".join(f"{penalty['points']} for {words(penalty['reason'])}" for penalty in points["penalties"])
    say.print(f"  points: {given}; claims lost in 12 months: {seen['loss_rate']['claims']}")
    tell_coverage(stage)


def inspect(stage: Stage, order: str) -> str:
    scene("A quality claim", "evidence, a designated inspector, shared fault")
    received = stage.client.post(f"/v1/orders/{order}/receive", None, stage.buyer) if _open(stage, order) else None
    if received:
        stage.tell_order(received)
    body = {"reason": "quality_mismatch", "amount": usd("400.00"), "statement": "Three of ten tables are warped."}
    claim: str = stage.client.post(f"/v1/orders/{order}/claims", body, stage.buyer)["id"]
    stage.advance(24 * 3)
    stage.client.post(f"/v1/claims/{claim}/escalate", None, stage.buyer)
    stage.client.post(f"/v1/claims/{claim}/open-evidence", None, stage.officer)
    for code, media in (("photos", "image/png"), ("measurable_term", "text/plain")):
        hand_in(stage, claim, stage.buyer, code, media)
    ordered = {"inspector": "huadong-survey", "fee": usd("90.00")}
    tell_claim(stage.client.post(f"/v1/claims/{claim}/inspection", ordered, stage.officer))
    fee = {"bank_ref": f"R-fee-{claim[-12:]}", "claim_id": claim, "account": "TA-USD-01", "money": usd("90.00")}
    stage.bank_says("inspection_fee.received", fee | {"value_date": "2018-04-20"})
    paid = lambda: stage.client.get(f"/v1/claims/{claim}", stage.buyer)["inspections"][0]["paid_at"]  # noqa: E731
    stage.until(paid, "The fee was not taken")
    report = {
        "conforms": False,
        "defect_bp": 3000,
        "buyer_fault_bp": 2500,
        "sha256": hashlib.sha256(b"report").hexdigest(),
    }
    tell_claim(stage.client.post(f"/v1/claims/{claim}/inspection-report", report, stage.officer))
    drafted = stage.client.get(f"/v1/claims/{claim}/draft", stage.officer)["draft"]
    decided = stage.client.post(f"/v1/claims/{claim}/determine", _ruling(drafted), stage.officer)["decisions"][0]
    say.print(
        f"  {decided['outcome']}: {money(decided['approved'])}, the supplier's fault {decided['supplier_fault_percent']} %"
    )
    return claim


def appeal(stage: Stage, claim: str, order: str) -> None:
    scene("An appeal", "with new evidence, decided by another officer")
    hand_in(stage, claim, stage.supplier, "test_report", "application/pdf")
    grounds = {"grounds": "The moisture was within the agreed limit when the tables left."}
    tell_claim(stage.client.post(f"/v1/claims/{claim}/appeal", grounds, stage.supplier))
    other = stage.client.token("officer", "second-officer", "claims")
    ruling = {
        "outcome": "partial",
        "approved": usd("75.00"),
        "supplier_fault_percent": 50,
        "reasoning": "The test report shows that half of the warping came about on the way.",
    }
    tell_claim(stage.client.post(f"/v1/claims/{claim}/decide-appeal", ruling, other))
    last = stage.timeline(f"/v1/claims/{claim}")
    changed = next(entry["payload"]["changed"] for entry in reversed(last) if "changed" in entry["payload"])
    (was, now), (fault_was, fault_now) = changed["approved"], changed["supplier_fault_percent"]
    say.print(f"  changed on appeal: {was} USD to {now} USD, the supplier's fault {fault_was} % to {fault_now} %")
    stage.advance(1)
    tell_claim(stage.until(lambda: _ended(stage, claim), "The refund was not settled"))
    stage.advance(24 * 40)
    stage.tell_order(stage.client.get(f"/v1/orders/{order}", stage.buyer))


def hand_in(stage: Stage, claim: str, by: str, code: str, media: str) -> None:
    """Announce a file, upload it with the form, submit it when it has arrived."""
    content = f"{code} {claim}".encode()
    body = {"code": code, "name": code, "media_type": media, "size": len(content)}
    body["sha256"] = hashlib.sha256(content).hexdigest()
    announced = stage.client.post(f"/v1/claims/{claim}/evidence", body, by)
    upload(announced["upload"], io.BytesIO(content), len(content))

    def staged() -> bool:
        files = stage.client.get(f"/v1/claims/{claim}", by)["evidence"]
        return any(file["id"] == announced["evidence_id"] and file["status"] == "staged" for file in files)

    stage.until(staged, "The file did not arrive")
    stage.client.post(f"/v1/claims/{claim}/evidence/{announced['evidence_id']}/submit", None, by)
    say.print(f"  {words(code)}: announced, uploaded to the bucket, checked, submitted")


def tell_claim(claim: dict[str, Any]) -> None:
    back = claim["refund"]
    sentence = (
        f"refund {money(back['total'])} (held {amount(back['from_held'])}, advanced {amount(back['advanced'])}, fee {amount(back['inspection_fee'])}): {words(back['status'])}"
        if back
        else f"{money(claim['requested'])} asked, {money(claim['reserved'])} reserved"
    )
    say.print(f"  claim {words(claim['status'])}: {sentence}{next_due(claim)}")


def _empty(stage: Stage) -> str:
    """The supplier has all of its balance paid out: 1,000.00 USD of the first order, 700.00 of this one."""

    def there() -> Any:
        balances = stage.client.get(f"/v1/suppliers/{stage.supplier_id}/balance", stage.supplier)["balances"]
        return balances[0] if balances and balances[0]["available"] == usd("1700.00") else None

    available = stage.until(there, "The balance did not arrive")["available"]
    stage.client.post(f"/v1/suppliers/{stage.supplier_id}/payouts", {"money": available}, stage.supplier)
    return money(available)


def _ruling(drafted: dict[str, Any]) -> dict[str, Any]:
    return {name: drafted[name] for name in ("outcome", "approved", "supplier_fault_percent")}


def _ended(stage: Stage, claim: str) -> Any:
    view = stage.client.get(f"/v1/claims/{claim}", stage.supplier)
    return view if view["status"] == "paid" else None


def _open(stage: Stage, order: str) -> bool:
    return bool(stage.client.get(f"/v1/orders/{order}", stage.buyer)["status"] in ("shipped", "delivered"))

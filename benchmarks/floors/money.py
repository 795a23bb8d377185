"""Refunds and debits that banks carry out or fail to, advances and their recovery, a supplier's balance and its points."""

from __future__ import annotations

from datetime import timedelta

from benchmarks.floors import factories
from benchmarks.floors.disputes import Dispute, settle
from benchmarks.floors.stage import Stage
from chalicelib.banks.records import outbox
from chalicelib.recoveries.aggregate import RECOVERIES
from chalicelib.recoveries.service import commands as recoveries_commands
from chalicelib.recoveries.service import subscribers as recoveries_subscribers
from chalicelib.shared.periods import business_date

ACCOUNT = {"bank_id": "boc", "account": "6222020200112233", "currency": "USD"}


def play(stage: Stage, claims: int) -> None:
    for number in range(max(4, claims // 5)):
        stage.time.begin()
        (_collected, _in_instalments, _written_off, _refund_goes_wrong)[number % 4](Dispute(stage))
        stage.follow()
    for _ in range(max(1, claims // 10)):
        _points(stage)


def _advanced(dispute: Dispute) -> str:
    """The supplier has drawn all the money when the buyer claims: the platform advances it. Returns the recovery's id."""
    stage, about = dispute.stage, f"/v1/suppliers/{dispute.supplier}"
    dispute.order(cover="total")
    stage.call(f"{about}/bank-account", dispute.supplier, ACCOUNT, command="register a bank account")
    dispute.of_order("early-payout", dispute.supplier, {}, command="early payout")
    stage.follow()
    body = {"money": factories.usd(dispute.total)}
    stage.call(f"{about}/payouts", dispute.supplier, body, command="pay out a balance", expect=201)
    for instruction, attempt in dispute.attempts(dispute.supplier):
        settle(stage, instruction, attempt)
    stage.time.advance(days=stage.chance.randrange(11, 20))
    dispute.of_order("ship", dispute.supplier, factories.shipment(stage.chance))
    dispute.file("late_shipment", dispute.total)
    offer = dispute.offer("supplier", minor=max(dispute.part(), min(dispute.total, 100)))
    dispute.act("accept an offer: refund, advanced", f"offers/{offer}/accept", "buyer")
    stage.follow()
    return recoveries_subscribers.id_of(dispute.claim_id)


def _collected(dispute: Dispute) -> None:
    """The debit brings it all."""
    _advanced(dispute)
    for instruction, attempt in dispute.attempts(dispute.supplier):
        settle(dispute.stage, instruction, attempt)
    dispute.stage.follow()


def _in_instalments(dispute: Dispute) -> None:
    """A receipt by hand, a plan for the rest, and what another order brings to the balance is taken for it."""
    stage, recovery_id = dispute.stage, _advanced(dispute)
    path = f"/v1/recoveries/{recovery_id}"
    _receipt(stage, path, 1)
    left = factories.cents(stage.see(path, "officer-a")["remaining"])
    if left < 2:
        return
    parts = zip(_days(stage, (20, 40)), (left // 2, left - left // 2), strict=True)
    plan = {"instalments": [{"on": on, "money": factories.usd(minor)} for on, minor in parts]}
    stage.call(f"{path}/instalments", dispute.supplier, plan, command="propose instalments")
    stage.call(f"{path}/accept-instalments", "officer-a", command="accept instalments")
    stage.time.advance(days=22)
    stage.measured("clock: an instalment is called for", lambda: RECOVERIES.catch_up(recovery_id, stage.time.at))


def _written_off(dispute: Dispute) -> None:
    """Nothing comes: what another order brings is set off, the rest is written off in the end."""
    stage, recovery_id = dispute.stage, _advanced(dispute)
    other = Dispute(stage)
    other.supplier = dispute.supplier
    other.order(cover="total")
    other.of_order("early-payout", other.supplier, {"money": factories.usd(min(100, other.total))})
    stage.follow()
    stage.time.advance(days=15)
    stage.measured("clock: the debit is late", lambda: RECOVERIES.catch_up(recovery_id, stage.time.at))
    stage.measured("daily: the balance is set off", lambda: recoveries_commands.set_off(recovery_id, stage.time.at))
    stage.time.advance(days=30)
    stage.measured("clock: the recovery is overdue", lambda: RECOVERIES.catch_up(recovery_id, stage.time.at))
    stage.time.advance(days=60)
    body = {"reason": "The supplier was struck off the register."}
    stage.call(f"/v1/recoveries/{recovery_id}/write-off", "officer-a", body, command="write off")


def _refund_goes_wrong(dispute: Dispute) -> None:
    """The buyer's account is closed; another one is refused too; an officer tries again, and settles it by hand."""
    stage = dispute.stage
    dispute.late().file("late_shipment")
    offer = dispute.offer("supplier")
    dispute.act("accept an offer: refund", f"offers/{offer}/accept", "buyer")
    stage.bank.refuses = ["account_closed"]
    stage.follow()
    stage.bank.refuses = []
    [refund, *_] = [one for one in outbox.all_of(dispute.order_id) if one.status == "needs_account"]
    path = f"/v1/bank-instructions/{refund.id}"
    other = {"account": "DE89370400440532013000", "bank": "COBADEFF", "holder": "ACME GmbH"}
    stage.call(f"{path}/account", dispute.buyer, other, command="name another account")
    stage.follow()
    instruction = outbox.REPOSITORY.load(refund.id)
    assert instruction is not None
    settle(stage, instruction, instruction.attempts[-1], "failed")
    stage.follow()
    stage.call(f"{path}/retry", "officer-a", command="retry an instruction")
    stage.bank.refuses = ["insufficient_funds"]
    stage.follow()
    stage.bank.refuses = []
    stage.call(
        f"{path}/settle-by-hand",
        "officer-a",
        {"bank_ref": f"B-{refund.id[-8:]}"},
        command="settle an instruction by hand",
    )


def _points(stage: Stage) -> None:
    """Points are given, appealed, upheld or lifted."""
    supplier = stage.supplier(f"penalized-{next(stage.numbers)}")
    about = f"/v1/suppliers/{supplier}/penalties"
    for outcome in ("uphold", "lift"):
        answer = stage.call(about, "officer-1", {"reason": "failed_delivery"}, command="penalty")
        penalty = answer["points"]["penalties"][-1]["id"]
        text = {"text": factories.words(stage.chance) or "The carrier lost it."}
        stage.call(f"{about}/{penalty}/appeal", supplier, text, command="appeal a penalty")
        reason = {"reason": factories.words(stage.chance) or "As the contract says."}
        stage.call(f"{about}/{penalty}/{outcome}", "officer-1", reason, command=f"{outcome} a penalty")


def _receipt(stage: Stage, path: str, minor: int) -> None:
    body = {"money": factories.usd(minor), "bank_id": "boc", "bank_ref": f"R-{next(stage.numbers)}"}
    stage.call(f"{path}/receipts", "officer-a", body, command="record a receipt")


def _days(stage: Stage, days: tuple[int, ...]) -> list[str]:
    return [business_date(stage.time.at + timedelta(days=day)).isoformat() for day in days]

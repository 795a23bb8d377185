"""What a bank does where others stand for a loan: default, a call on the guarantors, what they pay, pools, changes of a group.

Its customers do as the rules under `guarantees` say. A guarantor that is noticed pays (`"pays"`), pays without naming the call (`"unnamed"`), pays
half (`"half"`), or does not (`"never"`), by its seat under `guarantors`, the others as `"*"` says. The bank has a pool pay what it is asked for, or
at most `pool_pays`; it approves changes of a group, or refuses them where `refuses` has a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, Final

from infra.local.fake_bank.books import Loan, Payment
from infra.local.fake_bank.core import Core, Event

Data = dict[str, Any]
DPD_OF_DEFAULT: Final = 91


class Bank(Core):
    """A bank with loans for which others stand."""

    def hear(self, kind: str, data: Data, now: datetime) -> list[Event]:
        if kind not in ANSWERS:
            return super().hear(kind, data, now)
        self.heard.append((kind, data))
        return list(ANSWERS[kind](self, data, now))


def declare_default(core: Core, loan_id: str, now: datetime) -> Iterator[Event]:
    """All interest and penalty so far, and then that it does not expect the debtor to pay."""
    loan, day = core.loans[loan_id], core.day(now)
    yield from core.charge(loan_id, day, now)
    cause = "dpd" if loan.balance(day)["dpd"] >= DPD_OF_DEFAULT else "unlikely_to_pay"
    yield core.of_loan("default.declared", loan, now, day, cause=cause, amount=loan.owed(day))


def call(core: Core, loan_id: str, now: datetime) -> Iterator[Event]:
    """It asks the guarantors for what is owed today."""
    loan, day = core.loans[loan_id], core.day(now)
    yield from core.charge(loan_id, day, now)
    loan.call_ref = core.next_ref()
    parts = {part: minor for part, minor in loan.balance(day).items() if part != "dpd"}
    yield core.of_loan("call.requested", loan, now, day, call_id=loan.call_ref, cut_off=day.isoformat(), **parts)


def withdraw(core: Core, loan_id: str, now: datetime) -> Iterator[Event]:
    """It asks them no more, and gives back what they paid."""
    loan = core.loans[loan_id]
    yield _of_call("call.withdrawn", core, loan, now)
    for payment in [each for each in loan.payments if each.call_ref == loan.call_ref and each.kept]:
        yield _give_back(core, loan, payment, payment.kept, now)
    loan.call_ref = ""


def pay(
    core: Core, loan_id: str, seat: int, minor: int, on: date, now: datetime, *, named: bool = True
) -> Iterator[Event]:
    """A guarantor pays. With what makes the loan whole the bank confirms that it has all it called for."""
    loan = core.loans[loan_id]
    yield from core.charge(loan_id, core.day(now), now)
    call_id = {"call_id": loan.call_ref} if named and loan.call_ref else {}
    yield from core.receive(loan, minor, on, now, {"kind": "guarantor", "seat": seat}, seat=seat, **call_id)
    yield from _confirm(core, loan, now)


def _noticed(core: Core, data: Data, now: datetime) -> Iterator[Event]:
    """Each guarantor that was noticed does what the rules say of it. A loan that somebody else has paid takes no more."""
    loan, rules = core.loans.get(data["loan_id"]), core.rules["guarantees"]["guarantors"]
    if loan is None:
        return
    for notice in data["notices"]:
        does = rules.get(str(notice["seat"]), rules["*"])
        minor = min(notice["amount_minor"] // (2 if does == "half" else 1), loan.owed(core.day(now)))
        if does != "never" and minor:
            named = does != "unnamed"
            yield from pay(core, loan.id, notice["seat"], minor, core.day(now), now, named=named)


def _refund(core: Core, data: Data, now: datetime) -> Iterator[Event]:
    """What a guarantor paid beyond its share goes back, from its newest payments."""
    loan = core.loans.get(data["loan_id"])
    if loan is None:
        return
    for refund in data["refunds"]:
        left = refund["amount_minor"]
        for payment in reversed([each for each in loan.payments if each.seat == refund["seat"]]):
            if minor := min(left, payment.kept):
                left -= minor
                yield _give_back(core, loan, payment, minor, now)


def _pay_from_pool(core: Core, data: Data, now: datetime) -> Iterator[Event]:
    """The pool's money: told of the pool, and of the loan that it pays."""
    amount_minor = data["amount_minor"]
    minor = min(amount_minor, core.rules["guarantees"].get("pool_pays", amount_minor))
    if not minor:
        return
    fields = {"pool_id": data["pool_id"], "currency": data["currency"], "amount": minor, "call_id": data["call_id"]}
    yield core.event("pool.draw_confirmed", data["pool_id"], now, core.day(now), **fields)
    if (loan := core.loans.get(data["loan_id"])) is not None:
        yield from core.receive(loan, minor, core.day(now), now, {"kind": "pool"})
        yield from _confirm(core, loan, now)


def _answer_change(core: Core, data: Data, now: datetime) -> Iterator[Event]:
    named = {"group_id": data["group_id"], "proposal_id": data["proposal_id"]}
    if reason := core.rules["guarantees"].get("refuses", ""):
        yield core.event("group.change_refused", data["group_id"], now, core.day(now), **named, reason=reason)
    else:
        yield core.event("group.change_approved", data["group_id"], now, core.day(now), **named)


def _confirm(core: Core, loan: Loan, now: datetime) -> Iterator[Event]:
    if loan.call_ref and not loan.owed(core.day(now)):
        yield _of_call("call.confirmed", core, loan, now)
        loan.call_ref = ""


def _of_call(kind: str, core: Core, loan: Loan, now: datetime) -> Event:
    return core.of_loan(kind, loan, now, core.day(now), call_id=loan.call_ref, currency=None)


def _give_back(core: Core, loan: Loan, payment: Payment, minor: int, now: datetime) -> Event:
    payment.give_back(minor)
    fields = {"original_bank_ref": payment.ref, "amount": minor, "reason": "refunded"}
    return core.of_loan("repayment.reversed", loan, now, core.day(now), **fields)


ANSWERS: Final[dict[str, Callable[[Core, Data, datetime], Iterator[Event]]]] = {
    "call.noticed": _noticed,
    "call.objection_decided": _noticed,
    "call.member_failed": _noticed,
    "call.refund_due": _refund,
    "pool.draw_requested": _pay_from_pool,
    "group.change_requested": _answer_change,
}
"""What it does about messages, by their type."""

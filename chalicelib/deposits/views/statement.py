"""The statement of a deposit: each line says in words what happened, and what the deposit amounted to after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from chalicelib.deposits.rules.explanation import CLAUSES
from chalicelib.shared import payloads
from chalicelib.shared.journal import Entry
from chalicelib.shared.money import Money


class DepositLine(msgspec.Struct, frozen=True, kw_only=True):
    """One event. `payload` are its numbers, amounts as money; `recorded_at` differs from `at` where it took effect before it was written.

    A month that was decided and changed nothing has a line too, as of its cut-off, and no `seq`: nothing was written on the deposit.
    """

    seq: int | None
    at: datetime
    recorded_at: datetime
    kind: str
    text: str
    by: str
    actor: str | None
    """The identity of the platform that acted for the seller, where it was not the seller itself."""
    payload: dict[str, Any]
    policy: str
    """The hash of the rulebook it was decided under."""


def line(entry: Entry, currency: str) -> DepositLine:
    told = Told(entry.event.payload, currency)
    return DepositLine(
        seq=entry.seq,
        at=entry.at,
        recorded_at=entry.written_at,
        kind=entry.event.kind,
        text=text_of(entry, told),
        by=entry.by.role,
        actor=entry.by.actor or None,
        payload=told.as_money(),
        policy=entry.event.policy,
    )


def month_line(payload: dict[str, Any], at: datetime, recorded_at: datetime, policy: str, currency: str) -> DepositLine:
    """The line of a month that changed nothing, in the words of one that did."""
    told = Told(payload, currency)
    return DepositLine(
        seq=None,
        at=at,
        recorded_at=recorded_at,
        kind="deposit.adjusted",
        text=f"{_adjusted(told)} {_after(told)}",
        by="clock",
        actor=None,
        payload=told.as_money(),
        policy=policy,
    )


class Told:
    """The facts of an entry, as a line speaks of them."""

    def __init__(self, payload: Mapping[str, Any], currency: str) -> None:
        self.payload, self.currency = payload, str(payload.get("currency") or currency)

    def __getitem__(self, name: str) -> Any:
        return self.payload.get(name, "")

    def money(self, name: str = "amount_minor") -> str:
        money = Money.of(int(self.payload.get(name, 0)), self.currency)
        return f"{money.amount} {money.currency}"

    def as_money(self) -> dict[str, Any]:
        """Whose deposit it is the statement says itself."""
        told = payloads.as_money(self.payload, self.currency)
        told.pop("seller_id", None)
        return told


def text_of(entry: Entry, told: Told) -> str:
    """What happened, and what follows from it."""
    say = TEXTS.get(entry.event.kind)
    what = say(told) if say else f"{entry.event.kind}."
    return f"{what} {_after(told)}".rstrip()


def _after(told: Told) -> str:
    if "arrears_minor" not in told.payload:
        return ""
    missing = int(told.payload["arrears_minor"])
    return f"{told.money('arrears_minor')} is missing." if missing else "Nothing is missing."


def _assessed(told: Told) -> str:
    return (
        f"First trading day {told['period']}: {told['orders']} orders, the higher category is {told['category']}."
        f" The base is {told.money('base_minor')} under book {told['book']}."
    )


def _adjusted(told: Told) -> str:
    """The clause that acted, in the words of the rulebook's explanation."""
    idle = (
        " The shop has not traded: its next trading day counts as the first."
        if told["awaits_first_trade_again"]
        else ""
    )
    orders = f"{told['orders'] or 0} orders" + (
        f", the higher category is {told['category']}" if told["category"] else ""
    )
    return (
        f"Month {told['period']}: {orders}. The tier amount is {told.money('raw_minor')}, the base was {told.money('previous_minor')}"
        f" and is {told.money('base_minor')} under book {told['book']}. {CLAUSES[told['clause'] or '']}{idle}"
    )


def _debit_failed(told: Told) -> str:
    again = "It is tried again." if told["tried_again"] else "It is not tried again: pay by transfer."
    return f"The bank could not debit the account ({told['reason']}). {again}"


def _deducted(told: Told) -> str:
    advance = int(told["advanced_minor"] or 0)
    more = f", of which the platform advanced {told.money('advanced_minor')}" if advance else ""
    return f"{told.money()} was deducted for {told['cause']}{_insured(told)}{more}: {told['reason']}"


def _insured(told: Told) -> str:
    return f", of which insurance pays {told.money('insured_minor')}" if int(told["insured_minor"] or 0) else ""


def _insurer_paid(told: Told) -> str:
    left = f"It owes {told.money('remaining_minor')} more." if int(told["remaining_minor"]) else "It owes nothing more."
    return f"{told['insurer']} paid {told.money()} for what its insurance has paid, {told['ref']}. {left}"


def _correction(told: Told) -> str:
    if told["risk"]:
        return f"striking out the violation of class {told['class']}, case {told['case']}, of {told.money()}"
    return f"a base of {told.money('base_minor')} instead of {told.money('previous_minor')}"


def _paid(told: Told) -> str:
    good = int(told["made_good_minor"] or 0)
    more = f" {told.money('made_good_minor')} of it makes good what the platform advanced." if good else ""
    return f"{told.money()} was received by {told['by']}, {told['ref']}.{more}"


def _charged_back(told: Told) -> str:
    held = int(told["from_hold_minor"] or 0)
    more = f" {told.money('from_hold_minor')} of it was held for cases." if held else ""
    return f"The bank took {told.money()} back that had come by {told['by']}, {told['ref']}.{more}"


TEXTS: Final[Mapping[str, Callable[[Told], str]]] = {
    "deposit.opened": lambda told: "The deposit was opened. Nothing is required until the first trading day.",
    "deposit.assessed": _assessed,
    "deposit.adjusted": _adjusted,
    "deposit.payment_asked": lambda told: f"How to pay {told.money()} was asked for.",
    "deposit.paid": _paid,
    "deposit.payment_charged_back": _charged_back,
    "deposit.debit_asked": lambda told: f"The bank was told to debit {told.money()} from {told['account']}.",
    "deposit.debit_failed": _debit_failed,
    "deposit.held": lambda told: f"{told.money()} is held for the case {told['case']}: {told['reason']}",
    "deposit.hold_lifted": lambda told: f"{told.money()} is not held for the case {told['case']} any more.",
    "deposit.deducted": _deducted,
    "deposit.deducted_for_claim": lambda told: (
        f"{told.money()} was taken for the claim {told['cause']}{_insured(told)}."
    ),
    "deposit.released": lambda told: f"{told.money()} was released to {told['account']}.",
    "deposit.risk_opened": lambda told: (
        f"Violation of class {told['class']}, case {told['case']}: {told.money()} more is required. {told['reason']}"
    ),
    "deposit.risk_closed": lambda told: f"The case {told['case']} is closed; its amount ends at {told['ends_at']}.",
    "deposit.risk_ended": lambda told: f"The time of the case {told['case']} is over: {told.money()} less is required.",
    "deposit.special_entered": lambda told: f"The shop entered {told['special']}: {told.money()} more is required.",
    "deposit.special_left": lambda told: f"The shop left {told['special']}: {told.money()} less is required.",
    "deposit.insurance_on": lambda told: (
        f"Insurance of {told.money()} by {told['insurer']}, from {told['from']} until {told['until']}."
    ),
    "deposit.insurance_began": lambda told: f"Insurance of {told.money()} by {told['insurer']} stands in from now on.",
    "deposit.insurance_lapsed": lambda told: f"Insurance of {told.money()} by {told['insurer']} is over.",
    "deposit.insurer_paid": _insurer_paid,
    "deposit.correction_proposed": lambda told: f"An officer proposes {_correction(told)}: {told['reason']}",
    "deposit.corrected": lambda told: f"Two officers agreed on {_correction(told)}: {told['reason']}",
    "deposit.correction_rejected": lambda told: "The correction was not approved.",
    "deposit.overdue": lambda told: f"Not paid in time, level {told['level']}: {told['restriction']}.",
    "deposit.closed": lambda told: "The shop closed. What it owed stays owed, the rest can be released.",
    "deposit.reopened": lambda told: "The shop opened again: its next trading day counts as the first.",
}

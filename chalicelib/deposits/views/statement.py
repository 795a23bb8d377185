"""The statement of a deposit: each line says in words what happened, and what the deposit amounted to after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from chalicelib.deposits.rules.categories import called
from chalicelib.deposits.rules.explanation import CLAUSES
from chalicelib.shared import payloads
from chalicelib.shared.journal import Entry
from chalicelib.shared.money import Money
from chalicelib.shared.texts import NOTHING, Text, one_after_the_other, say, term


class DepositLine(msgspec.Struct, frozen=True, kw_only=True):
    """One event. `payload` are its numbers, amounts as money; `recorded_at` differs from `at` where it took effect before it was written.

    A month that was decided and changed nothing has a line too, as of its cut-off, and no `seq`: nothing was written on the deposit.
    """

    seq: int | None
    at: datetime
    recorded_at: datetime
    kind: str
    text: Text
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
        text=_with_what_follows(_adjusted(told), told),
        by="clock",
        actor=None,
        payload=told.as_money(),
        policy=policy,
    )


_BY: Final[Mapping[str, Text]] = {"transfer": say("transfer"), "debit": say("debit")}
"""How money came."""


class Told:
    """The facts of an entry, as a line speaks of them."""

    def __init__(self, payload: Mapping[str, Any], currency: str) -> None:
        self.payload, self.currency = payload, str(payload.get("currency") or currency)

    def __getitem__(self, name: str) -> Any:
        return self.payload.get(name, "")

    def money(self, name: str = "amount_minor") -> str:
        money = Money.of(int(self.payload.get(name, 0)), self.currency)
        return str(money)

    def as_money(self) -> dict[str, Any]:
        """Whose deposit it is the statement says itself."""
        told = payloads.as_money(self.payload, self.currency)
        told.pop("seller_id", None)
        return told


def text_of(entry: Entry, told: Told) -> Text:
    """What happened, and what follows from it."""
    what = TEXTS.get(entry.event.kind)
    return _with_what_follows(what(told) if what else say("{kind}.", kind=entry.event.kind), told)


def _with_what_follows(what: Text, told: Told) -> Text:
    if "arrears_minor" not in told.payload:
        return what
    missing = int(told.payload["arrears_minor"])
    amount = told.money("arrears_minor")
    return one_after_the_other(
        what, say("{amount} is missing.", amount=amount) if missing else say("Nothing is missing.")
    )


def _assessed(told: Told) -> Text:
    return say(
        "First trading day {period}: {orders} orders, the higher category is {category}. The base is {base} under book {book}.",
        period=told["period"],
        orders=told["orders"],
        category=called(told["category"]),
        base=told.money("base_minor"),
        book=told["book"],
    )


def _adjusted(told: Told) -> Text:
    """The clause that acted, in the words of the rulebook's explanation."""
    orders = (
        say(
            "{orders} orders, the higher category is {category}",
            orders=told["orders"] or 0,
            category=called(told["category"]),
        )
        if told["category"]
        else say("{orders} orders", orders=told["orders"] or 0)
    )
    month = say(
        "Month {period}: {orders}. The tier amount is {raw}, the base was {previous} and is {base} under book {book}.",
        period=told["period"],
        orders=orders,
        raw=told.money("raw_minor"),
        previous=told.money("previous_minor"),
        base=told.money("base_minor"),
        book=told["book"],
    )
    idle = (
        say("The shop has not traded: its next trading day counts as the first.")
        if told["awaits_first_trade_again"]
        else NOTHING
    )
    return one_after_the_other(month, CLAUSES[told["clause"] or ""], idle)


def _debit_failed(told: Told) -> Text:
    failed = say("The bank could not debit the account ({reason}).", reason=term("value", told["reason"]))
    return one_after_the_other(
        failed,
        say("It is tried again.") if told["tried_again"] else say("It is not tried again: pay by transfer."),
    )


def _deducted(told: Told) -> Text:
    advanced = (
        say(", of which the platform advanced {amount}", amount=told.money("advanced_minor"))
        if int(told["advanced_minor"] or 0)
        else NOTHING
    )
    return say(
        "{amount} was deducted for {cause}{insured}{advanced}: {reason}",
        amount=told.money(),
        cause=told["cause"],
        insured=_insured(told),
        advanced=advanced,
        reason=told["reason"],
    )


def _insured(told: Told) -> Text:
    if not int(told["insured_minor"] or 0):
        return NOTHING
    return say(", of which insurance pays {amount}", amount=told.money("insured_minor"))


def _insurer_paid(told: Told) -> Text:
    paid = say(
        "{insurer} paid {amount} for what its insurance has paid, {ref}.",
        insurer=told["insurer"],
        amount=told.money(),
        ref=told["ref"],
    )
    left = (
        say("It owes {amount} more.", amount=told.money("remaining_minor"))
        if int(told["remaining_minor"])
        else say("It owes nothing more.")
    )
    return one_after_the_other(paid, left)


def _correction(told: Told) -> Text:
    if told["risk"]:
        return say(
            "striking out the violation of class {class_}, case {case}, of {amount}",
            class_=told["class"],
            case=told["case"],
            amount=told.money(),
        )
    return say(
        "a base of {base} instead of {previous}", base=told.money("base_minor"), previous=told.money("previous_minor")
    )


def _paid(told: Told) -> Text:
    paid = say(
        "{amount} was received by {by}, {ref}.", amount=told.money(), by=_BY.get(told["by"], NOTHING), ref=told["ref"]
    )
    if not int(told["made_good_minor"] or 0):
        return paid
    good = say("{amount} of it makes good what the platform advanced.", amount=told.money("made_good_minor"))
    return one_after_the_other(paid, good)


def _charged_back(told: Told) -> Text:
    back = say(
        "The bank took {amount} back that had come by {by}, {ref}.",
        amount=told.money(),
        by=_BY.get(told["by"], NOTHING),
        ref=told["ref"],
    )
    if not int(told["from_hold_minor"] or 0):
        return back
    return one_after_the_other(back, say("{amount} of it was held for cases.", amount=told.money("from_hold_minor")))


TEXTS: Final[Mapping[str, Callable[[Told], Text]]] = {
    "deposit.opened": lambda told: say("The deposit was opened. Nothing is required until the first trading day."),
    "deposit.assessed": _assessed,
    "deposit.adjusted": _adjusted,
    "deposit.payment_asked": lambda told: say("How to pay {amount} was asked for.", amount=told.money()),
    "deposit.paid": _paid,
    "deposit.payment_charged_back": _charged_back,
    "deposit.debit_asked": lambda told: say(
        "The bank was told to debit {amount} from {account}.", amount=told.money(), account=told["account"]
    ),
    "deposit.debit_failed": _debit_failed,
    "deposit.held": lambda told: say(
        "{amount} is held for the case {case}: {reason}", amount=told.money(), case=told["case"], reason=told["reason"]
    ),
    "deposit.hold_lifted": lambda told: say(
        "{amount} is not held for the case {case} any more.", amount=told.money(), case=told["case"]
    ),
    "deposit.deducted": _deducted,
    "deposit.deducted_for_claim": lambda told: say(
        "{amount} was taken for the claim {cause}{insured}.",
        amount=told.money(),
        cause=told["cause"],
        insured=_insured(told),
    ),
    "deposit.released": lambda told: say(
        "{amount} was released to {account}.", amount=told.money(), account=told["account"]
    ),
    "deposit.risk_opened": lambda told: say(
        "Violation of class {class_}, case {case}: {amount} more is required. {reason}",
        class_=told["class"],
        case=told["case"],
        amount=told.money(),
        reason=told["reason"],
    ),
    "deposit.risk_closed": lambda told: say(
        "The case {case} is closed; its amount ends at {ends_at}.", case=told["case"], ends_at=told["ends_at"]
    ),
    "deposit.risk_ended": lambda told: say(
        "The time of the case {case} is over: {amount} less is required.", case=told["case"], amount=told.money()
    ),
    "deposit.special_entered": lambda told: say(
        "The shop entered {special}: {amount} more is required.", special=told["special"], amount=told.money()
    ),
    "deposit.special_left": lambda told: say(
        "The shop left {special}: {amount} less is required.", special=told["special"], amount=told.money()
    ),
    "deposit.insurance_on": lambda told: say(
        "Insurance of {amount} by {insurer}, from {since} until {until}.",
        amount=told.money(),
        insurer=told["insurer"],
        since=told["from"],
        until=told["until"],
    ),
    "deposit.insurance_began": lambda told: say(
        "Insurance of {amount} by {insurer} stands in from now on.", amount=told.money(), insurer=told["insurer"]
    ),
    "deposit.insurance_lapsed": lambda told: say(
        "Insurance of {amount} by {insurer} is over.", amount=told.money(), insurer=told["insurer"]
    ),
    "deposit.insurer_paid": _insurer_paid,
    "deposit.correction_proposed": lambda told: say(
        "An officer proposes {correction}: {reason}", correction=_correction(told), reason=told["reason"]
    ),
    "deposit.corrected": lambda told: say(
        "Two officers agreed on {correction}: {reason}", correction=_correction(told), reason=told["reason"]
    ),
    "deposit.correction_rejected": lambda told: say("The correction was not approved."),
    "deposit.overdue": lambda told: say(
        "Not paid in time, level {level}: {restriction}.",
        level=told["level"],
        restriction=term("value", told["restriction"]),
    ),
    "deposit.closed": lambda told: say("The shop closed. What it owed stays owed, the rest can be released."),
    "deposit.reopened": lambda told: say("The shop opened again: its next trading day counts as the first."),
}

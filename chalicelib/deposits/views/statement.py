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
    facts = EntryFacts(entry.event.payload, currency)
    return DepositLine(
        seq=entry.seq,
        at=entry.at,
        recorded_at=entry.written_at,
        kind=entry.event.kind,
        text=text_of(entry, facts),
        by=entry.by.role,
        actor=entry.by.actor or None,
        payload=facts.as_money(),
        policy=entry.event.policy,
    )


def month_line(payload: dict[str, Any], at: datetime, recorded_at: datetime, policy: str, currency: str) -> DepositLine:
    """The line of a month that changed nothing, in the words of one that did."""
    facts = EntryFacts(payload, currency)
    return DepositLine(
        seq=None,
        at=at,
        recorded_at=recorded_at,
        kind="deposit.adjusted",
        text=_with_what_follows(_adjusted(facts), facts),
        by="clock",
        actor=None,
        payload=facts.as_money(),
        policy=policy,
    )


_BY: Final[Mapping[str, Text]] = {"transfer": say("transfer"), "debit": say("debit")}
"""How money came."""


class EntryFacts:
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
        facts = payloads.as_money(self.payload, self.currency)
        facts.pop("seller_id", None)
        return facts


def text_of(entry: Entry, facts: EntryFacts) -> Text:
    """What happened, and what follows from it."""
    what = TEXTS.get(entry.event.kind)
    return _with_what_follows(what(facts) if what else say("{kind}.", kind=entry.event.kind), facts)


def _with_what_follows(what: Text, facts: EntryFacts) -> Text:
    if "arrears_minor" not in facts.payload:
        return what
    missing = int(facts.payload["arrears_minor"])
    amount = facts.money("arrears_minor")
    return one_after_the_other(
        what, say("{amount} is missing.", amount=amount) if missing else say("Nothing is missing.")
    )


def _assessed(facts: EntryFacts) -> Text:
    return say(
        "First trading day {period}: {orders} orders, the higher category is {category}. The base is {base} under book {book}.",
        period=facts["period"],
        orders=facts["orders"],
        category=called(facts["category"]),
        base=facts.money("base_minor"),
        book=facts["book"],
    )


def _adjusted(facts: EntryFacts) -> Text:
    """The clause that acted, in the words of the rulebook's explanation."""
    orders = (
        say(
            "{orders} orders, the higher category is {category}",
            orders=facts["orders"] or 0,
            category=called(facts["category"]),
        )
        if facts["category"]
        else say("{orders} orders", orders=facts["orders"] or 0)
    )
    month = say(
        "Month {period}: {orders}. The tier amount is {raw}, the base was {previous} and is {base} under book {book}.",
        period=facts["period"],
        orders=orders,
        raw=facts.money("raw_minor"),
        previous=facts.money("previous_minor"),
        base=facts.money("base_minor"),
        book=facts["book"],
    )
    idle = (
        say("The shop has not traded: its next trading day counts as the first.")
        if facts["awaits_first_trade_again"]
        else NOTHING
    )
    return one_after_the_other(month, CLAUSES[facts["clause"] or ""], idle)


def _debit_failed(facts: EntryFacts) -> Text:
    failed = say("The bank could not debit the account ({reason}).", reason=term("value", facts["reason"]))
    return one_after_the_other(
        failed,
        say("It is tried again.") if facts["tried_again"] else say("It is not tried again: pay by transfer."),
    )


def _deducted(facts: EntryFacts) -> Text:
    advanced = (
        say(", of which the platform advanced {amount}", amount=facts.money("advanced_minor"))
        if int(facts["advanced_minor"] or 0)
        else NOTHING
    )
    return say(
        "{amount} was deducted for {cause}{insured}{advanced}: {reason}",
        amount=facts.money(),
        cause=facts["cause"],
        insured=_insured(facts),
        advanced=advanced,
        reason=facts["reason"],
    )


def _insured(facts: EntryFacts) -> Text:
    if not int(facts["insured_minor"] or 0):
        return NOTHING
    return say(", of which insurance pays {amount}", amount=facts.money("insured_minor"))


def _insurer_paid(facts: EntryFacts) -> Text:
    paid = say(
        "{insurer} paid {amount} for what its insurance has paid, {ref}.",
        insurer=facts["insurer"],
        amount=facts.money(),
        ref=facts["ref"],
    )
    left = (
        say("It owes {amount} more.", amount=facts.money("remaining_minor"))
        if int(facts["remaining_minor"])
        else say("It owes nothing more.")
    )
    return one_after_the_other(paid, left)


def _correction(facts: EntryFacts) -> Text:
    if facts["risk"]:
        return say(
            "striking out the violation of class {class_}, case {case}, of {amount}",
            class_=facts["class"],
            case=facts["case"],
            amount=facts.money(),
        )
    return say(
        "a base of {base} instead of {previous}", base=facts.money("base_minor"), previous=facts.money("previous_minor")
    )


def _paid(facts: EntryFacts) -> Text:
    paid = say(
        "{amount} was received by {by}, {ref}.",
        amount=facts.money(),
        by=_BY.get(facts["by"], NOTHING),
        ref=facts["ref"],
    )
    if not int(facts["made_good_minor"] or 0):
        return paid
    good = say("{amount} of it makes good what the platform advanced.", amount=facts.money("made_good_minor"))
    return one_after_the_other(paid, good)


def _charged_back(facts: EntryFacts) -> Text:
    back = say(
        "The bank took {amount} back that had come by {by}, {ref}.",
        amount=facts.money(),
        by=_BY.get(facts["by"], NOTHING),
        ref=facts["ref"],
    )
    if not int(facts["from_hold_minor"] or 0):
        return back
    return one_after_the_other(back, say("{amount} of it was held for cases.", amount=facts.money("from_hold_minor")))


TEXTS: Final[Mapping[str, Callable[[EntryFacts], Text]]] = {
    "deposit.opened": lambda facts: say("The deposit was opened. Nothing is required until the first trading day."),
    "deposit.assessed": _assessed,
    "deposit.adjusted": _adjusted,
    "deposit.payment_asked": lambda facts: say("How to pay {amount} was asked for.", amount=facts.money()),
    "deposit.paid": _paid,
    "deposit.payment_charged_back": _charged_back,
    "deposit.debit_asked": lambda facts: say(
        "The bank was told to debit {amount} from {account}.", amount=facts.money(), account=facts["account"]
    ),
    "deposit.debit_failed": _debit_failed,
    "deposit.held": lambda facts: say(
        "{amount} is held for the case {case}: {reason}",
        amount=facts.money(),
        case=facts["case"],
        reason=facts["reason"],
    ),
    "deposit.hold_lifted": lambda facts: say(
        "{amount} is not held for the case {case} any more.", amount=facts.money(), case=facts["case"]
    ),
    "deposit.deducted": _deducted,
    "deposit.deducted_for_claim": lambda facts: say(
        "{amount} was taken for the claim {cause}{insured}.",
        amount=facts.money(),
        cause=facts["cause"],
        insured=_insured(facts),
    ),
    "deposit.released": lambda facts: say(
        "{amount} was released to {account}.", amount=facts.money(), account=facts["account"]
    ),
    "deposit.risk_opened": lambda facts: say(
        "Violation of class {class_}, case {case}: {amount} more is required. {reason}",
        class_=facts["class"],
        case=facts["case"],
        amount=facts.money(),
        reason=facts["reason"],
    ),
    "deposit.risk_closed": lambda facts: say(
        "The case {case} is closed; its amount ends at {ends_at}.", case=facts["case"], ends_at=facts["ends_at"]
    ),
    "deposit.risk_ended": lambda facts: say(
        "The time of the case {case} is over: {amount} less is required.", case=facts["case"], amount=facts.money()
    ),
    "deposit.special_entered": lambda facts: say(
        "The shop entered {special}: {amount} more is required.", special=facts["special"], amount=facts.money()
    ),
    "deposit.special_left": lambda facts: say(
        "The shop left {special}: {amount} less is required.", special=facts["special"], amount=facts.money()
    ),
    "deposit.insurance_on": lambda facts: say(
        "Insurance of {amount} by {insurer}, from {since} until {until}.",
        amount=facts.money(),
        insurer=facts["insurer"],
        since=facts["from"],
        until=facts["until"],
    ),
    "deposit.insurance_began": lambda facts: say(
        "Insurance of {amount} by {insurer} stands in from now on.", amount=facts.money(), insurer=facts["insurer"]
    ),
    "deposit.insurance_lapsed": lambda facts: say(
        "Insurance of {amount} by {insurer} is over.", amount=facts.money(), insurer=facts["insurer"]
    ),
    "deposit.insurer_paid": _insurer_paid,
    "deposit.correction_proposed": lambda facts: say(
        "An officer proposes {correction}: {reason}", correction=_correction(facts), reason=facts["reason"]
    ),
    "deposit.corrected": lambda facts: say(
        "Two officers agreed on {correction}: {reason}", correction=_correction(facts), reason=facts["reason"]
    ),
    "deposit.correction_rejected": lambda facts: say("The correction was not approved."),
    "deposit.overdue": lambda facts: say(
        "Not paid in time, level {level}: {restriction}.",
        level=facts["level"],
        restriction=term("value", facts["restriction"]),
    ),
    "deposit.closed": lambda facts: say("The shop closed. What it owed stays owed, the rest can be released."),
    "deposit.reopened": lambda facts: say("The shop opened again: its next trading day counts as the first."),
}

"""An export declaration: one export through customs. Told again it may only move forward; what it counts for follows from it. Pure.

    submitted ─→ released ─→ returned        goods came back, in part or whole
        └────────────┴──────────┴─→ cancelled   it counts for nothing, whatever was told before or is told after

Dates of release and tax refund and further returns may be told later, each once; whose export it is, which order, buyer, currency and amount
never change: another value contradicts. Source: credit.md 12 and 17.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Annotated, Final, Literal

import msgspec
from msgspec.structs import replace

from chalicelib.daybook.rules.facts import Contradiction, History, Outcome, is_duplicate, remembered
from chalicelib.exports.rules.days import ExportLine, Origin
from chalicelib.members.rules import OwnTrade, must_trade_apart
from chalicelib.shared import ids, money
from chalicelib.shared.bounds import NoRoom, most, must_have_room
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.fx import LIMIT_CURRENCY, NoRate, Quote
from chalicelib.shared.periods import month_of
from chalicelib.shared.texts import say

Channel = Literal["self_service", "staff"]
"""Who placed the export: the exporter itself, or the platform's staff for it."""
Status = Literal["submitted", "released", "returned", "cancelled"]
QuoteFor = Callable[[str, date], Quote]
"""The table rate of a currency on a date; raises NoRate where there is none."""

PREFIX: Final = "exp"
MOST_FORMER: Final = 5
MOST_RETURNS: Final = 20
"""Dates on which goods of one declaration come back."""
_RANK: Final[dict[str, int]] = {"submitted": 0, "released": 1, "returned": 2, "cancelled": 3}
_FIXED: Final = (
    "member_id",
    "order_ref",
    "buyer_ref",
    "buyer_country",
    "currency",
    "amount_minor",
    "channel",
    "origin",
    "is_related",
    "submitted_on",
)
_COLUMNS: Final = {"member_id": "exporter_ref", "amount_minor": "amount", "is_related": "related_party"}
"""What columns call a field that has another name here."""


class UnfitDeclaration(RuleViolation):
    code = "unfit_declaration"
    title = "A declaration cannot be so."
    fix = "Correct what `param` names; `reason` is that of a row of a file."


class TooManyExporters(NoRoom):
    code = "too_many_exporters"
    title = "A declaration has been corrected to as many exporters as it may."
    fix = "Correct it to one of those it was taken to be of before, or cancel it."


class Return(msgspec.Struct, frozen=True, array_like=True):
    """Goods that came back on a date: all that did on that date together."""

    on: date
    minor: int


class DeclarationFact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One telling of one declaration. `member_id` is the exporter; dates are Shanghai's; `source` names the telling."""

    declaration_no: str
    member_id: str
    order_ref: str
    buyer_ref: str
    buyer_country: str
    currency: str
    amount_minor: int
    channel: Channel
    origin: Origin = "platform"
    is_related: bool = False
    status: Status
    submitted_on: date
    released_on: date | None = None
    tax_refund_paid_on: date | None = None
    returns: Annotated[tuple[Return, ...], most(MOST_RETURNS)] = ()
    source: str = ""


class Declaration(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of a declaration, and the tellings that changed it.

    `rate` is that of the month in which customs released it, kept when it first counted: it holds for its returns too, and a later table
    changes nothing that has counted. Corrections have a chain of entries: `seq` counts them, `entry_hash` is the last one's.
    """

    fact: DeclarationFact
    rate: str = ""
    rate_as_of: str = ""
    history: History = ()
    seq: int = 0
    entry_hash: str = ""
    former: Annotated[tuple[str, ...], most(MOST_FORMER)] = ()
    """Exporters whose it was taken to be, before corrections."""

    @property
    def id(self) -> str:
        return id_of(self.fact.declaration_no)

    @property
    def is_standing(self) -> bool:
        """Whether customs released it and nobody cancelled it."""
        return self.fact.status != "cancelled" and self.fact.released_on is not None

    @property
    def returned_minor(self) -> int:
        return sum(each.minor for each in self.fact.returns)

    def usd_minor(self, minor: int) -> int:
        """US cents of an amount in the declaration's currency."""
        return money.convert(minor, of=self.fact.currency, to=LIMIT_CURRENCY, rate=self.rate)


def id_of(declaration_no: str) -> str:
    """A declaration's id follows from its number at customs: it exists once, whoever tells of it."""
    return ids.derived_id(PREFIX, declaration_no)


def tell(
    was: Declaration | None, fact: DeclarationFact, quote: QuoteFor, today: date
) -> tuple[Declaration | None, Outcome]:
    """The declaration after one more telling, and what became of the telling. What did not change is the same object.

    What cannot be true is refused: by itself, so that the order of tellings does not matter, and with all that was told of it.
    """
    if was is not None and (first := is_duplicate(was.history, fact.source)) is not None:
        return was, first
    if wrong := next(_wrong_with(fact, today), None):
        return was, wrong
    try:
        together = fact if was is None else merged(was.fact, fact)
        if was is not None and together == was.fact:
            return was, Outcome("known")
        if together is not fact and (wrong := next(_wrong_with(together, today), None)):
            return was, wrong
        outcome = Outcome("new" if was is None else "updated")
        history = remembered(was.history if was else (), fact.source, outcome.result)
        return counted(replace(was or Declaration(fact=fact), fact=together, history=history), quote), outcome
    except Contradiction as contradiction:
        return was, contradiction.outcome
    except NoRate as error:
        return was, Outcome("refused", error.code, "currency")


def corrected(was: Declaration, fact: DeclarationFact, quote: QuoteFor, today: date) -> Declaration:
    """The declaration as an officer says it is, in the place of what was told. UnfitDeclaration, NoRate.

    The rate that was kept stays, unless the currency or the month of the release turns out to be another.
    """
    if wrong := next(_wrong_with(fact, today), None):
        raise UnfitDeclaration(
            say("The declaration cannot be so: {reason}.", reason=wrong.reason), param=wrong.column, reason=wrong.reason
        )
    old = was.fact
    former = was.former
    if fact.member_id != old.member_id and old.member_id not in former:
        must_have_room(former, MOST_FORMER, TooManyExporters)
        former = (*former, old.member_id)
    keeps_rate = fact.currency == old.currency and _month(fact.released_on) == _month(old.released_on)
    rate, as_of = (was.rate, was.rate_as_of) if keeps_rate else ("", "")
    return counted(replace(was, fact=fact, rate=rate, rate_as_of=as_of, seq=was.seq + 1, former=former), quote)


def merged(mine: DeclarationFact, theirs: DeclarationFact) -> DeclarationFact:
    """Both tellings together; Contradiction where they cannot both be true."""
    for name in _FIXED:
        if getattr(mine, name) != getattr(theirs, name):
            raise Contradiction(_COLUMNS.get(name, name), "contradicts")
    returns = {each.on: each for each in mine.returns}
    for each in theirs.returns:
        if returns.setdefault(each.on, each) != each:
            raise Contradiction("returned_amount", "contradicts")
    return replace(
        mine,
        released_on=_either(mine, theirs, "released_on"),
        tax_refund_paid_on=_either(mine, theirs, "tax_refund_paid_on"),
        returns=tuple(returns[on] for on in sorted(returns)),
        status=max(mine.status, theirs.status, key=_RANK.__getitem__),
    )


def counted(declaration: Declaration, quote: QuoteFor) -> Declaration:
    """The declaration with the rate of the month of its release, once it has one. NoRate where the table has none."""
    fact = declaration.fact
    if declaration.rate or fact.released_on is None:
        return declaration
    rate = quote(fact.currency, fact.released_on)
    return replace(declaration, rate=rate.rate, rate_as_of=rate.as_of)


def lines_of(declaration: Declaration) -> tuple[tuple[date, ExportLine], ...]:
    """What a declaration counts for, by date: released then, and below zero what came back.

    Each amount is converted by itself, half-even; the return that makes it whole takes what the others left. One that is worth less than half a cent
    counts for nothing: as a line it could not be told from the release.
    """
    fact = declaration.fact
    if not declaration.is_standing or fact.released_on is None:
        return ()
    whole = left = declaration.usd_minor(fact.amount_minor)
    lines = [(fact.released_on, _line(fact, whole))]
    returned_minor = 0
    for each in fact.returns:
        returned_minor += each.minor
        usd_minor = left if returned_minor == fact.amount_minor else declaration.usd_minor(each.minor)
        left -= usd_minor
        if usd_minor:
            lines.append((each.on, _line(fact, -usd_minor)))
    return tuple(lines)


def _line(fact: DeclarationFact, usd_minor: int) -> ExportLine:
    return ExportLine(fact.order_ref, fact.buyer_ref, usd_minor, fact.origin, fact.is_related)


def _month(day: date | None) -> str:
    return month_of(day) if day else ""


def _either(mine: DeclarationFact, theirs: DeclarationFact, name: str) -> date | None:
    first: date | None = getattr(mine, name)
    second: date | None = getattr(theirs, name)
    if first is not None and second is not None and first != second:
        raise Contradiction(name, "contradicts")
    return second if first is None else first


def _wrong_with(fact: DeclarationFact, today: date) -> Iterator[Outcome]:
    """The refusals of what cannot be true, the first reason first."""
    if fact.amount_minor < 1:
        yield _refused("zero_amount", "amount")
    try:
        must_trade_apart(fact.member_id, fact.buyer_ref)
    except OwnTrade as own:
        yield _refused(own.code, "buyer_ref")
    released_on = fact.released_on
    if released_on is None and (
        fact.status in ("released", "returned") or fact.tax_refund_paid_on is not None or fact.returns
    ):
        yield _refused("missing_for_status", "released_on")
    if fact.status == "returned" and not fact.returns:
        yield _refused("missing_for_status", "returned_on")
    if fact.submitted_on > today:
        yield _refused("in_the_future", "submitted_on")
    if released_on is not None:
        if released_on > today:
            yield _refused("in_the_future", "released_on")
        if released_on < fact.submitted_on:
            yield _refused("before_the_submission", "released_on")
        yield from _wrong_after(fact, released_on, today)


def _wrong_after(fact: DeclarationFact, released_on: date, today: date) -> Iterator[Outcome]:
    """Of what can only follow the release."""
    refund_on = fact.tax_refund_paid_on
    after = [("tax_refund_paid_on", refund_on)] if refund_on else []
    for name, on in (*after, *(("returned_on", each.on) for each in fact.returns)):
        if on > today:
            yield _refused("in_the_future", name)
        if on < released_on:
            yield _refused("before_the_release", name)
    if any(each.minor < 1 for each in fact.returns):
        yield _refused("zero_amount", "returned_amount")
    if sum(each.minor for each in fact.returns) > fact.amount_minor:
        yield _refused("returned_too_much", "returned_amount")
    if len(fact.returns) > MOST_RETURNS:
        yield _refused("too_many_returns", "returned_on")


def _refused(reason: str, column: str) -> Outcome:
    return Outcome("refused", reason, column)

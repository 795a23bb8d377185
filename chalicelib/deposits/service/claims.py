"""What a seller's deposit gives for a claim it lost: one of the sources the claims' waterfall draws on.

taken = deposits.deduct(seller_id, "USD", most_minor, claim_id, credit_to=(REFUNDS_PAYABLE, order_id), now=now)
commit(made, …, *taken.changes)        the postings go into the claim's own entry
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

import msgspec

from chalicelib.deposits import records
from chalicelib.deposits.rulebooks import shelf
from chalicelib.deposits.rules import deducting
from chalicelib.deposits.rules.clockwork import next_due_at
from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.deposits.service.settling import settled
from chalicelib.ledger.rules.chart import FX_POSITION
from chalicelib.shared import fx
from chalicelib.shared.commit import Put
from chalicelib.shared.journal import Posting, transfer
from chalicelib.shared.periods import business_date

Leg = tuple[str, str]


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What a deposit gives: `taken_minor` in the claim's currency for `fen` of its own; nothing where `update` is None.

    `insured_minor` is the part of `taken_minor` that insurers pay.
    """

    taken_minor: int = 0
    insured_minor: int = 0
    fen: int = 0
    postings: tuple[Posting, ...] = ()
    update: Put | None = None

    @property
    def changes(self) -> tuple[Put, ...]:
        return (self.update,) if self.update else ()


def deduct(seller_id: str, currency: str, most_minor: int, cause: str, *, credit_to: Leg, now: datetime) -> Taken:
    """The most a deposit can give towards `most_minor` of a claim's currency, converted at the table rate of the day.

    Insurance pays before money is taken. Both conversions round down: never is more given than there is, nor than the claim is worth. The legs
    debit the deposit, pass both currencies through the position in foreign exchange, and credit `credit_to`.
    """
    deposit = settled(seller_id, now)
    if deposit is None or most_minor <= 0:
        return Taken()
    books = shelf.books(now)
    book = books.in_force(now)
    own = book.terms.currency
    rate = _rate(own, currency, now)
    minor = min(most_minor, _floor(deducting.there_minor(deposit, cause, book, now) * rate))
    fen = _floor(minor / rate)
    if fen == 0:
        return Taken()
    made, told = deducting.given(deposit, fen, cause, books, now)
    return Taken(
        taken_minor=minor,
        insured_minor=minor * told.insured_minor // fen,
        fen=fen,
        postings=_postings(deposit, told, own, currency, minor, credit_to),
        update=records.put(msgspec.structs.replace(made.deposit, seq=deposit.seq), next_due_at(made.deposit, books)),
    )


def _postings(
    deposit: Deposit, told: deducting.Taken, own: str, currency: str, minor: int, credit_to: Leg
) -> tuple[Posting, ...]:
    if own == currency:
        return deducting.out_of(deposit.id, told, credit_to, own)
    position = (FX_POSITION, deposit.id)
    return deducting.out_of(deposit.id, told, position, own) + transfer(
        minor, currency, debit_to=position, credit_to=credit_to
    )


def _rate(own: str, currency: str, now: datetime) -> Fraction:
    """Minor units of the claim's currency for one of the deposit's, exactly, over the table's common currency. NoRate."""
    on = business_date(now)
    return Fraction(1) if own == currency else fx.cross_rate(fx.quote(own, on), fx.quote(currency, on))


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator

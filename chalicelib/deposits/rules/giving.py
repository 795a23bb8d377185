"""What a seller's deposit gives for a claim it lost: one of the sources that pay a refund. Pure.

Insurance pays before money is taken. Both conversions round down: never is more given than there is, nor than the claim is worth. The
legs debit the deposit and pass both currencies through the position in foreign exchange.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

import msgspec
from msgspec.structs import replace

from chalicelib.deposits.rules import deducting
from chalicelib.deposits.rules.book import Books
from chalicelib.deposits.rules.clockwork import next_due_at
from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.ledger.rules.chart import FX_POSITION
from chalicelib.shared.journal import Posting, transfer
from chalicelib.shared.state_machine import Effect


class DeductDeposit(Effect, frozen=True, kw_only=True):
    """The deposit's next version. The entry of the claim tells of it: it adds none to the deposit's own chain."""

    deposit: Deposit
    due_at: datetime | None
    legs: tuple[Posting, ...]

    @property
    def target(self) -> str:
        return self.deposit.id

    @property
    def postings(self) -> tuple[Posting, ...]:
        return self.legs


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a deposit gives: `minor` in the claim's currency for `fen` of its own, of which insurers pay `insured_minor`."""

    minor: int = 0
    insured_minor: int = 0
    fen: int = 0
    effects: tuple[DeductDeposit, ...] = ()


NOTHING = Given()


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A deposit as a claim finds it at an instant. `rate` is minor units of the claim's `currency` for one of the deposit's own."""

    deposit: Deposit
    books: Books
    currency: str
    rate: Fraction
    at: datetime

    def give(self, most_minor: int, cause: str, *, credit_to: tuple[str, str]) -> Given:
        """The most it can give towards so much of the claim's currency."""
        book = self.books.in_force(self.at)
        there = _floor(deducting.there_minor(self.deposit, cause, book, self.at) * self.rate)
        minor = min(most_minor, there)
        fen = _floor(max(0, minor) / self.rate)
        if fen == 0:
            return NOTHING
        made, taken = deducting.given(self.deposit, fen, cause, self.books, self.at)
        effect = DeductDeposit(
            deposit=replace(made.deposit, seq=self.deposit.seq),
            due_at=next_due_at(made.deposit, self.books),
            legs=self._legs(taken, book.terms.currency, minor, credit_to),
        )
        return Given(minor=minor, insured_minor=minor * taken.insured_minor // fen, fen=fen, effects=(effect,))

    def _legs(self, taken: deducting.Taken, own: str, minor: int, credit_to: tuple[str, str]) -> tuple[Posting, ...]:
        if own == self.currency:
            return deducting.out_of(self.deposit.id, taken, credit_to, own)
        position = (FX_POSITION, self.deposit.id)
        return deducting.out_of(self.deposit.id, taken, position, own) + transfer(
            minor, self.currency, debit_to=position, credit_to=credit_to
        )


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator

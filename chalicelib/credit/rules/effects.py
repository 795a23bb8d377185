"""What draws and repayments do to a credit line and to the exposure of its firm, as effects of their changes. Pure.

A loan moves both by the same amount: `draw`, `release`, `disburse`, `repay` and `reverse` give the pair of effects for a step of its life.

    TABLE.change(was, "draw", now, effects=effects.draw(line_id, member_id, minor), …)

The loan's aggregate is given the writers: `effects=credit.service.exposure.EFFECTS`.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from chalicelib.credit.rules.position import CNY, Parts, postings
from chalicelib.shared.journal import Posting
from chalicelib.shared.state_machine import Effect


class LineEffect(Effect, frozen=True, kw_only=True):
    """`minor` goes from one part of a line to another."""

    moves: ClassVar[Parts]
    line_id: str
    minor: int
    currency: str = CNY

    @property
    def target(self) -> str:
        return self.line_id

    @property
    def parts(self) -> Parts:
        return self.moves

    @property
    def postings(self) -> tuple[Posting, ...]:
        return postings("line", self.line_id, self.minor, self.parts, self.currency)


class DrawLine(LineEffect, frozen=True, kw_only=True):
    """Available becomes pending, if the line is active and has it."""

    moves = ("available", "pending")


class ReleaseDraw(LineEffect, frozen=True, kw_only=True):
    """Pending becomes available: the draw failed or was cancelled."""

    moves = ("pending", "available")


class DisburseDraw(LineEffect, frozen=True, kw_only=True):
    """Pending becomes outstanding: the bank has paid."""

    moves = ("pending", "outstanding")


class RepayLine(LineEffect, frozen=True, kw_only=True):
    """Outstanding becomes available again where the line revolves, and is withheld where it does not."""

    revolves: bool = True

    @property
    def parts(self) -> Parts:
        return ("outstanding", "available" if self.revolves else "withheld")


class ReverseRepayment(LineEffect, frozen=True, kw_only=True):
    """What was repaid is outstanding again, be there enough available or not."""

    revolves: bool = True

    @property
    def parts(self) -> Parts:
        return ("available" if self.revolves else "withheld", "outstanding")


class FirmEffect(Effect, frozen=True, kw_only=True):
    """Something of what is kept of a firm's credit as a whole."""

    member_id: str

    @property
    def target(self) -> str:
        return self.member_id


class ExposureEffect(FirmEffect, frozen=True, kw_only=True):
    """`minor` goes from one part of a firm's exposure to another."""

    moves: ClassVar[Parts]
    minor: int

    @property
    def parts(self) -> Parts:
        return self.moves

    @property
    def postings(self) -> tuple[Posting, ...]:
        return postings("exposure", self.member_id, self.minor, self.parts)


class TakeExposure(ExposureEffect, frozen=True, kw_only=True):
    """Available becomes pending, if the firm's limit has it: of two banks' draws for the last yuan, one."""

    moves = ("available", "pending")


class ReleaseExposure(ExposureEffect, frozen=True, kw_only=True):
    """Pending becomes available."""

    moves = ("pending", "available")


class DisburseExposure(ExposureEffect, frozen=True, kw_only=True):
    """Pending becomes outstanding."""

    moves = ("pending", "outstanding")


class RepayExposure(ExposureEffect, frozen=True, kw_only=True):
    """Outstanding becomes available, whether the line revolves or not."""

    moves = ("outstanding", "available")


class ReverseExposure(ExposureEffect, frozen=True, kw_only=True):
    """What was repaid is outstanding again, be there enough available or not."""

    moves = ("available", "outstanding")


class CreditHold(FirmEffect, frozen=True, kw_only=True):
    """Something above credit lets a firm draw no more, or lets it again. `suspends`: nor apply."""

    by: ClassVar[int]
    suspends: bool = False


class HoldCredit(CreditHold, frozen=True, kw_only=True):
    """One hold more: no draw of any line is accepted while one stands."""

    by = 1


class ReleaseCredit(CreditHold, frozen=True, kw_only=True):
    """One hold less."""

    by = -1


class Applies(FirmEffect, frozen=True, kw_only=True):
    """The firm hands an application in `at` that moment: it is not suspended, and was not screened out within the days before."""

    reapply_days: int
    at: datetime


class ScreenedOut(FirmEffect, frozen=True, kw_only=True):
    """An application of the firm was screened out `at` that moment."""

    at: datetime


def draw(line_id: str, member_id: str, minor: int) -> tuple[Effect, ...]:
    """A draw is asked for: LineNotActive, LineExceeded or ExposureExceeded where it cannot be had at the moment of writing."""
    return DrawLine(line_id=line_id, minor=minor), TakeExposure(member_id=member_id, minor=minor)


def release(line_id: str, member_id: str, minor: int) -> tuple[Effect, ...]:
    """A draw comes to nothing."""
    return ReleaseDraw(line_id=line_id, minor=minor), ReleaseExposure(member_id=member_id, minor=minor)


def disburse(line_id: str, member_id: str, minor: int) -> tuple[Effect, ...]:
    """The bank has paid a draw."""
    return DisburseDraw(line_id=line_id, minor=minor), DisburseExposure(member_id=member_id, minor=minor)


def repay(line_id: str, member_id: str, minor: int, *, revolves: bool) -> tuple[Effect, ...]:
    """Principal has been repaid, or written off."""
    line = RepayLine(line_id=line_id, minor=minor, revolves=revolves)
    return line, RepayExposure(member_id=member_id, minor=minor)


def reverse(line_id: str, member_id: str, minor: int, *, revolves: bool) -> tuple[Effect, ...]:
    """A repayment has been reversed."""
    line = ReverseRepayment(line_id=line_id, minor=minor, revolves=revolves)
    return line, ReverseExposure(member_id=member_id, minor=minor)

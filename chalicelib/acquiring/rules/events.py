"""What acquirers tell of payments, each in the sequence of its payment. Pure."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from chalicelib.banks.rules.protocol import BankMessage, InboundType
from chalicelib.banks.rules.references import BankRef
from chalicelib.shared.money import ReportedMoney

Words = Annotated[str, msgspec.Meta(max_length=200)]
KIND: Final = "acquirer_payment"


class _OfPayment(BankMessage, frozen=True, kw_only=True):
    payment_id: BankRef


class Authorised(_OfPayment, frozen=True, kw_only=True):
    """`data` of `payment.authorised`: the buyer's issuer holds `money` since `occurred_at`."""

    money: ReportedMoney


class Captured(_OfPayment, frozen=True, kw_only=True):
    """`data` of `payment.captured`: `money` was taken of the buyer, be it another amount than was authorised."""

    money: ReportedMoney


class Failed(_OfPayment, frozen=True, kw_only=True):
    """`data` of `payment.failed`: nothing was taken, and nothing will be."""

    reason: Words = ""


class Cancelled(_OfPayment, frozen=True, kw_only=True):
    """`data` of `payment.cancelled`: what was authorised is free again."""

    reason: Words = ""


class Opened(_OfPayment, frozen=True, kw_only=True):
    """`data` of `chargeback.opened`: the buyer's bank asks for `money`, and the acquirer has taken it of us, with a `fee` perhaps."""

    chargeback_ref: BankRef
    money: ReportedMoney
    fee: ReportedMoney | None = None
    reason: Words = ""


class Decided(_OfPayment, frozen=True, kw_only=True):
    """`data` of `chargeback.won` and `chargeback.lost`: for us, or for the buyer; with a `fee` perhaps."""

    chargeback_ref: BankRef
    fee: ReportedMoney | None = None


def _named(event: _OfPayment) -> str:
    return event.payment_id


AUTHORISED: Final = InboundType("payment.authorised", Authorised, KIND, _named)
CAPTURED: Final = InboundType("payment.captured", Captured, KIND, _named)
FAILED: Final = InboundType("payment.failed", Failed, KIND, _named)
CANCELLED: Final = InboundType("payment.cancelled", Cancelled, KIND, _named)
OPENED: Final = InboundType("chargeback.opened", Opened, KIND, _named)
WON: Final = InboundType("chargeback.won", Decided, KIND, _named)
LOST: Final = InboundType("chargeback.lost", Decided, KIND, _named)

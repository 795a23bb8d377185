"""What buyers, suppliers and officers send about card and wallet payments."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.acquiring.rules.settlement import Status
from chalicelib.quotes.rules.methods import MethodId
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Waiting


class PaymentRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    method: MethodId
    """One of the methods that the order's terms name."""


class RefundRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    money: Money | None = None
    """How much goes back; all that can, where it is left out."""


class SettlementsQuery(Waiting, frozen=True, kw_only=True):
    """A supplier's own; officers name a supplier or a status."""

    supplier_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """The supplier, by its member id."""
    status: Status | None = None
    """Only those in this status."""

"""Every type of event that a bank tells of an aggregate in a sequence, as the slices declare it."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.acquiring import bank_messages as acquiring
from chalicelib.banks.service.messages import Inbound
from chalicelib.credit import bank_messages as credit
from chalicelib.groups import bank_messages as groups
from chalicelib.guarantees import bank_messages as guarantees
from chalicelib.loans import bank_messages as loans
from chalicelib.reconciliation import bank_messages as reconciliation

DECLARED: Final[tuple[Inbound[Any, Any, Any], ...]] = (
    *acquiring.INBOUND,
    *groups.INBOUND,
    *credit.INBOUND,
    *loans.INBOUND,
    *guarantees.INBOUND,
    *reconciliation.INBOUND,
)
INBOUND: Final[dict[str, Inbound[Any, Any, Any]]] = {each.type.name: each for each in DECLARED}

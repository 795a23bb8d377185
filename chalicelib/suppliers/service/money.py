"""A supplier's money: its balance, as far as the books have seen it released."""

from __future__ import annotations

from chalicelib.ledger import service as ledger
from chalicelib.ledger.rules import SUPPLIER_BALANCE
from chalicelib.suppliers import records, rules
from chalicelib.suppliers.rules import Balance


def balance(supplier_id: str, currency: str) -> Balance:
    """What may be drawn of a supplier's balance in a currency, to be put into a `Draw`. One read and one query."""
    draws, drawn = records.drawn(supplier_id)
    credited = ledger.turnovers(SUPPLIER_BALANCE, supplier_id).get(currency)
    return rules.balance_of(currency, credited.credit_minor if credited else 0, drawn, draws)

from __future__ import annotations

import pytest

from tests.bank_events.conftest import Bank, bank
from tests.credit.lining import plant
from tests.loans.lending import Lender
from tests.trade import Trade

__all__ = ["bank"]


@pytest.fixture
def lender(trade: Trade, bank: Bank) -> Lender:
    return Lender(bank, trade.time, trade.supplier_id, plant(trade.supplier_id, 100_000_000))

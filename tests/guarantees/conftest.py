from __future__ import annotations

import pytest

from tests.bank_events.conftest import bank
from tests.guarantees.rescuing import Rescue
from tests.loans.conftest import lender
from tests.loans.lending import Lender

__all__ = ["bank", "lender"]


@pytest.fixture
def rescue(lender: Lender) -> Rescue:
    return Rescue(lender)

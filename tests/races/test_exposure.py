"""Many draws at once against one credit line, and of two banks against one firm's limit."""

from __future__ import annotations

from collections import Counter

import pytest

from chalicelib.credit.rules.effects import draw
from chalicelib.credit.rules.exposure import ExposureExceeded
from chalicelib.credit.rules.line import LineExceeded
from chalicelib.credit.service import exposure
from chalicelib.shared.errors import DomainError
from chalicelib.shared.state_machine import Effect
from tests.credit.lining import do, plant
from tests.races.conftest import at_once
from tests.trade import Trade

pytestmark = pytest.mark.engine


def outcome(*effects: Effect) -> str:
    try:
        do(*effects)
    except DomainError as error:
        return error.code
    return "drawn"


def test_of_fifty_draws_on_a_line_for_ten_exactly_ten_are_had(trade: Trade) -> None:
    line_id = plant(trade.supplier_id, 1_000, limit_of_firm=5_000)
    outcomes = at_once(50, lambda n: outcome(*draw(line_id, trade.supplier_id, 100)))
    assert Counter(outcomes) == {"drawn": 10, LineExceeded.code: 40}
    position = exposure.of(trade.supplier_id).position
    assert (position.pending_minor, position.available_minor) == (1_000, 4_000)


def test_of_two_banks_draws_for_the_last_yuan_one_is_had(trade: Trade) -> None:
    first, second = (plant(trade.supplier_id, 1_000, limit_of_firm=100) for _ in range(2))
    outcomes = at_once(2, lambda n: outcome(*draw((first, second)[n], trade.supplier_id, 100)))
    assert sorted(outcomes) == ["drawn", ExposureExceeded.code]
    assert exposure.of(trade.supplier_id).position.available_minor == 0

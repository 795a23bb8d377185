"""Schedulers that follow the same day at once, and draws while an alert becomes red."""

from __future__ import annotations

from collections import Counter

import pytest

from chalicelib.credit.rules.effects import draw
from chalicelib.credit.rules.exposure import CreditHeld
from chalicelib.credit.service import exposure
from chalicelib.monitoring.rules.finding import Judgement
from chalicelib.monitoring.service import raising
from chalicelib.shared.periods import business_date
from tests.credit.lining import plant as plant_line
from tests.loans.lending import plant_loan
from tests.monitoring.alerting import DAY, RULES, finding, subject_of
from tests.races.conftest import at_once
from tests.races.test_exposure import outcome
from tests.trade import Trade

pytestmark = pytest.mark.engine


def test_of_many_schedulers_and_draws_one_alert_holds_once_and_nothing_is_drawn_behind_it(trade: Trade) -> None:
    loan_id, line_id = plant_loan(trade.supplier_id), plant_line(trade.supplier_id, 10_000, limit_of_firm=10**12)
    before = exposure.of(trade.supplier_id).position.pending_minor
    about, on = subject_of(loan_id), business_date(trade.time.at) - DAY
    judgement = Judgement(findings=(finding("red", "repayment"),))

    def act(number: int) -> str:
        if number % 4:
            return outcome(*draw(line_id, trade.supplier_id, 100))
        return f"{raising.raise_or_update(about, judgement, on, RULES, trade.time.at)} changes"

    outcomes = Counter(at_once(24, act))
    assert sum(outcomes.values()) == 24
    assert set(outcomes) <= {"drawn", CreditHeld.code, "0 changes", "1 changes"}
    held = exposure.of(trade.supplier_id)
    assert (held.holds, held.position.pending_minor) == (1, before + 100 * outcomes["drawn"])
    assert outcome(*draw(line_id, trade.supplier_id, 100)) == CreditHeld.code
    [alert] = raising.known_of(loan_id, trade.time.at).lasting
    assert alert.version == 1

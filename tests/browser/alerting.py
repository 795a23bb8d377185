"""A firm that draws, logs in no more and changes nothing else: what waits for an officer of risk the week after."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from chalicelib.monitoring.service import watching
from tests.loans.lending import plant_loan
from tests.monitoring.watched import DAY, Watched
from tests.world import Pump, StandingClock

QUIET_DAYS = 5


def silent_firm(member_id: str, time: StandingClock) -> str:
    """The id of an amber alert about the loan of a member, which is owed since last week. The clock stands where it stood."""
    now = time.at
    lender: Any = SimpleNamespace(firm_id=member_id, time=time)
    firm = Watched(lender, Pump())
    time.at = now - timedelta(days=QUIET_DAYS + 2)
    drawn_on = time.at.date()
    firm.told(drawn_on - DAY)
    firm.logs_in(*(drawn_on - number * DAY for number in range(0, 90, 2)), told=False)
    firm.consents(drawn_on + 300 * DAY)
    firm.loan = plant_loan(member_id)
    watching.follow_loan(firm.loan, time.at)
    for number in range(QUIET_DAYS + 1):
        firm.night(drawn_on + number * DAY)
    time.at = now
    [alert] = firm.alerts()
    return alert.id

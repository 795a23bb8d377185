"""A bank, as far as a service of ours can tell: the life of a loan, told in any order, and the figures that must come of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any, Final

from infra.local.fake_bank import guarantees
from infra.local.fake_bank.core import CHINA, Core, Event
from infra.local.fake_bank.counter import hash_of
from infra.local.fake_bank.server import rules_of

WAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "ordered": (),
    "shuffled": ("shuffled",),
    "doubled": ("twice",),
    "late": ("late",),
}
FIGURES: Final = ("principal", "interest", "penalty")
GUARANTORS: Final = (2, 3)
"""The seats of those who stand for the loan."""
VALUE_DAYS_AGO: Final = 20
"""The kit's bank lends with an earlier value date, so that there is interest to charge on the day on which all is told."""
TRIES, PAUSE_SECONDS = 300, 0.1
Json = dict[str, Any]


def kit_rules() -> Json:
    rules = rules_of()
    rules["draws"]["value_days_ago"] = VALUE_DAYS_AGO
    return rules


def life(core: Core, loan_id: str, now: datetime) -> list[Event]:
    """What comes after a disbursement: three payments, the first back-dated; one is taken back and made again; then interest is charged."""
    loan, today = core.loans[loan_id], now.astimezone(CHINA).date()
    days = (today - timedelta(days=VALUE_DAYS_AGO // 2), today, today)
    paid = [core.repay(loan_id, loan.principal // part, day, now) for part, day in zip((10, 5, 20), days, strict=True)]
    returned = loan.payments[1]
    return [
        *chain.from_iterable(paid),
        *core.reverse(loan_id, returned.ref, now),
        *core.repay(loan_id, returned.minor, today, now),
        *core.charge(loan_id, today, now),
    ]


def guaranteed_life(core: Core, loan_id: str, now: datetime) -> list[Event]:
    """What comes after a default: guarantors are called and pay, one without naming the call; one payment is taken back, the first seat pays the rest."""
    loan, today = core.loans[loan_id], core.day(now)
    events = [*guarantees.declare_default(core, loan_id, now), *guarantees.call(core, loan_id, now)]
    first, second = GUARANTORS
    quarter = loan.owed(today) // 4
    events += guarantees.pay(core, loan_id, first, quarter, today, now)
    events += guarantees.pay(core, loan_id, second, quarter, today, now, named=False)
    events += core.reverse(loan_id, loan.payments[-1].ref, now)
    events += guarantees.pay(core, loan_id, second, 2 * quarter, today, now)
    return [*events, *guarantees.pay(core, loan_id, first, loan.owed(today), today, now)]


def withdrawn_life(core: Core, loan_id: str, now: datetime) -> list[Event]:
    """The same, but the bank asks them no more when one has paid, and gives that back; then the debtor pays a part."""
    loan, today = core.loans[loan_id], core.day(now)
    events = [*guarantees.declare_default(core, loan_id, now), *guarantees.call(core, loan_id, now)]
    events += guarantees.pay(core, loan_id, GUARANTORS[0], loan.owed(today) // 4, today, now)
    return [*events, *guarantees.withdraw(core, loan_id, now), *core.repay(loan_id, loan.principal // 2, today, now)]


def hash_expected(core: Core, loan_id: str, day: date) -> str:
    """The hash of the bank's books of one loan: what the service's have to be."""
    return hash_of({loan_id: core.loans[loan_id].book(day)})


def hash_shown(loan: Json, call: Json | None = None) -> str:
    """The same of what the service shows of the loan, and of the call on its guarantors: nothing before it is disbursed."""
    standing = loan["standing"]
    figures = {name: _minor(standing[name]) for name in FIGURES} | {"dpd": standing["dpd"]} if standing else {}
    paid = {
        str(share["seat"]): minor for share in (call or {"shares": ()})["shares"] if (minor := _minor(share["paid"]))
    }
    return hash_of({loan["id"]: figures | ({"guarantors": paid} if paid else {})})


def shown_in_the_end(look: Callable[[], str], expected: str) -> str:
    """The hash of what the service shows, looked at until it is the expected one or there was time enough."""
    seen = look()
    for _ in range(TRIES):
        if seen == expected:
            break
        time.sleep(PAUSE_SECONDS)
        seen = look()
    return seen


def _minor(money: Json) -> int:
    return int(money["amount"].replace(".", ""))

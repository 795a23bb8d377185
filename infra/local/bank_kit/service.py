"""A bank, as far as a service of ours can tell: the whole life of one draw, told in any order, and the figures that must come of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from infra.local.fake_bank import mischief
from infra.local.fake_bank.core import CHINA, Core, Event
from infra.local.fake_bank.server import RULES, hash_of

WAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "ordered": (),
    "shuffled": ("shuffled",),
    "doubled": ("twice",),
    "late": ("late",),
}
FIGURES: Final = ("principal", "interest", "penalty")
Json = dict[str, Any]


class Life:
    """What a bank tells of a draw on one day: approval, disbursement, three payments, one of them taken back and made again."""

    def __init__(self, bank_id: str, draw: Json, now: datetime) -> None:
        self.core, self.loan_id = Core(bank_id, json.loads(RULES.read_text())), str(draw["loan_id"])
        self.day = now.astimezone(CHINA).date()
        events = self.core.hear("draw.requested", draw, now)
        minor = draw["amount_minor"]
        for part in (10, 5, 20):
            events += self.core.repay(self.loan_id, minor // part, self.day, now)
        returned = self.core.loans[self.loan_id].payments[1]
        events += self.core.reverse(self.loan_id, returned.ref, now)
        events += self.core.repay(self.loan_id, returned.minor, self.day, now)
        self.events = [_of_this_draw(event, self.loan_id) for event in events]

    def told(self, order: str, seed: int = 7) -> list[tuple[str, Event]]:
        """Names and events, in one of the four orders."""
        return mischief.order(self.events, WAYS[order], seed)

    @property
    def expected(self) -> str:
        """The hash of the books that must come of it."""
        return hash_of(self.core.books(self.day))

    def hash_of_loan(self, loan: Json) -> str:
        """The same of what the service shows of the loan."""
        standing = loan["standing"]
        figures = {name: _minor(standing[name]) for name in FIGURES} | {"dpd": standing["dpd"]}
        return hash_of({self.loan_id: figures})


def until(there: Callable[[], bool], tries: int, wait: Callable[[], object]) -> bool:
    """Whether it comes to be so."""
    for _ in range(tries):
        if there():
            return True
        wait()
    return there()


def _of_this_draw(event: Event, loan_id: str) -> Event:
    """Under references that no other draw has."""
    data = {**event.data, "bank_ref": f"{event.data['bank_ref']}-{loan_id[-8:]}"}
    if "original_bank_ref" in data:
        data["original_bank_ref"] = f"{data['original_bank_ref']}-{loan_id[-8:]}"
    return Event(event.type, event.of, event.at, data)


def _minor(money: Json) -> int:
    return int(money["amount"].replace(".", ""))

"""A partner bank of the sample: it decides as the fake bank does, looks up what awaits it, and speaks through the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime
from typing import Any, Final

from infra.local.fake_bank import guarantees
from infra.local.fake_bank.core import Event
from infra.local.fake_bank.counter import Counter
from infra.local.fake_bank.server import rules_of
from infra.local.sample.world import World

DRAWN_DAYS_AGO: Final = 27
"""Its loans began so long ago: the first instalment of each is due in the days that go by."""


class _Bank(guarantees.Bank):
    """Its events are numbered by what they are about: whatever it hears first, they are the same each time."""

    def event(self, kind: str, of: str, now: datetime, on: Any, *, ref: str = "", **fields: Any) -> Event:
        own = ref or f"{self.bank_id.upper()}-{of[-10:]}-{self.seqs[of] + 1}"
        return super().event(kind, of, now, on, ref=own, **fields)


class SampleBank(Counter):
    """It hears what awaits it whenever somebody waits, and its events are there at once."""

    is_idle = True

    def __init__(self, world: World, bank_id: str, rate_bp: int) -> None:
        rules = rules_of()
        rules["offers"]["rate_bp"] = rate_bp
        rules["draws"]["value_days_ago"] = DRAWN_DAYS_AGO
        rules["guarantees"] = {"guarantors": {"*": "never"}}
        self.core, self.lock = _Bank(bank_id, rules), nullcontext()
        self._world = world
        self._heard, self._reviewed, self._signed = set[str](), set[str](), set[str]()
        self._token = world.token("bank", bank_id)

    def now(self) -> datetime:
        return self._world.now()

    def say(self, events: list[Event]) -> None:
        for event in events:
            self._world.bank_says(self.core.bank_id, event.type, event.data)

    def listen(self) -> None:
        """Do what it is asked for and has not done."""
        for kind, name, data in self._awaited():
            if name not in self._heard:
                self._heard.add(name)
                self.say(self.core.hear(kind, data, self.now()))

    def _awaited(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """By what it hears, the thing it is about, and what is told of that."""
        for application in self._items("/v1/credit-applications"):
            if application["id"] not in self._signed:
                yield from self._of_application(application)
        for line in self._items("/v1/credit-lines"):
            yield (
                "agreement.signed",
                line["id"],
                {"line_id": line["id"], "amount_minor": minor(line["terms"]["amount"])},
            )
        for loan in self._items("/v1/loans"):
            data = {"loan_id": loan["id"], "amount_minor": minor(loan["amount"])}
            yield "draw.requested", loan["id"], data | {"months": 6, "method": "equal_principal"}

    def _of_application(self, application: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
        path = f"/v1/credit-applications/{application['id']}"
        if application["id"] not in self._reviewed:
            for review in self._world.get(f"{path}/decisions", self._token)["items"]:
                self._reviewed.add(application["id"])
                data = {name: review[name] for name in ("months", "method", "product_id")}
                data |= {"amount_minor": minor(review["amount"]), "currency": review["amount"]["currency"]}
                yield "application.submitted", review["id"], data | {"review_id": review["id"]}
        elif agreement_id := self._world.get(path)["agreement_id"]:
            self._signed.add(application["id"])
            seen = self._world.get(f"/v1/agreements/{agreement_id}")
            if seen["bank_id"] == self.core.bank_id:
                signed = {"agreement_id": agreement_id, "document_sha256": seen["document_sha256"]}
                yield "offer.accepted", agreement_id, signed

    def _items(self, path: str) -> list[Any]:
        items: list[Any] = self._world.get(f"{path}?limit=100", self._token)["items"]
        return items


def minor(money: dict[str, str]) -> int:
    return int(money["amount"].replace(".", ""))

"""What somebody at a bank's counter has it do, whichever way its events reach us."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

from infra.local.fake_bank import guarantees
from infra.local.fake_bank.core import CHINA, Core, Event

Json = dict[str, Any]


class Counter:
    """`core` decides, by one at a time who has the `lock`; `now` is its time, `say` lets events leave for us. `of` says of what its books are."""

    of = "loans"
    core: guarantees.Bank
    lock: AbstractContextManager[Any]

    @property
    def is_idle(self) -> bool:
        """Whether it has done and said all that it was told."""
        raise NotImplementedError

    def now(self) -> datetime:
        raise NotImplementedError

    def say(self, events: list[Event]) -> None:
        raise NotImplementedError

    def misbehave(self, ways: Sequence[str], seed: int = 0) -> None:
        raise KeyError("/mischief")

    def do(self, act: Callable[[Core, datetime], list[Event]]) -> list[Event]:
        """Let something happen at the bank, and tell of it."""
        now = self.now()
        with self.lock:
            events = self.core.charge_what_ended(now) + act(self.core, now)
            self.say(events)
        return events

    def books(self, on: date | None = None) -> Json:
        as_of = on or self.now().astimezone(CHINA).date()
        with self.lock:
            books = self.core.books(as_of)
        return {"bank_id": self.core.bank_id, "as_of": as_of.isoformat(), self.of: books, "sha256": hash_of(books)}

    def act(self, path: str, body: Json) -> list[Event]:
        """What somebody at its counter has it do."""
        match path:
            case "/payments":
                return self.do(lambda core, now: self._pay(core, body, now))
            case "/reversals":
                return self.do(lambda core, now: core.reverse(body["loan_id"], body["bank_ref"], now))
            case "/defaults":
                return self.do(lambda core, now: list(guarantees.declare_default(core, body["loan_id"], now)))
            case "/calls":
                return self.do(lambda core, now: list(guarantees.call(core, body["loan_id"], now)))
            case "/withdrawals":
                return self.do(lambda core, now: list(guarantees.withdraw(core, body["loan_id"], now)))
            case "/charges":
                return self.do(
                    lambda core, now: core.charge(body["loan_id"], day_of(body.get("until")) or core.day(now), now)
                )
            case "/overdue":
                return self.do(lambda core, now: core.report_overdue(body["loan_id"], now))
            case "/closings":
                return self.do(lambda core, now: core.close(body["loan_id"], now))
            case "/snapshots":
                return self.do(
                    lambda core, now: core.snapshot(day_of(body.get("as_of")) or now.astimezone(CHINA).date(), now)
                )
            case "/mischief":
                self.misbehave(body["ways"], int(body.get("seed", 0)))
                return []
        raise KeyError(path)

    def _pay(self, core: Core, body: Json, now: datetime) -> list[Event]:
        """By the debtor, or by the guarantor in a seat."""
        loan_id, minor, on = body["loan_id"], int(body["amount"]), day_of(body.get("on")) or core.day(now)
        if seat := body.get("seat"):
            named = body.get("named", True)
            return list(guarantees.pay(core, loan_id, seat, minor, on, now, named=named))
        return core.repay(loan_id, minor, on, now)


def day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def hash_of(loans: Json) -> str:
    """Of what is owed by loan: equal where two sides' books are."""
    return hashlib.sha256(json.dumps(loans, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

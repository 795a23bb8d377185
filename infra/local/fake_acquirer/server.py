"""The acquirer as a process: it hears of payments, and sends signed events of its own.

POST /surety          our messages, signed
GET  /books           what became of each payment, and the hash of that
GET  /messages        what it has been told, newest last
POST /authorisations  {"payment_id", "at"?}
POST /captures        {"payment_id", "amount"?}
POST /failures        {"payment_id", "reason"?}
POST /cancellations   {"payment_id"}
POST /chargebacks     {"payment_id", "ref", "amount"}
POST /decisions       {"payment_id", "ref", "outcome"}: won or lost
POST /reports         {"as_of", "totals": [{"currency", "received", "paid", "balance"}]}
POST /holds           {"hold"}: whether buyers' payments wait for what is said here
POST /mischief        {"ways": […], "seed"}: how its messages come from now on; what it kept to itself is sent then
"""

from __future__ import annotations

import time
from datetime import date, datetime
from typing import Any

from infra.local.fake_acquirer.core import Acquirer
from infra.local.fake_bank.core import Event
from infra.local.fake_bank.server import FakeBank

Json = dict[str, Any]


class FakeAcquirer(FakeBank):
    """The line of the fake bank, with an acquirer behind it."""

    inbox, of = "acquirers", "payments"
    core: Acquirer  # type: ignore[assignment]

    @staticmethod
    def core_of(bank_id: str, rules: Json | None) -> Any:
        return Acquirer(bank_id, hold=bool((rules or {}).get("hold")), refs=time.time_ns() // 1_000_000)

    @staticmethod
    def go_by(kept: Any, new: Any) -> None:
        kept.hold = new.hold

    def act(self, path: str, body: Json) -> list[Event]:
        """What somebody at its counter has it do."""
        core, name = self.core, body.get("payment_id", "")
        match path:
            case "/authorisations":
                at = datetime.fromisoformat(body["at"]) if "at" in body else None
                return self.do(lambda _, now: core.authorise(name, now, at))
            case "/captures":
                return self.do(lambda _, now: core.capture(name, now, body.get("amount", "")))
            case "/failures":
                return self.do(lambda _, now: core.fail(name, now, body.get("reason", "declined")))
            case "/cancellations":
                return self.do(lambda _, now: core.cancel(name, now))
            case "/chargebacks":
                return self.do(lambda _, now: core.dispute(name, body["ref"], body["amount"], now))
            case "/decisions":
                return self.do(lambda _, now: core.decide(name, body["ref"], body["outcome"], now))
            case "/reports":
                return self.do(lambda _, now: core.report(date.fromisoformat(body["as_of"]), body["totals"], now))
            case "/holds":
                core.hold = bool(body["hold"])
                return []
            case "/mischief":
                self.misbehave(body["ways"], int(body.get("seed", 0)))
                return []
        raise KeyError(path)

"""What the sample's parts share: who speaks, when it all began, and requests that are the same ones when they are made again."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Protocol

from infra.local.client import Speaks, move_clock
from infra.local.fake_bank.core import CHINA

BANK: Final = "boc"
LOOKS_PER_LISTENING: Final = 4
"""A bank looks up what awaits it so many times less often than somebody looks for what it does."""
DAYS_GO_BY: Final = timedelta(days=5, hours=4)
"""So far the clock is moved: parties may settle among themselves until then, what is not paid is overdue, and officers are called."""


class Listens(Protocol):
    """A bank that does what awaits it."""

    def listen(self) -> None: ...


class World:
    """Every request is named after what it says: a start that died is made whole by asking for all of it again.

    For that all days are reckoned from `began`, when its first member was registered; `now` is as much later as the clock was moved.
    """

    def __init__(self, client: Speaks) -> None:
        self.client = client
        self._tokens: dict[tuple[str, ...], str] = {}
        self.officer = self.token("officer", "sample-officer", "admin")
        self.ids: dict[str, str] = {}
        self.began = datetime.min.replace(tzinfo=UTC)
        self._passed = timedelta()
        self.banks: list[Listens] = []

    def now(self) -> datetime:
        return self.began + self._passed

    def today(self) -> date:
        """The business day on which it began."""
        return self.began.astimezone(CHINA).date()

    @property
    def later(self) -> date:
        """The business day to which the clock is moved."""
        return (self.began + DAYS_GO_BY).astimezone(CHINA).date()

    def go_on(self, last: str) -> None:
        """Days go by, once the books have followed to the last thing that was written: its path."""
        self.until(lambda: self.get(f"{last}/timeline?limit=100")["next_cursor"] is None, "The books did not follow")
        self.let_pass(DAYS_GO_BY)

    def let_pass(self, time: timedelta) -> None:
        """Move the clock; where the time of one request does not suffice, on with another one."""
        self._passed += time
        tries = itertools.count()
        move_clock(
            self.now(),
            lambda path, body: self.post(path, body, key=f"{_name('clock', body)}-{next(tries)}"),
            self.until,
        )

    def token(self, role: str, sub: str, *duties: str) -> str:
        who = (role, sub, *duties)
        if who not in self._tokens:
            self._tokens[who] = self.client.token(role, sub, *duties)
        return self._tokens[who]

    def of(self, ref: str) -> str:
        """The token of a member, by its reference."""
        return self.token("member", self.ids[ref])

    def get(self, path: str, by: str | None = None) -> Any:
        return self.client.get(path, by or self.officer)

    def post(self, path: str, body: Any = None, by: str | None = None, *, key: str = "", person: str = "") -> Any:
        by = by or self.officer
        return self.client.post(path, body, by, key=key or _name(path, body), person=person)

    def upload(self, form: dict[str, Any], content: bytes) -> None:
        self.client.upload(form, content)

    def until(self, there: Callable[[], Any], otherwise: str) -> Any:
        looks = itertools.count()

        def listening() -> Any:
            if next(looks) % LOOKS_PER_LISTENING == 0:
                for bank in self.banks:
                    bank.listen()
            return there()

        return self.client.until(listening, otherwise)

    def member(self, ref: str, name: str, country: str, **more: str) -> Any:
        known = self.known(ref)
        body = {"external_ref": ref, "name": name, "country": country, **more}
        member = known or self.post("/v1/members", body, key=f"sample-{ref}")
        self.ids[ref] = member["id"]
        return member

    def known(self, ref: str) -> Any:
        members: list[Any] = self.get(f"/v1/members?external_ref={ref}")["items"]
        return members[0] if members else None

    def bank_says(self, bank_id: str, kind: str, data: dict[str, Any]) -> Any:
        body = {"type": kind, "data": data}
        path = f"/v1/sandbox/banks/{bank_id}/events"
        return self.client.post(path, body | {"id": _name(path, body)}, self.officer)

    def hand_in(self, path: str, body: dict[str, str], content: bytes, by: str, **fields: str) -> Any:
        """A file by its form: announced, uploaded. Returns the announcement."""
        description = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        announced = self.post(path, {**body, **fields, **description}, by)
        self.upload(announced["upload"], content)
        return announced


def _name(path: str, body: Any) -> str:
    content = json.dumps([path, body], sort_keys=True).encode()
    return f"sample-{hashlib.sha256(content).hexdigest()[:32]}"


def money(amount: str, currency: str) -> dict[str, str]:
    return {"amount": amount, "currency": currency}


def usd(amount: str) -> dict[str, str]:
    return money(amount, "USD")


def cny(amount: str) -> dict[str, str]:
    return money(amount, "CNY")

"""A shop with a deposit: it sells, pays and is looked at through the API; days are told, banks speak, jobs run as they would."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.deposits import jobs, records
from chalicelib.deposits.monthly import jobs as monthly
from chalicelib.deposits.monthly import service as months
from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.deposits.service import days
from chalicelib.runs import jobs as run_jobs
from chalicelib.runs import service as runs
from chalicelib.runs.messages import Shard
from chalicelib.runs.rules import Run
from chalicelib.shared import periods
from chalicelib.shared.journal import JournalRow
from tests.world import Api, Reply, StandingClock, Streams, token

OFFICER = token("officer", "officer-1", "deposits", "claims", "payments")
SECOND = token("officer", "officer-2", "deposits")
WORK = {jobs.DAILY: jobs.ASSESSING, **monthly.JOBS}
G1, G3, G4, G6 = "bed_bath_table", "baby", "computers", "watches_gifts"
"""Categories of the groups of the example books."""


def shanghai(told: str) -> datetime:
    """ "2023-03-05 10:00" in Shanghai."""
    return datetime.fromisoformat(told).replace(tzinfo=periods.SHANGHAI).astimezone(UTC)


@dataclass
class Shop:
    """One seller in CNY. Amounts are decimal strings of yuan."""

    api: Api
    time: StandingClock
    streams: Streams
    seller_id: str = ""
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def seller(self) -> str:
        return token("member", self.seller_id)

    def at(self, told: str) -> Shop:
        """Let it be this moment in Shanghai."""
        self.time.at = shanghai(told)
        return self

    def open(self) -> Reply:
        ref = f"shop-{next(self.numbers)}"
        reply = self.api.post(
            "/v1/members", {"external_ref": ref, "name": ref, "country": "CN"}, token("officer", "o", "admin")
        )
        self.seller_id = reply["id"]
        self.ref = ref
        answer = self.act("", None, self.seller)
        assert answer.status == 201, answer.body
        return answer

    def sells(
        self, orders: int, category: str, gmv: float, day: str, *, status: str = "paid", is_complete: bool = True
    ) -> list[str]:
        """So many orders paid on a day (or at a moment), worth `gmv` yuan together. Returns their ids."""
        paid = shanghai(day if ":" in day else f"{day} 09:00")
        cents = round(gmv * 100 / orders)
        facts = [self._fact(category, cents, paid, status) for _ in range(orders)]
        self.feed(facts, is_complete=is_complete)
        return [fact["trade_id"] for fact in facts]

    def feed(self, facts: list[dict[str, Any]], *, is_complete: bool = True) -> None:
        for start in range(0, len(facts), 500):
            sent = self.api.post("/v1/trades", {"items": facts[start : start + 500]}, token("officer", "o", "admin"))
            assert (sent.status, sent["counts"]["refused"]) == (200, 0), sent.body
        if is_complete:
            days.tell_days(self.seller_id, self.time.at, self.time.at)

    def pays(self, amount: str, ref: str = "", **changes: Any) -> str:
        """A bank says that it received money for the deposit. Returns the bank event's id."""
        number = next(self.numbers)
        data = {
            "seller_id": self.seller_id,
            "bank_ref": ref or f"D-{number}",
            "seq": number,
            "account": "TA-CNY-01",
            "money": {"amount": amount, "currency": "CNY"},
        } | changes
        body = {"type": "deposit.received", "data": data, "id": f"msg_{number}"}
        sent = self.api.post("/v1/sandbox/banks/boc/events", body, token("bank", "boc"))
        assert sent.status in (200, 202), sent.body
        self.streams()
        event_id: str = sent["id"]
        return event_id

    def registers_account(self) -> None:
        body = {"bank_id": "boc", "account": "6222020200112233", "currency": "CNY"}
        self.api.post(f"/v1/suppliers/{self.seller_id}/enrolment", {}, token("officer", "o", "admin"))
        reply = self.api.post(f"/v1/suppliers/{self.seller_id}/bank-account", body, self.seller)
        assert reply.status < 300, reply.body

    def act(self, action: str, body: Any = None, by: str = OFFICER, **more: Any) -> Reply:
        return self.api.post(f"/v1/deposits/{self.seller_id}{'/' if action else ''}{action}", body, by, **more)

    def see(self, what: str = "", by: str | None = None) -> Reply:
        return self.api.get(f"/v1/deposits/{self.seller_id}{what}", by or self.seller)

    def based(self, amount: str) -> None:
        """Two officers correct the base."""
        reply = self.act("corrections", {"base": yuan(amount), "reason": "as the example says"})
        assert reply.status == 200, reply.body
        answer = self.act(f"corrections/{reply['corrections'][0]['id']}/approve", None, SECOND)
        assert answer.status == 200, answer.body

    def day_runs(self, day: str) -> Run:
        """The daily job of a day, as the queue would work on it."""
        return work_through(jobs.begin_day(date.fromisoformat(day)))

    def month_runs(self, period: str) -> Run:
        """The daily job of the 5th, then the monthly run at 00:30 on the 6th, unless it is later already."""
        cut = shanghai(f"{period}-06 00:00")
        self.time.at = max(self.time.at, cut + timedelta(minutes=5))
        self.day_runs(f"{period}-05")
        self.time.at = max(self.time.at, cut + timedelta(minutes=30))
        return work_through(months.begin(period))

    @property
    def kept(self) -> Deposit:
        deposit = records.REPOSITORY.load(self.seller_id)
        assert deposit is not None
        return deposit

    def figures(self) -> tuple[str, ...]:
        """Base, risk, special, total, arrears."""
        needed = self.see()["requirement"]
        return tuple(needed[name]["amount"] for name in ("base", "risk", "special", "total", "arrears"))

    def _fact(self, category: str, cents: int, paid: datetime, status: str) -> dict[str, Any]:
        return {
            "trade_id": f"T-{next(self.numbers)}",
            "supplier_ref": self.ref,
            "buyer_ref": "a-buyer",
            "supplier_country": "CN",
            "buyer_country": "CN",
            "category": category,
            "currency": "CNY",
            "amount": f"{cents // 100}.{cents % 100:02d}",
            "ordered_at": paid.isoformat(),
            "paid_at": paid.isoformat(),
            "status": status,
        } | ({"delivered_at": (paid + timedelta(days=2)).isoformat()} if status == "completed" else {})


def yuan(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}


def work_through(run: Run) -> Run:
    for shard in range(1, run.shards + 1):
        run_jobs.work_on(Shard(run.id, shard), WORK)
    done = runs.get(run.id)
    assert done.status == "done", done
    return done


def books() -> dict[str, int]:
    """Debits less credits of every account that is not even, from the journal; they must balance in every currency."""
    sums: Counter[str] = Counter()
    by_currency: Counter[str] = Counter()
    for row in JournalRow.scan():
        for leg in row.entry().event.postings:
            sums[f"{leg.account}:{leg.currency}"] += leg.debit_minor - leg.credit_minor
            by_currency[leg.currency] += leg.debit_minor - leg.credit_minor
    assert not any(by_currency.values())
    return {account: total for account, total in sums.items() if total and not account.startswith("cover_")}


@pytest.fixture
def shop(api: Api, time: StandingClock, streams: Streams) -> Shop:
    shop = Shop(api, time, streams)
    shop.at("2023-02-08 10:00").open()
    return shop

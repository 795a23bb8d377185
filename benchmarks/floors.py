"""F1: round trips and write units of every state-changing door of protected orders, beside the floor each must keep.

    make bench-floors                     # 100 random whole orders
    make bench-floors ARGS="--orders 20"

The orders run on DynamoDB Local; `benchmarks/meter.py` says how calls and units are counted. The floor of a command is what must
change: its record and its journal entry (2 units each in a transaction), the supplier where cover moves (2), and the sparse
index of due orders where a deadline appears, moves or goes (1 for an entry written, 1 for an entry removed).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from benchmarks.lambda_events import Application, configure
from benchmarks.meter import Meter

configure()

import botocore.session  # noqa: E402 - the environment comes first

from chalicelib.banks import rules as bank_rules  # noqa: E402
from chalicelib.banks import service as banks  # noqa: E402
from chalicelib.members import rules as members  # noqa: E402
from chalicelib.orders import records, service  # noqa: E402
from chalicelib.orders.rules import PaymentReceived  # noqa: E402
from chalicelib.settlement import service as settlement  # noqa: E402
from chalicelib.shared import clock, journal  # noqa: E402
from chalicelib.shared.commit import commit  # noqa: E402
from chalicelib.shared.journal import Event  # noqa: E402
from chalicelib.shared.request import CLOCK, PUBLIC, Caller, Request  # noqa: E402
from chalicelib.shared.settings import settings  # noqa: E402
from chalicelib.suppliers import records as suppliers  # noqa: E402
from chalicelib.suppliers.rules import limit_postings  # noqa: E402
from chalicelib.suppliers.rules.programme import Supplier  # noqa: E402
from infra.local import keys, resources  # noqa: E402
from infra.local.engine import DynamoDBLocal, NoEngine  # noqa: E402
from infra.local.services import OtherServices  # noqa: E402


@dataclass(frozen=True)
class Floor:
    """Reads and writes are round trips; `units` write units, those of the index of due orders included."""

    reads: int
    writes: int
    units: int
    why: str


FLOORS: Final[dict[str, Floor]] = {
    "propose an order": Floor(1, 1, 7, "order, entry, its place in the lists of both sides and among the due"),
    "accept, reserving cover": Floor(1, 1, 8, "order, entry, supplier; its due moment moves"),
    "bank: payment received": Floor(1, 1, 6, "order, entry; its due moment moves"),
    "bank: the same again": Floor(2, 0, 0, "nothing: the order, and the first answer"),
    "ship": Floor(1, 1, 6, "order, entry; its due moment moves"),
    "deliver": Floor(1, 1, 6, "order, entry; its due moment moves"),
    "extend receipt": Floor(1, 1, 6, "order, entry; its due moment moves"),
    "receive": Floor(1, 1, 6, "order, entry; its due moment moves"),
    "complete, releasing cover": Floor(1, 1, 7, "order, entry, supplier; it is due no more"),
    "cancel, releasing cover": Floor(1, 1, 7, "order, entry, supplier; it is due no more"),
    "amend the terms": Floor(2, 1, 6, "order, entry; its due moment moves; whether the supplier is in the programme"),
    "ask for another day": Floor(1, 1, 4, "order, entry"),
    "replay of a finished request": Floor(2, 0, 0, "nothing: the order, and the first answer"),
    "register a member": Floor(0, 1, 4, "member, entry"),
    "bank event into the inbox": Floor(0, 1, 1, "the event"),
    "bank event takes effect": Floor(2, 1, 6, "order, entry; its due moment moves; looks for parked followers"),
    "one trade fact": Floor(4, 2, 10, "the fact, up to three months of its days; in a second commit the feed's entry"),
    "join the programme": Floor(3, 1, 4, "supplier, entry; looks at the member and the day-book"),
    "penalty": Floor(2, 1, 4, "supplier, entry; looks at the day-book"),
    "suspension": Floor(2, 1, 4, "supplier, entry; looks at the day-book"),
    "reinstatement": Floor(2, 1, 4, "supplier, entry; looks at the day-book"),
    "leave the programme": Floor(2, 1, 4, "supplier, entry; looks at the day-book"),
    "open an import": Floor(0, 1, 5, "the import, its place among the runs of its job, entry"),
}


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--orders", type=int, default=100)
    chosen = asked.parse_args()
    with DynamoDBLocal.found() as running, _services():
        os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = running.url
        client = botocore.session.get_session().create_client("dynamodb")
        resources.create_tables(client, settings().stage)
        meter = Meter(client)
        run(meter, chosen.orders)
    return report(meter)


def run(meter: Meter, orders: int) -> None:
    chance, application, time = random.Random(2026), Application(), _Time()
    clock.use(time)
    buyer, supplier = (_register(meter, application, ref) for ref in ("bench-buyer", "bench-supplier"))
    _enrol(supplier)
    for number in range(orders):
        _whole_order(meter, application, time, buyer, supplier, chance, number)
    _programme(meter, application, time)
    _inbox(meter, application, time, buyer, supplier)


@contextmanager
def _services() -> Iterator[None]:
    """Queues, files and parameters, which some commands use beside the tables."""
    services = OtherServices()
    os.environ["AWS_ENDPOINT_URL"] = services.url
    try:
        with tempfile.TemporaryDirectory() as home:
            session = botocore.session.get_session()
            resources.create_queues(session.create_client("sqs"), settings().stage)
            resources.create_bucket(session.create_client("s3"), settings().stage)
            keys.put(session.create_client("ssm"), settings().stage, keys.kept(Path(home) / "keys.json"))
        yield
    finally:
        services.stop()


def report(meter: Meter) -> int:
    """Print every command beside its floor; 1 where one is missed."""
    missed = 0
    print(f"{'command':34} {'requests':>8} {'reads':>6} {'writes':>7} {'units':>6}   floor (reads, writes, units)")
    for command, floor in FLOORS.items():
        cost = meter.costs[command]
        kept = (
            cost.requests > 0
            and cost.reads <= floor.reads
            and cost.writes <= floor.writes
            and cost.units <= floor.units
        )
        missed += not kept
        print(
            f"{command:34} {cost.requests:8} {cost.reads:6} {cost.writes:7} {cost.units:6}   "
            f"{floor.reads}, {floor.writes}, {floor.units}: {floor.why}{'' if kept else '   MISSED'}"
        )
    print(f"every floor kept: {'no' if missed else 'yes'}; the worst request of each command is shown")
    return int(missed > 0)


class _Time:
    """Business time of the benchmark, moved by hand."""

    def __init__(self) -> None:
        self.at = clock.real()

    def __call__(self) -> Any:
        return self.at

    def pass_days(self, days: float) -> None:
        self.at += timedelta(days=days)


def _register(meter: Meter, application: Application, ref: str) -> str:
    body = {"external_ref": ref, "name": "Ningbo Oak Furniture Co., Ltd.", "country": "CN"}
    with meter.of("register a member"):
        application.call("POST", "/v1/members", expect=201, sub="officer-1", role="officer", duties="admin", body=body)
    return members.id_of(ref)


def _enrol(member_id: str) -> None:
    now = clock.now()
    limit = 10**12
    supplier = Supplier(id=member_id, version=1, status="active", created_at=now, updated_at=now, limit_minor=limit)
    event = Event("supplier.enrolled", {}, limit_postings(member_id, was_minor=0, now_minor=limit))
    made = journal.entry(
        Request(caller=CLOCK, now=now, request_id="bench", key="enrol"),
        event,
        of=member_id,
        seq=1,
        prev=journal.GENESIS,
    )
    commit(made, suppliers.create(supplier, made))


def _whole_order(
    meter: Meter, application: Application, time: _Time, buyer: str, supplier: str, chance: random.Random, number: int
) -> None:
    terms = _terms(chance)
    total = sum(_cents(part["money"]) for part in terms["instalments"])
    asked = {"buyer_id": buyer, "supplier_id": supplier, "terms": terms}
    with meter.of("propose an order"):
        order_id = application.call("POST", "/v1/orders", expect=201, sub=buyer, body=asked)["id"]

    def act(command: str, action: str, by: str, body: Any = None, key: str | None = None) -> None:
        with meter.of(command):
            application.call(
                "POST", f"/v1/orders/{{order_id}}/{action}", expect=200, sub=by, body=body, key=key, order_id=order_id
            )

    def pay(command: str, seq: int, minor: int) -> None:
        fact = PaymentReceived(
            bank_id="boc",
            bank_ref=f"R-{number}-{seq}",
            seq=seq,
            account="TA-USD-01",
            value_date=date(2026, 3, 2),
            amount_minor=minor,
            currency="USD",
        )
        request = Request(
            caller=Caller("bank:boc", "bank"),
            now=clock.now(),
            request_id="bench",
            key=f"m-{number}-{seq}",
            digest=str(minor),
        )
        with meter.of(command):
            service.apply_bank_fact(order_id, fact, request)

    time.pass_days(0.01)
    act("amend the terms", "amend", buyer, {"terms": terms})
    act("accept, reserving cover", "accept", supplier, {"version": 2}, key=f"accept-{number}")
    act("replay of a finished request", "accept", supplier, {"version": 2}, key=f"accept-{number}")
    if number % 5 == 4:
        act("cancel, releasing cover", "cancel", buyer, {"reason": "the season is over"})
        return
    deposit = _cents(terms["instalments"][0]["money"])
    pay("bank: payment received", 1, deposit)
    pay("bank: the same again", 1, deposit)
    act("ask for another day", "amend", supplier, {"ship_by": {"kind": "after_payment", "days": 40, "payment": "full"}})
    if total > deposit:
        pay("bank: payment received", 2, total - deposit)
    goods = {
        "carrier": "COSCO",
        "tracking_number": f"COSU{chance.randrange(10**10)}",
        "documents": [{"kind": "bill_of_lading", "reference": "B/L 1"}],
    }
    act("ship", "ship", supplier, goods)
    time.pass_days(chance.randrange(20, 29))
    act("deliver", "deliver", supplier, {"reference": f"POD-{chance.randrange(10**6)}"})
    act("extend receipt", "extend-receipt", buyer)
    act("receive", "receive", buyer)
    time.pass_days(31)
    [due] = records.due_ids(time.at, 2)
    with meter.of("complete, releasing cover"):
        service.settled(due, time.at)


def _programme(meter: Meter, application: Application, time: _Time) -> None:
    """A supplier's trades are told one by one; it joins, errs, is suspended and reinstated, and leaves."""
    supplier = members.id_of("bench-joiner")

    def officer(command: str, path: str, body: Any, expect: int = 200, **ids: str) -> None:
        with meter.of(command):
            application.call(
                "POST", path, expect=expect, sub="officer-1", role="officer", duties="admin", body=body, **ids
            )

    for number in range(20):
        trade = _trade("bench-joiner", number, time.at - timedelta(days=10 + number * 5))
        if number:
            officer("one trade fact", "/v1/trades", {"items": [trade]})
        else:
            application.call(
                "POST",
                "/v1/trades",
                expect=200,
                sub="officer-1",
                role="officer",
                duties="admin",
                body={"items": [trade]},
            )
    about = "/v1/suppliers/{member_id}"
    officer("join the programme", f"{about}/enrolment", {}, member_id=supplier)
    officer("penalty", f"{about}/penalties", {"reason": "failed_delivery"}, member_id=supplier)
    officer(
        "suspension", f"{about}/suspension", {"reason": "forged documents are being looked into"}, member_id=supplier
    )
    officer("reinstatement", f"{about}/reinstatement", {"reason": "they were genuine"}, member_id=supplier)
    officer("leave the programme", f"{about}/withdrawal", None, member_id=supplier)
    officer("open an import", "/v1/imports", {"kind": "trade_history"}, 201)


def _inbox(meter: Meter, application: Application, time: _Time, buyer: str, supplier: str) -> None:
    """A bank's signed event: into the inbox, and from its stream to its effect."""
    terms = _terms(random.Random(7))
    made = application.call(
        "POST", "/v1/orders", expect=201, sub=buyer, body={"buyer_id": buyer, "supplier_id": supplier, "terms": terms}
    )
    accept = {"method": "POST", "resource": "/v1/orders/{order_id}/accept", "order_id": made["id"]}
    application.call(**accept, expect=200, sub=supplier, body={"version": 1})
    data = {
        "bank_ref": "R-1",
        "seq": 1,
        "order_id": made["id"],
        "account": "TA-USD-01",
        "value_date": "2026-03-02",
        "money": terms["instalments"][0]["money"],
    }
    body = json.dumps(
        {"type": "payment.received", "timestamp": "2026-03-02T02:15:00Z", "data": data | {"remitter": "ACME GmbH"}}
    ).encode()
    request = Request(caller=PUBLIC, now=clock.now(), request_id="bench")
    signed = bank_rules.sign(banks.keys("boc", clock.now())[:1], "msg-1", clock.real(), body)
    with meter.of("bank event into the inbox"):
        taken = banks.receive("boc", signed, body, request)
    event, raw = banks.find(json.loads(taken.body)["id"])
    with meter.of("bank event takes effect"):
        settlement.settle(event, raw)


def _trade(supplier: str, number: int, ordered: datetime) -> dict[str, Any]:
    instants = {
        "ordered_at": ordered,
        "paid_at": ordered,
        "ship_by": ordered + timedelta(days=5),
        "shipped_at": ordered + timedelta(days=4),
        "delivered_at": ordered + timedelta(days=9),
    }
    return {
        "trade_id": f"bench-{number}",
        "supplier_ref": supplier,
        "buyer_ref": f"buyer-{number}",
        "supplier_country": "VN",
        "buyer_country": "US",
        "category": "furniture_decor",
        "currency": "USD",
        "amount": f"{80 + number}.00",
        "status": "completed",
        **{name: instant.isoformat() for name, instant in instants.items()},
    }


def _terms(chance: random.Random) -> dict[str, Any]:
    lines: list[dict[str, Any]] = [
        {
            "name": chance.choice(_GOODS),
            "quantity": chance.randrange(1, 5000),
            "unit": "piece",
            "unit_price": _usd(chance.randrange(1, 30_000)),
        }
        for _ in range(chance.randrange(1, 4))
    ]
    total = sum(line["quantity"] * _cents(line["unit_price"]) for line in lines)
    deposit = total * chance.choice([30, 50, 100]) // 100 or total
    parts = [("deposit", deposit), ("balance", total - deposit)] if deposit < total else [("all", total)]
    return {
        "currency": "USD",
        "items": lines,
        "instalments": [{"name": name, "money": _usd(minor)} for name, minor in parts],
        "ship_by": {"kind": "after_payment", "days": chance.randrange(10, 60), "payment": "full"},
        "cover": chance.choice(["deposit", "total"]),
        "transport": chance.choice(["air", "sea"]),
        "specification": chance.choice(_SPECIFICATIONS),
        "category": "furniture_decor",
    }


def _usd(minor: int) -> dict[str, str]:
    return {"amount": f"{minor // 100}.{minor % 100:02d}", "currency": "USD"}


def _cents(money: dict[str, str]) -> int:
    return int(money["amount"].replace(".", ""))


_GOODS: Final = (
    "Oak chair, natural oil",
    "Linen curtain 140 x 260 cm",
    "LED desk lamp, 4000 K",
    "Steel shelf bracket 300 mm",
    "Cotton towel 500 g/m2",
)
_SPECIFICATIONS: Final = (
    "",
    "As sample 14 of 2 February.",
    "Moisture of the oak at most 10 %; seat height 45 cm, give or take 5 mm; AQL 2.5 on a sample of 80.",
)

if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except NoEngine as missing:
        raise SystemExit(f"No figures: {missing}") from missing

"""What answers the daily run in its benchmark: an index of loans and their watches made on the fly, and a table of everything that is written.

The time all this takes is kept apart: it is not the product's. Conditions always hold.
Loans themselves are not there: what reading one takes beside the call is not in the figures.
"""

from __future__ import annotations

import io
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import groupby
from typing import Any, Final, cast

import msgspec
from botocore.awsrequest import AWSResponse
from msgspec.structs import replace

from benchmarks import daily_loans as loans
from benchmarks.stub_engine import Raw
from chalicelib.daybook.records import PageRow
from chalicelib.monitoring.records.alerts import REPOSITORY
from chalicelib.monitoring.records.watches import PARTS, row_of
from chalicelib.monitoring.rules.alert import Alert, Subject, alert_id
from chalicelib.monitoring.rules.watch import Watch
from chalicelib.monitoring.service import daily, days
from chalicelib.runs.rules import Run, ShardResult, id_of
from chalicelib.shared import clock
from chalicelib.shared.periods import month_of
from chalicelib.shared.tables import engine

PAGE_BYTES: Final = 1 << 20
ITEM_BYTES: Final = 90
"""Of the index, as the engine counts them."""
AGO: Final = timedelta(days=400)
Item = dict[str, Any]


class Stub:
    """A world of `count` loans. `cpu` is what it took itself, `meter` what it was asked for."""

    def __init__(self) -> None:
        told_days = {feed: [loans.ON - back * loans.DAY for back in range(AGO.days)] for feed in ("logins", "trade")}
        self.about = msgspec.to_builtins(daily.About(told_days=cast(Any, told_days), rules="known"))
        known = days.almanac({feed: frozenset(each) for feed, each in told_days.items()}, loans.ON)  # type: ignore[misc]
        self.kinds, self.cpu = loans.kinds(known), 0.0
        self.books: dict[str, list[tuple[str, Item]]] = {}
        self.hold(0)
        clock.use(lambda: loans.NOW)
        cast(Any, engine().client).meta.events.register("before-send", self._answer)

    def hold(self, count: int) -> None:
        """Begin anew with so many loans."""
        self.count, self.meter = count, Counter[str]()
        self.kept: dict[tuple[str, ...], Item] = {}
        self.alerts_of: dict[str, dict[str, Item]] = {}

    def decide(self, shard: int) -> ShardResult:
        """What the product does when a message of the queue asks it for a part."""
        run = Run(
            id=id_of("monitoring-daily", str(loans.ON)),
            job="monitoring-daily",
            period=str(loans.ON),
            as_of=loans.ON,
            status="running",
            version=1,
            shards=PARTS,
            created_at=loans.NOW,
            updated_at=loans.NOW,
            about=self.about,
        )
        return daily.decide_part(run, shard)

    def must_equal_the_oracle(self) -> int:
        """Every loan whose kind has news was looked at and has the alerts of the oracle; no other was touched. How many there were."""
        changed = 0
        touched = {key[1] for key in self.kept if key[0] == "watches"}
        for number in range(self.count):
            kind, name = self.kinds[loans.kind_of(number)], loans.loan_id(number)
            assert kind.is_news == (name in touched), name
            if kind.is_news:
                alerts = [self._alert(item) for item in self._alerts(name).values()]
                lasting = {(each.rule, each.started_on, each.red_on) for each in alerts if each.status != "closed"}
                assert lasting == kind.expected, (name, lasting, kind.expected)
                changed += 1
        return changed

    def _answer(self, request: Any, **_: Any) -> AWSResponse:
        burning = time.process_time()
        target = request.headers["X-Amz-Target"]
        operation = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
        answers: dict[str, Callable[[Item], Any]] = {
            "Query": self._query,
            "GetItem": lambda parameters: self._item_of(self._find(parameters["TableName"], parameters["Key"])),
            "BatchGetItem": self._batch,
            "PutItem": lambda parameters: self._put(parameters["TableName"], parameters["Item"]),
            "UpdateItem": lambda parameters: {},
            "TransactWriteItems": self._write,
        }
        answer = answers[operation](msgspec.json.decode(request.body))
        content = answer if isinstance(answer, bytes) else msgspec.json.encode(answer)
        self.meter[operation] += 1
        self.cpu += time.process_time() - burning
        headers: Any = {"Content-Length": str(len(content))}
        return AWSResponse(request.url, 200, headers, Raw(io.BytesIO(content)))

    def _query(self, parameters: Item) -> Any:
        index, values = parameters.get("IndexName", ""), [*parameters["ExpressionAttributeValues"].values()]
        if index == "watched":
            return self._page(int(values[0]["N"]), parameters.get("ExclusiveStartKey"))
        first, *others = (value["S"] for value in values)
        if index == "by_subject":
            rows = [*self._alerts(first).values()]
        elif _short(parameters["TableName"]) == "day-book":
            rows = [page for month, page in self._book(first) if others[0] <= month <= others[1]]
            self.meter["half_reads"] += 2 * len(rows)
        else:
            rows = []
        return {"Items": rows, "Count": len(rows), "ScannedCount": len(rows)}

    def _book(self, member_id: str) -> list[tuple[str, Item]]:
        """The pages of a firm's day-book, by month."""
        if member_id not in self.books:
            of = self.kinds[int(member_id[4:])].days
            pages = ((month, tuple(rows)) for month, rows in groupby(of, lambda row: month_of(row.day)))
            self.books[member_id] = [
                (month, _in_json(PageRow(member_id, month, version=1, days=rows).serialize())) for month, rows in pages
            ]
        return self.books[member_id]

    def _page(self, part: int, after: Item | None) -> bytes:
        """A page of the index: loans of the part in their order."""
        first = int(after["loan_id"]["S"][4:]) + PARTS if after else part
        numbers = range(first, self.count, PARTS)[: PAGE_BYTES // ITEM_BYTES]
        items = ",".join(
            f'{{"loan_id":{{"S":"{loans.loan_id(number)}"}},"wakes_on":{{"N":"{self._wakes(number)}"}},'
            f'"decided_on":{{"N":"{loans.ON.toordinal() - 1}"}}}}'
            for number in numbers
        )
        self.meter["half_reads"] += -(-len(numbers) * ITEM_BYTES // 4096)
        more = ""
        if numbers and numbers[-1] + PARTS < self.count:
            more = f',"LastEvaluatedKey":{{"loan_id":{{"S":"{loans.loan_id(numbers[-1])}"}}}}'
        return f'{{"Count":{len(numbers)},"Items":[{items}]{more}}}'.encode()

    def _wakes(self, number: int) -> int:
        wakes_on = self.kinds[loans.kind_of(number)].watch.wakes_on
        assert wakes_on is not None
        return wakes_on.toordinal()

    def _batch(self, parameters: Item) -> Item:
        by_table: dict[str, list[Item]] = {}
        for table, keys in parameters["RequestItems"].items():
            items = (self._find(table, key) for key in keys["Keys"])
            by_table[table] = [item for item in items if item]
            self.meter["half_reads"] += 2 * len(by_table[table])
        return {"Responses": by_table, "UnprocessedKeys": {}}

    def _find(self, table: str, key: Item) -> Item | None:
        short, name = _short(table), next(iter(key.values()))
        if short == "alerts":
            return next((each[name["S"]] for each in self.alerts_of.values() if name["S"] in each), None)
        kept = self.kept.get((short, *(str(value) for part in key.values() for value in part.values())))
        if kept is None and short == "watches":
            return self._watch(int(name["S"][4:]))
        return kept

    def _item_of(self, item: Item | None) -> Item:
        return {"Item": item} if item else {}

    def _watch(self, number: int) -> Item:
        """As the table holds it."""
        known: Watch = replace(self.kinds[loans.kind_of(number)].watch, id=loans.loan_id(number))
        return _in_json(row_of(known).serialize())

    def _alerts(self, name: str) -> dict[str, Item]:
        """The alerts of a loan, by id: those of its kind until something is written."""
        if name not in self.alerts_of:
            self.alerts_of[name] = {}
            for alert in self.kinds[loans.kind_of(int(name[4:]))].alerts:
                about = Subject(kind="loan", id=name, member_id=alert.about.member_id, bank_id=alert.about.bank_id)
                own = replace(alert, id=alert_id(name, alert.rule, alert.started_on), about=about)
                row: Any = REPOSITORY.put(own, None).row
                self.alerts_of[name][own.id] = _in_json(row.serialize())
        return self.alerts_of[name]

    def _write(self, parameters: Item) -> Item:
        for action in parameters["TransactItems"]:
            if put := action.get("Put"):
                self._put(put["TableName"], put["Item"])
            self.meter["write_units"] += 2
        return {}

    def _put(self, table: str, item: Item) -> Item:
        short = _short(table)
        self.meter[f"written_{short}"] += 1
        if short == "alerts":
            about = self._alert(item).about.id
            self._alerts(about)[item["alert_id"]["S"]] = item
        elif short != "journal":
            key = {"watches": ("loan_id",), "runs": ("run_id", "shard")}[short]
            self.kept[(short, *(str(value) for part in key for value in item[part].values()))] = item
        return {}

    def _alert(self, item: Item) -> Alert:
        raw = msgspec.convert(item["body"]["B"], bytes, strict=False)
        alert: Alert = cast(Any, REPOSITORY.row).body.deserialize(raw)
        return alert


def _short(table: str) -> str:
    return table.split("-", 2)[2]


def _in_json(item: dict[str, Any]) -> Item:
    return {
        name: {"B": b64encode(value["B"]).decode()} if isinstance(value.get("B"), bytes) else value
        for name, value in item.items()
    }

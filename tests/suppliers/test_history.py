"""The rule on trade history: a recomputation from the file alone must agree with the product to the cent."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.daybook.rules import items as daybook_items
from chalicelib.daybook.rules.days import DayRow
from chalicelib.daybook.rules.trades import TradeFact
from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.members import service as members
from chalicelib.members.rules import id_of
from chalicelib.shared import fx, policies
from chalicelib.shared.money import parse_minor, text
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.suppliers import jobs
from chalicelib.suppliers.rules.figures import FigureTerms
from chalicelib.suppliers.rules.qualification import Terms, inputs_of, qualify
from tests.suppliers.recomputed import Rates, recompute
from tests.suppliers.test_monthly import lines
from tests.world import Api, Pump

DATA = Path(__file__).parents[3] / "shared" / "data"
HISTORY = DATA / "trade_history_2016_2017.csv"
AS_OF = date(2018, 1, 1)
TERMS = policies.versions("qualification")[0].read_as(Terms)
ANSWERING = policies.versions("figures")[0].read_as(FigureTerms).response
WORKED = {
    "4869f7a5dfa277a7": (18, 159_221, 18, 10_000, 9_600, 130_000),
    "fa1c13f2614d7b5c": (12, 183_652, 15, 8_000, 8_600, 130_000),
    "cc419e0650a3c5ba": (59, 137_870, 85, 9_294, 9_247, 120_000),
    "46dc3b2cc0980fb8": (15, 128_113, 27, 5_555, 7_377, 0),
}
there = pytest.mark.skipif(not HISTORY.exists(), reason="the trade history in ../shared/data is not here")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def rates() -> Rates:
    return {(row["from"], row["month"]): row["rate"] for row in read(DATA / "fx_monthly.csv")}


def fact(row: Mapping[str, str]) -> TradeFact:
    def at(column: str) -> datetime | None:
        return datetime.fromisoformat(row[column]).astimezone(UTC) if row[column] else None

    ordered_at = at("ordered_at")
    assert ordered_at is not None
    return TradeFact(
        member_id=id_of(row["supplier_ref"]),
        trade_id=row["trade_id"],
        buyer_ref=row["buyer_ref"],
        supplier_country=row["supplier_country"],
        buyer_country=row["buyer_country"],
        category=row["category"],
        currency=row["currency"],
        amount_minor=parse_minor(row["amount"], row["currency"]),
        ordered_at=ordered_at,
        paid_at=at("paid_at"),
        ship_by=at("ship_by"),
        shipped_at=at("shipped_at"),
        promised_by=at("promised_by"),
        delivered_at=at("delivered_at"),
        status=row["status"],  # type: ignore[arg-type]
        source="history",
    )


@there
def test_of_949_suppliers_61_qualify_for_64400_dollars_in_all() -> None:
    recomputed = recompute(read(HISTORY), rates(), AS_OF)
    assert len(recomputed) == 949
    assert sum(sums.qualified for sums in recomputed.values()) == 61
    assert sum(sums.limit for sums in recomputed.values()) == 64_400_00
    for ref, told in WORKED.items():
        sums = recomputed[ref]
        assert (sums.completed, sums.gmv, sums.due, sums.on_time_bp, sums.q_bp, sums.limit) == told


@there
def test_the_monthly_run_decides_on_every_supplier_of_the_history_as_recomputed(
    api: Api, officer: str, pump: Pump
) -> None:
    rows = read(HISTORY)
    request = RequestContext(caller=CLOCK, now=datetime(2018, 1, 1, tzinfo=UTC), request_id="history")
    members.ensure({row["supplier_ref"]: row["supplier_country"] for row in rows}, request)
    outcomes = daybook_recording.record([fact(row) for row in rows])
    assert {outcome.result for outcome in outcomes} == {"new"}
    run = jobs.start_qualification(AS_OF)
    pump()
    reply = api.get(f"/v1/runs/{run.id}", officer)
    assert (reply["counts"]["evaluated"], reply["counts"]["qualified"], reply["counts"]["limit_total_minor"]) == (
        949,
        61,
        64_400_00,
    )
    expected = {
        ref: (
            str(sums.completed),
            text(sums.gmv, "USD"),
            str(sums.due),
            str(sums.on_time_bp),
            str(sums.q_bp),
            text(sums.limit, "USD"),
        )
        for ref, sums in recompute(rows, rates(), AS_OF).items()
    }
    columns = ("completed", "gmv", "due", "on_time_bp", "q_bp", "limit")
    assert {line["supplier_ref"]: tuple(line[name] for name in columns) for line in lines(reply)} == expected
    seen = api.get(f"/v1/suppliers/{id_of('46dc3b2cc0980fb8')}?as_of={AS_OF}", officer)["qualification"]
    assert (seen["failed"], seen["inputs"]["gmv"]["amount"]) == (["on_time_bp"], "1281.13")


NOW = datetime(2018, 2, 1, tzinfo=UTC)
AROUND = st.integers(0, 200 * 86_400).map(
    lambda seconds: datetime(2017, 6, 25, tzinfo=UTC) + timedelta(seconds=seconds)
)


@st.composite
def trades(draw: st.DrawFn) -> list[dict[str, str]]:
    """Trades of two suppliers, most of them near the borders of the window and of their ship-by."""
    made = []
    for number in range(draw(st.integers(0, 30))):
        ship_by, delivered = draw(AROUND), draw(AROUND)
        status = draw(st.sampled_from(["placed", "paid", "shipped", "completed", "cancelled"]))
        shipped = ship_by + draw(st.integers(-1, 1)) * timedelta(seconds=draw(st.integers(0, 2)))
        delivered, ordered = max(delivered, shipped), datetime(2017, 6, 1, tzinfo=UTC)
        left = st.just(shipped.isoformat()) if status == "shipped" else st.sampled_from([shipped.isoformat(), ""])
        made.append(
            {
                "trade_id": f"t-{number}",
                "supplier_ref": draw(st.sampled_from(["one", "two"])),
                "buyer_ref": "b",
                "supplier_country": "BR",
                "buyer_country": "BR",
                "category": "tools",
                "currency": "BRL",
                "amount": text(draw(st.integers(1, 10**7)), "BRL"),
                "ordered_at": ordered.isoformat(),
                "paid_at": ordered.isoformat() if status in ("paid", "completed") else "",
                "ship_by": draw(st.sampled_from([ship_by.isoformat(), ""])),
                "shipped_at": draw(left),
                "promised_by": "",
                "delivered_at": draw(st.sampled_from([delivered.isoformat(), ""])),
                "status": status,
            }
        )
    return made


TABLE: Rates = {
    ("BRL", month): fx.quote("BRL", date.fromisoformat(f"{month}-01")).rate
    for month in ("2017-06", "2017-07", "2017-08", "2017-09", "2017-10", "2017-11", "2017-12", "2018-01")
}


@given(trades())
def test_on_any_history_the_product_agrees_with_the_recomputation(history: list[dict[str, str]]) -> None:
    rows: dict[str, list[DayRow]] = defaultdict(list)
    for row in history:
        item, _ = daybook_items.tell(None, fact(row), fx.quote, NOW)
        rows[row["supplier_ref"]] += daybook_items.days_of(item)
    for ref, sums in recompute(history, TABLE, AS_OF).items():
        qualification = qualify(inputs_of(rows[ref], AS_OF, TERMS, ANSWERING), TERMS)
        inputs = qualification.inputs
        assert (inputs.completed, inputs.gmv_minor, inputs.due, inputs.on_time) == (
            sums.completed,
            sums.gmv,
            sums.due,
            sums.on_time,
        )
        assert (qualification.qualified, qualification.q_bp, qualification.limit_minor) == (
            sums.qualified,
            sums.q_bp,
            sums.limit,
        )

"""One protected order: from a marketplace's trade history to the supplier's money and a storefront that has moved."""

from __future__ import annotations

import csv
import io
import urllib.request
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from infra.local.client import PATIENCE_SECONDS
from infra.local.demo.stage import Stage, day, money, say, scene, usd, words
from infra.local.import_file import run_import

AS_OF: Final = "2018-01-01"

TERMS: Final[dict[str, Any]] = {
    "currency": "USD",
    "items": [{"name": "Folding chair, beech", "quantity": 100, "unit_price": usd("10.00")}],
    "instalments": [{"name": "deposit", "money": usd("300.00")}, {"name": "balance", "money": usd("700.00")}],
    "ship_by": {"kind": "after_payment", "days": 30, "payment": "full"},
    "cover": "total",
    "transport": "sea",
    "specification": "As sample 14; load at least 120 kg.",
}


def play(stage: Stage, history: Path) -> None:
    load_history(stage, history)
    supplier = qualify(stage)
    before = enrol(stage, supplier)
    order = agree(stage)
    pay(stage, order)
    deliver(stage, order)
    complete(stage, order, before)


def load_history(stage: Stage, path: Path) -> None:
    scene("Import of a trade history", path.name)
    done = run_import(stage.client, path, stage.officer)
    counts = done["counts"]
    say.print(
        f"  {done['progress']['rows_read']:,} rows: {counts['new']:,} new, {counts['known']:,} known, {counts['refused']:,} refused"
    )


def qualify(stage: Stage) -> str:
    scene("Which suppliers qualify?", f"the monthly job, as of {day(AS_OF)}")
    run = stage.finished(stage.client.post("/v1/sandbox/jobs/qualification-monthly", {"as_of": AS_OF}, stage.officer))
    counts = run["counts"]
    total = {"amount": f"{Decimal(counts['limit_total_minor']) / 100:.2f}", "currency": "USD"}
    say.print(f"  {counts['qualified']:,} of {counts['evaluated']:,} suppliers qualify, for {money(total)} in all")
    best = _best(run)
    seen = stage.client.get(f"/v1/suppliers/{best}?as_of={AS_OF}", stage.officer)["qualification"]
    done = f"{seen['inputs']['completed']} trades completed for {money(seen['inputs']['gmv'])}"
    say.print(
        f"  the best of them: {done}, {seen['on_time_bp'] / 100:g} % on time; its limit is {money(seen['limit'])}"
    )
    return best


def enrol(stage: Stage, supplier: str) -> dict[str, Any]:
    """The supplier joins, the buyer registers. Returns the storefront before anything was sold under protection."""
    scene("Enrolment", "voluntary, by the supplier itself")
    client = stage.client
    stage.supplier_id, stage.supplier = supplier, client.token("member", supplier)
    joined = client.post(f"/v1/suppliers/{supplier}/enrolment", {}, stage.supplier)
    say.print(f"  {joined['status']}, with a protection amount of {money(joined['limit'])}")
    buyer = {"external_ref": "demo-buyer", "name": "Hansa Möbel GmbH", "country": "DE", "zone": "Europe/Berlin"}
    stage.buyer_id = client.post("/v1/members", buyer, stage.officer)["id"]
    stage.buyer = client.token("member", stage.buyer_id)
    before: dict[str, Any] = client.get(f"/v1/storefronts/{supplier}")
    return before


def agree(stage: Stage) -> str:
    scene("A cover quote, and a protected order", "100 chairs, 300.00 USD of deposit, 700.00 USD of balance")
    body = {"supplier_id": stage.supplier_id, "terms": TERMS}
    quote = stage.client.post("/v1/cover-quotes", body, stage.buyer)
    say.print(f"  the quote covers {money(quote['cap'])}" if quote["covered"] else "  the quote covers nothing")
    agreed = stage.agree(TERMS)
    stage.tell_order(agreed)
    tell_coverage(stage)
    order_id: str = agreed["id"]
    return order_id


def pay(stage: Stage, order: str) -> None:
    scene("The bank tells of payments", "part of the deposit, its rest, the balance")
    stage.pay(order, "200.00")
    stage.tell_order(stage.pay(order, "100.00"))
    stage.tell_order(stage.pay(order, "700.00"))


def deliver(stage: Stage, order: str) -> None:
    scene("Shipment and receipt")
    stage.tell_order(stage.ship(order))
    stage.advance(7 * 24)
    stage.client.post(f"/v1/orders/{order}/deliver", {"reference": "POD-88121"}, stage.supplier)
    stage.tell_order(stage.client.post(f"/v1/orders/{order}/receive", None, stage.buyer))


def complete(stage: Stage, order: str, before: dict[str, Any]) -> None:
    scene("Thirty days later, no claim", "the money is the supplier's, the cover is free again")
    stage.advance(30 * 24)
    stage.tell_order(stage.client.get(f"/v1/orders/{order}", stage.buyer))
    view = stage.client.get(f"/v1/orders/{order}/money", stage.buyer)
    say.print(f"  received {money(view['received'])}, held {money(view['held'])}, released {money(view['released'])}")
    steps = stage.timeline(f"/v1/orders/{order}")
    counted = [(step, len(list(same))) for step, same in groupby(map(_step, steps))]
    say.print(f"  on record: {', '.join(step if count == 1 else f'{count} × {step}' for step, count in counted)}")

    def moved() -> Any:
        seen = stage.client.get(f"/v1/storefronts/{stage.supplier_id}")
        return seen if _figure(seen) != _figure(before) else None

    after = stage.until(moved, "The storefront did not move")
    say.print(
        f"  storefront, 12 months: {_figure(before)} before, {_figure(after)} now; badge {after['badge'].lower()}"
    )


def tell_coverage(stage: Stage) -> None:
    coverage = stage.client.get(f"/v1/suppliers/{stage.supplier_id}/coverage", stage.supplier)
    say.print(
        f"  limit {money(coverage['limit'])} = available {money(coverage['available'])} + reserved {money(coverage['reserved'])} + advanced {money(coverage['advanced'])}"
    )


def _best(run: dict[str, Any]) -> str:
    """The supplier with the highest limit in the run's files."""
    lines: list[dict[str, str]] = []
    for link in run["files"]:
        with urllib.request.urlopen(link["url"], timeout=PATIENCE_SECONDS) as response:
            lines += csv.DictReader(io.StringIO(response.read().decode()))
    return max(lines, key=lambda line: (float(line["limit"]), line["supplier_ref"]))["supplier_id"]


def _figure(storefront: dict[str, Any]) -> str:
    figure = storefront["figures"]["transactions_12m"]
    return f"{figure['count']} protected order{'' if figure['count'] == 1 else 's'} for {money(figure['value'])}"


def _step(entry: dict[str, Any]) -> str:
    """`shipped by the supplier`."""
    return f"{words(entry['kind'].partition('.')[2])} by the {entry['by']}"

"""`make demo`: one protected order, from a marketplace's trade history to the closed books, printed as it happens.

Starts a service of its own on a free port with an empty world, speaks to it over HTTP only, and ends it. The history is
`../shared/data/trade_history_2016_2017.csv` beside the repository where that is there, and an invented one otherwise, or with
`make demo ARGS=--invented`.
"""

from __future__ import annotations

import csv
import io
import os
import socket
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from chalicelib.daybook.rules.reading import COLUMNS
from infra.local.client import Client, Refused
from infra.local.import_file import run_import
from infra.local.runner import Surety

HISTORY: Final = Path(__file__).parents[3] / "shared" / "data" / "trade_history_2016_2017.csv"
START: Final = "2018-01-01T00:00:00Z"
AS_OF: Final = "2018-01-01"
PATIENCE_SECONDS: Final = 60
BANK: Final = "boc"

say: Final = Console(highlight=False, soft_wrap=True)


def main(arguments: list[str]) -> int:
    history = HISTORY if HISTORY.is_file() and "--invented" not in arguments else _invented()
    os.environ["SURETY_SANDBOX_START"] = START
    with (
        tempfile.TemporaryDirectory() as home,
        Surety(_free_port(), sandbox=True, home=Path(home), quiet=True) as surety,
    ):
        Demo(Client(surety.url)).play(history)
    return 0


class Demo:
    """Each scene does one thing through the API and prints what it was answered."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.officer = client.token("officer", "demo-officer", "admin")
        self.seq = 0

    def play(self, history: Path) -> None:
        self.load_history(history)
        supplier = self.qualify()
        self.enrol(supplier)
        order = self.agree(supplier)
        self.pay(order)
        self.deliver(order)
        self.complete(order)
        self.close_the_books()

    def load_history(self, path: Path) -> None:
        _scene(
            "Import of a trade history",
            f"{path.name}, {path.stat().st_size:,} bytes, off the request in bounded memory",
        )
        done = run_import(self.client, path, self.officer)
        told = done["counts"]
        say.print(
            f"  {done['progress']['rows_read']:,} rows: {told['new']:,} new, {told['known']:,} known, {told['refused']:,} refused"
        )

    def qualify(self) -> str:
        _scene("Which suppliers qualify?", f"the monthly job, as of {AS_OF}")
        run = self._finished(self.client.post("/v1/sandbox/jobs/qualification-monthly", {"as_of": AS_OF}, self.officer))
        counts = run["counts"]
        say.print(
            f"  {counts['qualified']:,} of {counts['evaluated']:,} suppliers qualify, for {counts['limit_total_minor'] / 100:,.2f} USD in all"
        )
        say.print(f"  certificate over {run['shards']} shards: {run['certificate']}")
        best = _best(run)
        seen = self.client.get(f"/v1/suppliers/{best}?as_of={AS_OF}", self.officer)["qualification"]
        say.print(
            f"  the best of them: {seen['inputs']['completed']} completed for {_money(seen['inputs']['gmv'])}, on time {seen['on_time_bp'] / 100:.2f} %"
        )
        say.print(f"  limit {_money(seen['limit'])}")
        return best

    def enrol(self, supplier: str) -> None:
        _scene("Enrolment", "voluntary, by the supplier itself")
        self.supplier_id, self.supplier = supplier, self.client.token("member", supplier)
        joined = self.client.post(f"/v1/suppliers/{supplier}/enrolment", {}, self.supplier)
        say.print(f"  {joined['status']}, protection amount {_money(joined['limit'])}")
        self.buyer_id = self.client.post(
            "/v1/members",
            {"external_ref": "demo-buyer", "name": "Hansa Möbel GmbH", "country": "DE", "zone": "Europe/Berlin"},
            self.officer,
        )["id"]
        self.buyer = self.client.token("member", self.buyer_id)
        self.before = self.client.get(f"/v1/storefronts/{supplier}")

    def agree(self, supplier: str) -> str:
        _scene(
            "A cover quote, and a protected order",
            "100 chairs for 1,000.00 USD: 300.00 deposit, 700.00 balance, all of it covered",
        )
        quote = self.client.post("/v1/cover-quotes", {"supplier_id": supplier, "terms": TERMS}, self.buyer)
        say.print(
            f"  quote: covered {quote['covered']}, up to {_money(quote['cap'])}; the supplier could cover {_money(quote['maximum'])}"
        )
        made = self.client.post(
            "/v1/orders", {"buyer_id": self.buyer_id, "supplier_id": supplier, "terms": TERMS}, self.buyer
        )
        agreed = self.client.post(f"/v1/orders/{made['id']}/accept", {"version": made["version"]}, self.supplier)
        self._tell(agreed)
        coverage = self.client.get(f"/v1/suppliers/{supplier}/coverage", self.supplier)
        say.print(
            f"  limit {_money(coverage['limit'])} = available {_money(coverage['available'])} + reserved {_money(coverage['reserved'])} + advanced {_money(coverage['advanced'])}"
        )
        order_id: str = agreed["id"]
        return order_id

    def pay(self, order: str) -> None:
        _scene("The bank tells of payments", "signed webhooks: part of the deposit, its rest, the balance")
        for amount in ("200.00", "100.00", "700.00"):
            self.seq += 1
            data = {
                "bank_ref": f"R-{self.seq}",
                "seq": self.seq,
                "order_id": order,
                "account": "TA-USD-01",
                "value_date": AS_OF,
                "money": _usd(amount),
                "remitter": "Hansa",
            }
            self.client.post(
                f"/v1/sandbox/banks/{BANK}/events", {"type": "payment.received", "data": data}, self.officer
            )
            self._tell(self._when(order, lambda money: len(money["payments"]) == self.seq))

    def deliver(self, order: str) -> None:
        _scene("Shipment and receipt")
        goods = {
            "carrier": "COSCO",
            "tracking_number": "COSU6100200300",
            "documents": [{"kind": "bill_of_lading", "reference": "B/L 6100200300"}],
        }
        self._tell(self.client.post(f"/v1/orders/{order}/ship", goods, self.supplier))
        self._advance(7 * 24)
        self._tell(self.client.post(f"/v1/orders/{order}/deliver", {"reference": "POD-88121"}, self.supplier))
        self._tell(self.client.post(f"/v1/orders/{order}/receive", None, self.buyer))

    def complete(self, order: str) -> None:
        _scene("Thirty days later", "no claim: the money is the supplier's, the cover is free again")
        self._advance(30 * 24)
        self._tell(self.client.get(f"/v1/orders/{order}", self.buyer))
        money = self.client.get(f"/v1/orders/{order}/money", self.buyer)
        say.print(
            f"  received {_money(money['received'])}, held {_money(money['held'])}, released {_money(money['released'])}"
        )
        for entry in self.client.get(f"/v1/orders/{order}/timeline", self.buyer)["items"]:
            say.print(f"    {entry['seq']:>2}  {entry['at']}  {entry['kind']:28} {entry['by']}")
        after = self._moved()
        say.print(
            f"  storefront, 12 months: {_figure(self.before)} before, {_figure(after)} now; badge {after['badge']}"
        )

    def close_the_books(self) -> None:
        _scene("The books")
        balance = self._balanced()
        table = Table("account", "currency", "debit", "credit", box=None, pad_edge=False)
        for line in balance["accounts"] + balance["memorandum"]:
            table.add_row(line["account"], line["currency"], line["debit"]["amount"], line["credit"]["amount"])
        say.print(table)
        verified = self.client.get("/v1/ledger/verification", self.officer)
        say.print(
            f"  balanced {balance['balanced']}; {verified['entries']} entries verified, first bad entry: {verified['first_bad']}"
        )

    def _tell(self, order: dict[str, Any]) -> None:
        cover = order["cover"]
        due = ", ".join(f"{deadline['name']} {deadline['due_at']}" for deadline in order["deadlines"][:1])
        say.print(
            f"  order {order['status']:12} covered now {_money(cover['active'])} of {_money(cover['cap'])}   {due}"
        )

    def _advance(self, hours: int) -> None:
        told = self.client.post("/v1/sandbox/clock", {"advance_hours": hours}, self.officer)
        say.print(f"  [dim]it is {told['now']} now; on the way: {told['counts']}[/dim]")

    def _when(self, order: str, there: Any) -> Any:
        """The order once its money is as expected: the bank's event takes effect off the request."""
        for _ in _patiently():
            if there(self.client.get(f"/v1/orders/{order}/money", self.buyer)):
                return self.client.get(f"/v1/orders/{order}", self.buyer)
        raise SystemExit("The bank's event had no effect in time.")

    def _moved(self) -> Any:
        for _ in _patiently():
            seen = self.client.get(f"/v1/storefronts/{self.supplier_id}")
            if _figure(seen) != _figure(self.before):
                return seen
        raise SystemExit("The storefront did not move in time.")

    def _balanced(self) -> Any:
        """The trial balance once the last entry is in it: it is summed from the journal's stream."""
        for _ in _patiently():
            told = self.client.get("/v1/ledger/trial-balance", self.officer)
            if told["balanced"] and any(line["account"] == "supplier_balance" for line in told["accounts"]):
                return told
        raise SystemExit("The trial balance was not complete in time.")

    def _finished(self, run: dict[str, Any]) -> dict[str, Any]:
        for _ in _patiently():
            if run["status"] in ("done", "failed"):
                return run
            run = self.client.get(f"/v1/runs/{run['id']}", self.officer)
        raise SystemExit("The run did not finish in time.")


def _patiently() -> Iterator[None]:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        yield
        time.sleep(0.1)


def _best(run: dict[str, Any]) -> str:
    """The supplier with the highest limit in the run's files."""
    lines: list[dict[str, str]] = []
    for link in run["files"]:
        with urllib.request.urlopen(link["url"], timeout=PATIENCE_SECONDS) as told:
            lines += csv.DictReader(io.StringIO(told.read().decode()))
    return max(lines, key=lambda line: (float(line["limit"]), line["supplier_ref"]))["supplier_id"]


def _invented() -> Path:
    """Three suppliers of six months: one always on time, one often late, one with too few trades."""
    path = Path(tempfile.mkdtemp()) / "invented_history.csv"
    with path.open("w", newline="") as file:
        lines = csv.DictWriter(file, COLUMNS)
        lines.writeheader()
        for supplier, trades, late_every in (("oak-and-co", 24, 0), ("slow-boats", 20, 2), ("new-here", 3, 0)):
            for number in range(trades):
                late = bool(late_every) and number % late_every == 0
                lines.writerow(_invented_trade(supplier, number, late=late))
    return path


def _invented_trade(supplier: str, number: int, *, late: bool) -> dict[str, str]:
    ordered = datetime(2017, 7, 10, tzinfo=UTC) + timedelta(days=6 * number)
    days = {"ordered_at": 0, "paid_at": 0, "ship_by": 5, "shipped_at": 7 if late else 4, "delivered_at": 12}
    return {
        "trade_id": f"{supplier}-{number}",
        "supplier_ref": supplier,
        "buyer_ref": f"buyer-{number}",
        "supplier_country": "VN",
        "buyer_country": "US",
        "category": "furniture_decor",
        "currency": "USD",
        "amount": f"{60 + number}.00",
        "status": "completed",
        **{name: (ordered + timedelta(days=after)).isoformat() for name, after in days.items()},
    }


def _figure(storefront: dict[str, Any]) -> str:
    told = storefront["figures"]["transactions_12m"]
    return f"{told['count']} protected orders for {_money(told['value'])}"


def _money(told: dict[str, str]) -> str:
    return f"{told['amount']} {told['currency']}"


def _usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def _scene(title: str, detail: str = "") -> None:
    say.print(f"\n[bold]{title}[/bold]{': ' + detail if detail else ''}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


TERMS: Final[dict[str, Any]] = {
    "currency": "USD",
    "items": [{"name": "Folding chair, beech", "quantity": 100, "unit_price": _usd("10.00")}],
    "instalments": [{"name": "deposit", "money": _usd("300.00")}, {"name": "balance", "money": _usd("700.00")}],
    "ship_by": {"kind": "after_payment", "days": 30, "payment": "full"},
    "cover": "total",
    "transport": "sea",
    "specification": "As sample 14; load at least 120 kg.",
}


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Refused as refused:
        sys.exit(str(refused))

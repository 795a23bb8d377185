"""Where the demo plays: the running service, those who speak to it, and how what they are answered is printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from rich.console import Console

from infra.local.client import Client, move_clock, until

BANK: Final = "boc"

say: Final = Console(highlight=False, soft_wrap=True)


@dataclass
class Stage:
    """The client, and everybody's token; buyer and supplier step on in the first scenes."""

    client: Client
    officer: str = field(init=False)
    buyer_id: str = ""
    buyer: str = ""
    supplier_id: str = ""
    supplier: str = ""
    seqs: dict[str, int] = field(default_factory=dict)
    until = staticmethod(until)

    def __post_init__(self) -> None:
        self.officer = self.client.token("officer", "demo-officer", "admin")

    def agree(self, terms: dict[str, Any]) -> dict[str, Any]:
        """An order of the buyer's that the supplier accepts."""
        parties = {"buyer_id": self.buyer_id, "supplier_id": self.supplier_id, "terms": terms}
        order = self.client.post("/v1/orders", parties, self.buyer)
        agreed: dict[str, Any] = self.client.post(
            f"/v1/orders/{order['id']}/accept", {"version": order["version"]}, self.supplier
        )
        return agreed

    def pay(self, order: str, amount: str) -> dict[str, Any]:
        """A bank's signed notice that a payment arrived; the order once it has taken it in."""
        number = self.seqs[order] = self.seqs.get(order, 0) + 1
        data = {
            "bank_ref": f"R-{order[-6:]}-{number}",
            "seq": number,
            "order_id": order,
            "account": "TA-USD-01",
            "value_date": self.now().date().isoformat(),
            "money": usd(amount),
            "remitter": "Hansa",
        }
        self.bank_says("payment.received", data)
        self.until(
            lambda: len(self.client.get(f"/v1/orders/{order}/money", self.buyer)["payments"]) == number,
            "The bank's event had no effect",
        )
        seen: dict[str, Any] = self.client.get(f"/v1/orders/{order}", self.buyer)
        return seen

    def ship(self, order: str) -> dict[str, Any]:
        goods = {
            "carrier": "COSCO",
            "tracking_number": "COSU6100200300",
            "documents": [{"kind": "bill_of_lading", "reference": "B/L 6100200300"}],
        }
        shipped: dict[str, Any] = self.client.post(f"/v1/orders/{order}/ship", goods, self.supplier)
        return shipped

    def bank_says(self, event: str, data: dict[str, Any]) -> None:
        self.client.post(f"/v1/sandbox/banks/{BANK}/events", {"type": event, "data": data}, self.officer)

    def bank_will(self, *nexts: dict[str, str]) -> None:
        """What the bank does with the next instructions."""
        self.client.post(f"/v1/sandbox/banks/{BANK}/behaviour", {"next": list(nexts)}, self.officer)

    def advance(self, hours: int) -> None:
        """Move the clock; where the time of one request does not suffice, on with another one."""
        to = self.now() + timedelta(hours=hours)
        counts = Counter[str]()

        def post(path: str, body: Any) -> Any:
            moved = self.client.post(path, body, self.officer)
            counts.update(moved["counts"])
            return moved

        move_clock(to, post)
        say.print(f"  [dim]it is {day(self.now().isoformat())}; on the way: {counted(counts)}[/dim]")

    def now(self) -> datetime:
        now: str = self.client.get("/v1/sandbox/clock", self.officer)["now"]
        return datetime.fromisoformat(now)

    def tell_order(self, order: dict[str, Any]) -> None:
        cover = order["cover"]
        say.print(
            f"  order {words(order['status'])}: {money(cover['active'])} of {money(cover['cap'])} covered{next_due(order)}"
        )

    def timeline(self, path: str) -> list[Any]:
        """What happened to a thing, once the books have all of it: they follow within seconds."""

        def whole() -> Any:
            page = self.client.get(f"{path}/timeline?limit=100", self.buyer)
            return page if page["next_cursor"] is None else None

        items: list[Any] = self.until(whole, "The books did not follow")["items"]
        return items

    def finished(self, run: dict[str, Any]) -> dict[str, Any]:
        def over() -> dict[str, Any] | None:
            current: dict[str, Any] = self.client.get(f"/v1/runs/{run['id']}", self.officer)
            return current if current["status"] in ("done", "failed") else None

        done: dict[str, Any] = self.until(over, "The run did not finish")
        return done

    def trial_balance(self, accounts: tuple[str, ...]) -> dict[str, Any]:
        """The trial balance, once these accounts are in it and it balances."""

        def complete() -> Any:
            balance = self.client.get("/v1/ledger/trial-balance", self.officer)
            names = {line["account"] for line in balance["accounts"] + balance["mirror"]}
            return balance if balance["balanced"] and names >= set(accounts) else None

        balance: dict[str, Any] = self.until(complete, "The trial balance was not complete")
        return balance


@contextmanager
def quietly() -> Iterator[None]:
    """What another demo tells, or nobody reads, is not told."""
    was, say.quiet = say.quiet, True
    try:
        yield
    finally:
        say.quiet = was


def scene(title: str, detail: str = "") -> None:
    say.print(f"[bold]{title}[/bold]{': ' + detail if detail else ''}")


def money(view: Mapping[str, str]) -> str:
    """`1,300.00 USD`."""
    return f"{amount(view)} {view['currency']}"


def amount(view: Mapping[str, str]) -> str:
    """`1,300.00`."""
    return f"{Decimal(view['amount']):,}"


def day(instant: str) -> str:
    """`2 March 2018`."""
    at = datetime.fromisoformat(instant)
    return f"{at.day} {at:%B %Y}"


def words(name: str) -> str:
    """A name of the API's as people write it: `part_funded`, `deposits-monthly`."""
    return name.replace("_", " ").replace("-", " ")


def counted(counts: Mapping[str, int]) -> str:
    """`books close, 2 orders`."""
    return (
        ", ".join(words(name) if count == 1 else f"{count} {words(name)}" for name, count in sorted(counts.items()))
        or "nothing"
    )


def next_due(thing: Mapping[str, Any]) -> str:
    """What is awaited next of an order or a claim, and until when."""
    names = [(words(one["name"]).removesuffix(" by"), day(one["due_at"])) for one in thing["deadlines"][:1]]
    return "".join(f"; {name} by {when}" for name, when in names)


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}

"""`make bank-kit`: the fake bank; with `URL=`: another bank, or a running service of ours.

Another bank (`URL=http://127.0.0.1:9000/surety BOOKS=http://127.0.0.1:9000/books PAYMENTS=http://127.0.0.1:9000/payments`) is told to send its
events to KIT_PORT on this machine, and signs and verifies with KIT_SECRET. BOOKS says what it is owed, as the fake bank's `/books` does, and
PAYMENTS is its counter. A service of ours (`URL=http://127.0.0.1:8000 BANK=boc`) needs a draw at that bank that waits to be disbursed: one for
each order, of `ORDER=` one.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from rich.console import Console

from infra.local.bank_kit import service
from infra.local.bank_kit.platform import NOW, ORDERS, NotAsAgreed, Platform, hash_and_mirror, play
from infra.local.client import Client
from infra.local.engine import LOCAL
from infra.local.fake_bank.core import CHINA
from infra.local.fake_bank.server import FakeBank, signature

say = Console(highlight=False, soft_wrap=True)


def main() -> int:
    """Zero where the protocol is kept in every order."""
    url = os.environ.get("URL", "")
    tried = try_service(url) if url and _is_a_service(url) else {order: try_out(order) for order in ORDERS}
    return 0 if tried and all(tried.values()) else 1


def try_service(url: str) -> dict[str, bool]:
    """A running service of ours, with one waiting draw for each order."""
    bank_id, client = os.environ.get("BANK") or "boc", Client(url)
    by, secret = client.token("bank", bank_id), os.environ.get("KIT_SECRET") or _key_of(bank_id)
    draws = client.get("/v1/loans?status=draw_requested", by)["items"]
    orders = [os.environ["ORDER"]] if os.environ.get("ORDER") else list(ORDERS)
    if len(draws) < len(orders):
        say.print(f"{len(orders)} draws have to wait for {bank_id}; there are {len(draws)}.")
        return {}
    return {
        order: _tell_life(client, bank_id, by, secret, order, draw) for order, draw in zip(orders, draws, strict=False)
    }


def _tell_life(client: Client, bank_id: str, by: str, secret: str, order: str, draw: Any) -> bool:
    now = datetime.fromisoformat(client.get("/v1/health")["now"])
    minor = int(draw["amount"]["amount"].replace(".", ""))
    asked = {"loan_id": draw["id"], "amount_minor": minor, "months": draw["months"], "method": draw["method"]}
    life = service.Life(bank_id, asked, now)
    for name, event in life.told(order):
        body = json.dumps({"type": event.type, "timestamp": event.data["occurred_at"], "data": event.data}).encode()
        headers = {"Content-Type": "application/json", **signature(secret, name, body)}
        request = urllib.request.Request(f"{client.url}/v1/webhooks/banks/{bank_id}", body, headers)
        with urllib.request.urlopen(request, timeout=30):
            pass

    def shown() -> str:
        return life.hash_of_loan(client.get(f"/v1/loans/{life.loan_id}", by))

    is_same = service.until(lambda: shown() == life.expected, 100, lambda: time.sleep(0.1))
    _say(order, is_same, life.expected, shown())
    return is_same


def _is_a_service(url: str) -> bool:
    try:
        return "stage" in _get(f"{url}/v1/health")
    except (OSError, ValueError):
        return False


def _key_of(bank_id: str) -> str:
    kept = json.loads((LOCAL / "keys.json").read_text())
    return str(json.loads(kept[f"banks/{bank_id}"])[0])


def _say(order: str, is_same: bool, expected: str, theirs: str) -> None:
    say.print(f"{order:9} {'[green]as agreed[/green]' if is_same else '[red]not as agreed[/red]'}")
    say.print(f"  books expected  {expected}\n  books found     {theirs}")


def try_out(order: str) -> bool:
    secret = os.environ.get("KIT_SECRET") or "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    with (
        Platform(secret, order, port=int(os.environ.get("KIT_PORT") or "0")) as platform,
        _bank(platform) as (pay, books),
    ):
        try:
            play(platform, pay)
            platform.must_be_whole()
            if not platform.forge():
                platform.wrong.append("a message that somebody else signed was taken")
        except NotAsAgreed as wrong:
            platform.wrong.append(str(wrong))
        expected, mirror = hash_and_mirror(platform, NOW.astimezone(CHINA).date())
        theirs = books()
    if theirs["sha256"] != expected:
        platform.wrong.append(f"its books say {theirs['loans']}, what it told says {mirror}")
    _say(order, not platform.wrong, expected, theirs["sha256"])
    for each in platform.wrong:
        say.print(f"  {each}")
    return not platform.wrong


@contextmanager
def _bank(platform: Platform) -> Iterator[tuple[Callable[[str, int], object], Callable[[], Any]]]:
    """The bank under test: how somebody pays there, and its books."""
    if url := os.environ.get("URL"):
        platform.bank = url
        yield _pay_at(os.environ.get("PAYMENTS", "")), lambda: _get(os.environ["BOOKS"])
        return
    with FakeBank("kit", platform.url, platform.secret) as bank:
        yield _pay_at(f"{bank.url}/payments"), lambda: _get(f"{bank.url}/books?on={NOW.astimezone(CHINA).date()}")


def _pay_at(counter: str) -> Callable[[str, int], object]:
    def pay(loan_id: str, minor: int) -> object:
        body = json.dumps({"loan_id": loan_id, "amount": minor}).encode()
        with urllib.request.urlopen(urllib.request.Request(counter, body), timeout=30) as answer:
            return json.loads(answer.read())

    return pay


def _get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.loads(answer.read())


if __name__ == "__main__":
    sys.exit(main())

"""`make bank-kit`: the fake bank; with `URL=`: another bank, or a running service of ours. `make acquirer-kit`: the same of acquirers.

Another bank (`URL=http://127.0.0.1:9000/surety KIT_PORT=8200 KIT_SECRET=whsec_…`) is told to send its events to KIT_PORT on this machine, and
signs and verifies with KIT_SECRET. What it is owed it says at `/books` beside URL, as the fake bank does, and its counter is at `/payments`,
`/defaults` and `/calls`; BANK_URL= is where these are, if elsewhere. So is a fake bank that runs for itself: `make fake-bank BANK=kit BANK_PORT=9000
SURETY_URL=http://127.0.0.1:8200 KIT_SECRET=whsec_…`.

An acquirer is tried in the same way; its counter is at `/captures`, `/chargebacks`, `/decisions`, `/failures`, `/holds` and `/reports`.

A service of ours in its sandbox (`URL=http://127.0.0.1:8000 BANK=boc`): a firm of the kit's borrows there from that bank, whose part the kit
plays, one loan for each order. Of acquirers (`ACQUIRER=alipay`): an exporter of the kit's sells in Korea's channel, one order for each order
of telling, and its buyer pays by wallet at that acquirer. `ORDER=` tries one order.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urljoin

from rich.console import Console

from infra.local.bank_kit import acquirer, selling, service
from infra.local.bank_kit.acquirer import Shop
from infra.local.bank_kit.platform import ORDERS, Act, NotAsAgreed, Platform, hash_and_mirror, new_secret, play
from infra.local.bank_kit.selling import Booth
from infra.local.beside import secret_of
from infra.local.borrower import FIRM, Borrower
from infra.local.client import Client, Refused, until
from infra.local.fake_acquirer.server import FakeAcquirer
from infra.local.fake_bank.counter import hash_of
from infra.local.fake_bank.server import FakeBank

LINE, DRAWN = "400000.00", "60000.00"


class Trial(NamedTuple):
    """How a kind of partner is tried: who plays us, what happens, what stands in where there is no other, and how our service is tried with one."""

    platform: type[Platform]
    play: Callable[[Platform, str, Act], str]
    stand_in: type[FakeBank]
    service: Callable[[str, str, list[str]], list[bool]]


say = Console(highlight=False, soft_wrap=True)


def main() -> int:
    """Zero where the protocol is kept in every order."""
    url, run = os.environ.get("URL", "").rstrip("/"), secrets.token_hex(4)
    orders = [os.environ["ORDER"]] if os.environ.get("ORDER") else list(ORDERS)
    trial = TRIALS[os.environ.get("KIND") or "bank"]
    try:
        is_service = url and _is_a_service(url)
        tried = trial.service(url, run, orders) if is_service else try_partner(trial, url, run, orders)
    except (Refused, urllib.error.URLError) as reason:
        say.print(f"The kit cannot go on: {reason}")
        return 1
    return 0 if all(tried) else 1


def try_lending(url: str, run: str, orders: list[str]) -> list[bool]:
    """A firm with a line at the bank whose part is played here draws once for each order. The bank keeps to itself what it
    has to tell of the loan, and then tells it in that order."""
    bank_id, client = os.environ.get("BANK") or "boc", Client(url)
    with FakeBank(bank_id, url, secret_of(bank_id), rules=service.kit_rules()) as bank:
        say.print(f"A firm opens a line at {bank_id}, whose part is played here.")
        firm = Borrower(client, client.token("officer", f"kit-{run}", "admin"), f"kit-{run}", {bank_id: bank})
        firm.register(FIRM | {"registration_no": f"KIT-{run}".upper()})
        firm.export()
        firm.consent()
        application_id, _ = firm.apply({"amount": LINE, "currency": "CNY"})
        agreement_id, _ = firm.choose(application_id)
        firm.sign(agreement_id)
        tried = [_tell_life(firm, order) for order in orders]
        for each in bank.problems:
            say.print(f"  {each}")
        return [*tried, not bank.problems]


def _tell_life(firm: Borrower, order: str) -> bool:
    firm.bank.misbehave(["silent"])
    loan_id, lent = firm.draw(DRAWN), firm.bank.core.loans
    until(lambda: loan_id in lent, "The bank did not hear of the draw")
    firm.bank.do(lambda core, now: service.life(core, loan_id, now))
    expected = service.hash_expected(firm.bank.core, loan_id, firm.today())
    firm.bank.misbehave(service.WAYS[order], seed=7)
    seen = service.shown_in_the_end(lambda: service.hash_shown(firm.loan(loan_id)), expected)
    return _report(order, expected, seen, [])


def try_acquiring(url: str, run: str, orders: list[str]) -> list[bool]:
    """A buyer pays once for each order at the acquirer whose part is played here. It keeps to itself what it has to tell, and then tells it in that order."""
    acquirer_id, client = os.environ.get("ACQUIRER") or "alipay", Client(url)
    say.print(f"An exporter opens a booth in Korea's channel; the part of {acquirer_id} is played here.")
    booth = Booth(client, run)
    played = FakeAcquirer(acquirer_id, url, secret_of(acquirer_id), rules={"hold": True})
    with played:
        tried = [_report(order, *selling.tell_life(booth, played, order), []) for order in orders]
        for each in played.problems:
            say.print(f"  {each}")
        return [*tried, not played.problems]


def try_partner(trial: Trial, url: str, run: str, orders: list[str]) -> list[bool]:
    """Another one at that URL, or a fake one of the kit's own."""
    secret = os.environ.get("KIT_SECRET") or ("" if url else new_secret())
    if not secret:
        say.print("KIT_SECRET= is missing: what both sides sign with.")
        return [False]
    with (
        trial.platform(secret, port=int(os.environ.get("KIT_PORT") or "0"), run=run) as platform,
        _partner(trial, platform, url) as (act, books),
    ):
        return [try_out(trial, platform, order, act, books) for order in orders]


def try_out(trial: Trial, platform: Platform, order: str, act: Act, books: Callable[[], Any]) -> bool:
    platform.wrong.clear()
    about = "none"
    try:
        about = trial.play(platform, order, act)
        platform.must_be_whole()
        if not platform.forge():
            platform.wrong.append("a message that somebody else signed was taken")
    except NotAsAgreed as wrong:
        platform.wrong.append(str(wrong))
    theirs = books()
    expected, mirror = hash_and_mirror(platform, date.fromisoformat(theirs["as_of"]), about)
    owed = {name: theirs[trial.stand_in.of].get(name) for name in mirror}
    if owed != mirror:
        platform.wrong.append(f"its books say {owed}, what it told says {mirror}")
    return _report(order, expected, hash_of(owed), platform.wrong)


def _report(order: str, expected: str, theirs: str, wrong: list[str]) -> bool:
    is_agreed = expected == theirs and not wrong
    say.print(f"{order:9} {'[green]as agreed[/green]' if is_agreed else '[red]not as agreed[/red]'}")
    say.print(f"  books expected  {expected}\n  books found     {theirs}")
    for each in wrong:
        say.print(f"  {each}")
    return is_agreed


def _is_a_service(url: str) -> bool:
    try:
        return "stage" in _get(f"{url}/v1/health")
    except (OSError, ValueError):
        return False


@contextmanager
def _partner(trial: Trial, platform: Platform, url: str) -> Iterator[tuple[Act, Callable[[], Any]]]:
    """The partner under test: its counter, and its books."""
    if url:
        platform.bank, there = url, os.environ.get("BANK_URL") or urljoin(url, "/")
        platform.wait_for_the_bank()
        yield lambda path, body: _post(urljoin(there, path), body), lambda: _get(urljoin(there, "/books"))
        return
    with trial.stand_in("kit", platform.url, platform.secret) as partner:
        yield partner.act, partner.books


def _post(url: str, body: Any) -> Any:
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode()), timeout=30) as answer:
        return json.loads(answer.read())


def _get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.loads(answer.read())


TRIALS = {
    "bank": Trial(Platform, play, FakeBank, try_lending),
    "acquirer": Trial(Shop, acquirer.play, FakeAcquirer, try_acquiring),
}

if __name__ == "__main__":
    sys.exit(main())

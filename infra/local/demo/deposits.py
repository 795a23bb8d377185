"""Seller deposits: a rulebook announced and tried out, first trading days, a month with and without arrears, a violation, a deduction, a release."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from infra.local.demo.stage import BANK, Stage, amount, day, money, say, scene, words
from infra.local.trades import linen_sold

BOOK: Final = "DEMO-2018-06"


def play(stage: Stage) -> None:
    prompt, slow = open_shops(stage)
    announce(stage)
    first_trades(stage, prompt, slow)
    adjust(stage, prompt, slow)
    violate(stage, prompt)
    deduct(stage, prompt)
    release(stage, prompt)


def announce(stage: Stage) -> None:
    """A rulebook is announced at least seven days before it takes effect, and tried out on all sellers meanwhile."""
    effective = today(stage) + timedelta(days=9)
    scene("A rulebook is announced", f"{BOOK}, in force from {day(effective.isoformat())}")
    book = {"id": BOOK, "effective_on": effective.isoformat(), "based_on": "EX-2023-02", "terms": {}}
    rulebook = stage.client.post("/v1/deposit-rulebooks", book, stage.officer)
    warnings = ", ".join(sorted({words(warning["code"]) for warning in rulebook["warnings"]}))
    say.print(f"  {rulebook['status']}; the checks warn of: {warnings}")
    stage.advance(24 * 10)
    tried = stage.client.post(f"/v1/deposit-rulebooks/{BOOK}/preview", None, stage.officer)
    say.print(f"  tried out on {tried['result']['sellers']} sellers: {tried['result']['unchanged']} unchanged")
    say.print(f"  in force now: {stage.client.get('/v1/deposit-rulebooks')['in_force']['id']}")


def open_shops(stage: Stage) -> tuple[Shop, Shop]:
    scene("Two shops open their deposits", "nothing is due before they trade")
    return Shop(stage, "demo-prompt", "Prompt Linen"), Shop(stage, "demo-slow", "Slow Linen")


def first_trades(stage: Stage, prompt: Shop, slow: Shop) -> None:
    scene(
        "The first trading day",
        "40 orders of one shop, 40 of the other; the day after, the base is set and due within 72 hours",
    )
    day = today(stage)
    for shop in (prompt, slow):
        shop.sells(40, day)
    stage.advance(24)
    for shop in (prompt, slow):
        stage.until(shop.has_a_base, "The base was not set")
        shop.tell()
    prompt.pays("100.00")
    prompt.tell()


def adjust(stage: Stage, prompt: Shop, slow: Shop) -> None:
    """One shop grows and owes nothing: its base does not rise. The other shrinks and owes: its base does not fall."""
    scene("The 6th of the month", "700 orders of the shop that paid, 10 of the one that owes")
    stage.advance(24 * 15)
    prompt.sells(500, today(stage))
    prompt.sells(200, today(stage))
    slow.sells(10, today(stage))
    coming = prompt.see("/simulation")
    stage.advance(24 * ((date.fromisoformat(coming["cut_off_at"][:10]) - today(stage)).days + 1))
    period = coming["period"]
    for shop in (prompt, slow):
        adjustment = shop.see(f"/adjustments/{period}")
        say.print(
            f"  {shop.name}: {adjustment['orders']} orders would be {money(adjustment['raw'])}, was {money(adjustment['previous'])},"
            f" {'in arrears' if adjustment['in_debt'] else 'not in arrears'}: {money(adjustment['base'])} ({words(adjustment['clause'])})"
        )
    seen = slow.see("/simulation?pay=100.00")
    say.print(
        f"  what if {slow.name} paid 100.00 before the next 6th: {money(seen['then']['base'])}; advice: {words(seen['advice']['action'])}"
    )


def violate(stage: Stage, shop: Shop) -> None:
    scene("A violation", "false advertising: 2,000.00 CNY at once, the base untouched")
    body = {"risk_class": "R2", "case": "C-2207", "reason": "Claims a certificate it does not have."}
    deposit = stage.client.post(f"/v1/deposits/{shop.seller_id}/risks", body, stage.officer)
    shop.risk_id = deposit["risks"][0]["id"]
    shop.tell()
    shop.pays("2000.00")
    shop.tell()


def deduct(stage: Stage, shop: Shop) -> None:
    scene("A deduction", "80.00 CNY for a complaint, paid to the buyer")
    body = {
        "money": {"amount": "80.00", "currency": "CNY"},
        "cause": "CMP-5591",
        "reason": "Two sheets were torn.",
        "payee_id": stage.buyer_id,
        "bank_id": BANK,
        "account": "6217000010001234567",
    }
    stage.client.post(f"/v1/deposits/{shop.seller_id}/deductions", body, stage.officer)
    shop.tell()
    shop.pays("80.00")


def release(stage: Stage, shop: Shop) -> None:
    scene("A release", "refused while something is open, granted when all six checks pass")
    checks = stage.client.get(f"/v1/deposits/{shop.seller_id}/release-checks", shop.token)["checks"]
    for check in checks:
        say.print(f"  {'passes' if check['passes'] else 'fails '}  {check['text']}")
    stage.client.post(f"/v1/deposits/{shop.seller_id}/risks/{shop.risk_id}/close", {}, stage.officer)
    stage.advance(24 * 130)
    checks = stage.client.get(f"/v1/deposits/{shop.seller_id}/release-checks", shop.token)["checks"]
    say.print(f"  130 days later: {sum(check['passes'] for check in checks)} of {len(checks)} checks pass")
    stage.client.post(f"/v1/deposits/{shop.seller_id}/releases", {}, shop.token)
    shop.tell()

    def stated() -> Any:
        lines = shop.see("/statements?limit=100")["items"]
        return lines if lines[-1]["kind"] == "deposit.released" else None

    for line in stage.until(stated, "The release was not stated")[-3:]:
        say.print(f"  {day(line['at'])}: {line['text']}")


class Shop:
    """A member with a deposit."""

    def __init__(self, stage: Stage, ref: str, name: str) -> None:
        self.stage, self.ref, self.name = stage, ref, name
        body = {"external_ref": ref, "name": name, "country": "CN"}
        self.seller_id: str = stage.client.post("/v1/members", body, stage.officer)["id"]
        self.token = stage.client.token("member", self.seller_id)
        self.risk_id, self.paid, self.sold = "", 0, 0
        account = {"bank_id": BANK, "account": "6222021001116245999", "currency": "CNY"}
        stage.client.post(f"/v1/suppliers/{self.seller_id}/bank-account", account, self.token)
        opened = stage.client.post(f"/v1/deposits/{self.seller_id}", {}, self.token)
        say.print(f"  {name}: {opened['status']}, required {money(opened['requirement']['total'])}")

    def sells(self, orders: int, day: date) -> None:
        """So many orders of 18.00 CNY, all paid at nine in the morning of a day."""
        at = f"{day.isoformat()}T09:00:00+08:00"
        facts = []
        for _ in range(orders):
            self.sold += 1
            facts.append(linen_sold(self.ref, self.sold, at))
        self.stage.client.post("/v1/trades", {"items": facts}, self.stage.officer)

    def pays(self, amount: str) -> None:
        self.paid += 1
        before = self.see()["balance"]["held"]
        data = {
            "seller_id": self.seller_id,
            "bank_ref": f"D-{self.ref}-{self.paid}",
            "seq": self.paid,
            "account": "TA-CNY-01",
            "money": {"amount": amount, "currency": "CNY"},
        }
        self.stage.bank_says("deposit.received", data)
        self.stage.until(lambda: self.see()["balance"]["held"] != before, "The payment did not arrive")

    def has_a_base(self) -> bool:
        return bool(self.see()["requirement"]["base"]["amount"] != "0.00")

    def see(self, what: str = "") -> Any:
        return self.stage.client.get(f"/v1/deposits/{self.seller_id}{what}", self.token)

    def tell(self) -> None:
        deposit = self.see()
        required, held = deposit["requirement"], deposit["balance"]
        due = f", due by {day(deposit['due_at'])}" if deposit["due_at"] else ""
        say.print(
            f"  {self.name}: base {amount(required['base'])} + risk {amount(required['risk'])} + special {amount(required['special'])}"
            f" = {money(required['total'])}; held {amount(held['held'])}, missing {amount(held['to_pay'])}: {deposit['status']}{due}"
        )


def today(stage: Stage) -> date:
    """The day it is in Shanghai, nearly: nothing here happens around midnight."""
    return stage.now().date()

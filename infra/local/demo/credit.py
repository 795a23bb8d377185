"""Export credit: from customs declarations to a repaid loan, with three banks that run as processes of their own beside the service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from infra.local import keys
from infra.local.borrower import CHANNELS, Borrower
from infra.local.client import until
from infra.local.demo.stage import Stage, money, say, scene, words
from infra.local.fake_bank.server import FakeBank, rules_of

BANKS: Final = {"boc": 1_140, "cmb": 1_200, "ccb": 1_150}
"""What each of them asks a year, in hundredths of a percent. The first of them turns the firm down."""
TURNS_DOWN: Final = "boc"
APPLIED: Final = {"amount": "400000.00", "currency": "CNY"}


@dataclass
class Firm(Borrower):
    """The exporter on the demo's stage."""

    stage: Stage = field(kw_only=True)


def play(stage: Stage, home: Path, *, short: bool = False) -> None:
    """From customs declarations to the subsidy; the `short` one ends on its first day, with what was drawn paid back."""
    with _banks(stage, home) as banks:
        firm = Firm(stage.client, stage.officer, "haiyue-lamps", banks, stage=stage)
        register(firm)
        export(firm)
        limit(firm)
        consent(firm)
        application_id = apply(firm)
        agreement_id = choose(firm, application_id)
        sign(firm, agreement_id)
        draw(firm)
        if not short:
            repay_early(firm)
            fall_behind(firm)
        pay_off(firm)
        reconcile(firm)
        if not short:
            subsidise(firm)


@contextmanager
def _banks(stage: Stage, home: Path) -> Iterator[dict[str, FakeBank]]:
    """Three banks that listen on this machine, each with its rules."""
    with ExitStack() as running:
        yield {
            bank_id: running.enter_context(
                FakeBank(bank_id, stage.client.url, keys.of_bank(bank_id, home), rules=_rules(bank_id, rate_bp))
            )
            for bank_id, rate_bp in BANKS.items()
        }


def _rules(bank_id: str, rate_bp: int) -> dict[str, Any]:
    rules = rules_of()
    rules["offers"]["rate_bp"] = rate_bp
    if bank_id == TURNS_DOWN:
        reason = {"code": "industry_not_served", "text": "Lamps are not what this bank knows."}
        rules["reviews"] = [{"then": "reject", "reasons": [reason]}]
    return rules


def register(firm: Firm) -> None:
    scene("A firm, its signer and its papers", "what a lender must know; what is personal is sealed")
    profile = firm.register()
    say.print(f"  {profile['name']}: {profile['status']}, nothing is missing{_missing(profile)}")


def export(firm: Firm) -> None:
    scene("Customs declarations of six months", "from the platform's export service")
    count, today = firm.export(), firm.today()
    seen = firm.get(f"/v1/members/{firm.id}/exports?from={today - timedelta(days=183)}&to={today}")
    say.print(f"  {count} declarations told, in {len(seen['months'])} months")


def limit(firm: Firm) -> None:
    scene("The limit", "every step of it")
    seen = firm.get(f"/v1/members/{firm.id}/credit-limit?product=ccb-term")
    for step in seen["working"]:
        say.print(f"  {step}")
    if seen["leaves"]:
        leaving = seen["leaves"][0]
        say.print(
            f"  on {leaving['on']} {money(leaving['platform_usd'])} leave the window: {money(leaving['limit'])} is left"
        )


def consent(firm: Firm) -> None:
    scene("Consent", "nothing leaves without it")
    given = firm.consent()
    say.print(f"  to {', '.join(given['bank_ids'])} for {', '.join(given['data_classes'])}, until {given['until']}")


def apply(firm: Firm) -> str:
    scene("An application to three banks", "checked, screened by a person, decided by each bank itself")
    application_id, decisions = firm.apply(APPLIED)
    for each in decisions:
        why = "".join(f": {reason['en']}" for reason in each["reasons"])
        say.print(f"  {each['bank_id']}: {words(each['status'])}{why}")
    return application_id


def choose(firm: Firm, application_id: str) -> str:
    scene("Offers side by side", "the cheapest is accepted, the others hear of it")
    agreement_id, compared = firm.choose(application_id)
    for each in compared:
        offered = next(method for method in each["methods"] if method["is_offered"])
        rate = f"{offered['effective_rate_bp'] / 100:.2f} % a year"
        say.print(
            f"  {each['bank_id']}: {money(offered['total_cost'])} in all, {rate}, {len(offered['instalments'])} instalments"
        )
    return agreement_id


def sign(firm: Firm, agreement_id: str) -> None:
    scene("An agreement of three parties", "each signs the hash of one document")
    line = firm.sign(agreement_id)
    say.print(
        f"  sealed; a line of {money(line['limit'])} with {firm.bank_id}, {money(line['available'])} of it available"
    )


def draw(firm: Firm) -> None:
    scene("Two draws", "asked for here, disbursed by the bank")
    for amount in ("120000.00", "60000.00"):
        loan_id = firm.draw(amount)
        firm.until_is(loan_id, "current")
        _tell(firm, loan_id)


def repay_early(firm: Firm) -> None:
    scene("A month later", "interest has come day by day; half of the second loan is paid early")
    firm.stage.advance(20 * 24)
    _tell(firm, firm.loans[1])
    _pay(firm, firm.loans[1], 30_000_00)


def fall_behind(firm: Firm) -> None:
    scene("An instalment is paid short", "arrears, then cure")
    firm.stage.advance(14 * 24)
    overdue = firm.loan(firm.loans[0])["standing"]["overdue"]
    _pay(firm, firm.loans[0], 5_000_00)
    say.print(f"  {money(overdue)} was overdue; what is left of it keeps the days running")
    firm.stage.advance(5 * 24)
    _tell(firm, firm.loans[0])
    _pay(firm, firm.loans[0], _minor(firm.loan(firm.loans[0])["standing"]["overdue"]))


def pay_off(firm: Firm) -> None:
    scene("Payoff", "quoted here, and reckoned by the bank itself")
    for loan_id in firm.loans:
        today = firm.today().isoformat()
        quote = firm.post(f"/v1/loans/{loan_id}/payoff-quotes", {"on": today})
        owed = firm.bank.core.loans[loan_id].owed(date.fromisoformat(today))
        say.print(f"  quoted {money(quote['total'])}; the bank's own books say {owed / 100:,.2f} CNY")
        _pay(firm, loan_id, owed)


def reconcile(firm: Firm) -> None:
    scene("The bank's books beside ours", "a snapshot of all its loans")
    firm.bank.act("/snapshots", {})
    _settled(firm)
    items = firm.client.get("/v1/reconciliation-items?status=open", firm.officer)["items"]
    for each in items:
        say.print(f"  {each['aggregate_id']}: {', '.join(one['of'] for one in each['differences'])}")
    say.print(
        f"  {len(items) or 'no'} difference{'' if len(items) == 1 else 's'}; the hash of the bank's books is {firm.bank.books()['sha256'][:16]}…"
    )


def subsidise(firm: Firm) -> None:
    scene("The export subsidy", "3 fen a dollar where the firm declared itself, 2 where staff did")
    today = firm.today()
    firm.post(f"/v1/members/{firm.id}/subsidy-account", {"bank_id": "boc", "account": "6217000010001234567"})
    released = [
        firm.declaration(100 + number, today - timedelta(days=9), "100000.00", channel)
        for number, channel in enumerate(CHANNELS)
    ]
    firm.client.post("/v1/exports", {"items": released}, firm.officer)
    refunded = [each | {"tax_refund_paid_on": today.isoformat()} for each in released]
    firm.client.post("/v1/exports", {"items": refunded}, firm.officer)
    path = f"/v1/members/{firm.id}/subsidies?from={today}&to={today + timedelta(days=1)}"
    _tell_subsidies(firm, path, lambda lines: len(lines) == len(CHANNELS))
    back = refunded[0] | {"status": "returned", "returned_on": today.isoformat(), "returned_amount": "20000.00"}
    firm.client.post("/v1/exports", {"items": [back]}, firm.officer)
    say.print("  20,000.00 USD of the first come back:")
    _tell_subsidies(firm, path, lambda lines: any(_minor(line["reversed"]) for line in lines))


def _tell_subsidies(firm: Firm, path: str, there: Callable[[list[Any]], bool]) -> None:
    def booked() -> Any:
        lines = firm.get(path)["items"]
        return lines if there(lines) else None

    for line in until(booked, "The subsidy was not booked"):
        say.print(f"  {money(line['usd'])} {words(line['channel'])}: {money(line['net'])}, {words(line['reason'])}")


def _pay(firm: Firm, loan_id: str, minor: int) -> None:
    """The firm pays at the bank's counter; the bank tells of it."""
    firm.bank.act("/payments", {"loan_id": loan_id, "amount": minor})
    _settled(firm)
    _tell(firm, loan_id)


def _settled(firm: Firm) -> None:
    """Until the bank has said all, and our books follow."""
    core, today = firm.bank.core, firm.today()
    until(lambda: firm.bank.is_idle, "The bank did not say all")

    def followed() -> bool:
        lent = {loan_id: core.loans[loan_id].balance(today)["principal"] for loan_id in firm.loans}
        return all(_minor(firm.loan(loan_id)["standing"]["principal"]) == minor for loan_id, minor in lent.items())

    until(followed, "What the bank said had no effect")


def _tell(firm: Firm, loan_id: str) -> None:
    loan = firm.loan(loan_id)
    standing = loan["standing"]
    owed = f"{money(standing['principal'])} and {money(standing['interest'])} of interest"
    late = f", {standing['dpd']} days past due with {money(standing['penalty'])} of penalty" if standing["dpd"] else ""
    say.print(f"  loan of {money(loan['amount'])}: {words(loan['status'])}; {owed}{late}")


def _missing(profile: Any) -> str:
    return f" but {', '.join(map(words, profile['missing']))}" if profile["missing"] else ""


def _minor(view: Any) -> int:
    return int(view["amount"].replace(".", ""))

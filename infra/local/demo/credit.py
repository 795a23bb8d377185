"""Export credit: from customs declarations to a repaid loan, with three banks that run as processes of their own beside the service."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from infra.local.client import upload
from infra.local.demo.stage import Stage, money, say, scene, words
from infra.local.fake_bank.core import CHINA
from infra.local.fake_bank.server import RULES, FakeBank

BANKS: Final = {"boc": 1_140, "cmb": 1_200, "ccb": 1_150}
"""What each of them asks a year, in hundredths of a percent. The first of them turns the firm down."""
TURNS_DOWN: Final = "boc"
FIRM: Final[dict[str, Any]] = {
    "name": "Ningbo Haiyue Lamps Co., Ltd.",
    "registration_no": "91330200MA2AAAAA1A",
    "industry": "C3872",
    "region": "CN-ZJ",
    "size": "small",
    "paid_in_capital": {"amount": "1000000.00", "currency": "CNY"},
    "founded_year": 2011,
}
SIGNER: Final[dict[str, Any]] = {
    "name": "Chen Yulan",
    "id_number": "330200197501010000",
    "phone": "+86 574 5555 0100",
    "email": "chen@firm.example",
    "powers": ["consent", "apply", "sign", "draw"],
    "powers_until": "2028-12-31",
    "is_legal_representative": True,
    "is_controller": True,
    "share_bp": 6000,
}
LICENCE: Final = b"%PDF-1.4 an invented business licence"
CHANNELS: Final = ((0, "self_service"), (1, "staff"))
APPLIED: Final = {"amount": "400000.00", "currency": "CNY"}


@dataclass
class Firm:
    """The exporter, its signer, and its banks."""

    stage: Stage
    id: str
    token: str
    banks: dict[str, FakeBank]
    person: str = ""
    bank_id: str = ""
    line_id: str = ""
    loans: list[str] = field(default_factory=list)

    def post(self, path: str, body: Any = None) -> Any:
        """As the signer."""
        return self.stage.client.post(path, body, self.token, person=self.person)

    def get(self, path: str) -> Any:
        return self.stage.client.get(path, self.token)

    @property
    def bank(self) -> FakeBank:
        """The bank that lends."""
        return self.banks[self.bank_id]

    def loan(self, loan_id: str) -> Any:
        return self.get(f"/v1/loans/{loan_id}")


def play(stage: Stage, home: Path) -> None:
    with _banks(stage, home) as banks:
        firm = register(stage, banks)
        export(firm)
        limit(firm)
        consent(firm)
        application_id = apply(firm)
        agreement_id = choose(firm, application_id)
        sign(firm, agreement_id)
        draw(firm)
        repay_early(firm)
        fall_behind(firm)
        pay_off(firm)
        reconcile(firm)
        subsidise(firm)


@contextmanager
def _banks(stage: Stage, home: Path) -> Iterator[dict[str, FakeBank]]:
    """Three banks that listen on this machine, each with its rules."""
    keys = json.loads((home / "keys.json").read_text())
    with ExitStack() as running:
        yield {
            bank_id: running.enter_context(
                FakeBank(
                    bank_id,
                    stage.client.url,
                    json.loads(keys[f"banks/{bank_id}"])[0],
                    rules=_rules(home, bank_id, rate_bp),
                )
            )
            for bank_id, rate_bp in BANKS.items()
        }


def _rules(home: Path, bank_id: str, rate_bp: int) -> Path:
    rules = json.loads(RULES.read_text())
    rules["offers"]["rate_bp"] = rate_bp
    if bank_id == TURNS_DOWN:
        reason = {"code": "industry_not_served", "text": "Lamps are not what this bank knows."}
        rules["reviews"] = [{"then": "reject", "reasons": [reason]}]
    file = home / f"rules-{bank_id}.json"
    file.write_text(json.dumps(rules))
    return file


def register(stage: Stage, banks: dict[str, FakeBank]) -> Firm:
    scene("A firm, its signer and its papers", "what a lender must know; what is personal is sealed")
    client = stage.client
    member = client.post(
        "/v1/members", {"external_ref": "haiyue-lamps", "name": FIRM["name"], "country": "CN"}, stage.officer
    )
    firm = Firm(stage, member["id"], client.token("member", member["id"]), banks)
    firm.post("/v1/firms", FIRM)
    of_firm = f"/v1/firms/{firm.id}"
    profile = firm.post(f"{of_firm}/people", SIGNER)
    firm.person = profile["people"][0]["id"]
    firm.post(
        f"{of_firm}/settlement-accounts",
        {"bank_name": "Bank of China, Ningbo", "currency": "CNY", "number": "6222020200112233"},
    )
    digest = hashlib.sha256(LICENCE).hexdigest()
    paper = {"kind": "business_licence", "media_type": "application/pdf", "size": len(LICENCE), "sha256": digest}
    upload(firm.post(f"{of_firm}/documents", paper)["upload"], io.BytesIO(LICENCE), len(LICENCE))
    stage.until(lambda: "business_licence" not in firm.get(of_firm)["missing"], "The licence was not kept")
    verified = client.post(f"{of_firm}/verify", None, stage.officer)
    say.print(f"  {FIRM['name']}: {verified['status']}, nothing is missing{_missing(verified)}")
    return firm


def export(firm: Firm) -> None:
    scene("Customs declarations of six months", "from the platform's export service")
    today = firm.stage.now().astimezone(CHINA).date()
    items = list(_declarations(today))
    firm.stage.client.post("/v1/exports", {"items": items}, firm.stage.officer)
    seen = firm.get(f"/v1/members/{firm.id}/exports?from={today - timedelta(days=183)}&to={today}")
    say.print(f"  {len(items)} declarations told, in {len(seen['months'])} months")


def limit(firm: Firm) -> None:
    scene("The limit", "every step of it")
    seen = firm.get(f"/v1/members/{firm.id}/credit-limit?product=ccb-term")
    for step in seen["working"]:
        say.print(f"  {step.replace('_', ' ')}")
    if seen["leaves"]:
        leaving = seen["leaves"][0]
        say.print(
            f"  on {leaving['on']} {money(leaving['platform_usd'])} leave the window: {money(leaving['limit'])} is left"
        )


def consent(firm: Firm) -> None:
    scene("Consent", "nothing leaves without it")
    body = {
        "purpose": "credit",
        "bank_ids": list(BANKS),
        "data_classes": ["profile", "exports"],
        "until": "2027-03-01",
    }
    given = firm.post("/v1/consents", body)
    say.print(f"  to {', '.join(given['bank_ids'])} for {', '.join(given['data_classes'])}, until {given['until']}")


def apply(firm: Firm) -> str:
    scene("An application to three banks", "checked, screened by a person, decided by each bank itself")
    body = {
        "product_ids": [f"{bank_id}-term" for bank_id in BANKS],
        "amount": APPLIED,
        "months": 6,
        "method": "equal_principal",
        "purpose": "Steel and glass for the spring orders of two buyers.",
    }
    path = f"/v1/credit-applications/{firm.post('/v1/credit-applications', body)['id']}"
    firm.post(f"{path}/submit")
    firm.stage.client.post(f"{path}/screen", {"passed": True}, firm.stage.officer)

    def decided() -> Any:
        items = firm.get(f"{path}/decisions")["items"]
        return items if {each["status"] for each in items} <= {"rejected", "offered"} else None

    for each in firm.stage.until(decided, "The banks did not decide"):
        why = "".join(f": {reason['en']}" for reason in each["reasons"])
        say.print(f"  {each['bank_id']}: {words(each['status'])}{why}")
    return path.rpartition("/")[2]


def choose(firm: Firm, application_id: str) -> str:
    scene("Offers side by side", "the cheapest is accepted, the others hear of it")
    offers = firm.get(f"/v1/credit-offers?application={application_id}")["items"]
    compared = firm.post("/v1/offer-comparisons", {"offer_ids": [each["id"] for each in offers]})["items"]
    for each in compared:
        offered = next(method for method in each["methods"] if method["is_offered"])
        rate = f"{offered['effective_rate_bp'] / 100:.2f} % a year"
        say.print(
            f"  {each['bank_id']}: {money(offered['total_cost'])} in all, {rate}, {len(offered['instalments'])} instalments"
        )
    firm.bank_id = compared[0]["bank_id"]
    firm.post(f"/v1/credit-offers/{compared[0]['offer_id']}/accept")
    agreement_id: str = firm.get(f"/v1/credit-applications/{application_id}")["agreement_id"]
    return agreement_id


def sign(firm: Firm, agreement_id: str) -> None:
    scene("An agreement of three parties", "each signs the hash of one document")
    path = f"/v1/agreements/{agreement_id}"
    digest = {"document_sha256": firm.get(path)["document_sha256"]}
    firm.post(f"{path}/sign", digest)
    firm.stage.client.post(f"{path}/sign", digest, firm.stage.officer)

    def signed() -> Any:
        agreement = firm.get(path)
        return agreement if agreement["status"] == "signed" else None

    firm.line_id = firm.stage.until(signed, "The bank did not sign")["line_id"]

    def active() -> Any:
        line = firm.get(f"/v1/credit-lines/{firm.line_id}")
        return line if line["status"] == "active" else None

    line = firm.stage.until(active, "The bank did not open the line")
    say.print(
        f"  sealed; a line of {money(line['limit'])} with {firm.bank_id}, {money(line['available'])} of it available"
    )


def draw(firm: Firm) -> None:
    scene("Two draws", "asked for here, disbursed by the bank")
    for amount in ("120000.00", "60000.00"):
        loan = firm.post(f"/v1/credit-lines/{firm.line_id}/draws", {"money": {"amount": amount, "currency": "CNY"}})
        firm.loans.append(loan["id"])
        _until_is(firm, loan["id"], "current")
        _tell(firm, loan["id"])


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
        today = firm.stage.now().astimezone(CHINA).date().isoformat()
        quote = firm.post(f"/v1/loans/{loan_id}/payoff-quotes", {"on": today})
        owed = firm.bank.core.loans[loan_id].owed(date.fromisoformat(today))
        say.print(f"  quoted {money(quote['total'])}; the bank's own books say {owed / 100:,.2f} CNY")
        _pay(firm, loan_id, owed)


def reconcile(firm: Firm) -> None:
    scene("The bank's books beside ours", "a snapshot of all its loans")
    firm.bank.act("/snapshots", {})
    _settled(firm)
    items = firm.stage.client.get("/v1/reconciliation-items?status=open", firm.stage.officer)["items"]
    for each in items:
        say.print(f"  {each['aggregate_id']}: {', '.join(one['of'] for one in each['differences'])}")
    say.print(
        f"  {len(items) or 'no'} difference{'' if len(items) == 1 else 's'}; the hash of the bank's books is {firm.bank.books()['sha256'][:16]}…"
    )


def subsidise(firm: Firm) -> None:
    scene("The export subsidy", "3 fen a dollar where the firm declared itself, 2 where staff did")
    today = firm.stage.now().astimezone(CHINA).date()
    firm.post(f"/v1/members/{firm.id}/subsidy-account", {"bank_id": "boc", "account": "6217000010001234567"})
    released = [
        _declaration(100 + number, today - timedelta(days=9), "100000.00", channel) for number, channel in CHANNELS
    ]
    firm.stage.client.post("/v1/exports", {"items": released}, firm.stage.officer)
    refunded = [each | {"tax_refund_paid_on": today.isoformat()} for each in released]
    firm.stage.client.post("/v1/exports", {"items": refunded}, firm.stage.officer)
    path = f"/v1/members/{firm.id}/subsidies?from={today}&to={today + timedelta(days=1)}"
    _tell_subsidies(firm, path, lambda lines: len(lines) == len(CHANNELS))
    back = refunded[0] | {"status": "returned", "returned_on": today.isoformat(), "returned_amount": "20000.00"}
    firm.stage.client.post("/v1/exports", {"items": [back]}, firm.stage.officer)
    say.print("  20,000.00 USD of the first come back:")
    _tell_subsidies(firm, path, lambda lines: any(_minor(line["reversed"]) for line in lines))


def _tell_subsidies(firm: Firm, path: str, there: Callable[[list[Any]], bool]) -> None:
    def booked() -> Any:
        lines = firm.get(path)["items"]
        return lines if there(lines) else None

    for line in firm.stage.until(booked, "The subsidy was not booked"):
        say.print(f"  {money(line['usd'])} {words(line['channel'])}: {money(line['net'])}, {words(line['reason'])}")


def _declaration(number: int, released: date, amount: str, channel: str) -> dict[str, Any]:
    return {
        "declaration_no": f"2229202600{number:05}",
        "exporter_ref": "haiyue-lamps",
        "order_ref": f"T-2026-{number:03}",
        "buyer_ref": "acme-gmbh" if number % 2 else "hansa-gmbh",
        "buyer_country": "DE",
        "currency": "USD",
        "amount": amount,
        "channel": channel,
        "origin": "platform",
        "related_party": "no",
        "status": "released",
        "submitted_on": (released - timedelta(days=3)).isoformat(),
        "released_on": released.isoformat(),
    }


def _declarations(today: date) -> Iterator[dict[str, Any]]:
    """One export a fortnight, of 40,000 USD and more."""
    for number in range(12):
        released = today - timedelta(days=14 * number + 3)
        channel = CHANNELS[number % 2][1]
        yield _declaration(number, released, f"{40_000 + 1_000 * number}.00", channel)


def _pay(firm: Firm, loan_id: str, minor: int) -> None:
    """The firm pays at the bank's counter; the bank tells of it."""
    firm.bank.act("/payments", {"loan_id": loan_id, "amount": minor})
    _settled(firm)
    _tell(firm, loan_id)


def _settled(firm: Firm) -> None:
    """Until the bank has said all, and our books follow."""
    core, today = firm.bank.core, firm.stage.now().astimezone(CHINA).date()
    firm.stage.until(lambda: firm.bank.is_idle, "The bank did not say all")

    def followed() -> bool:
        lent = {loan_id: core.loans[loan_id].balance(today)["principal"] for loan_id in firm.loans}
        return all(_minor(firm.loan(loan_id)["standing"]["principal"]) == minor for loan_id, minor in lent.items())

    firm.stage.until(followed, "What the bank said had no effect")


def _until_is(firm: Firm, loan_id: str, status: str) -> None:
    firm.stage.until(lambda: firm.loan(loan_id)["status"] == status, f"The loan did not become {status}")


def _tell(firm: Firm, loan_id: str) -> None:
    loan = firm.loan(loan_id)
    standing = loan["standing"]
    owed = f"{money(standing['principal'])} and {money(standing['interest'])} of interest"
    late = f", {standing['dpd']} days past due with {money(standing['penalty'])} of penalty" if standing["dpd"] else ""
    say.print(f"  loan of {money(loan['amount'])}: {words(loan['status'])}; {owed}{late}")


def _missing(profile: Any) -> str:
    return f" but {', '.join(map(words, profile['missing']))}" if profile["missing"] else ""


def _minor(told: Any) -> int:
    return int(told["amount"].replace(".", ""))

"""A firm that borrows from partner banks through a running service. Each step ends when what it causes has happened."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

from infra.local.client import Speaks
from infra.local.fake_bank.core import CHINA
from infra.local.fake_bank.counter import Counter

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
ACCOUNT: Final = "6222020200112233"
LICENCE: Final = b"%PDF-1.4 an invented business licence"
CHANNELS: Final = ("self_service", "staff")
CONSENT_DAYS: Final = 364


@dataclass
class Borrower:
    """The firm `ref`, its signer, and the banks that it may borrow from. `bank_id` and `line_id` are known once it has chosen and signed."""

    client: Speaks
    officer: str
    ref: str
    banks: Mapping[str, Counter]
    id: str = ""
    token: str = ""
    person: str = ""
    bank_id: str = ""
    line_id: str = ""
    loans: list[str] = field(default_factory=list)

    def post(self, path: str, body: Any = None) -> Any:
        """As the signer."""
        return self.client.post(path, body, self.token, person=self.person)

    def get(self, path: str) -> Any:
        return self.client.get(path, self.token)

    @property
    def bank(self) -> Counter:
        """The bank that lends."""
        return self.banks[self.bank_id]

    def today(self) -> date:
        return self.client.now().astimezone(CHINA).date()

    def register(
        self, firm: Mapping[str, Any] = FIRM, signer: Mapping[str, Any] = SIGNER, number: str = ACCOUNT
    ) -> Any:
        """Its profile, verified by an officer."""
        member = {"external_ref": self.ref, "name": firm["name"], "country": "CN"}
        self.id = self.client.post("/v1/members", member, self.officer)["id"]
        self.token = self.client.token("member", self.id)
        self.post("/v1/firms", firm)
        path = f"/v1/firms/{self.id}"
        self.person = self.post(f"{path}/people", signer)["people"][0]["id"]
        account = {"bank_name": "Bank of China, Ningbo", "currency": "CNY", "number": number}
        self.post(f"{path}/settlement-accounts", account)
        digest = hashlib.sha256(LICENCE).hexdigest()
        paper = {"kind": "business_licence", "media_type": "application/pdf", "size": len(LICENCE), "sha256": digest}
        self.client.upload(self.post(f"{path}/documents", paper)["upload"], LICENCE)
        self.client.until(lambda: "business_licence" not in self.get(path)["missing"], "The licence was not kept")
        return self.client.post(f"{path}/verify", None, self.officer)

    def export(self) -> int:
        """How many declarations of the last six months customs tells of: one a fortnight, of 40,000 USD and more."""
        today = self.today()
        items = [
            self.declaration(
                number, today - timedelta(days=14 * number + 3), f"{40_000 + 1_000 * number}.00", CHANNELS[number % 2]
            )
            for number in range(12)
        ]
        self.client.post("/v1/exports", {"items": items}, self.officer)
        return len(items)

    def declaration(self, number: int, released: date, amount: str, channel: str) -> dict[str, Any]:
        serial = int.from_bytes(hashlib.sha256(self.ref.encode()).digest()[:4]) % 100_000
        return {
            "declaration_no": f"22292026{serial:05}{number:05}",
            "exporter_ref": self.ref,
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

    def consent(self, *classes: str) -> Any:
        """To what lenders decide by, or to these classes of data."""
        body = {
            "purpose": "credit",
            "bank_ids": list(self.banks),
            "data_classes": list(classes or ("profile", "exports")),
            "until": (self.today() + timedelta(days=CONSENT_DAYS)).isoformat(),
        }
        return self.post("/v1/consents", body)

    def hand_in(
        self, amount: Mapping[str, str], product: str = "term", group: Mapping[str, str] = MappingProxyType({})
    ) -> str:
        """The application to all of them, handed in. `group` names the one that stands for the firm."""
        body = {
            **group,
            "product_ids": [f"{bank_id}-{product}" for bank_id in self.banks],
            "amount": amount,
            "months": 6,
            "method": "equal_principal",
            "purpose": "Steel and glass for the spring orders of two buyers.",
        }
        application_id: str = self.post("/v1/credit-applications", body)["id"]
        self.post(f"/v1/credit-applications/{application_id}/submit")
        return application_id

    def apply(
        self, amount: Mapping[str, str], product: str = "term", group: Mapping[str, str] = MappingProxyType({})
    ) -> tuple[str, list[Any]]:
        """The same, screened, and what each bank has decided."""
        application_id = self.hand_in(amount, product, group)
        path = f"/v1/credit-applications/{application_id}"
        self.client.post(f"{path}/screen", {"passed": True}, self.officer)

        def decided() -> Any:
            items = self.get(f"{path}/decisions")["items"]
            return items if {each["status"] for each in items} <= {"rejected", "offered"} else None

        return application_id, self.client.until(decided, "The banks did not decide")

    def choose(self, application_id: str) -> tuple[str, list[Any]]:
        """The agreement that comes of the cheapest offer, and all of them as they were compared."""
        offers = self.get(f"/v1/credit-offers?application={application_id}")["items"]
        compared = self.post("/v1/offer-comparisons", {"offer_ids": [each["id"] for each in offers]})["items"]
        self.bank_id = compared[0]["bank_id"]
        self.post(f"/v1/credit-offers/{compared[0]['offer_id']}/accept")
        return self.get(f"/v1/credit-applications/{application_id}")["agreement_id"], compared

    def sign(self, agreement_id: str, guarantors: Iterable[Borrower] = ()) -> Any:
        """The line that the agreement opens, once all three have signed, and all who stand for the firm."""
        path = f"/v1/agreements/{agreement_id}"
        digest = {"document_sha256": self.get(path)["document_sha256"]}
        self.post(f"{path}/sign", digest)
        self.client.post(f"{path}/sign", digest, self.officer)
        for guarantor in guarantors:
            guarantor.post(f"{path}/sign", digest)
        self.line_id = self.client.until(lambda: self._with_status(path, "signed"), "The bank did not sign")["line_id"]
        return self.client.until(
            lambda: self._with_status(f"/v1/credit-lines/{self.line_id}", "active"), "The bank did not open the line"
        )

    def draw(self, amount: str) -> str:
        """The loan that is asked for; its bank has not answered."""
        money = {"money": {"amount": amount, "currency": "CNY"}}
        loan_id: str = self.post(f"/v1/credit-lines/{self.line_id}/draws", money)["id"]
        self.loans.append(loan_id)
        return loan_id

    def loan(self, loan_id: str) -> Any:
        return self.get(f"/v1/loans/{loan_id}")

    def until_is(self, loan_id: str, status: str) -> None:
        self.client.until(
            lambda: self._with_status(f"/v1/loans/{loan_id}", status), f"The loan did not become {status}"
        )

    def _with_status(self, path: str, status: str) -> Any:
        seen = self.get(path)
        return seen if seen["status"] == status else None

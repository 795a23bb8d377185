"""A firm that applies for credit, and the banks that review it: through the API and by signed events, as users and banks do."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.banks.rules import feed
from chalicelib.credit.examples import APPLICATION, SCREENED_PASSED
from chalicelib.credit.rules.agreement_handling import agreement_id
from chalicelib.firms.records import REPOSITORY as FIRMS
from chalicelib.firms.rules.firm import POWERS, Account, Document
from chalicelib.shared.journal import Event, JournalRow
from chalicelib.shared.sealed import Sealed
from tests.credit.borrowing import OFFICER, Borrower, register
from tests.firms.factories import firm, signer
from tests.world import Api, Reply, StandingClock, Streams, token

OFFERED: dict[str, Any] = {
    "amount": 50_000_000,
    "rate_bp": 1140,
    "fee": 0,
    "day_count": "ACT/360",
    "method": "annuity",
    "term_months": 6,
}
ASKED = ("boc", "cmb", "ccb")
"""The banks that are asked where a test names none."""


def told(bank_id: str) -> list[Event]:
    """What a bank was told, in the order of its feed."""
    entries = (row.entry() for row in JournalRow.scan())
    of_bank = (entry for entry in entries if entry.aggregate_id == feed.name_of(bank_id))
    return [entry.event for entry in sorted(of_bank, key=lambda entry: entry.seq)]


@dataclass
class Credit:
    """A firm whose profile is complete, and what banks tell of its application."""

    api: Api
    time: StandingClock
    streams: Streams
    borrower: Borrower
    seqs: Counter[str] = field(default_factory=Counter)
    consented: set[str] = field(default_factory=set)
    _refs: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def firm(self) -> str:
        return self.borrower.token

    # The firm

    def draft(self, *bank_ids: str, **other: Any) -> str:
        products = [f"{bank_id}-term" for bank_id in bank_ids or ASKED]
        reply = self.borrower.post("/v1/credit-applications", APPLICATION | {"product_ids": products} | other)
        assert reply.status == 201, reply.body
        return str(reply["id"])

    def act(self, application_id: str, action: str, body: Any = None, by: str = "", **how: str) -> Reply:
        path = f"/v1/credit-applications/{application_id}/{action}"
        return self.api.post(path, body, by, **how) if by else self.borrower.post(path, body, **how)

    def submit(self, *bank_ids: str, **other: Any) -> str:
        """Handed in, with the firm's consent."""
        if not self.consented.issuperset(wanted := bank_ids or ASKED):
            self.borrower.consent(*wanted)
            self.consented.update(wanted)
        application_id = self.draft(*bank_ids, **other)
        reply = self.act(application_id, "submit")
        assert reply.status == 200, reply.body
        return application_id

    def apply(self, *bank_ids: str, **other: Any) -> str:
        """With the banks."""
        application_id = self.submit(*bank_ids, **other)
        reply = self.act(application_id, "screen", SCREENED_PASSED, OFFICER)
        assert reply.status == 200, reply.body
        self.streams()
        return application_id

    def see(self, application_id: str, by: str = "") -> Reply:
        return self.api.get(f"/v1/credit-applications/{application_id}", by or self.firm)

    def review(self, application_id: str, bank_id: str = "boc", by: str = "") -> Any:
        reply = self.api.get(f"/v1/credit-applications/{application_id}/decisions", by or self.firm)
        assert reply.status == 200, reply.body
        return next(item for item in reply["items"] if item["bank_id"] == bank_id)

    def offers(self, application_id: str, by: str = "") -> list[Any]:
        reply = self.api.get(f"/v1/credit-offers?application={application_id}", by or self.firm)
        assert reply.status == 200, reply.body
        items: list[Any] = reply["items"]
        return items

    def answer(self, offer_id: str, action: str, **how: str) -> Reply:
        return self.borrower.post(f"/v1/credit-offers/{offer_id}/{action}", **how)

    # Banks

    def tell(self, kind: str, about: str, data: dict[str, Any], *, bank_id: str = "boc", **changes: Any) -> str:
        """The next event in the sequence of what it is about; the event's id."""
        self.seqs[about] += 1
        fields = {
            "bank_ref": f"B-{next(self._refs)}",
            "seq": self.seqs[about],
            "occurred_at": "2026-03-02T02:00:00Z",
            "business_date": "2026-03-02",
        }
        body = {"type": kind, "data": fields | data | changes}
        reply = self.api.post(f"/v1/sandbox/banks/{bank_id}/events", body, token("bank", bank_id))
        assert reply.status in (200, 202), reply.body
        self.streams()
        return str(reply["id"])

    def refused(self, kind: str, about: str, data: dict[str, Any], **how: Any) -> str:
        """The reason for which an event is refused."""
        event = self.api.get(f"/v1/bank-events/{self.tell(kind, about, data, **how)}", token("officer", "o", "admin"))
        assert event["status"] == "refused", event.body
        return str(event["reason"])

    def reviewed(self, kind: str, application_id: str, bank_id: str = "boc", **data: Any) -> None:
        """The bank tells of its review."""
        review_id = self.review(application_id, bank_id)["id"]
        self.tell(kind, review_id, {"review_id": review_id, **data}, bank_id=bank_id)

    def approve(self, application_id: str, bank_id: str = "boc", limit: int = 50_000_000) -> None:
        self.reviewed("review.started", application_id, bank_id)
        self.reviewed("review.approved", application_id, bank_id, limit=limit)

    def offer(self, application_id: str, bank_id: str = "boc", ref: str = "O-1", days: int = 10, **terms: Any) -> str:
        """The bank's offer; its id."""
        expires = self.time.at.replace(microsecond=0) + days * _DAY
        self.reviewed(
            "offer.created",
            application_id,
            bank_id,
            offer_ref=ref,
            terms=OFFERED | terms,
            expires_at=expires.isoformat(),
        )
        return next(str(offer["id"]) for offer in self.offers(application_id) if offer["bank_id"] == bank_id)

    def offered(self, application_id: str, bank_id: str = "boc", **terms: Any) -> str:
        self.approve(application_id, bank_id)
        return self.offer(application_id, bank_id, **terms)

    # The agreement

    def agree(self, application_id: str, bank_id: str = "boc", **terms: Any) -> str:
        """An accepted offer; its agreement's id."""
        reply = self.answer(self.offered(application_id, bank_id, **terms), "accept")
        assert reply.status == 200, reply.body
        self.streams()
        return agreement_id(application_id)

    def agreement(self, name: str, by: str = "") -> Reply:
        return self.api.get(f"/v1/agreements/{name}", by or self.firm)

    def sign(self, name: str, document_sha256: str, by: str = "", **how: str) -> Reply:
        path, body = f"/v1/agreements/{name}/sign", {"document_sha256": document_sha256}
        return self.api.post(path, body, by, **how) if by else self.borrower.post(path, body, **how)

    def countersign(self, name: str, document_sha256: str, **how: Any) -> None:
        data = {"agreement_id": name, "document_sha256": document_sha256}
        self.tell("agreement.countersigned", name, data, **how)

    def sign_all(self, name: str) -> str:
        """All three; the line's id."""
        in_force = self.agreement(name)["document_sha256"]
        assert self.sign(name, in_force).status == 200
        assert self.sign(name, in_force, OFFICER).status == 200
        self.countersign(name, in_force)
        return str(self.agreement(name)["line_id"])


_DAY = timedelta(days=1)


def complete(member_id: str) -> str:
    """A verified profile with everything that a lender needs, and a signer who may do all."""
    person = signer("per_00000000000000000000000001", *POWERS, is_legal_representative=True, is_controller=True)
    since = datetime(2026, 1, 5, 2, tzinfo=UTC)
    account = Account(id="acc_1", bank_name="Bank of China", currency="CNY", number=_sealed(), added_at=since)
    licence = Document(
        id="doc_1",
        kind="business_licence",
        media_type="application/pdf",
        sha256="0" * 64,
        size=1,
        status="kept",
        announced_at=since,
        retained_until=date(2036, 1, 5),
    )
    FIRMS.put(firm(member_id, person, settlement_accounts=(account,), documents=(licence,)), None).row.save()
    return person.id


def _sealed() -> Sealed:
    return Sealed(sealed_for="", field="number", ciphertext="")


@pytest.fixture
def credit(api: Api, time: StandingClock, streams: Streams) -> Credit:
    borrower = register(api, time, "kettles-of-foshan")
    borrower.person_id = complete(borrower.member_id)
    return Credit(api, time, streams, borrower)

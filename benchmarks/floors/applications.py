"""A firm that applies to two banks: one asks back, both offer, one offer is declined and one signed; its line from activation to its end."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any, Final

from benchmarks.floors.inbox import bank_says
from benchmarks.floors.stage import Stage
from chalicelib.credit.aggregate.lines import LINES
from chalicelib.credit.examples import APPLICATION, CLOSE_LINE, CONSENT, DOCUMENT, FREEZE, SCREENED_PASSED, SUPPLY
from chalicelib.credit.rules import agreement_handling
from chalicelib.credit.rules.offer import offer_id
from chalicelib.credit.service import documents
from chalicelib.credit.service.documents import FILES
from chalicelib.shared import files
from chalicelib.shared.files import Arrived

OFFICER: Final = "officer-1"
BANKS: Final = ("boc", "ccb")
LIMIT: Final = 50_000_000
TERMS: Final = {
    "amount": LIMIT,
    "rate_bp": 1140,
    "fee": 0,
    "day_count": "ACT/360",
    "method": "annuity",
    "term_months": 6,
}


def play(stage: Stage) -> None:
    stage.time.begin()
    firm = stage.register("applications-firm")
    story = _Story(stage, firm, stage.signer(firm))
    stage.call("/v1/consents", firm, CONSENT, expect=201, person=story.signer)
    story.act(story.submitted(), "withdraw", "withdraw an application")
    stage.follow()
    _line(story, _agreement(story, story.submitted()))
    stage.leave()


class _Story:
    """Who applies, and how many events banks have told of each thing."""

    def __init__(self, stage: Stage, firm: str, signer: str) -> None:
        self.stage, self.firm, self.signer = stage, firm, signer
        self._seqs: Counter[str] = Counter()

    def do(self, path: str, command: str, body: Any = None, *, expect: int = 200) -> Any:
        """As the signer, a minute after what was before."""
        self.stage.time.advance(minutes=1)
        return self.stage.call(f"/v1/{path}", self.firm, body, command=command, expect=expect, person=self.signer)

    def act(self, application_id: str, action: str, command: str, body: Any = None) -> Any:
        return self.do(f"credit-applications/{application_id}/{action}", command, body)

    def submitted(self) -> str:
        body = APPLICATION | {"product_ids": [f"{bank_id}-term" for bank_id in BANKS]}
        application_id: str = self.do("credit-applications", "open an application", body, expect=201)["id"]
        self.act(application_id, "submit", "submit an application")
        self.stage.follow()
        return application_id

    def bank(self, bank_id: str, kind: str, what: str, name: str, command: str, **data: Any) -> None:
        """The next event of a bank about something; it is applied, and what comes of it is followed."""
        self.stage.time.advance(minutes=1)
        self._seqs[name] += 1
        head = {
            "bank_ref": f"{name}-{self._seqs[name]}",
            "seq": self._seqs[name],
            "occurred_at": "2026-03-02T02:00:00Z",
            "business_date": "2026-03-02",
            what: name,
        }
        event = bank_says(self.stage, kind, head | data, command, bank_id)
        taken = self.stage.see(f"/v1/bank-events/{event}", OFFICER)
        if taken["status"] != "applied":
            raise SystemExit(f"{kind} was not applied: {taken}")
        self.stage.follow()


def _agreement(story: _Story, application_id: str) -> str:
    """Screened, reviewed by both banks, one offer declined and the other accepted, signed by all three; the line's id."""
    stage, about = story.stage, f"/v1/credit-applications/{application_id}"
    stage.call(f"{about}/screen", OFFICER, SCREENED_PASSED, command="screen an application")
    stage.follow()
    reviews = {item["bank_id"]: item["id"] for item in stage.see(f"{about}/decisions", story.firm)["items"]}
    for bank_id, review_id in reviews.items():
        story.bank(bank_id, "review.started", "review_id", review_id, "bank: a review begins")
    missing = {"items": ["Invoice 2026-118"]}
    story.bank("boc", "review.info_requested", "review_id", reviews["boc"], "bank: information is asked for", **missing)
    _document(story, application_id)
    story.act(application_id, "supply-information", "supply information", SUPPLY | {"document_ids": ["doc_1"]})
    for bank_id, review_id in reviews.items():
        story.bank(bank_id, "review.approved", "review_id", review_id, "bank: a credit is approved", limit=LIMIT)
        offer = {"offer_ref": "O-1", "terms": TERMS, "expires_at": "2026-03-12T02:00:00Z"}
        story.bank(bank_id, "offer.created", "review_id", review_id, "bank: an offer is made", **offer)
    declined, accepted = (f"credit-offers/{offer_id(reviews[bank_id], 'O-1')}" for bank_id in ("ccb", "boc"))
    story.do(f"{declined}/decline", "decline a bank's offer")
    story.do(f"{accepted}/accept", "accept a bank's offer")
    agreement_id = agreement_handling.agreement_id(application_id)
    stage.follow()
    agreement = f"/v1/agreements/{agreement_id}"
    signature = {"document_sha256": stage.see(agreement, story.firm)["document_sha256"]}
    story.do(agreement.removeprefix("/v1/") + "/sign", "sign an agreement", signature)
    stage.call(f"{agreement}/sign", OFFICER, signature, command="sign an agreement for the platform")
    command = "bank: an agreement is signed, a line opens"
    story.bank("boc", "agreement.countersigned", "agreement_id", agreement_id, command, **signature)
    return str(stage.see(agreement, story.firm)["line_id"])


def _document(story: _Story, application_id: str) -> None:
    """A document of the application, announced, come, and read by its bank."""
    stage, content = story.stage, b"abc"
    path = f"credit-applications/{application_id}/documents"
    announced = story.do(path, "announce a document of an application", DOCUMENT, expect=201)
    key = announced["upload"]["fields"]["key"]
    files.put(key, content, DOCUMENT["media_type"])
    arrived = Arrived(key, len(content), hashlib.md5(content, usedforsecurity=False).hexdigest())
    stage.measured("a document of an application arrives", lambda: FILES.file_arrived(arrived))
    reading = stage.request("boc", "bank")
    name = announced["document_id"]
    stage.measured("a bank reads a document", lambda: documents.link(application_id, name, reading))


def _line(story: _Story, line_id: str) -> None:
    stage, about = story.stage, f"/v1/credit-lines/{line_id}"
    active = {"limit": LIMIT, "ends_on": "2026-09-01"}
    story.bank("boc", "line.activated", "line_id", line_id, "bank: a line is active", **active)
    stage.call(f"{about}/freeze", OFFICER, FREEZE, command="freeze a line")
    stage.call(f"{about}/release", OFFICER, command="release a line")
    stage.time.advance(days=160)
    stage.measured("clock: a renewal is offered", lambda: LINES.catch_up(line_id, stage.time.at))
    story.do(f"credit-lines/{line_id}/renew", "ask for a renewal")
    story.do(f"credit-lines/{line_id}/close", "close a line", CLOSE_LINE)

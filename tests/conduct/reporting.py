"""Peer reports for tests: as values, and as they stand in the tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.conduct import examples
from chalicelib.conduct.aggregate.peer_reports import PEER_REPORTS, context_of
from chalicelib.conduct.declared import PEER_REPORTS as SWEPT
from chalicelib.conduct.rules import peer_report_handling as handling
from chalicelib.conduct.rules.peer_report import REPORTER, Context, PeerReport, Policy, ReportDocument
from chalicelib.firms.service import marks
from chalicelib.shared import calendars, clock, data_keys, ids, policies
from chalicelib.shared.commit import Joined
from chalicelib.shared.journal import JournalRow
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.shared.sealed import Sealed
from tests.loans.lending import Lender
from tests.world import Reply, token

NOW = datetime(2026, 10, 12, 2, tzinfo=UTC)
"""A Monday."""
DAY, MS = timedelta(days=1), timedelta(milliseconds=1)
VERSION = policies.versions("peer-reports")[0]
POLICY = VERSION.read_as(Policy)
CONTEXT = Context(policy=POLICY, calendar=calendars.calendar(POLICY.calendar))


def filed(category: Any = "false_data", **other: Any) -> PeerReport:
    fields: dict[str, Any] = {
        "bank_ids": (),
        "open_reports": 0,
        "is_open_already": False,
        "last_malicious_at": None,
        "context": CONTEXT,
        "policy_hash": VERSION.hash,
        "now": NOW,
    }
    sealed = Sealed("rpt_1", REPORTER, "sealed")
    return handling.filed("rpt_1", "mem_1", sealed, "mark", category, "So.", **fields | other).state


def acknowledged() -> PeerReport:
    return handling.acknowledge(filed(), CONTEXT, NOW).state


def asked(was: PeerReport | None = None) -> PeerReport:
    return handling.ask(was or acknowledged(), CONTEXT, "Is it so?", NOW).state


def to_find(was: PeerReport | None = None) -> PeerReport:
    return handling.answer(asked(was), CONTEXT, "No.", NOW).state


def unsealed(was: PeerReport) -> PeerReport:
    wanted = handling.ask_unsealing(was, "uns_1", "ann", "Threats.", NOW).state
    return handling.decide_unsealing(wanted, "bob", "granted", "So.", NOW).state


def plant(subject_id: str, reporter_id: str, document_id: str = "") -> str:
    """One about which the firm is asked, with a document that has come, where it is named."""
    now = clock.now()
    report_id = ids.new_id("rpt", now)
    key, kept = data_keys.new(report_id, owner_id=report_id, now=now)
    context = context_of(VERSION.hash)
    change = handling.filed(
        report_id,
        subject_id,
        key.seal(REPORTER, reporter_id),
        marks.of_reporter(reporter_id),
        "false_data",
        "The accounts are not its own.",
        bank_ids=(),
        open_reports=0,
        is_open_already=False,
        last_malicious_at=None,
        context=context,
        policy_hash=VERSION.hash,
        now=now,
    )
    request = RequestContext.of_clock(report_id, 1, now)
    if document_id:
        document = ReportDocument(
            id=document_id,
            name="yard.jpg",
            status="kept",
            media_type="image/jpeg",
            sha256="0" * 64,
            size=1,
            announced_at=now,
            retained_until=(now + 1826 * DAY).date(),
        )
        change = replace(change, state=replace(change.state, documents=(document,)))
    PEER_REPORTS.create(change, context, request, joined=Joined(changes=(kept,)))
    follow = RequestContext(caller=CLOCK, now=now, request_id="test")
    asked = PEER_REPORTS.apply(report_id, follow, lambda was, of: handling.ask(was, of, "Are they?", now))
    assert asked is not None
    return report_id


ANN, BOB = (token("officer", name, "risk") for name in ("ann", "bob"))
LAWYER, CLAIMS = token("officer", "eve", "legal"), token("officer", "cid", "claims")


@dataclass
class Reporting:
    """A firm that owes the Bank of China, and members that report it."""

    lender: Lender
    reporter_id: str
    other_id: str

    @property
    def reporter(self) -> str:
        return token("member", self.reporter_id)

    @property
    def other(self) -> str:
        return token("member", self.other_id)

    @property
    def subject(self) -> str:
        return self.lender.firm

    def file(self, by: str = "", **other: Any) -> Reply:
        body = examples.REPORT | {"subject_id": self.lender.firm_id} | other
        return self.lender.api.post("/v1/peer-reports", body, by or self.reporter)

    def filed(self, by: str = "", **other: Any) -> str:
        reply = self.file(by, **other)
        assert reply.status == 201, reply.body
        return str(reply["id"])

    def asked(self, by: str = "", **other: Any) -> str:
        report_id = self.filed(by, **other)
        assert self.act(report_id, "triage", ANN, examples.TRIAGE).status == 200
        return report_id

    def answered(self, by: str = "", **other: Any) -> str:
        report_id = self.asked(by, **other)
        assert self.act(report_id, "answer", self.subject, examples.ANSWER_REPORT).status == 200
        return report_id

    def act(self, report_id: str, action: str, by: str, body: Any = None, **how: Any) -> Reply:
        return self.lender.api.post(f"/v1/peer-reports/{report_id}/{action}", body, by, **how)

    def find(self, report_id: str, finding: str) -> Reply:
        return self.act(report_id, "find", ANN, examples.FIND | {"finding": finding})

    def granted(self, report_id: str) -> str:
        """Ann asked for the seal, and Bob opened it; the name of that."""
        wanted = self.act(report_id, "unseal", ANN, examples.UNSEAL)
        assert self.act(report_id, "decide-unsealing", BOB, examples.DECIDE_UNSEALING).status == 200
        return str(wanted["unsealings"][-1]["id"])

    def see(self, report_id: str, by: str = ANN) -> Reply:
        return self.lender.api.get(f"/v1/peer-reports/{report_id}", by)

    def kinds(self, report_id: str, by: str = ANN) -> list[str]:
        items = self.lender.api.get(f"/v1/peer-reports/{report_id}/timeline", by)["items"]
        return [each["kind"].removeprefix("peer_report.") for each in items]

    def told(self) -> list[tuple[str, str]]:
        """What the Bank of China was told of reports."""
        self.lender.bank.streams()
        feed = [each.entry().event for each in JournalRow.scan() if each.entry().aggregate_id.startswith("bnk_")]
        return [(each.kind, each.payload["status"]) for each in feed if each.kind.startswith("report.")]

    def later(self, **days: int) -> None:
        self.lender.time.at += timedelta(**days)
        assert not SWEPT.sweep(self.lender.time.at).failed

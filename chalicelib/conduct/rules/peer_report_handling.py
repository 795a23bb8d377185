"""What a reporter, the firm that it reports, officers and the clock do to a peer report. Pure.

What people write stands in the report, for those who may read it, and in no entry that others are told of.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.conduct.rules import peer_report
from chalicelib.conduct.rules.incentive import TABLE as INCENTIVES
from chalicelib.conduct.rules.incentive import Incentive
from chalicelib.conduct.rules.peer_report_transitions import TABLE, PeerReportChange
from chalicelib.shared import documents
from chalicelib.shared.bounds import must_have_room
from chalicelib.shared.documents import Seen
from chalicelib.shared.errors import AnotherOfficerNeeded
from chalicelib.shared.journal import Event
from chalicelib.shared.sealed import Sealed
from chalicelib.shared.texts import say

BY_CLOCK = "Nobody has looked into it in time."


def filed(
    report_id: str,
    subject_id: str,
    reporter: Sealed,
    reporter_mark: str,
    category: peer_report.Category,
    facts: str,
    *,
    bank_ids: tuple[str, ...],
    open_reports: int,
    is_open_already: bool,
    last_malicious_at: datetime | None,
    context: peer_report.Context,
    policy_hash: str,
    now: datetime,
) -> PeerReportChange:
    """The first version. `bank_ids` lend to the firm: they hear at once of what is urgent.

    PeerReportRefused where the reporter has one open about the firm, or too many; PeerReportsPaused where one of its was malicious not long ago.
    """
    _require_not_paused(last_malicious_at, context, now)
    if is_open_already:
        raise peer_report.PeerReportRefused("A report of yours about that firm is open.", param="subject_id")
    if open_reports >= context.policy.most_open:
        raise peer_report.PeerReportRefused(
            say("{open_reports} reports of yours are open.", open_reports=open_reports),
            maximum=context.policy.most_open,
        )
    informed = bank_ids if category in context.policy.urgent else ()
    report = peer_report.PeerReport(
        id=report_id,
        subject_id=subject_id,
        reporter=reporter,
        reporter_mark=reporter_mark,
        category=category,
        facts=facts,
        status="filed",
        version=1,
        created_at=now,
        updated_at=now,
        policy=policy_hash,
        due_at=context.after(now, context.policy.acknowledge_business_days),
        bank_ids=informed,
    )
    payload = {"to": "filed", "subject_id": subject_id, "category": category, "private": {"bank_ids": list(informed)}}
    return PeerReportChange(state=report, event=Event("peer_report.filed", payload, policy=policy_hash), at=now)


def acknowledge(was: peer_report.PeerReport, context: peer_report.Context, now: datetime) -> PeerReportChange:
    """By an officer, or by the clock, so that the reporter knows it was received; then an alarm rings."""
    due_at = context.after(now, context.policy.triage_business_days)
    return TABLE.change(was, "acknowledge", now, to="acknowledged", due_at=due_at)


def ask(was: peer_report.PeerReport, context: peer_report.Context, question: str, now: datetime) -> PeerReportChange:
    """The firm is asked, in an officer's words: those of the report could tell who wrote it."""
    return TABLE.change(
        was,
        "triage",
        now,
        to="asked",
        question=question,
        asked_at=now,
        due_at=context.after(now, context.policy.answer_business_days),
    )


def dismiss(was: peer_report.PeerReport, note: str, now: datetime) -> PeerReportChange:
    """Nothing that the firm could be asked about. Banks that were told of something unverified are told so."""
    return _ended(was, "triage", "dismissed", note, now)


def answer(was: peer_report.PeerReport, context: peer_report.Context, text: str, now: datetime) -> PeerReportChange:
    return _to_find(was, "answer", context, now, event="answered", answer=text, answered_at=now)


def miss_answer(was: peer_report.PeerReport, context: peer_report.Context, at: datetime) -> PeerReportChange:
    """The firm has not answered. That proves nothing."""
    return _to_find(was, "miss_answer", context, at, event="answer_missed")


def find(
    was: peer_report.PeerReport,
    finding: peer_report.Finding,
    note: str,
    officer: str,
    now: datetime,
    *,
    bank_ids: tuple[str, ...] = (),
    cost: Incentive | None = None,
) -> PeerReportChange:
    """What an officer has found, in words that both sides read.

    What is verified counts in monitoring, and the firm's banks, `bank_ids`, hear of it. What is malicious takes away `cost`, the newest of
    the reporter's points: SealNotOpened where nobody knows who that is.
    """
    if finding == "verified":
        return _verified(was, note, bank_ids, now)
    if finding != "malicious":
        return _ended(was, "find", finding, note, now)
    if not was.is_unsealed:
        raise peer_report.SealNotOpened("Whether it was malicious nobody can say who does not know who reported it.")
    return _ended(was, "find", finding, note, now, also=(_reversed(cost, note, officer, now),) if cost else ())


def leave_untriaged(was: peer_report.PeerReport, context: peer_report.Context, at: datetime) -> PeerReportChange:
    """No officer has looked at it. An alarm rings; against the firm it counts nothing."""
    return _ended(was, "leave_untriaged", "unproven", BY_CLOCK, at)


def leave_unfound(was: peer_report.PeerReport, context: peer_report.Context, at: datetime) -> PeerReportChange:
    """No officer has found anything in time: the same."""
    return _ended(was, "leave_unfound", "unproven", BY_CLOCK, at)


def ask_unsealing(
    was: peer_report.PeerReport, unsealing_id: str, officer: str, reason: str, now: datetime
) -> PeerReportChange:
    """An officer asks who reported it. Another one decides."""
    must_have_room(was.unsealings, peer_report.MOST_UNSEALINGS, peer_report.TooManyUnsealings)
    unsealing = peer_report.Unsealing(id=unsealing_id, by=officer, at=now, reason=reason)
    payload = {"unsealing_id": unsealing_id, "reason": reason, "private": {"officer": officer}}
    return TABLE.change(
        was, "unseal", now, event="unsealing_asked", unsealings=(*was.unsealings, unsealing), payload=payload
    )


def decide_unsealing(
    was: peer_report.PeerReport, officer: str, decision: peer_report.Decision, note: str, now: datetime
) -> PeerReportChange:
    unsealing = was.open_unsealing
    assert unsealing is not None, "an unsealing is asked for"
    if officer == unsealing.by:
        raise AnotherOfficerNeeded("Who asks for the seal does not open it too.")
    decided = replace(unsealing, decided_by=officer, decided_at=now, decision=decision, note=note)
    return TABLE.change(
        was,
        "decide-unsealing",
        now,
        event=f"unsealing_{decision}",
        unsealings=tuple(decided if each is unsealing else each for each in was.unsealings),
        payload={"unsealing_id": unsealing.id, "note": note, "private": {"officer": officer}},
    )


def read_reporter(
    was: peer_report.PeerReport, unsealing: peer_report.Unsealing, officer: str, now: datetime
) -> PeerReportChange:
    """The officer who asked is shown who reported it: an entry, before anything is opened."""
    payload = {"unsealing_id": unsealing.id, "private": {"officer": officer}}
    return TABLE.note(was, "reporter_read", now, payload=payload)


# --- files ------------------------------------------------------------------------------------------------------------


def announced(was: peer_report.PeerReport, document: peer_report.ReportDocument, now: datetime) -> PeerReportChange:
    """A file that is to come. DocumentKnown where the same bytes are there."""
    after = documents.announced(was.documents, document, peer_report.MOST_DOCUMENTS, peer_report.TooManyReportDocuments)
    return TABLE.change(
        was,
        "add-document",
        now,
        event="document_announced",
        documents=after,
        payload={"document_id": document.id},
    )


def arrived(
    was: peer_report.PeerReport, context: peer_report.Context, document_id: str, seen: Seen, now: datetime
) -> PeerReportChange | None:
    """The bucket has a file. None where nobody awaits it."""
    if was.status in TABLE.ends or (arrival := documents.arrived(was.documents, document_id, seen)) is None:
        return None
    document, after = arrival
    payload = {"document_id": document_id}
    return TABLE.change(was, "file_arrived", now, event=f"document_{document.status}", documents=after, payload=payload)


def retired(was: peer_report.PeerReport, context: peer_report.Context, at: datetime) -> PeerReportChange:
    """The retention of some has ended, or they have not come."""
    gone = documents.over(was.documents, context.policy.upload_hours, at)
    after = documents.without(was.documents, gone)
    return TABLE.change(was, "retire", at, event="documents_removed", documents=after, payload={"documents": gone})


# --- parts of them ----------------------------------------------------------------------------------------------------


def _require_not_paused(last_malicious_at: datetime | None, context: peer_report.Context, now: datetime) -> None:
    if last_malicious_at is None:
        return
    until = last_malicious_at + timedelta(days=context.policy.malicious_pause_days)
    if now < until:
        raise peer_report.PeerReportsPaused(
            say("A report of yours was malicious: you report again from {until} on.", until=until), until=until
        )


def _to_find(
    was: peer_report.PeerReport, name: str, context: peer_report.Context, at: datetime, *, event: str, **fields: Any
) -> PeerReportChange:
    due_at = context.after(at, context.policy.find_business_days)
    return TABLE.change(was, name, at, event=event, status="to_find", due_at=due_at, **fields)


def _ended(
    was: peer_report.PeerReport, name: str, status: str, note: str, at: datetime, **other: Any
) -> PeerReportChange:
    """Banks that were told of it hear what became of it."""
    payload = {"note": note, "private": {"bank_ids": list(was.bank_ids)}}
    return TABLE.change(was, name, at, to=status, note=note, due_at=None, ended_at=at, payload=payload, **other)


def _verified(was: peer_report.PeerReport, note: str, bank_ids: tuple[str, ...], now: datetime) -> PeerReportChange:
    informed = tuple(dict.fromkeys((*was.bank_ids, *bank_ids)))
    return _ended(replace(was, bank_ids=informed), "find", "verified", note, now)


def _reversed(incentive: Incentive, note: str, officer: str, now: datetime) -> Incentive:
    return INCENTIVES.next_version(
        incentive,
        "reverse",
        now,
        status="reversed",
        why="malicious_report",
        note=note[:500],
        reversed_by=officer,
    )

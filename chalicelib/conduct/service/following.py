"""What the journal says that earns a firm points, or takes them back, and what it says of it to monitoring.

Everything here may run twice, late and in any order: an incentive is named after its firm, what it is for, and its kind, and one for
repaying, or for a guarantor's share, follows the loan or the call as it stands.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from chalicelib.conduct.aggregate.incentives import INCENTIVES
from chalicelib.conduct.aggregate.peer_reports import PEER_REPORTS
from chalicelib.conduct.aggregate.sanctions import SANCTIONS
from chalicelib.conduct.rules import incentive as rules
from chalicelib.conduct.rules.incentive import Context, Incentive, IncentiveChange, Kind, Policy
from chalicelib.conduct.service import sanctions
from chalicelib.credit.aggregate.lines import LINES
from chalicelib.guarantees.aggregate.calls import CALLS
from chalicelib.guarantees.rules.honouring import is_honoured, payments_of
from chalicelib.loans.aggregate import LOANS
from chalicelib.monitoring.rules.facts import VerifiedReport
from chalicelib.monitoring.service import watching
from chalicelib.shared import policies
from chalicelib.shared.commit import retry_on_conflict
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date, start_of
from chalicelib.shared.request import CLOCK, RequestContext


def follow(entry: Entry, now: datetime) -> None:
    """The effect of one journal entry, or none."""
    kind, payload = entry.event.kind, entry.event.payload
    if kind == "review.approved":
        _stands(payload["member_id"], payload["application_id"], "approved", True, entry.at, now)
    elif kind == "loan.draw_disbursed":
        _stands(payload["member_id"], entry.aggregate_id, "granted", True, entry.at, now)
    if kind.startswith("alert.") and "loan_id" in payload and payload.get("to") in ("resolved", "closed"):
        sanctions.follow_loan(
            payload["loan_id"], payload["member_id"], RequestContext(caller=CLOCK, now=now, request_id="")
        )
    if kind.startswith("loan.") and payload.get("from") != payload.get("to"):
        sanctions.follow_loan(
            entry.aggregate_id, payload["member_id"], RequestContext(caller=CLOCK, now=now, request_id="")
        )
    if kind.startswith("loan.") and {payload.get("from"), payload.get("to")} & {"repaid", "closed"}:
        _follow_loan(entry.aggregate_id, now)
    elif kind.startswith("guarantee_call."):
        _follow_call(entry.aggregate_id, now)
    elif kind == "peer_report.verified":
        _note_report(entry.aggregate_id, business_date(entry.at), now)
    elif kind == "sanction.overturned":
        _give_back(entry.aggregate_id, now)
    elif kind == "incentive.restored":
        _look_again(payload["kind"], payload["subject_id"], now)


def _follow_loan(loan_id: str, now: datetime) -> None:
    """A loan that was repaid on time counts while it is repaid."""
    loaded = LOANS.load(loan_id, now)
    if loaded is None:
        return
    loan = loaded.state
    at = start_of(loan.repaid_on) if loan.repaid_on else now
    _stands(loan.member_id, loan.id, "repaid_on_time", loan.repaid_on_time is True, at, now)


def _follow_call(call_id: str, now: datetime) -> None:
    """A share counts while all that was claimed of it is paid, each part by its day. Where that cannot be said any more, what stands stands."""
    loaded = CALLS.load(call_id, now)
    loan = LOANS.load(loaded.state.loan_id, now) if loaded else None
    if loaded is None or loan is None:
        return
    call = loaded.state
    for share in call.shares:
        if (is_so := is_honoured(call, share, loan.state)) is not None:
            last = max((each.value_on for each in payments_of(call, share, loan.state)), default=None)
            _stands(share.member_id, call.id, "share_honoured", is_so, start_of(last) if last else now, now)


@retry_on_conflict
def _give_back(sanction_id: str, now: datetime) -> None:
    """Points that were taken for false data stand again where a sanction for them was wrong: those of the loan and of the application it came from."""
    sanction = SANCTIONS.repository.load(sanction_id)
    loan = LOANS.repository.load(sanction.loan_id) if sanction and sanction.ground == "false_data" else None
    if loan is None:
        return
    line = LINES.repository.load(loan.line_id)
    subjects: list[tuple[str, Kind]] = [(loan.id, "granted"), (loan.id, "repaid_on_time")]
    subjects += [(line.application_id, "approved")] if line else []

    def decide(was: Incentive, context: Context) -> IncentiveChange | None:
        is_for_that = was.status == "reversed" and was.why == "false_data"
        return rules.give_back(was, sanction_id, now) if is_for_that else None

    for subject_id, kind in subjects:
        _apply(rules.incentive_id(loan.member_id, subject_id, kind), decide, now)


def _look_again(kind: Kind, subject_id: str, now: datetime) -> None:
    """What was reversed when a fact changed did not hear of it."""
    if kind == "repaid_on_time":
        _follow_loan(subject_id, now)
    elif kind == "share_honoured":
        _follow_call(subject_id, now)


def _note_report(report_id: str, on: date, now: datetime) -> None:
    """Monitoring judges by what was found true. Whoever reported it is a mark there, too."""
    if report := PEER_REPORTS.repository.load(report_id):
        fact = VerifiedReport(report_id=report.id, reporter=report.reporter_mark, on=on)
        watching.note_report(report.subject_id, fact, now)


@retry_on_conflict
def _stands(member_id: str, subject_id: str, kind: Kind, is_so: bool, at: datetime, now: datetime) -> None:
    """See to it that an incentive stands, or does not: once, however often and in which order it is called."""
    incentive_id = rules.incentive_id(member_id, subject_id, kind)
    request = RequestContext.of_clock(incentive_id, 1, now)
    if INCENTIVES.load(incentive_id, now) is None:
        if is_so:
            in_force = policies.in_force("integrity", business_date(at))
            change = rules.earned(member_id, subject_id, kind, at, in_force.read_as(Policy), in_force.hash, now)
            INCENTIVES.create(change, (), request)
        return

    def decide(was: Incentive, context: Context) -> IncentiveChange | None:
        if was.status == "standing" and not is_so:
            return rules.undo(was, now)
        return rules.redo(was, now) if is_so and was.why == "undone" and was.status == "reversed" else None

    _apply(incentive_id, decide, now)


def _apply(incentive_id: str, decide: Callable[[Incentive, Context], IncentiveChange | None], now: datetime) -> None:
    INCENTIVES.apply(incentive_id, RequestContext(caller=CLOCK, now=now, request_id=""), decide)

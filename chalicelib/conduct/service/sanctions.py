"""Sanctions: proposed, approved, appealed and ended; what banks and the public are shown of them; what they come to in a month."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Final, get_args

from chalicelib.conduct.aggregate.sanctions import SANCTIONS, facts_of
from chalicelib.conduct.records import sanctions as records
from chalicelib.conduct.records.sanctions import Counted
from chalicelib.conduct.rules import sanction_handling as handling
from chalicelib.conduct.rules.sanction import (
    ENDS,
    STATUSES,
    Actor,
    Context,
    Measure,
    Policy,
    Sanction,
    SanctionRefused,
)
from chalicelib.conduct.rules.sanction_transitions import SanctionChange
from chalicelib.conduct.service import evidence
from chalicelib.conduct.views import sanction as views
from chalicelib.conduct.views.reports import MeasureReport, ReportQuery, ReportView
from chalicelib.firms.service import reading as firms_reading
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.loans.aggregate import LOANS
from chalicelib.members import service as members
from chalicelib.shared import ids, pages, policies, uniques
from chalicelib.shared.access import LEGAL
from chalicelib.shared.commit import Joined, StoredResponse, Update, retry_on_conflict
from chalicelib.shared.errors import NotFound
from chalicelib.shared.pages import Page
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say
from chalicelib.shared.uses import Use
from chalicelib.shared.views import view_of

_NAME: Final = "sanction#"


def propose(body: views.ProposeRequest, request: RequestContext) -> StoredResponse:
    """By an officer, of the borrower of a loan. NotFound where there is no such loan, or evidence."""
    loan = LOANS.load(body.loan_id, request.now)
    if loan is None:
        raise NotFound(say("There is no loan {loan_id!r:.60}.", loan_id=body.loan_id), param="loan_id")
    evidence.require_known(body.evidence_ids)
    if loan.state.value_on is None:
        raise SanctionRefused("Nothing has been lent by it.", param="loan_id")
    in_force = policies.in_force("sanctions", business_date(request.now))
    context = Context(policy=in_force.read_as(Policy), facts=facts_of(body.loan_id, body.ground, request.now))
    change = handling.proposed(
        ids.new_id("snc", request.now),
        loan.state.member_id,
        loan.state.bank_id,
        body.loan_id,
        body.measure,
        body.ground,
        reason=body.reason,
        evidence_ids=tuple(body.evidence_ids),
        court_reference=body.court_reference or "",
        bank_request=body.bank_request or "",
        by=request.caller.sub,
        context=context,
        policy_hash=in_force.hash,
        now=request.now,
        before=_before(loan.state.member_id, body.loan_id, body.measure),
    )
    taken = Joined(changes=(_take(change.state, request.now),))
    return SANCTIONS.create(change, context, request, "officer", joined=taken)


def approve(sanction_id: str, request: RequestContext) -> StoredResponse:
    officer = request.caller
    is_legal = officer.has_duty(LEGAL)
    return _decide(
        sanction_id,
        request,
        "approve",
        lambda was, context, actor: handling.approve(was, context, officer.sub, is_legal, request.now),
    )


def withdraw(sanction_id: str, request: RequestContext) -> StoredResponse:
    return _decide(sanction_id, request, "withdraw", lambda was, context, actor: handling.withdraw(was, request.now))


def appeal(sanction_id: str, body: views.SanctionAppealRequest, request: RequestContext) -> StoredResponse:
    return _decide(
        sanction_id,
        request,
        "appeal",
        lambda was, context, actor: handling.appeal(was, context, body.text, request.now),
    )


def decide_appeal(sanction_id: str, body: views.DecideAppealRequest, request: RequestContext) -> StoredResponse:
    return _decide(
        sanction_id,
        request,
        "decide-appeal",
        lambda was, context, actor: handling.decide_appeal(
            was, context, request.caller.sub, body.outcome, body.note, request.now
        ),
    )


def lift(sanction_id: str, body: views.LiftRequest, request: RequestContext) -> StoredResponse:
    return _decide(sanction_id, request, "lift", lambda was, context, actor: handling.lift(was, body.note, request.now))


sanction = partial(SANCTIONS.shown, views.SanctionView)
timeline = partial(ledger_timelines.of_aggregate, SANCTIONS)


def listed(query: views.SanctionsQuery, request: RequestContext) -> Page[views.SanctionView]:
    """A firm's own; for officers those of a firm or a status, or all. Oldest first."""
    member_id = request.caller.member_id or query.member_id or ""
    if query.member_id not in (None, member_id):
        return Page(items=[])
    of = f"sanctions:{member_id}:{query.status}"
    after = tuple(pages.decode_cursor(query.cursor, request.caller, of)) if query.cursor else None
    statuses = [query.status or ""] if query.status or member_id else STATUSES
    places = pages.in_groups(statuses, after, lambda status, begun: records.ids(status, member_id, begun))
    return SANCTIONS.page(places, query, request, of, keep=lambda state: query.status in (None, state.status))


def flags(member_id: str, body: views.FlagInquiry, request: RequestContext) -> views.FlagsView:
    """What a partner bank may know. Each sanction that it is shown has an entry of that, with the purpose."""
    if not members.known([member_id]):
        raise NotFound(say("There is no member {member_id!r:.60}.", member_id=member_id))
    shown = [each for each in in_force(member_id, request) if each.measure in ("bank_flag", "suspension")]
    for each in shown:
        _note_read(each.id, body.purpose, request)
    return views.FlagsView(
        member_id=member_id, flags=[view_of(views.FlagView, each, sanction_id=each.id) for each in shown]
    )


def notes(member_id: str, request: RequestContext) -> views.NotesView:
    """What the public may know. NotFound for no such member."""
    if not members.known([member_id]):
        raise NotFound(say("There is no storefront {member_id!r:.60}.", member_id=member_id))
    noted = [each for each in in_force(member_id, request) if each.measure == "public_note"]
    firm = firms_reading.profile(member_id) if noted else None
    return views.NotesView(
        member_id=member_id,
        notes=[view_of(views.NoteView, firm, court_reference=each.court_reference) for each in noted] if firm else [],
    )


def in_force(member_id: str, request: RequestContext) -> Iterator[Sanction]:
    """What holds of a firm now. As many reads as it has sanctions that have not ended: one of a measure for each loan."""
    for loaded in SANCTIONS.load_many(records.open_ids(member_id), request.now).values():
        state = SANCTIONS.preview_at(loaded, request.now).state
        if state.status == "in_force":
            yield state


def report(query: ReportQuery, request: RequestContext) -> ReportView:
    """What became of sanctions in a month, measure by measure."""
    counts = records.counts(query.month)
    return ReportView(
        month=query.month, measures=[_reported(measure, counts[measure]) for measure in get_args(Measure)]
    )


def follow_loan(loan_id: str, member_id: str, request: RequestContext) -> None:
    """When the sanctions because of a loan end, by the loan as it stands."""
    for loaded in SANCTIONS.load_many(records.open_ids(member_id), request.now).values():
        if loaded.state.loan_id == loan_id:
            _apply(loaded.state.id, request, lambda was, context: handling.follow_loan(was, context, request.now))


def _decide(
    sanction_id: str,
    request: RequestContext,
    action: str,
    decide: Callable[[Sanction, Context, Actor], SanctionChange],
) -> StoredResponse:
    return SANCTIONS.execute(sanction_id, request, action, decide, funded=True)


@retry_on_conflict
def _note_read(sanction_id: str, purpose: str, request: RequestContext) -> None:
    derived = request.each_time("flag", sanction_id)
    SANCTIONS.apply(
        sanction_id,
        derived,
        lambda was, context: (
            handling.show_bank(was, request.caller.bank_id, purpose, request.now) if was.status == "in_force" else None
        ),
    )


@retry_on_conflict
def _apply(
    sanction_id: str, request: RequestContext, decide: Callable[[Sanction, Context], SanctionChange | None]
) -> None:
    SANCTIONS.apply(sanction_id, request, decide, funded=True)


def _before(member_id: str, loan_id: str, measure: Measure) -> list[Sanction]:
    """Those of a measure for a loan that there have been, of all that officers ever proposed for the firm."""
    known = records.REPOSITORY.load_all(records.ids("", member_id, None)).values()
    return [each for each in known if (each.loan_id, each.measure) == (loan_id, measure)]


def _take(proposed: Sanction, now: datetime) -> Update:
    """For the commit of a proposal: one of a measure for each loan, whoever else proposes it in the same moment."""
    name = f"{_NAME}{proposed.loan_id}#{proposed.measure}"
    refused = SanctionRefused("There is one of that measure for the loan.", param="measure")
    last = uniques.find(name)
    names = {*records.open_ids(proposed.member_id), *([last.by] if last else [])}
    for loaded in SANCTIONS.load_many(names, now).values():
        other = SANCTIONS.preview_at(loaded, now).state
        if (other.loan_id, other.measure) == (proposed.loan_id, proposed.measure) and other.status not in ENDS:
            raise refused
    return uniques.take(name, Use(by=proposed.id, at=now), lambda use: refused, after=last)


def _reported(measure: Measure, counts: Mapping[str, Counted]) -> MeasureReport:
    numbers = {status: counts.get(status, Counted()).number for status in STATUSES}
    days, ended = (sum(getattr(each, name) for each in counts.values()) for name in ("days", "ended"))
    return MeasureReport(measure=measure, days_in_force=days // ended if ended else None, **numbers)

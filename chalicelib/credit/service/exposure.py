"""A firm's exposure over all banks: its limit, what it owes elsewhere, and what draws and repayments do to it and to lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final

from chalicelib.credit.aggregate.lines import LINES
from chalicelib.credit.records import exposures, lines
from chalicelib.credit.rules import exposure as rules
from chalicelib.credit.rules.effects import (
    DisburseDraw,
    DisburseExposure,
    DrawLine,
    HoldCredit,
    ReleaseCredit,
    ReleaseDraw,
    ReleaseExposure,
    RepayExposure,
    RepayLine,
    ReverseExposure,
    ReverseRepayment,
    TakeExposure,
)
from chalicelib.credit.rules.exposure import Exposure
from chalicelib.credit.rules.line import Line
from chalicelib.shared import journal
from chalicelib.shared.aggregates import Writer
from chalicelib.shared.commit import StoredResponse, commit, retry_on_conflict
from chalicelib.shared.journal import Event
from chalicelib.shared.request import RequestContext
from chalicelib.shared.state_machine import Effect

EFFECTS: Final[Mapping[type[Effect], Writer]] = {
    **dict.fromkeys((DrawLine, ReleaseDraw, DisburseDraw, RepayLine, ReverseRepayment), lines.write_effects),
    **dict.fromkeys(
        (TakeExposure, ReleaseExposure, DisburseExposure, RepayExposure, ReverseExposure), exposures.write_effects
    ),
}
"""For the aggregates of loans: what `credit.rules.effects` does to lines and exposures."""

HOLDS: Final[Mapping[type[Effect], Writer]] = dict.fromkeys((HoldCredit, ReleaseCredit), exposures.write_holds)
"""For the aggregates of slices above that hold a firm's credit."""

Decide = Callable[[Exposure, datetime], tuple[Exposure, Event] | None]


def of(member_id: str) -> Exposure:
    """The exposure as it is now; one without a limit for a firm that has none. One consistent read."""
    return exposures.load(member_id) or Exposure(member_id=member_id)


def active_lines(member_id: str) -> list[Line]:
    """The firm's lines that can be drawn on, one of each bank at most. All are looked at: each took an agreement that three parties signed."""
    return [
        line
        for line in LINES.repository.load_many(lines.ids("by_member", member_id, None)).values()
        if line.status == "active"
    ]


def require_may_apply(member_id: str, reapply_days: int, now: datetime) -> None:
    """CreditHeld or AppliedTooSoon where a firm may apply for nothing. One read."""
    rules.require_may_apply(of(member_id), reapply_days, now)


def set_limit(member_id: str, limit_minor: int, request: RequestContext) -> Exposure:
    """The firm's limit over all banks has been worked out. Once or many times. The exposure with it."""
    return _change(member_id, request, "exposure-limit", lambda was, now: rules.with_limit(was, limit_minor, now))


def forget_elsewhere(member_id: str, request: RequestContext) -> None:
    """What the firm owes others counts no longer. Once or many times."""
    _change(member_id, request, "exposure-elsewhere", rules.without_debts_elsewhere)


def report_elsewhere(
    member_id: str, minor: int, as_of: date, request: RequestContext, respond: Callable[[Exposure], bytes]
) -> StoredResponse:
    """What the firm owes others, as it was reported with its consent: the request's own entry, none where it is known. DebtsOutdated."""
    was = of(member_id)
    if (change := rules.with_debts_elsewhere(was, minor, as_of, request.now)) is None:
        return StoredResponse(respond(was))
    return _commit(was, change, request, respond(change[0]))


@retry_on_conflict
def _change(member_id: str, request: RequestContext, purpose: str, decide: Decide) -> Exposure:
    was = of(member_id)
    if (change := decide(was, request.now)) is None:
        return was
    after = change[0]
    _commit(was, change, request.derived(purpose, f"{after.chain}:{after.version}", "version"))
    return after


def _commit(
    was: Exposure, change: tuple[Exposure, Event], request: RequestContext, response: bytes = b""
) -> StoredResponse:
    after, event = change
    entry = journal.entry(
        request, event, aggregate_id=after.chain, seq=after.version, prev=was.entry_hash, response=response
    )
    return commit(entry, exposures.put(was, after, entry))

"""Peer reports as values: who may do what in each status, what ends them, and each deadline to the millisecond."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import get_args

import pytest

from chalicelib.conduct.rules import peer_report_handling as handling
from chalicelib.conduct.rules.peer_report import (
    FINDINGS,
    Actor,
    Finding,
    PeerReport,
    PeerReportRefused,
    PeerReportsPaused,
    Status,
)
from chalicelib.conduct.rules.peer_report_timers import MACHINE
from chalicelib.conduct.rules.peer_report_transitions import TABLE
from chalicelib.shared.bounds import NoRoom
from chalicelib.shared.periods import start_of
from tests.conduct.reporting import CONTEXT, MS, NOW, acknowledged, asked, filed, to_find, unsealed
from tests.ends import endings


def found(finding: Finding) -> PeerReport:
    return handling.find(unsealed(to_find()), finding, "So.", "ann", NOW).state


def dismissed() -> PeerReport:
    return handling.dismiss(acknowledged(), "No.", NOW).state


def after(was: PeerReport, at: datetime) -> PeerReport:
    """After the next deadline, which is then and not a millisecond sooner."""
    assert list(MACHINE.overdue(was, CONTEXT, at - MS)) == []
    [change, *_] = MACHINE.overdue(was, CONTEXT, at)
    return change.state


def day(number: int) -> datetime:
    return start_of(date(2026, 10, number))


def untriaged() -> PeerReport:
    return after(acknowledged(), day(16))


def unfound() -> PeerReport:
    return after(to_find(), day(27))


ENDED = [
    ("triage", dismissed().status),
    *(("find", found(finding).status) for finding in FINDINGS),
    ("leave_untriaged", untriaged().status),
    ("leave_unfound", unfound().status),
]
"""By which transition it ends, and how it then stands."""
IN: dict[Status, Callable[[], PeerReport]] = {
    "filed": filed,
    "acknowledged": acknowledged,
    "asked": asked,
    "to_find": to_find,
    "dismissed": dismissed,
    **{finding: lambda finding=finding: found(finding) for finding in FINDINGS},  # type: ignore[misc]
}
MAY: dict[tuple[Actor, Status], list[str]] = {
    ("officer", "filed"): ["acknowledge", "triage", "unseal"],
    ("officer", "acknowledged"): ["triage", "unseal"],
    ("officer", "asked"): ["unseal"],
    ("officer", "to_find"): ["find", "unseal"],
    ("subject", "asked"): ["answer"],
    **{("lawyer", status): ["unseal"] for status in ("filed", "acknowledged", "asked", "to_find")},
    **{("reporter", status): ["add-document"] for status in ("filed", "acknowledged", "asked", "to_find")},
}


@pytest.mark.parametrize("status", get_args(Status))
@pytest.mark.parametrize("actor", get_args(Actor))
def test_each_may_do_in_each_status_what_is_drawn_and_nothing_else(status: Status, actor: Actor) -> None:
    report = IN[status]()
    assert report.status == status
    assert TABLE.allowed(report, actor, CONTEXT, NOW) == MAY.get((actor, status), [])


def test_while_the_seal_is_asked_for_that_is_decided_first() -> None:
    wanted = handling.ask_unsealing(to_find(), "uns_1", "ann", "Threats.", NOW).state
    assert TABLE.allowed(wanted, "officer", CONTEXT, NOW) == ["find", "decide-unsealing"]


def test_every_transition_to_an_end_is_here() -> None:
    assert set(ENDED) == endings(TABLE)


def test_each_deadline_is_so_many_business_days_and_none_of_them_counts_against_the_firm() -> None:
    """From Monday 12 October: received in one, triaged in three, answered in five, found in ten."""
    assert after(filed(), day(14)).status == "acknowledged"
    assert untriaged().status == unfound().status == "unproven"
    unanswered = after(asked(), day(20))
    assert (unanswered.status, unanswered.answer, unanswered.answered_at) == ("to_find", "", None)


def test_only_what_is_verified_is_told_to_more_banks() -> None:
    for finding in FINDINGS:
        change = handling.find(unsealed(to_find()), finding, "So.", "ann", NOW, bank_ids=("boc",))
        assert change.state.bank_ids == (("boc",) if finding == "verified" else ())


def test_whoever_was_told_of_something_urgent_is_told_what_became_of_it() -> None:
    urgent = filed("flight", bank_ids=("boc", "cmb"))
    ended = handling.dismiss(urgent, "No.", NOW)
    assert ended.event.payload["private"]["bank_ids"] == ["boc", "cmb"]
    assert filed("sham_trade", bank_ids=("boc",)).bank_ids == ()


def test_a_reporter_has_one_open_report_about_a_firm_and_few_in_all() -> None:
    with pytest.raises(PeerReportRefused):
        filed(is_open_already=True)
    with pytest.raises(PeerReportRefused):
        filed(open_reports=3)


def test_who_has_reported_maliciously_reports_nobody_for_half_a_year() -> None:
    pause = timedelta(days=CONTEXT.policy.malicious_pause_days)
    with pytest.raises(PeerReportsPaused):
        filed(last_malicious_at=NOW - pause + MS)
    assert filed(last_malicious_at=NOW - pause).status == "filed"


def test_what_was_granted_opens_for_a_day() -> None:
    [granted] = unsealed(to_find()).unsealings
    assert granted.opens_at(NOW + timedelta(days=1) - MS, CONTEXT.policy)
    assert not granted.opens_at(NOW + timedelta(days=1), CONTEXT.policy)


def test_a_seal_is_not_asked_for_without_end() -> None:
    report = to_find()
    for _ in range(5):
        report = unsealed(report)
    with pytest.raises(NoRoom):
        handling.ask_unsealing(report, "uns_6", "ann", "Threats.", NOW)

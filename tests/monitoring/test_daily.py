"""The daily run: days decided in their order, once, whatever happens on the way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib import consumers
from chalicelib.credit.service import exposure
from chalicelib.monitoring import jobs
from chalicelib.monitoring.bank_messages import DIGEST
from chalicelib.monitoring.declared import ALERTS
from chalicelib.monitoring.records import watches as records
from chalicelib.monitoring.rules import watch as rules
from chalicelib.monitoring.rules.facts import VerifiedReport
from chalicelib.monitoring.rules.watch import FirmDay
from chalicelib.monitoring.service import deciding, watching
from chalicelib.runs import service as runs
from chalicelib.runs.jobs import work_on
from chalicelib.runs.messages import Shard
from chalicelib.shared.journal import JournalRow
from chalicelib.shared.periods import start_of
from tests.loans.lending import Lender
from tests.monitoring.watched import DAY, DRAWN, Watched, bank, lender, one_part, watched
from tests.stopping import try_every_stop

__all__ = ["bank", "lender", "one_part", "watched"]


def told_of_alerts() -> list[str]:
    entries = [row.entry() for row in JournalRow.scan()]
    return [
        entry.event.kind
        for entry in sorted(entries, key=lambda each: (each.at, each.seq))
        if entry.event.kind.startswith("alert.")
    ]


def night_entries() -> int:
    return len(told_of_alerts())


def test_a_firm_that_logged_in_every_second_day_is_amber_on_the_fourth_day_of_silence(watched: Watched) -> None:
    """M1: b 2, last login on the day of the draw. Until then the loan sleeps, and no run looks at it."""
    assert watched.watch.baseline.interval_halves == 4
    assert watched.watch.wakes_on == DRAWN + 4 * DAY
    watched.night(DRAWN + 2 * DAY)
    run = watched.night(DRAWN + 3 * DAY)
    assert (watched.known(), run.counts["loans"], run.status) == ([], 0, "done")
    run = watched.night(DRAWN + 4 * DAY)
    assert watched.known() == [("login_silence", "amber", DRAWN + 4 * DAY)]
    assert (run.counts["loans"], run.counts["raised"], run.counts["red"]) == (1, 1, 0)


def test_it_is_red_on_the_sixth_and_its_draws_are_held_and_normal_after_three_days_with_a_login(
    watched: Watched,
) -> None:
    watched.night(DRAWN + 4 * DAY)
    watched.night(DRAWN + 6 * DAY)
    assert watched.known() == [("login_silence", "red", DRAWN + 4 * DAY)]
    assert exposure.of(watched.firm).holds == 1
    back = DRAWN + 8 * DAY
    watched.time.at = start_of(back) + timedelta(hours=12)
    watched.logs_in(back)
    for day in range(3):
        assert [alert.closed_at for alert in watched.alerts()] == [None]
        watched.night(back + day * DAY)
    [alert] = watched.alerts()
    assert (alert.status, alert.outcome) == ("closed", "normal")
    assert watched.watch.open == ()


def test_m_15_a_day_that_is_run_twice_adds_nothing_and_proves_the_same(watched: Watched) -> None:
    run = watched.night(DRAWN + 4 * DAY)
    entries, watch = told_of_alerts(), watched.watch
    for _ in range(2):
        assert jobs.begin_daily(watched.time.at).id == run.id
        watched.pump(times=2)
    assert (told_of_alerts(), watched.watch) == (entries, watch)
    assert runs.get(run.id).certificate == run.certificate


def test_m_16_days_that_were_missed_are_decided_in_their_order(watched: Watched) -> None:
    """No schedule fired on the fourth, fifth and sixth day; on the seventh all of them are caught up with."""
    watched.night(DRAWN + 3 * DAY)
    watched.night(DRAWN + 7 * DAY)
    days = [runs.get(run_id).as_of for run_id in _run_ids()]
    assert days == [DRAWN + number * DAY for number in range(3, 8)]
    [alert] = watched.alerts()
    assert [(each.on, each.level) for each in alert.evidence] == [
        (DRAWN + 4 * DAY, "amber"),
        (DRAWN + 6 * DAY, "red"),
    ]


def _run_ids() -> list[str]:
    from chalicelib.runs import records as run_records

    return [run_id for _, run_id in reversed(list(run_records.ids_of_job(jobs.DAILY)))]


def test_a_login_that_is_told_late_takes_the_alert_back_and_says_so(watched: Watched) -> None:
    watched.night(DRAWN + 4 * DAY)
    watched.night(DRAWN + 5 * DAY)
    watched.logs_in(DRAWN + 3 * DAY)
    [alert] = watched.alerts()
    assert (alert.status, alert.outcome) == ("closed", "corrected")
    assert watched.watch.open == ()
    assert watched.watch.wakes_on == DRAWN + 7 * DAY
    assert "login_silence" in {row.entry().event.payload.get("rule") for row in JournalRow.scan()}


def test_a_login_that_the_stream_has_not_told_when_its_day_is_complete_is_heard_before_anything_is_said(
    watched: Watched,
) -> None:
    """The feed has told of it, and that the day is complete, just before two o'clock; an earlier day is taken back with it."""
    for day in (4, 5):
        watched.night(DRAWN + day * DAY)
    assert watched.known() == [("login_silence", "amber", DRAWN + 4 * DAY)]
    watched.logs_in(DRAWN + 3 * DAY, DRAWN + 6 * DAY, is_complete=False)
    watched.night(DRAWN + 6 * DAY)
    [alert] = watched.alerts()
    assert (alert.outcome, alert.red_on) == ("corrected", None)
    assert "alert.escalated" not in told_of_alerts()
    watching.follow_days(watched.firm, watched.time.at)
    assert watched.watch.wakes_on == DRAWN + 10 * DAY
    watched.night(DRAWN + 9 * DAY, at_once=True)
    assert len(watched.alerts()) == 1


def test_a_payment_that_the_stream_has_not_told_is_heard_before_its_loan_is_called_late(watched: Watched) -> None:
    watched.draws(("2026-03-04", 100_000_00, 0), ("2027-03-04", 100_00, 0))
    watched.time.at = start_of(date(2026, 3, 4)) + timedelta(hours=12)
    watched.lender.pay(watched.loan, 100_000_00)
    for _ in range(2):
        watched.night(date(2026, 3, 5), at_once=True)
    assert watched.known() == []


def test_days_that_a_feed_completes_while_facts_are_read_are_no_days_without_any(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    last, read = DRAWN + 6 * DAY, watching.firm_days
    for day in range(7):
        watched.night(DRAWN + day * DAY, is_complete=day < 2)
    watched.logs_in(DRAWN + 2 * DAY, is_complete=False)

    def meanwhile(member_id: str, since: date, until: date) -> tuple[FirmDay, ...]:
        found = read(member_id, since, until)
        watched.logs_in(DRAWN + 4 * DAY, is_complete=False)
        watched.told(last)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(watching, "firm_days", meanwhile)
        watching.follow_days(watched.firm, watched.time.at)
    assert not [alert for alert in watched.alerts() if alert.rule == "login_silence"]
    watching.follow_days(watched.firm, watched.time.at)
    assert not [alert for alert in watched.alerts() if alert.rule == "login_silence"]


def test_mo_4_a_feed_that_is_silent_is_one_alert_and_no_silence_of_a_firm(watched: Watched) -> None:
    watched.night(DRAWN + 2 * DAY)
    for day in (3, 4):
        watched.night(DRAWN + day * DAY, is_complete=False)
    assert watched.known() == []
    for feed in ("logins", "trade"):
        [alert] = watched.alerts(feed)
        assert (alert.rule, alert.level, alert.started_on) == ("data_gap", "amber", DRAWN + 4 * DAY)
    watched.told(DRAWN + 4 * DAY, 2)
    watched.logs_in(DRAWN + 3 * DAY)
    watched.night(DRAWN + 5 * DAY, is_complete=False)
    assert watched.known() == []


def test_a_feed_that_never_told_anything_is_no_feed(lender: Lender, pump: Any) -> None:
    world = Watched(lender, pump)
    world.consents()
    world.draws()
    for day in (0, 9):
        world.night(DRAWN + day * DAY, is_complete=False)
    assert world.known() == []
    assert world.alerts("logins") == world.alerts("trade") == []


def test_an_instalment_that_is_not_paid_is_amber_the_next_day_and_red_after_thirty(watched: Watched) -> None:
    watched.draws(("2026-03-04", 100_000_00, 1_000_00))
    watched.night(date(2026, 3, 4))
    assert watched.known() == []
    watched.night(date(2026, 3, 5))
    assert watched.known() == [("repayment", "amber", date(2026, 3, 5))]
    watched.night(date(2026, 4, 4), at_once=True)
    [alert] = [alert for alert in watched.alerts() if alert.rule == "repayment"]
    assert [(each.on, each.level) for each in alert.evidence] == [
        (date(2026, 3, 5), "amber"),
        (date(2026, 4, 4), "red"),
    ]


def test_draws_are_held_when_an_instalment_is_eight_days_late_and_not_again_when_it_is_red(
    lender: Lender, pump: Any
) -> None:
    """The loan wakes on that day, though its level stays; the hold runs out after five days, and the alert becomes red after thirty."""
    world = Watched(lender, pump)
    lender.on(DRAWN.year, DRAWN.month, DRAWN.day)
    world.draws(("2026-03-04", 100_000_00, 0))
    holds = {}
    for day in (date(2026, 3, 11), date(2026, 3, 12), date(2026, 3, 16), date(2026, 3, 17), date(2026, 4, 4)):
        world.night(day, at_once=True)
        ALERTS.sweep(world.time.at)
        holds[day.isoformat()] = exposure.of(world.firm).holds
    assert holds == {"2026-03-11": 0, "2026-03-12": 1, "2026-03-16": 1, "2026-03-17": 0, "2026-04-04": 0}
    [alert] = world.alerts()
    assert (alert.rule, alert.level, alert.was_held) == ("repayment", "red", True)
    assert told_of_alerts().count("alert.held") == 1


def test_a_payment_that_arrives_while_its_loan_waits_for_its_turn_brings_it_up_to_date_first(watched: Watched) -> None:
    """The run of the fifth has begun when the debtor pays on the sixth: the fifth is decided as it was, late by a day."""
    watched.draws(("2026-03-04", 100_000_00, 0))
    due = date(2026, 3, 4)
    watched.time.at = start_of(due + 2 * DAY) + timedelta(hours=2)
    run = jobs.begin_daily(watched.time.at)
    watched.lender.pay(watched.loan, 100_000_00)
    watched.follow()
    assert watched.known() == [("repayment", "amber", due + DAY)]
    watched.pump()
    done = runs.get(run.id)
    assert (done.as_of, done.status) == (due + DAY, "done")
    assert watched.known() == [("repayment", "amber", due + DAY)]
    assert (watched.watch.decided_on, watched.watch.lateness.dpd(due + 2 * DAY)) == (due + DAY, 0)


def test_a_payment_of_an_earlier_day_takes_back_what_was_found(watched: Watched) -> None:
    watched.draws(("2026-03-04", 50_000_00, 0), ("2026-05-04", 50_000_00, 0))
    watched.night(date(2026, 3, 5))
    watched.night(date(2026, 3, 6))
    watched.lender.pay(watched.loan, 50_000_00, "2026-03-04")
    watched.follow()
    outcomes = {alert.rule: alert.outcome for alert in watched.alerts()}
    assert outcomes == {"repayment": "corrected", "login_silence": None}


def test_a_loan_that_cannot_be_decided_is_set_aside_and_its_days_follow_when_it_can(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided = deciding.decided

    def fails(watch: Any, *given: Any, **how: Any) -> Any:
        raise ValueError("no such week")

    monkeypatch.setattr(deciding, "decided", fails)
    run = watched.night(DRAWN + 4 * DAY)
    assert (run.status, run.counts["set_aside"], watched.known()) == ("done", 1, [])
    monkeypatch.setattr(deciding, "decided", decided)
    reply = watched.lender.api.post(f"/v1/runs/{run.id}/redrive", {}, watched.lender.bank.officer)
    assert reply.status == 200, reply.body
    watched.pump()
    assert watched.known() == [("login_silence", "amber", DRAWN + 4 * DAY)]
    assert runs.get(run.id).counts["set_aside"] == 0
    assert digests() == []
    watched.night(DRAWN + 5 * DAY)
    assert digests() == [(DRAWN + 5 * DAY, {"login_silence": 1})]


def test_what_is_raised_late_for_a_day_is_in_the_next_digest_and_in_no_other(watched: Watched) -> None:
    watched.night(DRAWN)
    watched.night(DRAWN + 2 * DAY)
    report = VerifiedReport(report_id="rep_1", reporter="one", on=DRAWN + DAY)
    watching.note_report(watched.firm, report, watched.time.at)
    assert watched.known() == [("reports", "amber", DRAWN + DAY)]
    assert digests() == []
    watched.night(DRAWN + 4 * DAY, at_once=True)
    told = [(DRAWN + 3 * DAY, {"reports": 1}), (DRAWN + 4 * DAY, {"login_silence": 1})]
    assert digests() == told
    watched.night(DRAWN + 5 * DAY)
    assert digests() == told


def digests() -> list[tuple[date, dict[str, int]]]:
    """The amber alerts of which the bank was told in numbers, by the day of the digest."""
    payloads = [row.entry().event for row in JournalRow.scan() if row.entry().event.kind == DIGEST]
    return sorted((date.fromisoformat(str(each.payload["day"])), dict(each.payload["amber"])) for each in payloads)


def test_a_repaid_loan_is_watched_no_more_and_its_baseline_stays(watched: Watched) -> None:
    watched.night(DRAWN + 4 * DAY)
    watched.lender.pay(watched.loan, 200_000_00)
    watched.follow()
    assert watched.watch.wakes_on is None
    assert [alert.outcome for alert in watched.alerts()] == ["loan_over"]
    assert watched.night(DRAWN + 5 * DAY).counts["loans"] == 0
    usual = records.baseline(watched.firm)
    first = watched.watch.baseline
    watched.draws()
    assert watched.watch.baseline == first == usual


def test_a_loan_whose_repayment_is_taken_back_is_watched_again(watched: Watched) -> None:
    """What became known while nothing was owed counts: a login of those days ends the silence."""
    watched.night(DRAWN + 4 * DAY)
    assert watched.lender.pay(watched.loan, 100_000_00, bank_ref="PAID-1") == ("applied", None)
    watched.follow()
    assert watched.watch.wakes_on is None
    watched.night(DRAWN + 6 * DAY)
    watched.logs_in(DRAWN + 6 * DAY)
    back = {"original_bank_ref": "PAID-1", "amount": 100_000_00, "reason": "returned"}
    assert watched.lender.tell("repayment.reversed", watched.loan, **back) == ("applied", None)
    watched.follow()
    assert watched.watch.wakes_on == DRAWN + 10 * DAY
    watched.night(DRAWN + 10 * DAY)
    assert watched.known() == [
        ("login_silence", "amber", DRAWN + 4 * DAY),
        ("login_silence", "amber", DRAWN + 10 * DAY),
    ]


def test_who_withdraws_consent_is_judged_by_repayment_only(watched: Watched) -> None:
    known = watched.watch
    assert known.consents
    records.save(replace(known, consents=False, version=known.version + 1))
    watching.follow_days(watched.firm, watched.time.at)
    assert watched.watch.consents is False
    watched.night(DRAWN + 4 * DAY)
    watched.night(DRAWN + 9 * DAY)
    assert watched.known() == []


def test_what_is_known_of_a_watch_is_written_only_where_it_changed(watched: Watched) -> None:
    version = watched.watch.version
    watching.follow_days(watched.firm, watched.time.at)
    watching.follow_loan(watched.loan, watched.time.at)
    watching.follow_profile(watched.firm, DRAWN, watched.time.at)
    assert watched.watch.version == version
    assert rules.AHEAD_DAYS > 4


def test_a_run_that_dies_at_any_call_ends_as_if_it_had_not(one_part: None, watched: Watched) -> None:
    """A silence becomes red, an instalment is late, and a feed lacks: the same alerts, the same watches, the same certificate."""
    watched.night(DRAWN + 4 * DAY)
    first = watched.loan
    watched.draws((str(DRAWN + 6 * DAY), 10_000_00, 0))
    watched.time.at = start_of(DRAWN + 8 * DAY) + timedelta(hours=2)
    watched.told(DRAWN + 6 * DAY, 2)
    watched.told(DRAWN + 7 * DAY, 1, ["logins"])

    def day() -> None:
        run = jobs.begin_at_once(DRAWN + 7 * DAY)
        work_on(Shard(run.id, 1), consumers.JOBS)

    try_every_stop("a day", day, watched.time)
    assert [(alert.rule, alert.level) for alert in watched.alerts(first)] == [("login_silence", "red")]
    assert watched.known() == [("login_silence", "red", DRAWN + 5 * DAY), ("repayment", "amber", DRAWN + 7 * DAY)]


def test_a_late_fact_leaves_alone_what_began_longer_ago_than_it_can_touch(watched: Watched) -> None:
    """A login of yesterday is told today; the instalment is late for longer than days are kept one by one."""
    watched.draws(("2026-03-04", 50_000_00, 0), ("2027-03-04", 50_000_00, 0))
    last = date(2026, 5, 4)
    watched.night(last, at_once=True)
    before = [alert for alert in watched.alerts() if alert.rule == "repayment"]
    assert [alert.level for alert in before] == ["red"]
    watched.logs_in(last)
    assert [alert for alert in watched.alerts() if alert.rule == "repayment"] == before
    assert [alert.outcome for alert in watched.alerts() if alert.rule == "login_silence"] == [None]

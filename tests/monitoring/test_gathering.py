"""What reaches a watch: profiles, reports, persons who act here, and what follows for a group."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.credit.service import exposure
from chalicelib.firms.rules.firm import Account, Firm, Person
from chalicelib.firms.service import reading as firms_reading
from chalicelib.monitoring import jobs
from chalicelib.monitoring.records import watches as records
from chalicelib.monitoring.rules.facts import VerifiedReport
from chalicelib.monitoring.rules.profile import changed_fields, profile_of
from chalicelib.monitoring.rules.watch import Notice, notice_days
from chalicelib.monitoring.service import daily, watching
from chalicelib.shared.journal import Event, JournalRow
from chalicelib.shared.periods import business_date, start_of
from chalicelib.shared.request import Caller
from chalicelib.shared.sealed import Sealed
from tests.monitoring.watched import DAY, DRAWN, Watched, bank, lender, watched

__all__ = ["bank", "lender", "watched"]

NOW = start_of(DRAWN)
SEALED = Sealed(sealed_for="mem_1", field="account_number", ciphertext="")


def person(person_id: str, **other: Any) -> Person:
    return Person(id=person_id, personal=(), added_at=NOW, **other)


def firm(**other: Any) -> Firm:
    fields: dict[str, Any] = {
        "id": "mem_1",
        "status": "verified",
        "version": 1,
        "created_at": NOW,
        "updated_at": NOW,
        "policy": "p",
        "name": "A firm",
        "registration_no": "9133",
        "industry": "C18",
        "region": "33",
        "size": "small",
        "currency": "CNY",
        "paid_in_capital_minor": 1_000_000_00,
        "founded_year": 2010,
        "people": (person("per_1", is_legal_representative=True, marks=("m1",)), person("per_2", is_controller=True)),
    }
    return Firm(**fields | other)


@pytest.mark.parametrize(
    ("other", "changed"),
    [
        ({}, []),
        ({"name": "Another name", "size": "medium", "paid_in_capital_minor": 2_000_000_00}, []),
        ({"industry": "C19"}, ["business_scope"]),
        ({"region": "44"}, ["address"]),
        ({"paid_in_capital_minor": 1}, ["capital_cut"]),
        ({"people": (person("per_1", is_legal_representative=True, marks=("m2",)),)}, ["contact", "controller"]),
        ({"people": (person("per_1", is_legal_representative=True, marks=("m1",), email_mark="e2"), person("per_2", is_controller=True))}, ["contact"]),
        ({"people": (person("per_3", is_legal_representative=True), person("per_2", is_controller=True))}, ["legal_representative"]),
        ({"settlement_accounts": (Account(id="acc_1", bank_name="B", currency="CNY", number=SEALED, added_at=NOW),)}, ["settlement_account"]),
    ],
)  # fmt: skip
def test_what_of_a_profile_was_changed_and_not_what_it_says(other: dict[str, Any], changed: list[str]) -> None:
    assert list(changed_fields(profile_of(firm()), profile_of(firm(**other)))) == changed


def test_a_region_that_was_kept_by_its_number_has_not_changed() -> None:
    was = replace(profile_of(firm(region="CN-ZJ")), region="CN-33")
    assert list(changed_fields(was, profile_of(firm(region="CN-ZJ")))) == []


def test_m_12_an_account_that_changes_three_days_after_the_draw_is_red_and_draws_are_held(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    on = DRAWN + 3 * DAY
    monkeypatch.setattr(firms_reading, "profile", lambda member_id: firm())
    records.save(replace(watched.watch, profile=profile_of(firm()), version=watched.watch.version + 1))
    account = Account(id="acc_1", bank_name="B", currency="CNY", number=SEALED, added_at=NOW)
    monkeypatch.setattr(firms_reading, "profile", lambda member_id: firm(settlement_accounts=(account,)))
    watched.time.at = start_of(on) + timedelta(hours=12)
    for _ in range(2):
        watching.follow_profile(watched.firm, on, watched.time.at)
    watched.night(on)
    assert watched.known() == [("profile_change", "red", on)]
    assert exposure.of(watched.firm).holds == 1


def test_reports_and_notices_are_kept_once_and_count_from_their_day(watched: Watched) -> None:
    for reporter in ("one", "one", "two"):
        report = VerifiedReport(report_id=f"rep_{reporter}", reporter=reporter, on=DRAWN + DAY)
        watching.note_report(watched.firm, report, watched.time.at)
    assert len(watched.watch.reports) == 2
    watching.note_notice(watched.firm, "lon_2", DRAWN + 2 * DAY, watched.time.at)
    watched.night(DRAWN + DAY)
    assert watched.known() == [("reports", "red", DRAWN + DAY)]


def test_what_was_said_of_a_firm_before_a_loan_counts_for_it(watched: Watched) -> None:
    """Also where none of its loans was watched then."""
    watched.lender.pay(watched.loan, 200_000_00)
    watched.follow()
    assert watched.watch.wakes_on is None
    report = VerifiedReport(report_id="rep_1", reporter="one", on=DRAWN)
    watching.note_report(watched.firm, report, watched.time.at)
    old = DRAWN - 200 * DAY
    watching.note_courts(watched.firm, old, True, watched.time.at)
    watched.draws()
    assert (watched.watch.reports, watched.watch.notices) == ((report,), (Notice(f"courts:{old}", old),))
    watched.night(DRAWN)
    assert watched.known() == [("reports", "amber", DRAWN)]


def test_a_default_that_its_bank_declares_is_red_until_it_is_revoked(watched: Watched) -> None:
    watched.draws(("2026-03-04", 50_000_00, 0), ("2026-09-04", 50_000_00, 0))
    watched.lender.on(2026, 3, 9)
    watched.follow()
    loan = watched.loan
    assert watched.lender.tell("loan.overdue", loan, dpd=5, amount=50_000_00) == ("applied", None)
    assert watched.lender.tell("default.declared", loan, cause="dpd", amount=100_000_00) == ("applied", None)
    watched.follow()
    [on] = notice_days(watched.watch.notices, date.max)
    assert on == business_date(watched.time.at)
    watched.night(on, at_once=True)
    assert ("reports", "red", on) in watched.known()
    assert watched.lender.tell("default.revoked", loan) == ("applied", None)
    watched.follow()
    assert watched.watch.notices == ()
    assert [alert.outcome for alert in watched.alerts() if alert.rule == "reports"] == ["corrected"]


@pytest.mark.parametrize(("is_on_list", "known"), [(True, [("reports", "red", DRAWN)]), (False, [])])
def test_a_firm_that_an_officer_finds_on_the_courts_list_is_red(
    watched: Watched, is_on_list: bool, known: list[Any]
) -> None:
    entry = next(row.entry() for row in JournalRow.scan())
    seen = {"seen_on": str(DRAWN), "tax_grade": None, "on_court_list": is_on_list}
    jobs.follow(
        replace(
            entry, aggregate_id=f"firm:{watched.firm}", event=Event("firm.registers_noted", seen), at=watched.time.at
        )
    )
    watched.night(DRAWN)
    assert watched.known() == known


def test_a_firm_that_is_on_the_courts_list_no_more_is_not_judged_by_it_from_then_on(watched: Watched) -> None:
    """In whatever order the two are told; what was found meanwhile was found."""
    for seen_on, is_listed in ((DRAWN + 3 * DAY, False), (DRAWN + DAY, True), (DRAWN + DAY, True)):
        watching.note_courts(watched.firm, seen_on, is_listed, watched.time.at)
    watched.time.at = start_of(DRAWN + 5 * DAY) + timedelta(hours=12)
    watched.logs_in(*(DRAWN + back * DAY for back in range(6)))
    for day in range(6):
        watched.night(DRAWN + day * DAY)
    [alert] = watched.alerts()
    assert (alert.rule, alert.level, alert.started_on) == ("reports", "red", DRAWN + DAY)
    assert (alert.status, alert.outcome) == ("closed", "normal")


def test_who_does_something_as_a_person_of_the_firm_was_there_that_day(watched: Watched) -> None:
    entry = next(row.entry() for row in JournalRow.scan())
    by = Caller(sub=watched.firm, role="member", person="per_1")
    watched.time.at = start_of(DRAWN + 3 * DAY) + timedelta(hours=12)
    for _ in range(2):
        jobs.follow(_entry(entry, by, watched))
    watching.follow_days(watched.firm, watched.time.at)
    assert [day.on for day in watched.watch.days if day.logins][-1] == (DRAWN + 3 * DAY).toordinal()
    assert watched.watch.wakes_on == DRAWN + 7 * DAY


def _entry(entry: Any, by: Caller, watched: Watched) -> Any:
    return replace(entry, by=by, at=watched.time.at, event=Event("case.opened", {}))


def test_two_red_members_make_their_group_red_until_it_is_normal_for_three_days(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daily, "groups_reading", SimpleNamespace(load=lambda *given: SimpleNamespace(bank_id="boc")))
    first = watched.loan
    watched.draws(("2026-09-02", 10_000_00, 0))
    watched.night(DRAWN + 4 * DAY)
    watched.night(DRAWN + 6 * DAY)
    for number, loan in enumerate((first, watched.loan), 1):
        watch = records.load(loan)
        assert watch is not None
        records.save(replace(watch, group_id="grp_1", member_id=f"mem_{number}", version=watch.version + 1))
    watched.night(DRAWN + 7 * DAY)
    [alert] = watched.alerts("grp_1")
    assert (alert.rule, alert.level, alert.evidence[0].numbers["red_members"]) == ("group", "red", 2)
    for loan in (first, watched.loan):
        watch = records.load(loan)
        assert watch is not None
        records.save(replace(watch, group_id="", version=watch.version + 1))
    for day in (8, 9, 10):
        assert watched.alerts("grp_1")[0].status != "closed"
        watched.night(DRAWN + day * DAY)
    assert watched.alerts("grp_1")[0].status == "closed"

"""Alerts through the API: the firm, officers and the bank; what each of them may know, and what holds meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib import slices
from chalicelib.loans.examples import DRAW
from chalicelib.monitoring.bank_messages import DIGEST
from chalicelib.monitoring.declared import ALERTS
from chalicelib.monitoring.examples import ESCALATE, EXPLAIN, HOLD, RELEASE, RESOLVE, SILENCE
from chalicelib.monitoring.rules.alert import Subject, alert_id
from chalicelib.monitoring.rules.finding import Judgement, Level, Rule
from chalicelib.monitoring.service import digest, raising
from chalicelib.monitoring.service.telling import may_be_told
from chalicelib.monitoring.views.alert import AlertView
from chalicelib.shared.journal import JournalRow
from chalicelib.shared.periods import business_date
from chalicelib.webhooks.rules.message import BANK, Audience, message
from tests.bank_events.conftest import bank
from tests.firms.factories import sign_for
from tests.loans.conftest import lender
from tests.loans.lending import Lender, planned
from tests.monitoring.alerting import DAY, RULES, finding, subject_of
from tests.trade import Trade
from tests.world import Reply, token

__all__ = ["bank", "lender"]

ONE, TWO = (token("officer", f"officer-{number}", "risk") for number in (1, 2))
BOSS = token("officer", "boss", "admin")
CLAIMS = token("officer", "officer-9", "claims")
BOC, CMB = token("bank", "boc"), token("bank", "cmb")
STREAMS = ["journal"]


@dataclass
class Watching:
    """A firm that owes the Bank of China, a run for each day, and officers."""

    lender: Lender
    loan_id: str

    @property
    def yesterday(self) -> date:
        return business_date(self.lender.time.at) - DAY

    @property
    def about(self) -> Subject:
        return subject_of(self.loan_id)

    def run(self, *levels: Level | None, rule: Rule = "login_silence") -> int:
        """For yesterday, and the days that follow: how much changed."""
        changes = 0
        for number, level in enumerate(levels):
            self.lender.time.at += DAY if number else timedelta()
            judgement = Judgement(findings=(finding(level, rule),) if level else ())
            changes += raising.raise_or_update(self.about, judgement, self.yesterday, RULES, self.lender.time.at)
        self.lender.bank.streams()
        return changes

    def raised(self, level: Level = "amber", rule: Rule = "login_silence") -> str:
        assert self.run(level, rule=rule) == 1
        return alert_id(self.loan_id, rule, self.yesterday)

    def act(self, name: str, action: str, by: str, body: Any = None, **how: Any) -> Reply:
        return self.lender.api.post(f"/v1/alerts/{name}/{action}", body, by, **how)

    def see(self, name: str, by: str = ONE) -> Reply:
        return self.lender.api.get(f"/v1/alerts/{name}", by)

    def consent(self, *classes: str) -> str:
        by = {"Surety_Acting_Person": sign_for(self.lender.firm_id)}
        body = {"purpose": "credit", "bank_ids": ["boc"], "data_classes": classes, "until": "2026-12-31"}
        reply = self.lender.api.post("/v1/consents", body, self.lender.firm, **by)
        assert reply.status == 201, reply.body
        return str(reply["id"])

    def withdraw(self, consent_id: str) -> None:
        by = {"Surety_Acting_Person": sign_for(self.lender.firm_id)}
        assert self.lender.api.post(f"/v1/consents/{consent_id}/withdraw", None, self.lender.firm, **by).status == 200

    def draw(self) -> Reply:
        by = {"Surety_Acting_Person": sign_for(self.lender.firm_id)}
        path = f"/v1/credit-lines/{self.lender.line_id}/draws"
        return self.lender.api.post(
            path, DRAW | {"amount": "1000.00"} if "amount" in DRAW else DRAW, self.lender.firm, **by
        )

    def told(self) -> list[tuple[str, str]]:
        """What the bank was told of alerts, in its order."""
        entries = [row.entry() for row in JournalRow.scan()]
        messages = [each for each in entries if each.aggregate_id.startswith("bnk_")]
        return [
            (each.event.kind, each.event.payload.get("level", ""))
            for each in sorted(messages, key=lambda each: each.seq)
            if each.event.kind.startswith(("alert.", "default.", "monitoring."))
        ]


@pytest.fixture
def case(lender: Lender) -> Watching:
    lender.on(2026, 3, 2)
    loan_id = lender.lend(1_000_00, planned(("2026-09-02", 1_000_00, 60_00)))
    lender.on(2026, 3, 11)
    return Watching(lender, loan_id)


def test_a_firm_that_is_silent_is_amber_then_red_with_the_bank_told_and_its_answer_ends_it(case: Watching) -> None:
    case.consent("exports", "activity")
    name = case.raised()
    amber = case.see(name, case.lender.firm)
    assert (amber["level"], amber["status"], amber["allowed_actions"], amber["owner"]) == (
        "amber",
        "open",
        ["explain"],
        None,
    )
    assert (amber["evidence"][0]["numbers"], amber["evidence"][0]["p_ppm"]) == ({"silent_days": 4}, 62_500)
    assert case.told() == []
    assert case.run("amber", "amber", "red") == 1, "the same alert becomes red"
    assert case.told() == [("alert.escalated", "red")]
    assert case.see(name, BOC)["level"] == "red"
    assert (case.draw().status, case.draw()["code"]) == (409, "credit_held")
    explained = case.act(name, "explain", case.lender.firm, EXPLAIN, key="once")
    assert case.act(name, "explain", case.lender.firm, EXPLAIN, key="once").raw == explained.raw
    assert [each["text"] for each in case.see(name, BOC)["explanations"]] == [EXPLAIN["text"]]
    assert case.act(name, "resolve", ONE, RESOLVE)["code"] == "alert_not_in_this_status", "it is a supervisor's"
    assert case.act(name, "resolve", BOSS, RESOLVE)["status"] == "resolved"
    assert case.draw().status == 201
    assert case.run("red", None, None, None) == 3
    over = case.see(name, case.lender.firm)
    assert (over["status"], over["outcome"], over["note"]) == ("closed", "explained", RESOLVE["note"])
    assert case.told() == [("alert.escalated", "red"), ("alert.resolved", "red")]
    kinds = [each["kind"] for each in case.lender.api.get(f"/v1/alerts/{name}/timeline", case.lender.firm)["items"]]
    assert kinds == [
        f"alert.{event}"
        for event in ("raised", "referred", "escalated", "explained", "resolved", "not_found", "not_found", "closed")
    ]


def test_draws_are_held_for_five_days_unless_a_person_holds_them_for_longer(case: Watching) -> None:
    case.consent("exports")
    name = case.raised("red", "profile_change")
    assert case.see(name)["held_until"] is not None
    assert case.draw()["code"] == "credit_held"
    case.lender.time.at += 5 * DAY
    ALERTS.sweep(case.lender.time.at)
    assert (case.see(name)["held_until"], case.draw().status) == (None, 201)
    assert case.act(name, "hold", ONE, HOLD | {"until": "2026-05-20"})["code"] == "hold_too_long"
    assert case.act(name, "hold", CLAIMS, HOLD).status == 403
    assert case.act(name, "hold", ONE, HOLD)["held_until"] == "2026-03-20T16:00:00Z"
    assert case.draw()["code"] == "credit_held"
    assert case.act(name, "release", TWO, RELEASE)["held_until"] is None
    assert case.draw().status == 201


def test_without_consent_the_bank_knows_of_repayment_and_of_nothing_else(case: Watching) -> None:
    consent_id = case.consent("exports", "activity")
    silent, late = case.raised("red"), case.raised("red", "repayment")
    assert case.told() == [("alert.raised", "red")] * 2
    case.withdraw(consent_id)
    assert [case.see(name, BOC).status for name in (silent, late)] == [404, 200]
    assert [each["id"] for each in case.lender.api.get("/v1/alerts", BOC)["items"]] == [late]
    assert case.lender.api.get("/v1/alerts", CMB)["items"] == []
    assert case.see(late, CMB).status == 404
    assert case.act(silent, "resolve", ONE, RESOLVE).status == 200
    assert case.act(late, "resolve", ONE, RESOLVE).status == 200
    case.lender.bank.streams()
    assert case.told()[2:] == [("alert.resolved", "red")]


def test_an_officer_acknowledges_silences_and_escalates(case: Watching) -> None:
    name = case.raised()
    assert case.act(name, "acknowledge", ONE)["owner"] == "officer-1"
    assert case.act(name, "silence", ONE, SILENCE)["status"] == "silenced"
    assert case.act(name, "silence", ONE, SILENCE | {"until": "2026-03-11"})["code"] == "silence_too_long"
    assert case.act(name, "hold", ONE, HOLD)["code"] == "alert_holds_no_draws"
    red = case.act(name, "escalate", ONE, ESCALATE)
    assert (red["level"], red["status"], red["owner"]) == ("red", "escalated", None)
    assert case.act(name, "acknowledge", ONE)["code"] == "alert_not_in_this_status"
    assert case.act(name, "acknowledge", BOSS)["owner"] == "boss"
    assert case.act("alr_01JV8QZ7N4K3T5W6X8Y9ABCDEF", "acknowledge", ONE).status == 404
    timeline = [
        each["payload"] for each in case.lender.api.get(f"/v1/alerts/{name}/timeline", case.lender.firm)["items"]
    ]
    assert all(ESCALATE["note"] not in str(each) and "boss" not in str(each) for each in timeline), (
        "officers' own matter"
    )


def test_a_day_that_is_decided_again_adds_nothing_and_late_facts_say_so(case: Watching) -> None:
    name = case.raised("red")
    assert case.run("red") == 0
    on, now = case.yesterday, case.lender.time.at
    known = raising.known_of(case.loan_id, now)
    assert raising.first_to_redecide(known, on + DAY) == on
    assert raising.redecide(case.about, [raising.Judged(on, Judgement(), RULES)], on, now) == 1
    assert (case.see(name)["status"], case.see(name)["outcome"]) == ("closed", "corrected")
    assert raising.redecide(case.about, [raising.Judged(on, Judgement(), RULES)], on, now) == 0
    assert case.run("red") == 0, "that very episode is over"
    case.lender.time.at += DAY
    assert case.run("red") == 1
    assert raising.known_of(case.loan_id, now).ended == {"login_silence": on}
    assert raising.close_all(case.loan_id, "loan_over", now) == 1
    assert raising.close_all(case.loan_id, "loan_over", now) == 0


def test_default_is_proposed_to_the_bank_and_declared_by_nobody_else(case: Watching) -> None:
    so_late = Judgement(findings=(finding("red", "repayment", numbers={"dpd": 91}, proposes="default"),))
    assert raising.raise_or_update(case.about, so_late, case.yesterday, RULES, case.lender.time.at) == 2
    case.lender.bank.streams()
    assert sorted(case.told()) == [("alert.raised", "red"), ("default.proposed", "red")]
    assert case.lender.see(case.loan_id)["status"] == "current"


def test_a_banks_digest_counts_what_was_raised_for_the_day(case: Watching) -> None:
    case.consent("activity")
    case.raised()
    case.raised("red", "repayment")
    assert digest.send(case.yesterday, case.lender.time.at) == digest.send(case.yesterday, case.lender.time.at) == 1
    assert [kind for kind, _ in case.told()].count("monitoring.digest") == 1
    path = f"/v1/monitoring-digests?day={case.yesterday}"
    mine = {"bank_id": "boc", "amber": {"login_silence": 1}, "red": {"repayment": 1}}
    for query, by in (("", BOC), ("&bank_id=boc", BOC), ("&bank_id=boc", ONE)):
        assert case.lender.api.get(f"{path}{query}", by)["digests"] == [mine]
    assert mine in case.lender.api.get(path, ONE)["digests"]
    assert case.lender.api.get(f"{path}&bank_id=boc", CMB)["digests"] == []
    assert case.lender.api.get(path, CMB)["digests"] == [{"bank_id": "cmb", "amber": {}, "red": {}}]


def test_no_digest_counts_what_a_consent_no_longer_lets_be_told(case: Watching) -> None:
    """credit.md 17: not one of a past day, nor one that is sent once more."""
    consent_id = case.consent("activity")
    case.raised()
    case.raised("amber", "repayment")
    path, day = f"/v1/monitoring-digests?day={case.yesterday}", case.yesterday
    assert digest.send(day, case.lender.time.at) == 1
    [entry] = [row.entry() for row in JournalRow.scan() if row.entry().event.kind == DIGEST]
    body = message(entry, Audience(sides={"bank:boc": BANK}), "bank:boc")
    assert may_be_told(DIGEST, body, case.lender.time.at)
    assert [each["amber"] for each in case.lender.api.get(path, BOC)["digests"]] == [
        {"login_silence": 1, "repayment": 1}
    ]
    case.withdraw(consent_id)
    assert not may_be_told(DIGEST, body, case.lender.time.at)
    assert [each["amber"] for each in case.lender.api.get(path, BOC)["digests"]] == [{"repayment": 1}]


def test_what_was_usual_is_read_by_the_firm_and_by_whom_it_lets(case: Watching, trade: Trade) -> None:
    path = f"/v1/members/{case.lender.firm_id}/baseline"
    case.lender.bank.streams()
    mine = case.lender.api.get(path, case.lender.firm)
    assert (mine["baseline"]["frozen_on"], mine["baseline"]["low_confidence"]) == ("2026-03-02", True)
    assert case.lender.api.get(path, ONE).body == mine.body
    assert case.lender.api.get(path, BOC).status == case.lender.api.get(path, trade.buyer).status == 404
    case.consent("activity")
    assert case.lender.api.get(path, BOC).body == mine.body
    assert case.lender.api.get(f"/v1/members/{trade.buyer_id}/baseline", ONE)["baseline"] is None


def test_two_schedulers_raise_one_alert(case: Watching) -> None:
    judgement = Judgement(findings=(finding("red"),))
    for changes in (1, 0):
        known = raising.Known()  # as each read it before the other wrote
        assert (
            raising.raise_or_update(case.about, judgement, case.yesterday, RULES, case.lender.time.at, known) == changes
        )


def test_who_sees_which(case: Watching, trade: Trade) -> None:
    name, late = case.raised(), case.raised("red", "repayment")
    api = case.lender.api

    def ids(query: str, by: str) -> set[str]:
        reply = api.get(f"/v1/alerts{query}", by)
        assert reply.status == 200, reply.body
        return {each["id"] for each in reply["items"]}

    both = {name, late}
    assert ids("", case.lender.firm) == ids("", ONE) == ids(f"?subject_id={case.loan_id}", ONE) == both
    assert ids("?status=open", ONE) == ids("?bank_id=boc", ONE) == ids(f"?started_on={case.yesterday}", ONE) == both
    assert ids("?level=red", ONE) == ids("?rule=repayment", case.lender.firm) == ids("", BOC) == {late}
    assert ids("", trade.buyer) == ids(f"?member_id={trade.buyer_id}", case.lender.firm) == set()
    assert ids(f"?started_on={case.yesterday - DAY}", ONE) == set()
    assert case.see(name, trade.buyer).status == 404
    first = api.get("/v1/alerts?limit=1", ONE)
    assert {
        first["items"][0]["id"],
        api.get(f"/v1/alerts?limit=1&cursor={first['next_cursor']}", ONE)["items"][0]["id"],
    } == both


def test_no_alert_is_public() -> None:
    public = [endpoint for routes in slices.every() for endpoint in routes.endpoints if endpoint.public]
    assert public
    assert all(AlertView.__name__ not in str(endpoint.response) for endpoint in public)
    assert all("alert" not in endpoint.path for endpoint in public)

"""A loan with alerts: acknowledged and silenced, escalated and explained, held, released and resolved."""

from __future__ import annotations

from datetime import timedelta

from benchmarks.floors import lending, servicing
from benchmarks.floors.inbox import bank_says
from benchmarks.floors.stage import Stage
from chalicelib.credit.examples import CONSENT
from chalicelib.loans.examples import DRAW
from chalicelib.monitoring.examples import ESCALATE, EXPLAIN, HOLD, RELEASE, RESOLVE, SILENCE
from chalicelib.monitoring.rules.alert import Subject, alert_id
from chalicelib.monitoring.rules.finding import Finding, Judgement, Rule
from chalicelib.monitoring.service import raising
from chalicelib.shared import policies
from chalicelib.shared.periods import business_date


def play(stage: Stage) -> None:
    stage.time.begin()
    firm = stage.register("watched-firm")
    signer = stage.signer(firm)
    stage.call("/v1/consents", firm, CONSENT | {"bank_ids": ["boc"]}, expect=201, person=signer)
    line_id = lending.line(stage, firm, "boc-revolving")
    stage.time.advance(minutes=1)
    loan = stage.call(f"/v1/credit-lines/{line_id}/draws", firm, DRAW, expect=201, person=signer)["id"]
    lent = {"amount": 300_000_00, "value_date": "2026-03-02", "rate_bp": 1200, "schedule": servicing.ROWS}
    bank_says(stage, "draw.disbursed", servicing.head(loan, 1) | lent, "bank: a draw is disbursed")
    stage.time.advance(minutes=1)
    about = Subject(kind="loan", id=loan, member_id=firm, bank_id="boc")
    first = _raise(stage, about, "disputes")
    stage.call(f"{first}/acknowledge", "officer-1", command="acknowledge an alert")
    stage.call(f"{first}/silence", "officer-1", SILENCE, command="silence an alert")
    stage.call(f"{first}/explain", firm, EXPLAIN, command="explain an alert")
    stage.call(f"{first}/escalate", "officer-1", ESCALATE, command="escalate an alert")
    stage.call(f"{first}/release", "officer-1", RELEASE, command="release the draws that an alert holds")
    stage.call(f"{first}/hold", "officer-1", HOLD, command="hold draws for an alert")
    stage.call(f"{first}/resolve", "officer-1", RESOLVE, command="resolve an alert")
    stage.leave()


def _raise(stage: Stage, about: Subject, rule: Rule) -> str:
    """What a run finds of yesterday; its path."""
    now = stage.time.at
    day = business_date(now) - timedelta(days=1)
    finding = Finding(rule=rule, level="amber", numbers={"cases": 5})
    rules = policies.in_force("monitoring", day)
    judgement = Judgement(findings=(finding,))
    stage.measured("run: an alert is raised", lambda: raising.raise_or_update(about, judgement, day, rules, now))
    return f"/v1/alerts/{alert_id(about.id, rule, day)}"

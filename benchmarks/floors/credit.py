"""A firm that borrows: what it consents to, what it is shown, what a bank reads of it."""

from __future__ import annotations

from datetime import timedelta

from benchmarks.floors.stage import Stage
from chalicelib.conduct.aggregate.incentives import INCENTIVES
from chalicelib.conduct.examples import RESTORE, REVERSE
from chalicelib.conduct.rules import incentive
from chalicelib.conduct.rules.incentive import Policy
from chalicelib.credit.aggregate.packs import PACKS
from chalicelib.credit.examples import CONSENT, DEBTS, REVIEW_SCORE
from chalicelib.credit.rules.history import Past
from chalicelib.credit.service import consents, debts, exposure, histories, packs, pre_offers, scores
from chalicelib.exports.records import DayRow
from chalicelib.exports.rules.days import ExportDay, ExportLine
from chalicelib.firms.service import reading as firms_reading
from chalicelib.shared import journal, policies
from chalicelib.shared.commit import commit
from chalicelib.shared.journal import Event
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext


def play(stage: Stage) -> None:
    stage.time.begin()
    firm = stage.register("credit-firm")
    signer = stage.signer(firm)
    given = stage.call("/v1/consents", firm, CONSENT, command="give consent", expect=201, person=signer)
    stage.time.advance(minutes=1)
    stage.call(f"/v1/consents/{given['id']}/withdraw", firm, command="withdraw consent", person=signer)
    _debts(stage, firm, signer)
    _pre_offer(stage, firm, signer)
    _pack(stage, firm, signer)
    _score(stage, firm, signer)
    _incentive(stage, firm)
    stage.leave()


def _debts(stage: Stage, firm: str, signer: str) -> None:
    """What it owes elsewhere is reported with its consent, and falls away with it."""
    consent = stage.call("/v1/consents", firm, CONSENT | {"data_classes": ["debts"]}, expect=201, person=signer)["id"]
    stage.call(f"/v1/members/{firm}/debts", firm, DEBTS, command="report debts elsewhere", person=signer)
    stage.call(f"/v1/consents/{consent}/withdraw", firm, person=signer)
    known, request = exposure.of(firm), stage.request("clock", "clock")
    command = "stream: a consent ends, debts count no longer"
    stage.measured(command, lambda: debts.forget_unless_consented(known, request), "credit.follow")


def _pre_offer(stage: Stage, firm: str, signer: str) -> None:
    """A growing exporter is looked at, and not interested."""
    on = business_date(stage.time.at)
    for days, usd_minor in ((50, 20_000_000), (140, 10_000_000)):
        day = ExportDay(on=on - timedelta(days=days), lines=(ExportLine("order-1", "acme", usd_minor),))
        DayRow(firm, day.on.isoformat(), version=1, body=day).save()
    consented = {"purpose": "pre_offers", "data_classes": ["exports"], "until": "2026-12-31"}
    consent = stage.call("/v1/consents", firm, consented, expect=201, person=signer)["id"]
    stage.measured("monthly: a pre-offer is made", lambda: pre_offers.look(consent, on, stage.time.at))
    [shown] = stage.see("/v1/pre-offers", firm)["items"]
    stage.call(f"/v1/pre-offers/{shown['id']}/decline", firm, command="decline a pre-offer")


def _pack(stage: Stage, firm: str, signer: str) -> None:
    """A bank reads what it decides on; the firm exports on two days."""
    stage.call("/v1/consents", firm, CONSENT, expect=201, person=signer)
    consent = consents.require_live(firm, "boc", "exports", stage.time.at)
    request = stage.request(firm, "member")
    profile = firms_reading.profile(firm)
    assert profile is not None, "it has a signer"
    pack = packs.make(profile, ("boc-term", "ccb-term"), consent, business_date(stage.time.at), request)
    entry = journal.entry(
        request, Event("bench.made", {"firm_id": firm}), aggregate_id=pack.id, seq=1, prev=journal.GENESIS
    )
    commit(entry, PACKS.put(pack, entry, stage.time.at))
    stage.measured("a bank reads a data pack", lambda: packs.read(pack.id, stage.request("boc", "bank")))


def _score(stage: Stage, firm: str, signer: str) -> None:
    """Little is known of the firm: an officer looks at its score. A loan of its has come to something since."""
    stage.call("/v1/consents", firm, CONSENT | {"data_classes": ["score"]}, expect=201, person=signer)
    on = business_date(stage.time.at)
    stage.measured("monthly: a score is kept", lambda: scores.keep_of_month(firm, on, stage.time.at))
    [kept] = stage.see("/v1/scores", firm)["items"]
    stage.call(f"/v1/scores/{kept['id']}/review", "officer-1", REVIEW_SCORE, command="look at a score in band D")
    past = Past(kind="loan", subject_id="lon_01JV8QZ7N4K3T5W6X8Y9ABCDEF", seq=1, on=on)
    stage.measured("stream: a loan tells what it has come to", lambda: histories.tell(firm, past), "loans.follow")


def _incentive(stage: Stage, firm: str) -> None:
    """A loan is granted; an officer finds that it was not, another one that it was."""
    in_force = policies.in_force("integrity", business_date(stage.time.at))
    now, policy = stage.time.at, in_force.read_as(Policy)
    earned = incentive.earned(firm, "lon_01JV8QZ7N4K3T5W6X8Y9ABCDEF", "granted", now, policy, in_force.hash, now)
    name = earned.state.id
    stage.measured(
        "stream: an incentive is earned",
        lambda: INCENTIVES.create(earned, (), RequestContext.of_clock(name, 1, now)),
        "conduct.follow",
    )
    stage.call(f"/v1/incentives/{name}/reverse", "officer-1", REVERSE, command="reverse an incentive")
    stage.call(f"/v1/incentives/{name}/restore", "officer-2", RESTORE, command="restore an incentive")

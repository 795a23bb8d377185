"""Pre-offers through the API: looked for once a month where a firm consents, shown to it with reasons, declined by it, unknown to banks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from chalicelib import consumers
from chalicelib.credit import jobs
from chalicelib.credit.bank_messages import OUTBOUND
from chalicelib.credit.declared import PRE_OFFERS
from chalicelib.credit.rules.need import Policy
from chalicelib.credit.service import pre_offers
from chalicelib.runs import items
from chalicelib.runs import service as runs
from chalicelib.runs.jobs import work_on
from chalicelib.runs.messages import Shard
from chalicelib.shared import policies
from tests.credit.borrowing import OFFICER, Borrower, register
from tests.credit.seeking import AS_OF, exported, grown, seeking
from tests.registry.test_expired_answers import entries
from tests.world import Pump, Streams, token

PATH = "/v1/pre-offers"
POLICY = policies.in_force("pre-offers", AS_OF).read_as(Policy)


class Killed(BaseException):
    """The worker is gone."""


def run(borrower: Borrower, pump: Pump, as_of: date = AS_OF) -> Any:
    """The month's run, on its day."""
    borrower.time.at = max(
        borrower.time.at, datetime(as_of.year, as_of.month, as_of.day, tzinfo=borrower.time.at.tzinfo)
    )
    run_id = jobs.start_pre_offers(as_of).id
    pump()
    return runs.shown(run_id)


def made(borrower: Borrower) -> list[Any]:
    return [entry for entry in entries() if entry.event.kind.startswith("pre_offer.")]


def test_a_growing_exporter_is_shown_what_it_could_use_and_why_and_is_not_interested(
    borrower: Borrower, pump: Pump
) -> None:
    grown(borrower.member_id)
    seeking(borrower)
    assert run(borrower, pump).counts["made"] == 1

    [shown] = borrower.get(PATH)["items"]
    assert (shown["status"], shown["period"], shown["need"]["kind"]) == ("shown", "2026-03", "growth")
    assert shown["need"]["amount"] == {"amount": "100000.00", "currency": "CNY"}
    assert shown["need"]["limit"] == {"amount": "300000.00", "currency": "CNY"}
    assert shown["need"]["product_ids"][0] == "boc-term"
    assert "200,000.00 USD" in shown["need"]["reasons"][0]
    assert (shown["allowed_actions"], shown["deadlines"][0]["name"]) == (["decline"], "pre_offer_end")

    about = f"{PATH}/{shown['id']}"
    assert borrower.get(about).raw == borrower.get(about).raw
    declined = borrower.post(f"{about}/decline", key="once")
    assert borrower.post(f"{about}/decline", key="once").raw == declined.raw
    assert (declined["status"], declined["allowed_actions"]) == ("declined", [])
    refused = borrower.post(f"{about}/decline")
    assert (refused.status, refused["code"]) == (409, "pre_offer_not_in_this_status")


def test_nobody_looks_at_a_firm_without_a_consent_that_is_live_at_that_moment(borrower: Borrower, pump: Pump) -> None:
    grown(borrower.member_id)
    borrower.consent("boc", data_classes=["exports"])
    assert run(borrower, pump).counts == {"looked_at": 0, "made": 0, "set_aside": 0}
    consent_id = seeking(borrower)
    borrower.withdraw(consent_id)
    assert pre_offers.look(consent_id, AS_OF, borrower.time.at) == "not_consented", "in a repetition too"
    assert made(borrower) == []


def test_a_month_has_one_pre_offer_however_often_it_is_looked_for(borrower: Borrower, pump: Pump) -> None:
    grown(borrower.member_id)
    first, second = seeking(borrower), seeking(borrower)
    run(borrower, pump)
    assert [pre_offers.look(each, AS_OF, borrower.time.at) for each in (first, second, first)] == ["known"] * 3
    run(borrower, pump)
    assert len(made(borrower)) == 1
    assert len(borrower.get(PATH)["items"]) == 1


def test_who_was_not_interested_is_left_in_peace_for_a_while(borrower: Borrower, pump: Pump) -> None:
    grown(borrower.member_id)
    consent_id = seeking(borrower)
    run(borrower, pump)
    [shown] = borrower.get(PATH)["items"]
    borrower.post(f"{PATH}/{shown['id']}/decline")
    quiet_until = borrower.time.at + timedelta(days=POLICY.quiet_days)
    april = date(2026, 4, 3)
    exported(borrower.member_id, date(2026, 3, 10), 90_000_000)
    assert pre_offers.look(consent_id, april, quiet_until - timedelta(milliseconds=1)) == "quiet"
    assert pre_offers.look(consent_id, april, quiet_until) == "made"


def test_what_is_not_answered_ends_by_itself_and_the_next_month_is_looked_at_again(
    borrower: Borrower, pump: Pump
) -> None:
    grown(borrower.member_id)
    consent_id = seeking(borrower)
    run(borrower, pump)
    [shown] = borrower.get(PATH)["items"]
    borrower.time.at = PRE_OFFERS.due_at(shown["id"], borrower.time.at) or borrower.time.at
    assert [each["status"] for each in borrower.get(PATH)["items"]] == ["expired"], "before any sweep"
    assert PRE_OFFERS.sweep(borrower.time.at).looked_at == 1
    exported(borrower.member_id, date(2026, 3, 10), 90_000_000)
    assert pre_offers.look(consent_id, date(2026, 4, 3), borrower.time.at) == "made"
    newest = borrower.get(f"{PATH}?limit=1")
    oldest = borrower.get(f"{PATH}?limit=1&cursor={newest['next_cursor']}")
    assert [page["items"][0]["period"] for page in (newest, oldest)] == ["2026-04", "2026-03"]
    assert [each["period"] for each in borrower.get(f"{PATH}?status=expired")["items"]] == ["2026-03"]


def test_it_is_shown_to_its_firm_and_officers_and_to_no_bank(borrower: Borrower, pump: Pump) -> None:
    grown(borrower.member_id)
    seeking(borrower)
    run(borrower, pump)
    [shown] = borrower.get(PATH)["items"]
    other = register(borrower.api, borrower.time, "another-firm")
    about = f"{PATH}/{shown['id']}"
    assert borrower.get(about, OFFICER)["allowed_actions"] == []
    assert [each["id"] for each in borrower.get(f"{PATH}?firm_id={borrower.member_id}", OFFICER)["items"]] == [
        shown["id"]
    ]
    assert (other.get(about).status, other.post(f"{about}/decline").status) == (404, 404)
    assert other.get(f"{PATH}?firm_id={borrower.member_id}")["items"] == []
    for bank in ("boc", "ccb"):
        assert borrower.get(about, token("bank", bank)).status == 403
        assert borrower.get(PATH, token("bank", bank)).status == 403
    assert not any(message.kind.startswith("pre_offer") for message in OUTBOUND)


def test_a_firm_that_needs_nothing_is_shown_nothing(borrower: Borrower, pump: Pump) -> None:
    exported(borrower.member_id, date(2026, 1, 10), 20_000_000)
    consent_id = seeking(borrower)
    assert run(borrower, pump).counts["nothing_found"] == 1
    assert pre_offers.look(consent_id, AS_OF, borrower.time.at) == "nothing_found"
    assert borrower.get(PATH)["items"] == []


@pytest.fixture
def crowd(borrower: Borrower, monkeypatch: pytest.MonkeyPatch) -> list[Borrower]:
    """So many growing exporters that consent, looked at some at a time."""
    monkeypatch.setattr(items, "AT_ONCE", 1)
    firms = [register(borrower.api, borrower.time, f"firm-{number}") for number in range(9)]
    for firm in firms:
        grown(firm.member_id)
        seeking(firm)
    return firms


def test_one_that_cannot_be_looked_at_is_named_and_the_others_go_on(
    borrower: Borrower, crowd: list[Borrower], pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = pre_offers.look
    poisoned = crowd[4].get("/v1/consents")["items"][0]["id"]

    def fails(consent_id: str, as_of: date, now: datetime) -> Any:
        if consent_id == poisoned:
            raise RuntimeError("poison")
        return look(consent_id, as_of, now)

    monkeypatch.setattr(pre_offers, "look", fails)
    shown = run(borrower, pump)
    assert (shown.status, shown.counts["looked_at"], shown.counts["made"]) == ("done", 9, 8)
    assert [(one.item, one.reason) for one in shown.failures] == [(poisoned, "RuntimeError: poison")]


def test_a_worker_that_dies_is_taken_over_and_nobody_is_made_two(
    borrower: Borrower, crowd: list[Borrower], monkeypatch: pytest.MonkeyPatch
) -> None:
    look, looked_at = pre_offers.look, iter(range(10_000))

    def dies(consent_id: str, as_of: date, now: datetime) -> Any:
        outcome = look(consent_id, as_of, now)
        if next(looked_at) % 3 == 2:
            raise Killed
        return outcome

    monkeypatch.setattr(pre_offers, "look", dies)
    run_id = jobs.start_pre_offers(date(2026, 3, 2)).id
    for shard in range(1, 9):
        for _ in range(20):
            try:
                work_on(Shard(run_id, shard), consumers.JOBS)
                break
            except Killed:
                continue
    assert runs.get(run_id).status == "done"
    assert [len(firm.get(PATH)["items"]) for firm in crowd] == [1] * len(crowd)
    assert len(made(borrower)) == len(crowd)


def test_what_was_found_by_a_consent_that_is_withdrawn_is_shown_no_more(
    borrower: Borrower, pump: Pump, streams: Streams
) -> None:
    grown(borrower.member_id)
    consent_id = seeking(borrower)
    run(borrower, pump)
    borrower.withdraw(borrower.consent("boc"))
    streams()
    assert borrower.get(PATH)["items"][0]["status"] == "shown", "another consent was withdrawn"
    borrower.withdraw(consent_id)
    for _ in range(2):
        streams()
    [ended] = borrower.get(PATH)["items"]
    assert (ended["status"], ended["allowed_actions"], ended["deadlines"]) == ("withdrawn", [], [])
    assert sorted(each.event.kind for each in made(borrower)) == ["pre_offer.made", "pre_offer.withdrawn"]

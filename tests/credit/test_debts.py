"""What a firm owes elsewhere: reported with its consent, counted against its limit over all banks, and forgotten when the consent ends."""

from __future__ import annotations

from typing import Any, Final

import pytest

from chalicelib.credit.declared import CONSENTS
from chalicelib.credit.examples import DEBTS
from chalicelib.credit.rules.effects import draw
from chalicelib.credit.rules.exposure import ExposureExceeded
from chalicelib.credit.service import exposure, limits
from chalicelib.ledger.rules import chart
from chalicelib.shared.request import CLOCK, RequestContext
from tests.credit.borrowing import OFFICER, Borrower, borrower, register
from tests.credit.lining import asked, do, plant
from tests.ledger.books import project_all
from tests.registry.test_expired_answers import entries
from tests.round_trips import calls
from tests.world import Reply, Streams, token

__all__ = ["borrower"]

ADMIN: Final = token("officer", "officer-9", "admin")


@pytest.fixture
def line_id(borrower: Borrower) -> str:
    """A line of 1,000,000.00 CNY, and as much of the firm's limit."""
    return plant(borrower.member_id, 100_000_000)


def path(borrower: Borrower) -> str:
    return f"/v1/members/{borrower.member_id}/debts"


def report(borrower: Borrower, amount: str = "200000.00", by: str = "", **more: Any) -> Reply:
    body = DEBTS | {"outstanding": {"amount": amount, "currency": "CNY"}}
    body |= {name: value for name, value in more.items() if name in ("as_of", "outstanding")}
    how = {name: value for name, value in more.items() if name == "key"}
    return borrower.api.post(path(borrower), body, by, **how) if by else borrower.post(path(borrower), body, **how)


def gate(borrower: Borrower) -> tuple[str, str]:
    reply = borrower.get(f"/v1/members/{borrower.member_id}/credit-limit?product=boc-term")
    return next((each["outcome"], each["why"]) for each in reply["gates"] if each["name"] == "not_over_borrowed")


def test_what_is_owed_elsewhere_takes_of_the_limit_over_all_banks(borrower: Borrower, line_id: str) -> None:
    borrower.consent("boc", data_classes=["exports", "debts"])
    assert gate(borrower) == ("decided_by_bank", "debts_not_reported")
    first, again = (report(borrower, key="once") for _ in range(2))
    assert (first.status, first.raw) == (200, again.raw)
    assert (first["outstanding"]["amount"], first["as_of"]) == ("200000.00", "2026-02-28")
    assert first["exposure"]["available"]["amount"] == "800000.00"
    assert gate(borrower) == ("met", "room_beside_debts")
    with pytest.raises(ExposureExceeded):
        do(*draw(line_id, borrower.member_id, 80_000_001))
    assert report(borrower, "1000000.00", OFFICER, as_of="2026-03-01").status == 200
    assert gate(borrower) == ("failed", "no_room_beside_debts")
    assert borrower.get(path(borrower))["exposure"]["elsewhere"]["amount"] == "1000000.00"
    assert borrower.get(path(borrower), OFFICER)["as_of"] == "2026-03-01"


def test_it_takes_a_consent_to_debts_that_is_live_and_a_signer(borrower: Borrower) -> None:
    borrower.consent("boc")
    refused = report(borrower)
    assert (refused.status, refused["code"], refused["data_class"]) == (422, "consent_missing", "debts")
    unsigned = report(borrower, by=borrower.token)
    assert (unsigned.status, unsigned["code"]) == (403, "signer_not_named")
    borrower.consent("boc", data_classes=["debts"])
    assert report(borrower).status == 200
    other = register(borrower.api, borrower.time, "pans-of-yiwu")
    assert report(borrower, by=other.token).status == 404
    assert borrower.get(path(borrower), other.token).status == 404
    assert exposure.of(borrower.member_id).position.withheld_minor == 20_000_000


def test_a_later_day_stands_and_nothing_is_reported_of_a_day_to_come(borrower: Borrower) -> None:
    borrower.consent("boc", data_classes=["debts"])
    report(borrower, "300000.00", as_of="2026-03-01")
    for as_of, known in (("2026-02-28", "2026-03-01"), ("2026-03-03", "2026-03-01")):
        refused = report(borrower, "1.00", as_of=as_of)
        assert (refused.status, refused["code"], refused["as_of"]) == (409, "debts_outdated", known)
    count = len(entries())
    assert report(borrower, "300000.00", as_of="2026-03-01").status == 200
    assert len(entries()) == count, "what is known already is no entry"
    dollars = report(borrower, outstanding={"amount": "1.00", "currency": "USD"})
    assert (dollars.status, dollars["code"], dollars["param"]) == (422, "debts_not_in_yuan", "outstanding.currency")
    negative = report(borrower, "-1.00")
    assert (negative.status, negative["param"]) == (400, "outstanding.amount")


def test_it_falls_away_with_the_last_consent_to_it(borrower: Borrower, line_id: str, streams: Streams) -> None:
    first, second = (borrower.consent("boc", data_classes=["exports", "debts"]) for _ in range(2))
    report(borrower)
    borrower.withdraw(first)
    streams()
    assert exposure.of(borrower.member_id).position.withheld_minor == 20_000_000
    borrower.withdraw(second)
    streams()
    shown = borrower.get(path(borrower))
    assert (shown["outstanding"]["amount"], shown["as_of"]) == ("0.00", None)
    assert shown["exposure"]["available"]["amount"] == "1000000.00"
    assert gate(borrower) == ("decided_by_bank", "debts_not_reported")
    kinds = sorted(each.event.kind for each in entries() if each.event.kind.startswith("exposure.elsewhere"))
    assert kinds == ["exposure.elsewhere_forgotten", "exposure.elsewhere_reported"]


def test_it_falls_away_with_a_consent_whose_time_is_over(borrower: Borrower, streams: Streams) -> None:
    consent_id = borrower.consent("boc", data_classes=["debts"])
    report(borrower)
    borrower.time.at = CONSENTS.due_at(consent_id, borrower.time.at) or borrower.time.at
    CONSENTS.sweep(borrower.time.at)
    streams()
    assert exposure.of(borrower.member_id).elsewhere_as_of is None


def test_the_daily_run_forgets_what_was_reported_as_the_consent_ended(borrower: Borrower) -> None:
    consent_id = borrower.consent("boc", data_classes=["debts"])
    report(borrower)
    borrower.withdraw(consent_id)
    limits.refresh(borrower.member_id, RequestContext(caller=CLOCK, now=borrower.time.at, request_id="daily"))
    assert exposure.of(borrower.member_id).position.withheld_minor == 0


def test_the_books_hold_it(borrower: Borrower, line_id: str) -> None:
    borrower.consent("boc", data_classes=["debts"])
    report(borrower, "250000.00")
    exposure.forget_elsewhere(borrower.member_id, asked())
    report(borrower, "50000.00", as_of="2026-03-01")
    project_all()
    account = f"{chart.EXPOSURE_ELSEWHERE}:{borrower.member_id}"
    view = borrower.api.get(f"/v1/ledger/accounts/{account}?currency=CNY", ADMIN)
    assert view["closing"]["amount"] == "50000.00"
    assert borrower.api.get("/v1/ledger/trial-balance", ADMIN)["balanced"]


def test_reporting_is_one_look_at_each_of_what_decides_and_one_transaction(borrower: Borrower) -> None:
    borrower.consent("boc", data_classes=["debts"])
    with calls() as sent:
        assert report(borrower).status == 200
    assert sent == ["GetItem", "GetItem", "Query", "BatchGetItem", "GetItem", "TransactWriteItems"]

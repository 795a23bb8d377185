"""EX: a firm takes its consent back. From that moment no bank reads, nothing new is drawn, not in a retry either; what was lent is repaid."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.banks.rules import feed
from chalicelib.shared.journal import Entry
from tests.bank_events.conftest import bank, books
from tests.faults import below
from tests.loans.drawing import MILLION, Drawer, drawer
from tests.registry.test_expired_answers import entries

__all__ = ["bank", "drawer"]


def withdraw(drawer: Drawer) -> dict[str, str]:
    """Every consent of the firm that is live; by a bank that each names."""
    live = drawer.trade.api.get("/v1/consents?status=live", drawer.trade.supplier)["items"]
    for each in live:
        reply = drawer.post(f"/v1/consents/{each['id']}/withdraw")
        assert reply.status == 200, reply.body
    return {each["bank_ids"][0]: each["id"] for each in live}


def heard(bank_id: str) -> Iterator[Entry]:
    """What a bank was told of consents, in its feed."""
    return (
        entry
        for entry in entries()
        if entry.aggregate_id == feed.name_of(bank_id) and entry.event.kind.endswith("consent.withdrawn")
    )


def test_a_draw_that_failed_before_is_refused_when_it_is_sent_again_without_consent(drawer: Drawer) -> None:
    with below.failing(below.silent, after=4) as seen:
        failed = drawer.draw("5000.00", key="once")
    assert seen.met
    assert failed.status == 503
    withdraw(drawer)
    again = drawer.draw("5000.00", key="once")
    assert (again.status, again["code"], again["bank_id"]) == (422, "consent_missing", "boc")
    assert drawer.exposed() == (MILLION, 0, 0)
    drawer.consent("boc")
    assert drawer.draw("5000.00", key="once").status == 201, "with a consent that is live, the same request is served"


def test_a_draw_that_was_made_is_answered_as_before_and_made_no_second_time(drawer: Drawer) -> None:
    first = drawer.draw("5000.00", key="once")
    withdraw(drawer)
    again = drawer.draw("5000.00", key="once")
    assert (again.status, again.raw, again.headers["Idempotent-Replayed"]) == (201, first.raw, "true")
    assert drawer.draw("5000.00", key="another")["code"] == "consent_missing"
    assert drawer.exposed() == (MILLION - 500_000, 500_000, 0)


def test_what_was_lent_is_repaid_without_any_consent(drawer: Drawer) -> None:
    loan_id = drawer.drawn("5000.00")
    drawer.disburse(loan_id, 500_000)
    withdraw(drawer)
    assert drawer.lender.pay(loan_id, 500_000, bank_ref="R-1") == ("applied", None)
    assert drawer.lender.see(loan_id)["status"] == "repaid"
    assert drawer.exposed() == (MILLION, 0, 0)
    books()


@pytest.mark.parametrize("times", [1, 3])
def test_each_bank_that_was_named_is_told_once_and_of_no_other(drawer: Drawer, times: int) -> None:
    drawer.consent("ccb", "cmb")
    withdrawn = withdraw(drawer)
    for _ in range(times):
        drawer.lender.bank.streams.forget()
        drawer.follow()
    for bank_id, consent_id in (("boc", withdrawn["boc"]), ("ccb", withdrawn["ccb"]), ("cmb", withdrawn["ccb"])):
        [message] = heard(bank_id)
        payload = message.event.payload
        assert (payload["bank_id"], payload["consent_id"], payload["firm_id"]) == (bank_id, consent_id, drawer.firm_id)
        told_of = {"bank_id", "consent_id", "firm_id", "data_classes", "withdrawn_at", "source"}
        assert set(payload) == told_of, "and no other bank"
    assert list(heard("psbc")) == []

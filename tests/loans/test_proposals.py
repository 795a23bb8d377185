"""A heavier schedule for a member's loan: its guarantors read it, consent or are released, and the bank is told before it decides."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.bank_events.outbound import OUTBOUND
from chalicelib.loans.aggregate import LOANS
from chalicelib.loans.rules.loan import Release
from chalicelib.shared.journal import JournalRow
from chalicelib.shared.periods import months_after
from tests.bank_events.conftest import bank
from tests.loans.grouped import Grouped, grouped
from tests.loans.lending import planned
from tests.world import Reply, token

__all__ = ["bank", "grouped"]

LENT = 60_000_00


@pytest.fixture
def loan_id(grouped: Grouped) -> str:
    return grouped.lent(1, LENT, (grouped.time.at.date() + timedelta(days=30)).isoformat())


def end(grouped: Grouped) -> date:
    """Four months later than it was."""
    return months_after(grouped.time.at.date() + timedelta(days=30), 4)


def propose(grouped: Grouped, loan_id: str) -> dict[str, Any]:
    row = {
        "number": 1,
        "due_date": end(grouped).isoformat(),
        "principal": LENT,
        "interest": 900_00,
    }
    body = {"schedule": [row], "reason": "After the season."}
    reply = grouped.firms[1].post(f"/v1/loans/{loan_id}/restructurings", body)
    assert reply.status == 200, reply.body
    proposed: dict[str, Any] = reply["restructuring"]
    return proposed


def consent(grouped: Grouped, seat: int, loan_id: str, hash_: str, **how: Any) -> Reply:
    return grouped.firms[seat].post(f"/v1/loans/{loan_id}/restructurings/consent", {"hash": hash_}, **how)


def read(grouped: Grouped, seat: int, loan_id: str) -> Reply:
    return grouped.firms[seat].get(f"/v1/loans/{loan_id}/restructurings")


def test_guarantors_read_what_is_proposed_and_nothing_else_of_the_loan(grouped: Grouped, loan_id: str) -> None:
    assert read(grouped, 2, loan_id).status == 404, "nothing is proposed"
    proposed = propose(grouped, loan_id)
    seen = read(grouped, 2, loan_id)
    assert (seen["hash"], seen["debtor_seat"], seen["unbound_seats"]) == (proposed["hash"], 1, [2, 3])
    assert seen["heavier"] == {"more": {"amount": "900.00", "currency": "CNY"}, "is_later": True}
    assert seen["allowed_actions"] == ["consent-restructuring"]
    assert set(seen.body) & {"standing", "pauses", "member_id", "line_id", "amount"} == set()
    assert read(grouped, 1, loan_id).status == 404, "the debtor sees its loan"
    stranger = grouped.api.get(f"/v1/loans/{loan_id}/restructurings", token("member", "mem_" + "0" * 26))
    assert stranger.status == 404
    for path in ("", "/timeline", "/statement"):
        assert grouped.firms[2].get(f"/v1/loans/{loan_id}{path}").status == 404


def test_the_group_hears_that_there_is_something_to_consent_to(grouped: Grouped, loan_id: str) -> None:
    propose(grouped, loan_id)
    for _ in range(2):
        grouped.bank.streams()
    timeline = grouped.api.get(f"/v1/guarantee-groups/{grouped.group_id}/timeline", grouped.firms[3].token)["items"]
    [items] = [each["payload"] for each in timeline if each["kind"] == "group.schedule_to_consent"]
    assert (items["loan_id"], items["seat"]) == (loan_id, 1)


def test_a_guarantor_consents_by_a_signer_and_once(grouped: Grouped, loan_id: str) -> None:
    hash_ = propose(grouped, loan_id)["hash"]
    path = f"/v1/loans/{loan_id}/restructurings/consent"
    unnamed = grouped.api.post(path, {"hash": hash_}, grouped.firms[2].token)
    assert (unnamed.status, unnamed["code"]) == (403, "signer_not_named")
    other = consent(grouped, 2, loan_id, "0" * 64)
    assert (other.status, other["code"]) == (409, "another_restructuring")
    first, again = (consent(grouped, 2, loan_id, hash_, key="k") for _ in range(2))
    assert (first.status, first.raw) == (200, again.raw)
    assert first["unbound_seats"] == [3]
    again = consent(grouped, 2, loan_id, hash_)
    assert (again.status, again["code"]) == (409, "no_consent_asked")
    assert read(grouped, 2, loan_id)["allowed_actions"] == []


def test_the_bank_is_told_who_would_not_answer_before_it_decides_and_who_is_released_after(
    grouped: Grouped, loan_id: str
) -> None:
    proposed = propose(grouped, loan_id)
    consent(grouped, 3, loan_id, proposed["hash"])
    grouped.firms[1].post(f"/v1/loans/{loan_id}/restructurings/sign", {"hash": proposed["hash"]})
    messages = [
        (OUTBOUND[kind].name, OUTBOUND[kind].data(row.entry()))
        for row in sorted(JournalRow.scan(), key=lambda row: row.entry().seq)
        if (kind := row.entry().event.kind).startswith("loan.restructuring_")
    ]
    assert [(name, data["heavier_minor"], data["unbound_seats"]) for name, data in messages] == [
        ("restructuring.proposed", 900_00, [2, 3]),
        ("restructuring.consented", 900_00, [2]),
        ("restructuring.signed", 900_00, [2]),
    ]
    event = grouped.lenders[1].tell(
        "schedule.changed",
        loan_id,
        version=2,
        consent_refs=[proposed["id"]],
        schedule=planned((end(grouped).isoformat(), LENT, 900_00)),
    )
    assert event == ("applied", None)
    loan = LOANS.repository.load(loan_id)
    assert loan is not None
    assert loan.released == (Release(seat=2, minor=900_00),)
    shown = grouped.firms[1].get(f"/v1/loans/{loan_id}")
    assert shown["restructuring"] is None
    assert shown["released"] == [{"seat": 2, "money": {"amount": "900.00", "currency": "CNY"}}]
    assert read(grouped, 2, loan_id).status == 404

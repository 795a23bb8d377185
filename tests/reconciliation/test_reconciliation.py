"""Whatever a bank's books say otherwise than ours is an item until somebody has explained it, and nothing is corrected by it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.reconciliation.declared import ITEMS
from tests.loans.lending import planned
from tests.reconciliation.conftest import BOC, CMB, OFFICER, SUPERVISOR, Books
from tests.world import token

ROWS = planned(("2026-04-02", 50_000_00, 1_033_33), ("2026-05-02", 50_000_00, 500_00))


@pytest.fixture
def loan_id(books: Books) -> str:
    return books.lender.lend(100_000_00, ROWS)


def test_books_that_agree_leave_no_item(books: Books, loan_id: str) -> None:
    assert books.tell(books.row(loan_id)) == ("applied", None)
    assert books.items() == []


@pytest.mark.parametrize("of", ["principal", "interest", "penalty", "dpd"])
def test_every_figure_that_differs_is_an_item_with_an_owner_and_a_time(books: Books, loan_id: str, of: str) -> None:
    row = books.row(loan_id)
    assert books.tell(row | {of: row[of] + 2}) == ("applied", None)
    [item] = books.items("?status=open")
    assert (item["bank_id"], item["aggregate_id"], item["as_of"]) == ("boc", loan_id, "2026-03-02")
    assert books.differences() == {of: (row[of], row[of] + 2)}
    [deadline] = item["deadlines"]
    assert (deadline["name"], deadline["owner"], deadline["due_at"]) == (
        "explanation",
        "officer",
        "2026-03-04T02:15:00Z",
    )
    assert books.row(loan_id) == row


def test_a_first_schedule_that_is_not_what_the_terms_come_to_is_an_item_though_the_books_agree(books: Books) -> None:
    loan_id = books.lender.lend(100_000_00, planned(("2026-04-02", 100_000_00, 1_040_00)))
    books.lender.bank.streams()
    assert books.differences() == {"planned_interest": (1_033_33, 1_040_00)}
    assert books.lender.see(loan_id)["standing"]["schedule"][0]["interest"]["amount"] == "1040.00", "the bank's stands"
    books.tell(books.row(loan_id))
    assert books.differences() == {"planned_interest": (1_033_33, 1_040_00)}, "an officer explains it"


def test_each_side_rounds_interest_by_itself(books: Books, loan_id: str) -> None:
    row = books.row(loan_id)
    books.tell(row | {"interest": row["interest"] + 1})
    assert books.items() == []


def test_what_one_side_does_not_know_is_an_item(books: Books, loan_id: str) -> None:
    stranger = {
        "loan_id": "lon_0000000000NOBODYS",
        "principal": 5,
        "interest": 0,
        "penalty": 0,
        "dpd": 0,
        "last_seq": 1,
    }
    books.tell(stranger)
    found = {item["aggregate_id"]: item["differences"][0]["of"] for item in books.items("?status=open")}
    assert found == {"lon_0000000000NOBODYS": "missing_here", loan_id: "missing_there"}


def test_pages_follow_one_another_and_a_loan_that_none_has_is_missing_at_the_end(books: Books, loan_id: str) -> None:
    other = books.lender.lend(1_000_00, planned(("2026-05-02", 1_000_00, 20_33)))
    first, second = sorted((loan_id, other))
    assert books.tell(books.row(first), page=1, pages=2) == ("applied", None)
    assert books.items() == []
    assert books.tell(page=2, pages=2) == ("applied", None)
    assert [item["aggregate_id"] for item in books.items("?status=open")] == [second]
    assert books.tell(books.row(second), page=2, pages=2) == ("refused", "snapshot_page_missing")
    assert books.tell(books.row(second), books.row(first)) == ("refused", "snapshot_not_in_order")
    assert books.tell(books.row(first), books.row(second)) == ("applied", None)
    [item] = books.items()
    assert (item["status"], item["outcome"], item["differences"]) == ("resolved", "agrees", [])


def test_what_the_bank_knows_and_we_have_not_heard_is_an_item_until_it_comes(books: Books, loan_id: str) -> None:
    row = books.row(loan_id)
    books.tell(row | {"last_seq": 2, "principal": 90_000_00})
    assert books.differences() == {"last_seq": (1, 2)}
    books.lender.pay(loan_id, 10_000_00)
    books.tell(books.row(loan_id))
    [item] = books.items()
    assert (item["status"], item["outcome"]) == ("resolved", "agrees")


def test_a_snapshot_that_is_behind_what_we_have_heard_is_not_compared(books: Books, loan_id: str) -> None:
    row = books.row(loan_id)
    books.lender.pay(loan_id, 10_000_00)
    books.tell(row)
    assert books.items() == []


def test_an_officer_explains_it_and_what_differs_still_or_anew_is_opened_again(books: Books, loan_id: str) -> None:
    row, time = books.row(loan_id), books.lender.time
    wrong = row | {"principal": row["principal"] + 500}
    books.tell(wrong)
    [item] = books.items("?status=open")
    path = f"/v1/reconciliation-items/{item['id']}"
    body = {"outcome": "bank_corrects", "note": "A fee was booked as principal."}
    assert books.lender.api.post(f"{path}/resolve", body, BOC).status == 403
    resolved = books.lender.api.post(f"{path}/resolve", body, OFFICER, key="once")
    assert (resolved.status, resolved["status"], resolved["outcome"]) == (200, "resolved", "bank_corrects")
    assert resolved["resolved_by"] == "officer-1"
    assert books.lender.api.post(f"{path}/resolve", body, OFFICER, key="once").raw == resolved.raw
    again = books.lender.api.post(f"{path}/resolve", body, OFFICER)
    assert (again.status, again["code"]) == (409, "reconciliation_item_not_in_this_status")
    books.tell(wrong)
    assert books.items("?status=open") == []
    books.tell(wrong | {"principal": row["principal"] + 600})
    assert books.differences() == {"principal": (row["principal"], row["principal"] + 600)}
    books.lender.api.post(f"{path}/resolve", body, OFFICER)
    time.advance(days=7)
    books.tell(books.row(loan_id) | {"principal": row["principal"] + 600})
    assert [each["status"] for each in books.items()] == ["open"]
    seen = books.lender.api.get(f"{path}/timeline", OFFICER)["items"]
    assert [each["kind"].partition(".")[2] for each in seen] == [
        "opened",
        "resolved",
        "reopened",
        "resolved",
        "reopened",
    ]


def test_nobody_who_explains_it_makes_it_ring(books: Books, loan_id: str) -> None:
    row, time = books.row(loan_id), books.lender.time
    books.tell(row | {"dpd": 9})
    [item] = books.items()
    start = time.at
    for hours, status in ((48, "escalated"), (96, "escalated")):
        time.at = start + timedelta(hours=hours, milliseconds=-1)
        ITEMS.sweep(time.at)
        before = books.items()[0]["version"]
        time.at = start + timedelta(hours=hours)
        assert not ITEMS.sweep(time.at).failed
        assert (books.items()[0]["status"], books.items()[0]["version"]) == (status, before + 1)
    path = f"/v1/reconciliation-items/{item['id']}/resolve"
    body = {"outcome": "timing", "note": "It was a day of its own."}
    assert books.lender.api.post(path, body, OFFICER).status == 409
    assert books.lender.api.post(path, body, SUPERVISOR)["status"] == "resolved"


def test_what_a_bank_reports_of_a_loan_otherwise_than_we_hold_it_is_an_item(books: Books, loan_id: str) -> None:
    told = books.lender.pay(loan_id, 10_000_00, outstanding_after=80_000_00)
    books.lender.bank.streams()
    assert told == ("applied", None)
    assert books.differences() == {"outstanding": (90_000_00, 80_000_00)}
    books.tell(books.row(loan_id))
    [item] = books.items()
    assert item["status"] == "open", "a snapshot says nothing of what it does not compare"


@pytest.mark.parametrize("seq", [2, 3])
def test_one_happening_told_of_in_two_ways_is_an_item(books: Books, loan_id: str, seq: int) -> None:
    """LN-6: the same reference for the same loan with another amount."""
    books.lender.pay(loan_id, 88_848_79, bank_ref="R-778")
    again = books.lender.pay(loan_id, 88_848_79, bank_ref="R-778", seq=2)
    assert again == ("applied", None)
    other = books.lender.pay(loan_id, 88_848_97, bank_ref="R-778", seq=seq)
    books.lender.bank.streams()
    assert other == ("refused", "bank_event_contradicts")
    [item] = books.items("?status=open")
    assert [each["of"] for each in item["differences"]] == ["event repayment.received"]
    assert books.lender.figures(loan_id)["principal"] != "100000.00"


def test_a_bank_sees_its_own_items_and_hears_of_them(books: Books, loan_id: str) -> None:
    books.tell(books.row(loan_id) | {"dpd": 9})
    [item] = books.items(by=BOC)
    assert (item["allowed_actions"], item["note"]) == ([], None)
    assert books.items(by=CMB) == []
    path = f"/v1/reconciliation-items/{item['id']}"
    assert (books.lender.api.get(path, CMB).status, books.lender.api.get(path, BOC).status) == (404, 200)
    assert books.lender.api.get(path, token("officer", "o", "risk"))["allowed_actions"] == []
    assert [each["id"] for each in books.items("?bank_id=boc")] == [item["id"]]
    assert books.items("?bank_id=cmb") == []


def test_another_banks_snapshot_and_another_banks_loan_are_nobodys(books: Books, loan_id: str) -> None:
    assert books.tell(bank_id="cmb") == ("parked", "bank_event_target_unknown")

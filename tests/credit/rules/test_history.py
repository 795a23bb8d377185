"""What a firm's loans and shares have come to: newer tellings stand, whichever comes first, and old days do not count."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

from msgspec.structs import replace

from chalicelib.credit.rules import history
from chalicelib.credit.rules.history import Past

ON = date(2026, 11, 29)


def past(seq: int, on: date, **other: Any) -> Past:
    return Past(kind="loan", subject_id="lon_1", seq=seq, on=on, **other)


LATE = past(2, date(2026, 3, 2), late_since=date(2026, 3, 1), worst_dpd=1)
WORSE = past(3, date(2026, 4, 10), late_since=date(2026, 3, 1), worst_dpd=40)
PAID = past(4, date(2026, 4, 15), worst_dpd=40)
REPAID = past(5, date(2026, 6, 1), worst_dpd=40, is_over=True, is_kept=True)
CLOSED = past(6, date(2026, 7, 1), worst_dpd=40, is_over=True)


def told(*pasts: Past) -> Past:
    kept: Past | None = None
    for each in pasts:
        kept = history.after(kept, each) or kept
    assert kept is not None
    return kept


def test_the_newest_telling_stands_in_whatever_order_they_come() -> None:
    for order in permutations((LATE, WORSE, PAID)):
        kept = told(*order)
        assert (kept.seq, kept.late_since, kept.worst_dpd) == (4, None, 40)
        assert history.after(kept, kept) is None


def test_what_was_as_bad_before_was_so_from_then_on() -> None:
    assert told(LATE, WORSE, PAID).worst_on == WORSE.on
    assert told(LATE, WORSE, PAID, replace(PAID, seq=7, worst_dpd=0)).worst_on is None


def test_a_loan_that_is_closed_stays_as_it_was_decided_and_one_that_is_owed_again_does_not() -> None:
    assert told(REPAID, CLOSED).is_kept is True
    assert told(REPAID, replace(PAID, seq=7)).is_kept is None


def test_a_loan_that_is_late_is_later_each_day() -> None:
    assert history.worst_dpd([told(LATE)], date(2026, 3, 31)) == 30
    assert history.worst_dpd([told(LATE, WORSE, PAID)], ON) == 40


def test_days_of_more_than_24_months_ago_do_not_count() -> None:
    kept = told(LATE, WORSE, PAID)
    assert history.worst_dpd([kept], date(2028, 4, 10)) == 40
    assert history.worst_dpd([kept], date(2028, 4, 11)) == 0
    assert history.worst_dpd([told(LATE, WORSE, PAID, REPAID)], date(2028, 6, 2)) is None


def test_who_never_borrowed_is_not_known_to_be_punctual() -> None:
    share = Past(kind="share", subject_id="gcl_1", seq=1, on=ON, is_kept=True, is_over=True)
    assert history.worst_dpd([share], ON) is None
    assert history.kept_share([share], "loan") is None
    assert history.kept_share([share], "share") == 10_000


def test_a_share_of_the_decided_is_kept() -> None:
    kept = [replace(REPAID, is_kept=each) for each in (True, True, False, None)]
    assert history.kept_share(kept, "loan") == 6_666
    assert history.kept_share(kept, "loan", date(2026, 6, 2)) is None

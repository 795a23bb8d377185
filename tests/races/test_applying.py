"""Applications that are handed in at the moment at which another of the firm is screened out."""

from __future__ import annotations

import pytest

from chalicelib.credit.examples import SCREENED_OUT
from tests.credit.applying import Credit, credit
from tests.credit.borrowing import OFFICER
from tests.races.conftest import at_once

__all__ = ["credit"]

pytestmark = pytest.mark.engine


def test_what_is_handed_in_at_the_moment_of_a_screening_is_in_or_refused_and_afterwards_nothing_is(
    credit: Credit,
) -> None:
    first = credit.submit("boc")
    drafts = [credit.draft("boc") for _ in range(4)]

    def act(n: int) -> str:
        if n == 2:
            return str(credit.act(first, "screen", SCREENED_OUT, OFFICER)["status"])
        reply = credit.act(drafts[n - (n > 2)], "submit")
        return str(reply["status"] if reply.status == 200 else reply["code"])

    outcomes = at_once(5, act)
    assert outcomes.pop(2) == "screened_out"
    assert set(outcomes) <= {"submitted", "applied_too_soon"}
    kept = ["submitted" if each == "submitted" else "draft" for each in outcomes]
    assert [credit.see(draft)["status"] for draft in drafts] == kept
    assert credit.act(credit.draft("boc"), "submit")["code"] == "applied_too_soon"

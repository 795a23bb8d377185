"""Which action on a review, from where, by whom, to where. Pure.

`replace`, `accept` and `close` are what its offer does to it, in the offer's own commits.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.credit.rules.review import ENDS, STATUSES, Review, ReviewContext, Status
from chalicelib.shared.state_machine import STAYS, Among, Change, InvalidTransition, Table, Transition, telling

ReviewChange = Change[Review]


class ReviewNotInThisStatus(InvalidTransition):
    code = "review_not_in_this_status"
    title = "The review does not allow that now."


def _is_wanted(review: Review, context: ReviewContext, actor: str, now: datetime) -> bool:
    """What the firm has taken back, or found elsewhere, is for no bank to decide."""
    return context.application.status == "with_banks"


_in: Final = Among[Status]()
_OPEN: Final = frozenset(STATUSES) - ENDS
UNOFFERED: Final = _OPEN - _in("offered")
"""What the bank or the firm still has to do something about, before there is an offer."""
_BANKS_TURN: Final = _in("sent", "in_review", "approved")
_CLOCK: Final = frozenset({"clock"})
_BANK: Final = frozenset({"bank"})
_EITHER: Final = _BANK | _CLOCK
_APPLICANT: Final = frozenset({"applicant"})

TABLE: Final = Table[Review, ReviewContext](
    kind="review",
    error=ReviewNotInThisStatus,
    ends=ENDS,
    payload=telling("member_id", "bank_id", "application_id", "currency"),
    transitions=(
        Transition("receive", _in("sent"), _BANK, STAYS),
        Transition("begin", _in("sent"), _BANK, _in("in_review"), _is_wanted),
        Transition("request", _in("in_review"), _BANK, _in("info_requested"), _is_wanted),
        Transition("supply-information", _in("info_requested"), _APPLICANT, _in("in_review")),
        Transition("let_request_lapse", _in("info_requested"), _CLOCK, _in("withdrawn")),
        Transition("approve", _in("sent", "in_review"), _BANK, _in("approved"), _is_wanted),
        Transition("reject", _in("sent", "in_review"), _BANK, _in("rejected"), _is_wanted),
        Transition("offer", _in("approved"), _BANK, _in("offered"), _is_wanted),
        Transition("chase", _BANKS_TURN, _CLOCK, STAYS),
        Transition("give_up", _BANKS_TURN, _CLOCK, _in("unanswered")),
        Transition("withdraw", UNOFFERED, _CLOCK, _in("withdrawn")),
        Transition("replace", _in("offered"), _BANK, STAYS),
        Transition("accept", _in("offered"), _EITHER, _in("accepted")),
        Transition("close", _OPEN, _EITHER, _in("closed")),
    ),
)

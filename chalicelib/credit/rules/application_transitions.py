"""Which action on an application, from where, by whom, to where. Pure.

`follow`, `accept`, `sign` and `fail_to_sign` are what a review, an offer and an agreement do to it in their own commits.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.credit.rules.application import ENDS, STATUSES, Application, ApplicationContext, Status
from chalicelib.shared.state_machine import STAYS, Among, Change, InvalidTransition, Table, Transition, telling

ApplicationChange = Change[Application]


class ApplicationNotInThisStatus(InvalidTransition):
    code = "application_not_in_this_status"
    title = "The application does not allow that now."


def _is_before_approval(application: Application, context: ApplicationContext, actor: str, now: datetime) -> bool:
    return not application.is_approved


_in: Final = Among[Status]()
_ANY: Final = frozenset(STATUSES)
_CLOCK: Final = frozenset({"clock"})
_BANK: Final = frozenset({"bank", "clock"})
_APPLICANT: Final = frozenset({"applicant"})
_OFFICER: Final = frozenset({"officer"})

TABLE: Final = Table[Application, ApplicationContext](
    kind="application",
    error=ApplicationNotInThisStatus,
    ends=ENDS,
    payload=telling("member_id", "currency"),
    transitions=(
        Transition("submit", _in("draft"), _APPLICANT, _in("submitted")),
        Transition("lapse", _in("draft"), _CLOCK, _in("lapsed")),
        Transition("screen", _in("submitted"), _OFFICER, _in("with_banks", "screened_out")),
        Transition("remind", _in("submitted"), _CLOCK, STAYS),
        Transition(
            "withdraw", _in("draft", "submitted", "with_banks"), _APPLICANT, _in("withdrawn"), _is_before_approval
        ),
        Transition("add-document", _in("draft", "submitted", "with_banks"), _APPLICANT, STAYS),
        Transition("file_arrived", _ANY, _CLOCK, STAYS),
        Transition("retire", _ANY, _CLOCK, STAYS),
        Transition("leave_out", _in("with_banks"), _CLOCK, _in("with_banks", "unsuccessful")),
        Transition("follow", _in("with_banks"), _BANK, _in("with_banks", "unsuccessful")),
        Transition("follow", _in("accepted") | ENDS, _BANK, STAYS),
        Transition("accept", _in("with_banks"), _BANK, _in("accepted")),
        Transition("sign", _in("accepted"), _BANK, _in("signed")),
        Transition("fail_to_sign", _in("accepted"), _CLOCK, _in("lapsed")),
    ),
)

"""A peer report: what a member says of another firm's conduct, and what was found of it. A value. Pure.

Statuses:

    filed         a member has told it, and nobody has looked yet
    acknowledged  an officer has it, and decides whether the firm is asked about it
    asked         the firm has to answer
    to_find       it has answered, or let its time pass: an officer says what was found
    dismissed     nothing that it could be asked about: it never hears of the report
    verified      it is so
    unproven      it is not known to be so; that leaves no trace
    false         it is not so
    malicious     it is not so, and whoever told it knew that: that costs points, where there are any, and a time without reports

Who told it is sealed: a field that only the report's own key opens, and which no entry, log or view holds in the clear. Entries by the
reporter name it by a keyed hash. Two officers open the seal together, for one of them, for a day; each asking is kept with its reason and
what was decided, and each reading is an entry.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.shared import documents
from chalicelib.shared.bounds import NoRoom, characters, most
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.periods import Calendar, business_days_at_most
from chalicelib.shared.sealed import Sealed
from chalicelib.shared.state_machine import Versioned

Category = Literal["flight", "asset_removal", "false_data", "misused_loan", "sham_trade", "unpaid_debts", "other"]
Status = Literal[
    "filed",
    "acknowledged",
    "asked",
    "to_find",
    "dismissed",
    "verified",
    "unproven",
    "false",
    "malicious",
]
Finding = Literal["verified", "unproven", "false", "malicious"]
Actor = Literal["reporter", "subject", "officer", "lawyer"]
"""An officer has the duty `risk`, a lawyer `legal` and not that. No other officer sees a report."""
Decision = Literal["granted", "refused"]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
FINDINGS: Final[tuple[Finding, ...]] = get_args(Finding)
ENDS: Final[frozenset[Status]] = frozenset({"dismissed", *FINDINGS})
MOST_CHARACTERS: Final = 2_000
MOST_DOCUMENTS: Final = 10
MOST_UNSEALINGS: Final = 5
MOST_BANKS: Final = 20
REPORTER: Final = "reporter"
"""The sealed field."""


class PeerReportRefused(RuleViolation):
    code = "peer_report_refused"
    title = "That cannot be reported."
    fix = "Report another firm, and add what is new to the report that is open."


class PeerReportsPaused(Conflict):
    code = "peer_reports_paused"
    title = "Who has reported maliciously reports nobody for a time."
    fix = "Wait until the moment in `until`."


class TooManyReportDocuments(NoRoom):
    code = "too_many_report_documents"
    title = "The report holds no more documents."
    fix = "Put several pages in one file."


class TooManyUnsealings(NoRoom):
    code = "too_many_unsealings"
    title = "The seal of this report has been asked for too often."
    fix = "Use what was granted."


class SealNotOpened(Conflict):
    code = "seal_not_opened"
    title = "Nobody has been granted to know who reported it."
    fix = "Ask for it (`unseal`), and let another officer decide (`decide-unsealing`)."


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters: `chalicelib/policies/peer-reports/`. Of `urgent` categories the firm's banks hear at once, as of something unverified.

    Beyond what the calendar knows, n business days are 2n days and `longest_holidays_days`. A reporter has `most_open` at a time, and none for
    `malicious_pause_days` after one that was malicious. What two officers have opened, one of them reads for `unsealed_hours`.
    """

    calendar: str
    acknowledge_business_days: int
    triage_business_days: int
    answer_business_days: int
    find_business_days: int
    longest_holidays_days: int
    urgent: tuple[Category, ...]
    unsealed_hours: int
    most_open: int
    malicious_pause_days: int
    retention_days: int
    upload_hours: int


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a report is decided on: the policy it pinned, and the calendar."""

    policy: Policy
    calendar: Calendar

    def after(self, start: datetime, days: int) -> datetime:
        """So many business days later. A report is taken whether or not the holidays of the coming year are known."""
        return business_days_at_most(start, days, self.calendar, self.policy.longest_holidays_days)


class ReportDocument(documents.Document, frozen=True, kw_only=True):
    """A file of the reporter's."""

    name: Annotated[str, characters(100)]


class Unsealing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """That an officer wants to know who reported it, why, and what another one decided."""

    id: str
    by: Annotated[str, characters(100)]
    at: datetime
    reason: Annotated[str, characters(MOST_CHARACTERS)]
    decided_by: Annotated[str, characters(100)] = ""
    decided_at: datetime | None = None
    decision: Decision | None = None
    note: Annotated[str, characters(MOST_CHARACTERS)] = ""

    def opens_at(self, now: datetime, policy: Policy) -> bool:
        """Whether whoever asked may read now."""
        return (
            self.decision == "granted"
            and self.decided_at is not None
            and now < self.decided_at + timedelta(hours=policy.unsealed_hours)
        )


class PeerReport(Versioned, frozen=True, kw_only=True, omit_defaults=True):
    """One report. `reporter` is who told it, sealed; `reporter_mark` is a keyed hash of that.

    `due_at` is until when whoever has to do something has to have done it. `bank_ids` are the banks that were told.
    """

    id: str
    subject_id: str
    reporter: Sealed
    reporter_mark: str
    category: Category
    facts: Annotated[str, characters(MOST_CHARACTERS)]
    status: Status
    version: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    due_at: datetime | None
    documents: Annotated[tuple[ReportDocument, ...], most(MOST_DOCUMENTS)] = ()
    bank_ids: Annotated[tuple[str, ...], most(MOST_BANKS, why="partner banks, each once")] = ()
    question: Annotated[str, characters(MOST_CHARACTERS)] = ""
    answer: Annotated[str, characters(MOST_CHARACTERS)] = ""
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    note: Annotated[str, characters(MOST_CHARACTERS)] = ""
    unsealings: Annotated[tuple[Unsealing, ...], most(MOST_UNSEALINGS)] = ()

    @property
    def open_unsealing(self) -> Unsealing | None:
        return next((each for each in self.unsealings if each.decision is None), None)

    @property
    def is_unsealed(self) -> bool:
        return any(each.decision == "granted" for each in self.unsealings)

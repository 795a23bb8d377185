"""An alert: what a rule of monitoring has found of a loan, a group or a feed, from the day on which it began to the day on which it is over. Pure.

Statuses:

    open          an officer has to acknowledge it
    acknowledged  an officer sees to it, and resolves it in time
    escalated     it is a supervisor's: it became red, an officer asks for it, or nobody saw to it in time
    silenced      nobody is reminded of it until a day; it becomes red all the same
    resolved      a person has dealt with it, and what was found may still be so
    closed        ended: the values were normal for days, the facts were others, or the loan is over

An alert is one episode of one rule: its id is made of what it is about, the rule, and the day on which the episode began, so that a run that is
made twice adds nothing. While the episode lasts, what is found later changes this alert and never opens a second one; it becomes red, and stays
so. A red one holds the firm's draws for a few days, once, and so does an amber one of repayment from the policy's days past due on; whoever holds
them for longer is a person. No alert is ever public.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.monitoring.rules.finding import NEEDS_CONSENT, Level, Rule
from chalicelib.shared import ids
from chalicelib.shared.bounds import NoRoom, characters, most
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.state_machine import Versioned

SubjectKind = Literal["loan", "group", "feed"]
Status = Literal["open", "acknowledged", "escalated", "silenced", "resolved", "closed"]
Actor = Literal["firm", "bank", "officer", "supervisor"]
"""A supervisor is an officer with the duty `admin`."""
Decision = Literal["explained", "handled", "false_alarm"]
Outcome = Literal["explained", "handled", "false_alarm", "normal", "corrected", "loan_over"]
"""What became of it: a person's decision; values that were normal for days; facts that came late; the loan's end."""

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDS: Final[frozenset[Status]] = frozenset({"closed"})
OPEN: Final[frozenset[Status]] = frozenset({"open", "acknowledged", "escalated", "silenced"})
"""Nobody has dealt with it yet."""
MOST_CHARACTERS: Final = 500
MOST_EXPLANATIONS: Final = 5
MOST_NUMBERS: Final = 20


class TooManyExplanations(NoRoom):
    code = "too_many_explanations"
    title = "The alert takes no more explanations."
    fix = "Open a case about it: POST /v1/cases."


class HoldTooLong(RuleViolation):
    code = "hold_too_long"
    title = "Draws are held from one day to another, and not for so long."
    fix = "Name a day from tomorrow until `latest`; it can be held again before that is over."


class SilenceTooLong(RuleViolation):
    code = "silence_too_long"
    title = "An alert is silenced until a day, and not for so long."
    fix = "Name a day from tomorrow until `latest`."


class HoldsNoDraws(RuleViolation):
    code = "alert_holds_no_draws"
    title = "An alert of this kind holds no draws."
    fix = "Escalate it first, where it is amber; freeze the credit line, where it is about something else than a loan."


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters of handling alerts: `chalicelib/policies/alerts/`. By the clock, holidays among them; what a rule finds is in `monitoring`.

    Draws are held for `hold_days` when an alert becomes red, or its loan is `hold_dpd` days past due.
    """

    acknowledge_hours: Mapping[Level, int]
    resolve_days: Mapping[Level, int]
    supervisor_days: Mapping[Level, int]
    hold_dpd: int
    hold_days: int
    most_hold_days: int
    most_silence_days: int
    resolved_days: int


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What an alert is decided on: the policy it pinned, and whether its bank may hear of it now, where that is gathered."""

    policy: Policy
    is_shared: bool = True


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was found on a day: a finding, as it is kept. `policy` is the hash of the rules by which it was found."""

    on: date
    policy: str
    level: Level
    numbers: Annotated[Mapping[str, int], most(MOST_NUMBERS, why="each rule has its own")]
    baseline: Annotated[Mapping[str, int], most(MOST_NUMBERS, why="each rule has its own")] = {}
    p_ppm: int | None = None
    low_confidence: bool = False


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """What the firm says of it."""

    text: Annotated[str, characters(MOST_CHARACTERS)]
    at: datetime


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What alerts are about: a loan with its firm and bank, a group with its bank, or a feed of facts, which has neither."""

    kind: SubjectKind
    id: str
    member_id: str = ""
    bank_id: str = ""


class Alert(Versioned, frozen=True, kw_only=True, omit_defaults=True):
    """One alert. `evidence` is what was found when it was raised and, behind that, when it became red.

    `digest_on` is the day whose digest counts it: the first that goes to its bank after it was raised. `due_at` is when whoever has to do something has to have done it. `held_until` is set while it holds the firm's draws; `was_held`: they
    have been held, and the rule holds them once; `person_held`: a person has. `found_on` is the day of the last finding that changed it, `normal_on` are those since on which nothing was found.
    """

    id: str
    rule: Rule
    about: Subject
    started_on: date
    level: Level
    found_on: date
    status: Status
    version: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    digest_on: date | None = None
    policy: str
    evidence: Annotated[tuple[Evidence, ...], most(2, why="when it was raised, and when it became red")]
    due_at: datetime | None
    reminders: int = 0
    """So often it has rung since it is a supervisor's."""
    owner: Annotated[str, characters(100)] = ""
    explanations: Annotated[tuple[Explanation, ...], most(MOST_EXPLANATIONS)] = ()
    red_on: date | None = None
    held_until: datetime | None = None
    was_held: bool = False
    person_held: bool = False
    silenced_until: datetime | None = None
    normal_on: Annotated[tuple[date, ...], most(9, why="the policy's days without it end the episode")] = ()
    proposed_default_on: date | None = None
    outcome: Outcome | None = None
    note: Annotated[str, characters(MOST_CHARACTERS)] = ""
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    closed_on: date | None = None
    """The business day with which the episode ended."""

    @property
    def member_id(self) -> str:
        return self.about.member_id

    @property
    def bank_id(self) -> str:
        return self.about.bank_id

    @property
    def may_hold(self) -> bool:
        """Whether it can hold the draws of a firm."""
        return self.about.kind == "loan" and (self.level == "red" or (self.rule == "repayment" and self.was_held))

    def holds_at(self, policy: Policy) -> int | None:
        """How many days past due its loan is when the rule holds draws. None where it never does, has done so, or a person has dealt with it."""
        may_come = self.rule == "repayment" and self.status in OPEN and not self.was_held
        return policy.hold_dpd if may_come else None

    @property
    def takes_consent(self) -> bool:
        """Whether its bank may know of it only while the firm consents."""
        return self.rule in NEEDS_CONSENT


def alert_id(subject_id: str, rule: Rule, started_on: date) -> str:
    return ids.derived_id("alr", subject_id, rule, started_on.isoformat())

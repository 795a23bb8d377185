"""A sanction: what a firm may not do, or what is said of it, because of one of its loans. A value. Pure.

Statuses:

    proposed    an officer has proposed it with reasons and evidence; others have to approve
    noticed     it is approved, and the firm has notice of it; it is not in force yet
    appealed    the firm has appealed before it came in force, and it waits for the decision
    in_force    it holds
    withdrawn   whoever proposed it takes it back, before it was approved
    lapsed      it was not approved in time
    dropped     it could not come in force: hardship, a dispute or force majeure forbids it, or its ground has gone
    overturned  it was wrong: an appeal was granted, or was not decided in time
    lifted      an officer has ended it
    expired     its time is over, or what it was for was cured

The ladder is the one of credit.md 9.3. Its first two steps, a reminder and a word to the group, are no sanctions: a loan and a group give them by
themselves. `no_draws` is S2, `no_badge` S3, `bank_flag` S4, `suspension` S5 and `public_note` S6, which no policy offers unless it says so.
Only the borrower of a loan can be sanctioned for it, never a guarantor.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.shared.bounds import NoRoom, characters, most
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.state_machine import Versioned

Measure = Literal["no_draws", "no_badge", "bank_flag", "suspension", "public_note"]
Ground = Literal["dpd", "red_alert", "default", "no_contact", "false_data", "court_document"]
Status = Literal[
    "proposed",
    "noticed",
    "appealed",
    "in_force",
    "withdrawn",
    "lapsed",
    "dropped",
    "overturned",
    "lifted",
    "expired",
]
Actor = Literal["firm", "officer", "lawyer", "reader"]
"""An officer has the duty `risk`, a lawyer `legal` and not that, a reader neither."""
Outcome = Literal["upheld", "overturned"]
Block = Literal["hardship", "dispute", "force_majeure", "ground_gone"]
"""What forbids a sanction now: a pause of the loan granted or asked for; a complaint or a hardship that is not answered; an event in the firm's region that nobody could help; what it was for is no more."""

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDS: Final[frozenset[Status]] = frozenset({"withdrawn", "lapsed", "dropped", "overturned", "lifted", "expired"})
HELD_BACK: Final[frozenset[Status]] = frozenset({"proposed", "withdrawn", "lapsed"})
"""In which the firm is told nothing: nobody but the officer who proposed it has said anything against it."""
HOLDS_DRAWS: Final[frozenset[Measure]] = frozenset({"no_draws", "suspension"})
MOST_CHARACTERS: Final = 1_000
MOST_EVIDENCE: Final = 10
MOST_READERS: Final = 20


class SanctionRefused(RuleViolation):
    code = "sanction_not_justified"
    title = "That is not what the measure is for."
    fix = "Read the policy `sanctions`: each measure has its grounds, and what has to be so."


class SanctionBlocked(Conflict):
    code = "sanction_blocked"
    title = "No sanction now."
    fix = "Wait until the hardship or the event is over, or the dispute is answered."


class NotByTheSame(Conflict):
    code = "sanction_needs_somebody_else"
    title = "Somebody else has to do this."
    fix = "Ask an officer who has neither proposed nor approved it."


class TooManyReaders(NoRoom):
    code = "too_many_readers"
    title = "No more banks read of this sanction."
    fix = "Ask an officer."


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What holds of one measure. `approvals` are by officers other than the proposer, one with the duty `legal` where `legal`.

    It ends after `most_days`, or so many `days_after_cure`; None: no cure ends it. For one loan it comes in force `most_times` at most, where that is said.
    """

    approvals: int
    legal: bool
    waits_for_appeal: bool
    grounds: tuple[Ground, ...]
    least_dpd: int = 0
    notice_days: int
    most_days: int
    days_after_cure: int | None
    most_times: int | None = None


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters: `chalicelib/policies/sanctions/`. Days by the clock, holidays among them. What is not `offered` is off."""

    measures: Mapping[Measure, Terms]
    offered: tuple[Measure, ...]
    approve_days: int
    appeal_days: int
    decide_days: int
    no_contact_days: int


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is so of the loan at a moment. `cured_on`: nothing of it is overdue since. `red_alerts` are those that nobody has resolved, where they are the ground; there are none since `alerts_over_on`."""

    dpd: int = 0
    defaulted_on: date | None = None
    cured_on: date | None = None
    is_owed: bool = True
    is_paused: bool = False
    is_disputed: bool = False
    is_force_majeure: bool = False
    red_alerts: tuple[str, ...] = ()
    alerts_over_on: date | None = None

    def cured(self, ground: Ground) -> date | None:
        """Since when what a sanction is for is no more, if it is so."""
        return self.alerts_over_on if ground == "red_alert" else self.cured_on


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a sanction is decided on: the policy it pinned, and the facts, where they have been gathered."""

    policy: Policy
    facts: Facts = Facts()


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    by: Annotated[str, characters(100)]
    at: datetime
    is_legal: bool = False


class Appeal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The firm's, until `decide_by`. One for each sanction."""

    text: Annotated[str, characters(MOST_CHARACTERS)]
    at: datetime
    decide_by: datetime
    decided_at: datetime | None = None
    decided_by: Annotated[str, characters(100)] = ""
    outcome: Outcome | None = None
    note: Annotated[str, characters(MOST_CHARACTERS)] = ""

    @property
    def is_open(self) -> bool:
        return self.outcome is None


class Sanction(Versioned, frozen=True, kw_only=True, omit_defaults=True):
    """One sanction. `readers` are banks that were shown it and are told of its end, beside the loan's own.

    `due_at` is until when it has to be approved; `effective_at` is when it comes in force, `appeal_until` until when the firm may appeal,
    `expires_at` when it ends by itself.
    """

    id: str
    member_id: str
    bank_id: str
    loan_id: str
    measure: Measure
    ground: Ground
    reason: Annotated[str, characters(MOST_CHARACTERS)]
    evidence_ids: Annotated[tuple[Annotated[str, characters(64)], ...], most(MOST_EVIDENCE)]
    court_reference: Annotated[str, characters(100)] = ""
    bank_request: Annotated[str, characters(100)] = ""
    status: Status
    version: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    proposed_by: Annotated[str, characters(100)]
    approvals: Annotated[tuple[Approval, ...], most(2, why="no measure needs more")] = ()
    due_at: datetime | None = None
    noticed_at: datetime | None = None
    effective_at: datetime | None = None
    appeal_until: datetime | None = None
    appeal: Appeal | None = None
    in_force_at: datetime | None = None
    expires_at: datetime | None = None
    readers: Annotated[tuple[str, ...], most(MOST_READERS, why="partner banks, each once")] = ()
    ended_at: datetime | None = None
    why: Annotated[str, characters(MOST_CHARACTERS)] = ""

    @property
    def officers(self) -> frozenset[str]:
        """Who has proposed or approved it, and decides no appeal."""
        return frozenset({self.proposed_by, *(each.by for each in self.approvals)})

    @property
    def banks_informed(self) -> tuple[str, ...]:
        """The banks that know of it once it is in force."""
        return tuple(dict.fromkeys((self.bank_id, *self.readers)))


def block_of(sanction: Sanction, context: Context) -> Block | None:
    """What forbids the sanction now, if anything does."""
    facts = context.facts
    if facts.is_paused:
        return "hardship"
    if facts.is_disputed:
        return "dispute"
    if facts.is_force_majeure:
        return "force_majeure"
    return None if is_justified(sanction.measure, sanction.ground, context) else "ground_gone"


def is_justified(measure: Measure, ground: Ground, context: Context) -> bool:
    """Whether what the measure is for is so now, as far as facts say it: data and documents are for the officers who approve."""
    terms, facts = context.policy.measures[measure], context.facts
    if ground not in terms.grounds:
        return False
    if ground == "dpd":
        return facts.dpd >= terms.least_dpd
    if ground == "red_alert":
        return bool(facts.red_alerts)
    return facts.defaulted_on is not None if ground in ("default", "no_contact") else True

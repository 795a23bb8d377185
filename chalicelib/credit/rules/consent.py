"""A firm's consent: for what, which banks may see which of its data, and until when. Pure.

Statuses:

    live       given by a signer, and neither withdrawn nor over
    withdrawn  taken back by a signer: nothing leaves by it from that moment on
    expired    its time is over

A consent is never changed: a firm that wants another one gives another one. What was due under a contract before, such as repayments, goes on.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Final, Literal

import msgspec

from chalicelib.shared.bounds import NoRoom, most
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.journal import Event
from chalicelib.shared.periods import business_date, end_of_business_date
from chalicelib.shared.state_machine import Change, InvalidTransition, StateMachine, Table, Timer, Transition, Versioned
from chalicelib.shared.texts import say

Purpose = Literal["credit", "pre_offers", "publish_integrity"]
"""`credit`: applications, and what follows from them until a line ends; `pre_offers`: that the platform looks for what would suit the firm;
`publish_integrity`: that anybody may see the level of the firm's integrity index on its storefront."""
DataClass = Literal["profile", "persons", "exports", "deposits", "programme", "debts", "integrity", "activity", "score"]
"""The firm itself; its signers, controllers and holders; exports and the limit that follows; the deposit's history; what the programme of
protected trade shows; debts elsewhere; the integrity index; how its business goes while it owes, which alerts tell of; the score, with the points of each
attribute whatever they follow from. A draw takes `exports`, by which its limit is kept."""
Status = Literal["live", "withdrawn", "expired"]
Actor = Literal["firm", "officer"]

MOST_BANKS: Final = 20
TAKES: Final[dict[Purpose, DataClass]] = {"pre_offers": "exports", "publish_integrity": "integrity"}
"""Without which a consent to a purpose would be to nothing."""


class ConsentNotInThisStatus(InvalidTransition):
    code = "consent_not_in_this_status"
    title = "The consent does not allow that now."


class TooManyConsents(NoRoom):
    code = "too_many_consents"
    title = "The firm has no room for another live consent."
    fix = "Withdraw one that is not needed any more, or give one for several banks."


class ConsentTooLong(RuleViolation):
    code = "consent_too_long"
    title = "A consent ends sooner than that."
    fix = "Name a day from today until `latest`; it can be given again before it ends."


class ConsentNotForBanks(RuleViolation):
    code = "consent_not_for_banks"
    title = "A consent to credit names banks, and any other names none."
    fix = "Name the banks that may see the data, or leave them out: pre-offers are shown to the firm only, and a published level to everybody."


class ConsentToNothing(RuleViolation):
    code = "consent_to_nothing"
    title = "Nothing can be done for that purpose without a class of data that the consent leaves out."
    fix = "Name `missing` in data_classes too."


class ConsentMissing(RuleViolation):
    code = "consent_missing"
    title = "That takes a consent that is live now."
    fix = "Have a signer of the firm give consent: POST /v1/consents."


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The policy `consents`: for how long one can be given, and how many a firm has at a time."""

    most_days: int
    most_live: int


class Consent(Versioned, frozen=True, kw_only=True, omit_defaults=True):
    """One consent. `given_by` and `withdrawn_by` are persons of the firm. It covers its last day, `until`, which ends at `due_at`."""

    id: str
    firm_id: str
    purpose: Purpose
    bank_ids: Annotated[tuple[str, ...], most(MOST_BANKS, why="partner banks, each once")]
    data_classes: Annotated[tuple[DataClass, ...], most(9, why="each class once")]
    until: date
    due_at: datetime
    given_by: str
    status: Status
    version: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    withdrawn_by: str = ""
    ended_at: datetime | None = None

    def covers(self, bank_id: str, data_class: DataClass) -> bool:
        """Whether the bank may see data of that class by it."""
        return self.status == "live" and bank_id in self.bank_ids and data_class in self.data_classes


Context = tuple[()]
"""A consent is decided on by itself."""
ConsentChange = Change[Consent]

ENDS: Final[frozenset[Status]] = frozenset({"withdrawn", "expired"})
_LIVE: Final = frozenset[str]({"live"})


def _payload(consent: Consent) -> dict[str, object]:
    return {
        "firm_id": consent.firm_id,
        "purpose": consent.purpose,
        "bank_ids": list(consent.bank_ids),
        "data_classes": list(consent.data_classes),
        "until": consent.until.isoformat(),
    }


TABLE: Final = Table[Consent, Context](
    kind="consent",
    error=ConsentNotInThisStatus,
    ends=ENDS,
    payload=lambda was, consent: {"from": was.status, "to": consent.status, **_payload(consent)},
    transitions=(
        Transition("withdraw", _LIVE, frozenset({"firm"}), frozenset({"withdrawn"})),
        Transition("expire", _LIVE, frozenset({"clock"}), frozenset({"expired"})),
    ),
)


def given(
    consent_id: str,
    firm_id: str,
    purpose: Purpose,
    bank_ids: tuple[str, ...],
    data_classes: tuple[DataClass, ...],
    until: date,
    *,
    signer: str,
    policy: Policy,
    policy_hash: str,
    now: datetime,
) -> ConsentChange:
    """The first version. ConsentNotForBanks, ConsentToNothing and ConsentTooLong."""
    if bool(bank_ids) != (purpose == "credit"):
        raise ConsentNotForBanks(
            say("A consent to {purpose} names {count} banks.", purpose=purpose, count=len(bank_ids)), param="bank_ids"
        )
    if purpose in TAKES and (missing := TAKES[purpose]) not in data_classes:
        raise ConsentToNothing(
            say("A consent to {purpose} covers {missing}.", purpose=purpose, missing=missing),
            param="data_classes",
            missing=missing,
        )
    today = business_date(now)
    latest = today + timedelta(days=policy.most_days)
    if not today <= until <= latest:
        raise ConsentTooLong(
            say("{until} is not from {today} until {latest}.", until=until, today=today, latest=latest),
            param="until",
            earliest=str(today),
            latest=str(latest),
        )
    consent = Consent(
        id=consent_id,
        firm_id=firm_id,
        purpose=purpose,
        bank_ids=tuple(sorted(set(bank_ids))),
        data_classes=tuple(sorted(set(data_classes))),
        until=until,
        due_at=end_of_business_date(until),
        given_by=signer,
        status="live",
        version=1,
        created_at=now,
        updated_at=now,
        policy=policy_hash,
    )
    return ConsentChange(
        state=consent, event=Event("consent.given", {"to": "live", **_payload(consent)}, policy=policy_hash), at=now
    )


def withdraw(was: Consent, signer: str, now: datetime) -> ConsentChange:
    """Take it back. Banks that were named hear of it."""
    return TABLE.change(was, "withdraw", now, to="withdrawn", withdrawn_by=signer, ended_at=now)


def expire(was: Consent, context: Context, at: datetime) -> ConsentChange:
    return TABLE.change(was, "expire", at, to="expired", ended_at=at)


MACHINE: Final = StateMachine[Consent, Context](
    table=TABLE,
    timers=(Timer("consent_end", _LIVE, lambda consent, context: consent.due_at, "firm", "expired", expire),),
)

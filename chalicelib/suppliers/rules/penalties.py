"""Points against a supplier: what a reason is worth, how long it counts, and the one appeal there is against each. Pure.

    given -> expired                        after the policy's days; its points no longer count
    given -> lifted                         an officer took it back
    given -> appealed -> upheld | lifted    an officer decides in time; nobody waits for ever: undecided, it is lifted

Points count while an appeal is open. Source: points, steps and appeal of the programme's terms.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec.structs import replace

from chalicelib.shared import bounds
from chalicelib.shared.bounds import NoRoom, characters
from chalicelib.shared.errors import Conflict, NotFound, RuleViolation
from chalicelib.shared.periods import wire
from chalicelib.shared.texts import say
from chalicelib.suppliers.rules.qualification import PointTerms

UNDECIDED: Final = "The appeal was not decided in time."
"""What a penalty is lifted for when nobody decided its appeal."""

MOST_PENALTIES: Final = 20
"""So many are kept: those that count, and the last of those that no longer do."""
Penalties = tuple["Penalty", ...]
Outcome = Literal["open", "upheld", "lifted"]


class UnknownPenalty(RuleViolation):
    code = "unknown_penalty_reason"
    title = "The policy gives no points for that reason."
    fix = "Use one of `known`, or state the points."


class TooManyPenalties(NoRoom):
    code = "too_many_penalties"
    title = "So many penalties count against the supplier that one more changes nothing."
    fix = "Lift one, or let one expire: a supplier with so many is out of the programme."


class PenaltyGone(Conflict):
    code = "penalty_lifted"
    title = "That penalty was lifted already."
    fix = "Read the supplier: lifted penalties no longer count."


class PenaltyExpired(Conflict):
    code = "penalty_expired"
    title = "The points of that penalty have expired."
    fix = "Nothing needs to be done: expired points no longer count."


class AppealedBefore(Conflict):
    code = "appealed_before"
    title = "There is one appeal against a penalty, and it was made."
    fix = "Read the supplier: the appeal and what became of it stand with the penalty."


class NoAppeal(Conflict):
    code = "no_open_appeal"
    title = "There is no open appeal against that penalty."
    fix = "Only an appeal that waits for a decision can be turned down; to take a penalty back, lift it."


class Appeal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the supplier says against a penalty, and what became of it. An officer decides before `due_at`, or it succeeds."""

    text: Annotated[str, characters(2000)]
    appealed_at: datetime
    due_at: datetime
    outcome: Outcome = "open"
    decided_at: datetime | None = None
    decided_for: Annotated[str, characters(500)] = ""


class Penalty(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Points given for a reason. They count from `given_at` until, and not at, `expires_at`, unless they were lifted.

    `cause` is what they were given for where that was no officer's decision: a claim, say.
    """

    id: str
    reason: str
    points: int
    given_at: datetime
    expires_at: datetime
    note: Annotated[str, characters(500)] = ""
    cause: str = ""
    lifted_at: datetime | None = None
    lifted_for: Annotated[str, characters(500)] = ""
    appeal: Appeal | None = None

    def counts(self, at: datetime) -> bool:
        return self.lifted_at is None and self.given_at <= at < self.expires_at

    def may_be_appealed(self, at: datetime) -> bool:
        return self.counts(at) and self.appeal is None

    @property
    def decided_by(self) -> datetime | None:
        """When its open appeal succeeds by itself."""
        return self.appeal.due_at if self.appeal and self.appeal.outcome == "open" else None


def added(known: Penalties, penalty: Penalty, now: datetime) -> Penalties:
    """One more, in the place of the oldest that no longer counts where all places are taken. TooManyPenalties where all count."""
    if len(known) < MOST_PENALTIES:
        return (*known, penalty)
    ended = next((each for each in known if not each.counts(now) and each.decided_by is None), None)
    bounds.must_have_room([each for each in known if each is not ended], MOST_PENALTIES, TooManyPenalties)
    return (*(each for each in known if each is not ended), penalty)


def penalty(
    penalty_id: str, reason: str, points: int | None, note: str, terms: PointTerms, at: datetime, *, cause: str = ""
) -> Penalty:
    """A penalty worth what the policy gives for the reason, or `points` where an officer says so."""
    worth = terms.by_reason.get(reason) if points is None else points
    if worth is None:
        raise UnknownPenalty(
            say("{reason!r:.60} has no points.", reason=reason), param="reason", known=sorted(terms.by_reason)
        )
    expires = at + timedelta(days=terms.expire_days)
    return Penalty(id=penalty_id, reason=reason, points=worth, given_at=at, expires_at=expires, note=note, cause=cause)


def appealed(penalties: Penalties, penalty_id: str, text: str, terms: PointTerms, now: datetime) -> Penalties:
    """With the supplier's appeal: once, and before the points expire."""
    penalty = _standing(penalties, penalty_id)
    if penalty.appeal is not None:
        raise AppealedBefore(
            say(
                "{penalty_id} was appealed at {appealed_at}.",
                penalty_id=penalty_id,
                appealed_at=wire(penalty.appeal.appealed_at),
            )
        )
    if now >= penalty.expires_at:
        raise PenaltyExpired(
            say("{penalty_id} expired at {expires_at}.", penalty_id=penalty_id, expires_at=wire(penalty.expires_at)),
            due_at=wire(penalty.expires_at),
        )
    due = now + timedelta(days=terms.appeal_decide_days)
    return _with(penalties, replace(penalty, appeal=Appeal(text=text, appealed_at=now, due_at=due)))


def upheld(penalties: Penalties, penalty_id: str, reason: str, now: datetime) -> Penalties:
    """An appeal turned down: the points go on counting."""
    penalty = _standing(penalties, penalty_id)
    if penalty.decided_by is None:
        raise NoAppeal(say("{penalty_id} has no appeal that waits for a decision.", penalty_id=penalty_id))
    return _with(penalties, replace(penalty, appeal=_decided(penalty.appeal, "upheld", reason, now)))


def lifted(penalties: Penalties, penalty_id: str, reason: str, now: datetime) -> Penalties:
    """Taken back, on appeal or without one: its points count no longer."""
    penalty = _standing(penalties, penalty_id)
    appeal = _decided(penalty.appeal, "lifted", reason, now) if penalty.decided_by else penalty.appeal
    return _with(penalties, replace(penalty, lifted_at=now, lifted_for=reason, appeal=appeal))


def next_default(penalties: Iterable[Penalty]) -> Penalty | None:
    """The penalty whose open appeal succeeds by itself first, unless an officer decides."""
    waiting = [each for each in penalties if each.decided_by]
    return min(waiting, key=lambda each: (each.decided_by, each.id), default=None)


def counting(penalties: Iterable[Penalty], at: datetime) -> list[Penalty]:
    """Those that count, the first to expire first."""
    return sorted((each for each in penalties if each.counts(at)), key=lambda each: (each.expires_at, each.id))


def _standing(penalties: Penalties, penalty_id: str) -> Penalty:
    penalty = next((each for each in penalties if each.id == penalty_id), None)
    if penalty is None:
        raise NotFound(say("There is no penalty {penalty_id!r:.60}.", penalty_id=penalty_id))
    if penalty.lifted_at is not None:
        raise PenaltyGone(
            say("{penalty_id} was lifted at {lifted_at}.", penalty_id=penalty_id, lifted_at=wire(penalty.lifted_at))
        )
    return penalty


def _with(penalties: Penalties, changed: Penalty) -> Penalties:
    return tuple(changed if each.id == changed.id else each for each in penalties)


def _decided(appeal: Appeal | None, outcome: Outcome, reason: str, now: datetime) -> Appeal | None:
    return replace(appeal, outcome=outcome, decided_at=now, decided_for=reason) if appeal else None

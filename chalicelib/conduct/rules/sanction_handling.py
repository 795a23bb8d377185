"""What officers, the firm and the clock do to a sanction. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from chalicelib.conduct.rules import sanction as rules
from chalicelib.conduct.rules.sanction_transitions import TABLE, SanctionChange, counted
from chalicelib.shared.bounds import must_have_room
from chalicelib.shared.journal import Event
from chalicelib.shared.periods import start_of
from chalicelib.shared.texts import Text, say

WHY: Final[dict[rules.Block, Text]] = {
    "hardship": say("The loan is paused for hardship, or a pause has been asked for."),
    "dispute": say("A complaint or a hardship about the loan is not answered."),
    "force_majeure": say("An event that nobody could help is declared for the firm's region."),
    "ground_gone": say("What it was proposed for is not so any more."),
}


def proposed(
    sanction_id: str,
    member_id: str,
    bank_id: str,
    loan_id: str,
    measure: rules.Measure,
    ground: rules.Ground,
    *,
    reason: str,
    evidence_ids: tuple[str, ...],
    court_reference: str,
    bank_request: str,
    by: str,
    context: rules.Context,
    policy_hash: str,
    now: datetime,
    before: Sequence[rules.Sanction] = (),
) -> SanctionChange:
    """The first version. SanctionRefused where the measure is not offered or not for that, or `before` it were too many, SanctionBlocked where it is forbidden now."""
    sanction = rules.Sanction(
        id=sanction_id,
        member_id=member_id,
        bank_id=bank_id,
        loan_id=loan_id,
        measure=measure,
        ground=ground,
        reason=reason,
        evidence_ids=evidence_ids,
        court_reference=court_reference,
        bank_request=bank_request,
        status="proposed",
        version=1,
        created_at=now,
        updated_at=now,
        policy=policy_hash,
        proposed_by=by,
        due_at=now + timedelta(days=context.policy.approve_days),
    )
    _require_justified(sanction, context, now)
    _require_not_too_often(sanction, context, before)
    payload = {"to": "proposed", "member_id": member_id, "loan_id": loan_id, "measure": measure, "ground": ground}
    return SanctionChange(
        state=sanction,
        event=Event("sanction.proposed", {**payload, "private": {"reason": reason}}, policy=policy_hash),
        at=now,
        effects=(counted(sanction, "proposed", now),),
    )


def approve(was: rules.Sanction, context: rules.Context, officer: str, is_legal: bool, now: datetime) -> SanctionChange:
    """By somebody else. With the last approval that it needs, the firm has notice, and may appeal."""
    if officer in was.officers:
        raise rules.NotByTheSame("Whoever has proposed or approved it does not approve it again.")
    _require_unblocked(was, context)
    terms = context.policy.measures[was.measure]
    approvals = (*was.approvals, rules.Approval(by=officer, at=now, is_legal=is_legal))
    is_last = len(approvals) == terms.approvals
    if is_last and terms.legal and not any(each.is_legal for each in approvals):
        raise rules.NotByTheSame(
            "One of those who approve it has the duty `legal`.", fix="Ask an officer with that duty."
        )
    payload: dict[str, Any] = {"private": {"officer": officer}}
    if not is_last:
        return TABLE.change(was, "approve", now, event="approved", approvals=approvals, payload=payload)
    appeal_until = now + timedelta(days=context.policy.appeal_days)
    effective_at = appeal_until if terms.waits_for_appeal else now + timedelta(days=terms.notice_days)
    payload |= {"reason": was.reason, "appeal_until": appeal_until, "effective_at": effective_at}
    return TABLE.change(
        was,
        "approve",
        now,
        to="noticed",
        approvals=approvals,
        due_at=None,
        noticed_at=now,
        appeal_until=appeal_until,
        effective_at=effective_at,
        payload=payload,
    )


def withdraw(was: rules.Sanction, now: datetime) -> SanctionChange:
    return TABLE.change(was, "withdraw", now, to="withdrawn", due_at=None, ended_at=now)


def lapse(was: rules.Sanction, context: rules.Context, at: datetime) -> SanctionChange:
    """Not enough officers have approved it in time."""
    return TABLE.change(was, "lapse", at, to="lapsed", due_at=None, ended_at=at)


def appeal(was: rules.Sanction, context: rules.Context, text: str, now: datetime) -> SanctionChange:
    """The firm says why it is wrong. What waits for the appeal does not come in force before it is decided."""
    waits = context.policy.measures[was.measure].waits_for_appeal
    given = rules.Appeal(text=text, at=now, decide_by=now + timedelta(days=context.policy.decide_days))
    return TABLE.change(
        was,
        "appeal",
        now,
        event="appealed",
        status="appealed" if waits else was.status,
        appeal=given,
        payload={"text": text, "decide_by": given.decide_by},
    )


def decide_appeal(
    was: rules.Sanction, context: rules.Context, officer: str, outcome: rules.Outcome, note: str, now: datetime
) -> SanctionChange:
    """By somebody new. Where it is overturned, everybody who was told is told so."""
    assert was.appeal is not None, "there is an appeal to decide"
    if officer in was.officers:
        raise rules.NotByTheSame("Whoever has proposed or approved it does not decide the appeal.")
    decided = replace(was.appeal, outcome=outcome, note=note, decided_at=now, decided_by=officer)
    payload = {"outcome": outcome, "note": note, "private": {"officer": officer}}
    if outcome == "overturned":
        return _overturned(was, "decide-appeal", decided, note, now, payload)
    if was.status != "appealed":
        return TABLE.change(was, "decide-appeal", now, event="upheld", appeal=decided, payload=payload)
    _require_unblocked(was, context)
    return TABLE.change(
        was, "decide-appeal", now, event="took_effect", appeal=decided, payload=payload, **_in_force(was, context, now)
    )


def overturn(was: rules.Sanction, context: rules.Context, at: datetime) -> SanctionChange:
    """Nobody has decided the appeal in time: it is the firm's. What officers could not bring in force, since it is forbidden, was not wrong: it is dropped."""
    assert was.appeal is not None, "there is an appeal to decide"
    if was.status == "appealed" and (block := rules.block_of(was, context)):
        return _dropped(was, "overturn", block, at)
    decided = replace(was.appeal, outcome="overturned", decided_at=at)
    return _overturned(was, "overturn", decided, "The appeal was not decided in time.", at, {"outcome": "overturned"})


def take_effect(was: rules.Sanction, context: rules.Context, at: datetime) -> SanctionChange:
    """The notice is over. What is forbidden by now, or has lost its ground, is dropped."""
    if block := rules.block_of(was, context):
        return _dropped(was, "take_effect", block, at)
    return TABLE.change(was, "take_effect", at, event="took_effect", **_in_force(was, context, at))


def lift(was: rules.Sanction, note: str, now: datetime) -> SanctionChange:
    """An officer ends it, and everybody who was told is told so."""
    return TABLE.change(was, "lift", now, to="lifted", why=note, ended_at=now, payload={"note": note})


def follow_loan(was: rules.Sanction, context: rules.Context, now: datetime) -> SanctionChange | None:
    """When it ends, by the loan as it stands: so many days after a cure, which is no cure any more when the loan is late again."""
    if was.status != "in_force":
        return None
    expires_at = _end(was, context, was.in_force_at or now)
    if expires_at == was.expires_at:
        return None
    return TABLE.change(was, "set_end", now, event="end_set", expires_at=expires_at, payload={"expires_at": expires_at})


def expire(was: rules.Sanction, context: rules.Context, at: datetime) -> SanctionChange:
    return TABLE.change(was, "expire", at, to="expired", ended_at=at)


def show_bank(was: rules.Sanction, bank_id: str, purpose: str, now: datetime) -> SanctionChange:
    """A partner bank reads of it, and says what for. It will hear of its end."""
    readers = was.readers
    if bank_id not in was.banks_informed:
        must_have_room(readers, rules.MOST_READERS, rules.TooManyReaders)
        readers = (*readers, bank_id)
    return TABLE.change(
        was, "show_bank", now, event="read", readers=readers, payload={"read_by": bank_id, "purpose": purpose}
    )


def _require_justified(sanction: rules.Sanction, context: rules.Context, now: datetime) -> None:
    policy = context.policy
    if sanction.measure not in policy.offered:
        raise rules.SanctionRefused(say("The measure {measure} is off.", measure=sanction.measure), param="measure")
    _require_unblocked(sanction, context, but="ground_gone")
    if not rules.is_justified(sanction.measure, sanction.ground, context):
        raise rules.SanctionRefused(
            say(
                "{ground} is no ground for {measure} as the loan stands.",
                ground=sanction.ground,
                measure=sanction.measure,
            ),
            param="ground",
            grounds=list(policy.measures[sanction.measure].grounds),
            least_dpd=policy.measures[sanction.measure].least_dpd,
        )
    since = context.facts.defaulted_on
    if sanction.ground == "no_contact" and since and now < start_of(since + timedelta(days=policy.no_contact_days)):
        raise rules.SanctionRefused(
            say("The loan is in default since {since}: that is not long enough.", since=since), param="ground"
        )
    if sanction.ground == "red_alert" and not {*sanction.evidence_ids} & {*context.facts.red_alerts}:
        raise rules.SanctionRefused(
            "The evidence names no red alert of the loan.",
            param="evidence_ids",
            red_alerts=list(context.facts.red_alerts),
        )
    if sanction.ground == "court_document" and not (sanction.court_reference and sanction.bank_request):
        raise rules.SanctionRefused("It takes a court's reference and the bank's request.", param="court_reference")


def _require_unblocked(sanction: rules.Sanction, context: rules.Context, but: rules.Block | None = None) -> None:
    block = rules.block_of(sanction, context)
    if block and block != but:
        raise rules.SanctionBlocked(WHY[block], block=block)


def _require_not_too_often(sanction: rules.Sanction, context: rules.Context, before: Sequence[rules.Sanction]) -> None:
    """One that was overturned is as if it had never been, and one that never came in force has cost nobody anything."""
    most = context.policy.measures[sanction.measure].most_times
    times = sum(each.in_force_at is not None and each.status != "overturned" for each in before)
    if most is not None and times >= most:
        raise rules.SanctionRefused(
            say("It has been in force for this loan {times} times, which is the most.", times=times), param="measure"
        )


def _dropped(was: rules.Sanction, name: str, block: rules.Block, at: datetime) -> SanctionChange:
    why = str(WHY[block])
    return TABLE.change(was, name, at, to="dropped", why=why, ended_at=at, payload={"why": why})


def _in_force(was: rules.Sanction, context: rules.Context, at: datetime) -> dict[str, Any]:
    return {"status": "in_force", "in_force_at": at, "expires_at": _end(was, context, at)}


def _end(was: rules.Sanction, context: rules.Context, in_force_at: datetime) -> datetime:
    terms, cured_on = context.policy.measures[was.measure], context.facts.cured(was.ground)
    latest = in_force_at + timedelta(days=terms.most_days)
    if cured_on is None or terms.days_after_cure is None:
        return latest
    return min(latest, max(in_force_at, _start(cured_on, terms.days_after_cure)))


def _start(day: date, days: int) -> datetime:
    return start_of(day + timedelta(days=days))


def _overturned(
    was: rules.Sanction, name: str, decided: rules.Appeal, why: str, at: datetime, payload: dict[str, Any]
) -> SanctionChange:
    """Wrong from the start. `apologises`: it was in force."""
    payload |= {"apologises": was.in_force_at is not None}
    return TABLE.change(was, name, at, to="overturned", appeal=decided, why=why, ended_at=at, payload=payload)

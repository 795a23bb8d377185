"""What members and the bank do about a group's rule sheet: propose, answer the briefing, accept an exposure, sign, and thereby seal. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from chalicelib.groups.rules import rule_sheet
from chalicelib.groups.rules.group import Context, Group, Seat
from chalicelib.groups.rules.guarantee import Guarantee, Guarantor
from chalicelib.groups.rules.sales import level
from chalicelib.groups.rules.transitions import TABLE, GroupChange
from chalicelib.shared.bounds import NoRoom, must_have_room
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.periods import business_date, end_of_business_date, wire
from chalicelib.shared.state_machine import Effect
from chalicelib.shared.texts import say
from chalicelib.shared.views import view_of

MOST_SHEETS: Final = 200


class TooManySheets(NoRoom):
    code = "too_many_rule_sheets"
    title = "The group has proposed as many rule sheets as it may."
    fix = "Sign the one that is proposed, or found another group."


class NoSheetToSign(Conflict):
    code = "no_rule_sheet_to_sign"
    title = "No rule sheet is being signed."
    fix = "Propose one for the members there are: POST /v1/guarantee-groups/{group_id}/rule-sheets."


class SheetNotInForce(Conflict):
    code = "rule_sheet_not_in_force"
    title = "That is not the rule sheet that is being signed."
    fix = "Read the group: sign the version `sheet_version`, whose hash is `document_sha256`."


class AlreadySigned(Conflict):
    code = "rule_sheet_already_signed"
    title = "The member has signed this rule sheet."
    fix = "Wait for the others."


class AlreadyBriefed(Conflict):
    code = "briefing_already_passed"
    title = "The briefing about this rule sheet is passed."
    fix = "Sign the rule sheet."


class TooManyAttempts(NoRoom):
    code = "too_many_briefing_attempts"
    title = "The briefing was tried as often as one day allows."
    fix = "Look at GET /v1/guarantee-groups/{group_id}/exposure, and try again from `again_at` on."


class BriefingNotPassed(RuleViolation):
    code = "briefing_not_passed"
    title = "A signature counts only after the briefing about this very rule sheet."
    fix = "Answer the five questions about your own numbers: GET and POST /v1/guarantee-groups/{group_id}/briefing."


class ExposureTooHigh(RuleViolation):
    code = "exposure_too_high"
    title = "The member's worst case is too much for its sales."
    fix = "Agree lower limits or caps, or let the bank accept it: group.exposure_accepted."


class NotAMembersSeat(RuleViolation):
    code = "not_a_members_seat"
    title = "Nobody who signs has that seat."
    fix = "Name the seat of a member; a firm that is to come signs the sheet that is proposed once it has come."


class KeepSheet(Effect, frozen=True, kw_only=True):
    """A version of a sheet is kept for ever, beside its group."""

    group_id: str
    version: rule_sheet.SheetVersion

    @property
    def target(self) -> str:
        return f"{self.group_id}:{self.version.number}"


class SealSheet(Effect, frozen=True, kw_only=True):
    """The seal is kept with its version."""

    group_id: str
    seal: rule_sheet.SheetSeal

    @property
    def target(self) -> str:
        return f"{self.group_id}:{self.seal.number}"


def propose(
    was: Group, by: int, sheet: rule_sheet.RuleSheet, bounds: rule_sheet.SheetBounds, now: datetime
) -> GroupChange:
    """Another version, for the members there are. It takes the place of the one that was being signed, and all sign anew."""
    must_have_room(was.sheets, MOST_SHEETS, TooManySheets)
    rule_sheet.require_valid(sheet, [seat.number for seat in was.members], bounds)
    version = rule_sheet.proposed(was.id, was.list_sha256, was.sheets + 1, sheet, by=by, now=now)
    return TABLE.change(
        was,
        "draft",
        now,
        event="sheet_proposed",
        sheets=version.number,
        draft_version=version.number,
        draft_sha256=version.sha256,
        effects=(KeepSheet(group_id=was.id, version=version),),
        payload={
            "seat": by,
            "sheet_version": version.number,
            "document_sha256": version.sha256,
            "list_sha256": version.list_sha256,
            "mode": sheet.mode,
        },
    )


def require_draft(was: Group) -> None:
    """NoSheetToSign where no sheet is being signed."""
    if not was.draft_sha256:
        raise NoSheetToSign("Nothing is proposed for the members there are.", list_sha256=was.list_sha256)


def require_in_force(was: Group, sha256: str, number: str = "") -> None:
    """NoSheetToSign, or SheetNotInForce where a hash, or a number beside it, is not that of the sheet which is being signed."""
    require_draft(was)
    if sha256 != was.draft_sha256 or number not in ("", str(was.draft_version)):
        raise SheetNotInForce(
            say("Version {draft_version} is being signed.", draft_version=was.draft_version),
            param="document_sha256",
            sheet_version=was.draft_version,
            document_sha256=was.draft_sha256,
        )


def brief(
    was: Group, seat: Seat, right: tuple[bool, ...], bounds: rule_sheet.SheetBounds, now: datetime
) -> GroupChange:
    """A member has answered the questions about its own numbers under the sheet that is being signed."""
    if seat.is_briefed(was.draft_sha256):
        raise AlreadyBriefed(say("Seat {number} has passed.", number=seat.number), seat=seat.number)
    attempt = _attempts(seat, now)
    again_at = wire(end_of_business_date(business_date(now)))
    must_have_room(attempt, bounds.attempts_a_day, TooManyAttempts, again_at=again_at)
    briefing = rule_sheet.Briefing(sha256=was.draft_sha256, at=now, attempt=attempt + 1, right=right)
    return TABLE.change(
        was,
        "brief",
        now,
        event="briefing_passed" if briefing.is_passed else "briefing_failed",
        seats=was.seats_with(replace(seat, briefing=briefing)),
        payload={
            "seat": seat.number,
            "document_sha256": was.draft_sha256,
            "attempt": briefing.attempt,
            "right": sum(right),
        },
    )


def attempts_left(seat: Seat, bounds: rule_sheet.SheetBounds, now: datetime) -> int:
    """How often a member may still try on this date."""
    return max(0, bounds.attempts_a_day - _attempts(seat, now))


def accept_exposure(was: Group, number: int, sha256: str, reason: str, now: datetime) -> GroupChange:
    """The bank lets a member sign in spite of its worst case under the sheet that is being signed. NotAMembersSeat."""
    require_in_force(was, sha256)
    seat = was.seat(number)
    if seat is None or seat not in was.members:
        raise NotAMembersSeat(say("Seat {number} is no member's.", number=number), param="seat")
    accepted = rule_sheet.AcceptedExposure(sha256=was.draft_sha256, reason=reason, at=now)
    return TABLE.change(
        was,
        "override",
        now,
        event="exposure_accepted",
        seats=was.seats_with(replace(seat, accepted_exposure=accepted)),
        payload={"seat": seat.number, "document_sha256": was.draft_sha256, "reason": reason},
    )


def sign(
    was: Group,
    context: Context,
    seat: Seat,
    sheet: rule_sheet.RuleSheet,
    *,
    by: str,
    worst_minor: int,
    sales_minor: int,
    now: datetime,
) -> GroupChange:
    """A member signs the sheet that is being signed, knowing its worst case. The last signature puts it in force.

    BriefingNotPassed, ExposureTooHigh, AlreadySigned.
    """
    if seat.has_signed(was.draft_sha256):
        raise AlreadySigned(
            say(
                "Seat {number} has signed version {draft_version}.", number=seat.number, draft_version=was.draft_version
            ),
            seat=seat.number,
        )
    if not seat.is_briefed(was.draft_sha256):
        raise BriefingNotPassed(
            say("Seat {number} has not answered all five rightly.", number=seat.number), seat=seat.number
        )
    accepted = seat.accepted_exposure
    if level(worst_minor, sales_minor, sheet) == "stop" and (accepted is None or accepted.sha256 != was.draft_sha256):
        raise ExposureTooHigh(
            "The worst case passes the stop of the sheet.", seat=seat.number, maximum_bp=sheet.stop_bp
        )
    signature = rule_sheet.SheetSignature(
        seat=seat.number,
        by=by,
        sha256=was.draft_sha256,
        at=now,
        worst_minor=worst_minor,
        sales_minor=sales_minor,
    )
    return in_force_if_complete(
        was,
        "sign",
        context,
        now,
        seats=was.seats_with(replace(seat, signature=signature)),
        event="sheet_signed",
        payload={
            "seat": seat.number,
            "sheet_version": was.draft_version,
            "document_sha256": was.draft_sha256,
        },
    )


def in_force_if_complete(
    was: Group, action: str, context: Context, now: datetime, *, event: str, payload: dict[str, Any], **fields: Any
) -> GroupChange:
    """A change after which all may have attested and signed: then the sheet is in force, and a group that was vetting is sealed.

    Draws and agreements from then on are under this sheet; loans stay under the one they were drawn under.
    """
    after, is_first = replace(was, **fields), was.sealed_at is None
    if not after.is_complete:
        return TABLE.change(was, action, now, event=event, payload=payload, **fields)
    signatures = [seat.signature for seat in after.members if seat.signature]
    seal = rule_sheet.sealed(was.list_sha256, was.draft_sha256, was.draft_version, signatures, now)
    in_force = replace(
        after,
        sheet_version=was.draft_version,
        sheet_sha256=was.draft_sha256,
        sheet_list_sha256=was.list_sha256,
        sealed_sha256=seal.sha256,
        draft_version=0,
        draft_sha256="",
    )
    if is_first:
        due_at = now + timedelta(days=context.policy.first_draw_days)
        seats = tuple(replace(seat, status="sealed_in") if seat.is_standing else seat for seat in after.seats)
        in_force = replace(in_force, status="sealed", seats=seats, sealed_at=now, due_at=due_at)
    return TABLE.change(
        was,
        action,
        now,
        event="sealed" if is_first else "sheet_in_force",
        state=in_force,
        effects=(SealSheet(group_id=was.id, seal=seal),),
        payload={
            **payload,
            "sheet_version": was.draft_version,
            "document_sha256": was.draft_sha256,
            "list_sha256": was.list_sha256,
            "sealed_sha256": seal.sha256,
            "seats": [{"seat": seat.number, "member_id": seat.member_id} for seat in after.members],
        },
    )


def guarantee_of(group: Group, version: rule_sheet.SheetVersion, debtor: int) -> Guarantee:
    """What a credit line of the seat `debtor` keeps of the version in force: who answers for it, and how far."""
    sheet = version.sheet
    return view_of(
        Guarantee,
        sheet,
        group_id=group.id,
        seat=debtor,
        sheet_version=version.number,
        sheet_sha256=version.sha256,
        guarantors=tuple(
            Guarantor(
                seat=seat.number,
                member_id=seat.member_id,
                limit_minor=sheet.of(seat.number).limit_minor,
                cap_minor=sheet.of(seat.number).cap_minor,
            )
            for seat in group.members
            if seat.number != debtor
        ),
        until_months=sheet.guarantee_months,
    )


def _attempts(seat: Seat, now: datetime) -> int:
    """How often a member has tried the briefing on this date, under whichever sheet."""
    last = seat.briefing
    return last.attempt if last and business_date(last.at) == business_date(now) else 0

"""What banks tell of groups: whether a change of who stands together may be. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from msgspec import Meta

from chalicelib.banks.rules.protocol import BankMessage, InboundType
from chalicelib.groups.rules import proposing, sheet_handling
from chalicelib.groups.rules.group import MOST_NOTE, MOST_SEATS, Context, Group
from chalicelib.groups.rules.rule_sheet import MOST_REASON
from chalicelib.groups.rules.transitions import TABLE, GroupChange

AnId = Annotated[str, Meta(min_length=1, max_length=64)]


class ChangeApproved(BankMessage, frozen=True, kw_only=True):
    """`proposal_id` is that of `group.change_requested`."""

    group_id: AnId
    proposal_id: AnId


class ChangeRefused(ChangeApproved, frozen=True, kw_only=True):
    """The members read the reason."""

    reason: Annotated[str, Meta(min_length=1, max_length=MOST_NOTE)]


class ExposureAccepted(BankMessage, frozen=True, kw_only=True):
    """The member on a seat may sign the sheet with that hash, though its worst case is above the stop. The member reads the reason."""

    group_id: AnId
    seat: Annotated[int, Meta(ge=1, le=MOST_SEATS)]
    document_sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    reason: Annotated[str, Meta(min_length=1, max_length=MOST_REASON)]


APPROVED: Final = InboundType("group.change_approved", ChangeApproved, "group", lambda event: event.group_id)
REFUSED: Final = InboundType("group.change_refused", ChangeRefused, "group", lambda event: event.group_id)

EXPOSURE_ACCEPTED: Final = InboundType(
    "group.exposure_accepted", ExposureAccepted, "group", lambda event: event.group_id
)


def approved(was: Group, context: Context, event: ChangeApproved, bank_id: str, now: datetime) -> GroupChange:
    TABLE.require("approve_change", was, "bank", context, now)
    return proposing.approve(was, context, event.proposal_id, now)


def refused(was: Group, context: Context, event: ChangeRefused, bank_id: str, now: datetime) -> GroupChange:
    TABLE.require("refuse_change", was, "bank", context, now)
    return proposing.refuse(was, event.proposal_id, event.reason, now)


def exposure_accepted(
    was: Group, context: Context, event: ExposureAccepted, bank_id: str, now: datetime
) -> GroupChange:
    TABLE.require("override", was, "bank", context, now)
    return sheet_handling.accept_exposure(was, event.seat, event.document_sha256, event.reason, now)

"""What banks tell of groups: whether a change of who stands together may be. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from msgspec import Meta

from chalicelib.banks.rules.protocol import InboundType, Told
from chalicelib.groups.rules import proposing
from chalicelib.groups.rules.group import MOST_NOTE, Context, Group
from chalicelib.groups.rules.transitions import TABLE, GroupChange

AnId = Annotated[str, Meta(min_length=1, max_length=64)]


class ChangeApproved(Told, frozen=True, kw_only=True):
    """`proposal_id` is that of `group.change_requested`."""

    group_id: AnId
    proposal_id: AnId


class ChangeRefused(ChangeApproved, frozen=True, kw_only=True):
    """The members read the reason."""

    reason: Annotated[str, Meta(min_length=1, max_length=MOST_NOTE)]


APPROVED: Final = InboundType("group.change_approved", ChangeApproved, "group", lambda event: event.group_id)
REFUSED: Final = InboundType("group.change_refused", ChangeRefused, "group", lambda event: event.group_id)


def approved(was: Group, context: Context, event: ChangeApproved, bank_id: str, now: datetime) -> GroupChange:
    TABLE.require("approve_change", was, "bank", context, now)
    return proposing.approve(was, context, event.proposal_id, now)


def refused(was: Group, context: Context, event: ChangeRefused, bank_id: str, now: datetime) -> GroupChange:
    TABLE.require("refuse_change", was, "bank", context, now)
    return proposing.refuse(was, event.proposal_id, event.reason, now)

"""What members, officers and banks send about groups."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.groups.rules.group import MOST_NOTE, MOST_SEATS, Answer, Looked, Status
from chalicelib.shared.pages import Waiting
from chalicelib.shared.text import one_line, prose

MemberId = Annotated[str, Meta(min_length=1, max_length=64)]
SeatNumber = Annotated[int, Meta(ge=1, le=MOST_SEATS)]
LookedAt = Annotated[list[Looked], Meta(max_length=6)]


class FoundRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A group under a bank's product whose loans members guarantee for each other. `name` is for the members."""

    product_id: Annotated[str, Meta(min_length=1, max_length=64)]
    name: Annotated[str, one_line(100)]


class InviteRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    member_id: MemberId


class AttestRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whether you stand for the member on `seat`, and what you have looked at. Who refuses leaves the group; nobody else does."""

    seat: SeatNumber
    answer: Answer
    looked_at: LookedAt = []


class ReplaceRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The firm `member_id` is to take the place of whoever has `seat`."""

    seat: SeatNumber
    member_id: MemberId


class ConsentToChangeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of a replacement: what you have looked at of the firm that comes, unless it is you who leaves."""

    looked_at: LookedAt = []


class GroupReasonRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why: the members read it."""

    reason: Annotated[str, prose(MOST_NOTE, least=1)]


class GroupsQuery(Waiting, frozen=True, kw_only=True):
    """Your own, those of a status where it is named; a bank's own; for officers all, or those of a bank or a member."""

    status: Status | None = None
    bank_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    member_id: MemberId | None = None

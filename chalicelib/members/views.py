"""What clients send and see of members."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

import msgspec

from chalicelib.members.rules import Member
from chalicelib.shared.pages import Paging
from chalicelib.shared.text import one_line
from chalicelib.shared.views import view_of

_ID: Final = "mem_[0-9A-HJKMNP-TV-Z]{26}"


class MemberRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A company or shop to register."""

    external_ref: Annotated[str, msgspec.Meta(pattern="^[!-~]{1,64}$")]
    """The marketplace's own identifier: 1 to 64 visible ASCII characters, once and for ever."""
    name: Annotated[str, one_line(200)]
    """As it is shown to people: printable, blanks are folded."""
    country: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")]
    """ISO 3166-1 alpha-2."""
    zone: Annotated[str, msgspec.Meta(max_length=60)] = "Asia/Shanghai"
    """IANA time zone its contract dates are meant in."""


class MembersQuery(Paging, frozen=True, kw_only=True):
    external_ref: Annotated[str, msgspec.Meta(pattern="^[!-~]{1,64}$")] | None = None
    """Only the member this marketplace's identifier belongs to."""
    ids: Annotated[str, msgspec.Meta(pattern=rf"^{_ID}(,{_ID}){{0,99}}$(?!\n)")] | None = None
    """Only the members with these ids, up to 100 with commas between them. Officers find any, a member itself."""


class MemberView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    version: int
    status: str
    external_ref: str
    name: str
    country: str
    zone: str
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[str]


def view(member: Member) -> MemberView:
    return view_of(MemberView, member, status="registered", allowed_actions=[], deadlines=[])

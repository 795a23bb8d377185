"""A nomination as its agency, officers and the supplier see it, and what they send."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.channels.rules import nomination as rules
from chalicelib.channels.rules.nomination_machine import MACHINE
from chalicelib.channels.rules.policy import Context
from chalicelib.channels.views.channel import Category
from chalicelib.shared.documents import DocumentStatus, FileRequest
from chalicelib.shared.files import UploadForm
from chalicelib.shared.pages import Waiting
from chalicelib.shared.ranges import BookMoment
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.text import one_line, prose
from chalicelib.shared.views import view_of

Name = Annotated[str, one_line(200)]
Id = Annotated[str, Meta(min_length=1, max_length=64)]


class OfficeView(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the firm is reached on business: a mailbox and a telephone of its office, and of nobody by name."""

    mailbox: Annotated[str, Meta(pattern="^[!-?A-~]+@[!-?A-~]+$(?!\n)", max_length=254)]
    """A mailbox of the office."""
    telephone: Annotated[str, Meta(pattern="^[+0-9 ()-]{0,40}$(?!\n)")] = ""
    """A telephone of the office."""


class DetailsRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an agency says of a supplier. `member_id` is the supplier where it is a member of the marketplace already."""

    legal_name: Name
    """In the local script, as it is registered."""
    romanised_name: Name
    """The firm's name in Latin letters."""
    registration_number: Annotated[str, one_line(60)]
    """The number the firm is registered under in its country."""
    categories: Annotated[list[Category], Meta(min_length=1, max_length=rules.MOST_CATEGORIES)]
    """What it sells, by categories of the channel."""
    office: OfficeView
    """How its office is reached."""
    vouching: Annotated[str, prose(rules.MOST_CHARACTERS, least=1)]
    """Why the agency vouches for it."""
    member_id: Annotated[str, Meta(max_length=64)] = ""
    """The member it is, where it is one already."""


class NominateRequest(DetailsRequest, frozen=True, forbid_unknown_fields=True, kw_only=True):
    proposed_until: BookMoment | None = None
    """Until when the proposal stands; as long as the policy says, where it is left out."""


class CheckRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    member_id: Annotated[str, Meta(max_length=64)] = ""
    """The supplier as a member, where the agency did not say. Without one it is checked, and invited when a member is named."""


class WhyRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Annotated[str, prose(rules.MOST_CHARACTERS)] = ""
    """Why, in words that those concerned read."""


class ReturnRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Annotated[str, prose(rules.MOST_CHARACTERS, least=1)]
    """What has to be mended, for the agency."""


class DocumentRequest(FileRequest, frozen=True, forbid_unknown_fields=True, kw_only=True):
    kind: rules.DocumentKind
    """What the document is."""


class NominationsQuery(Waiting, frozen=True, kw_only=True):
    """An agency sees its own, a member those that invite it. `name` is a name in the local script or romanised, however it is encoded."""

    status: rules.Status | None = None
    """Only those in this status."""
    channel_id: Id | None = None
    """The channel, by its id."""
    name: Annotated[str, one_line(200)] | None = None
    """A name in the local script or romanised, however it is typed."""


class DocumentView(msgspec.Struct, frozen=True, kw_only=True):
    """`status` is `awaited` until the file has come, `kept` if it was what was announced, else `refused`."""

    id: str
    kind: rules.DocumentKind
    status: DocumentStatus
    media_type: str
    sha256: str
    size: int
    announced_at: datetime


class NominationView(msgspec.Struct, frozen=True, kw_only=True):
    """A supplier that an agency names for a channel and vouches for. The first of `deadlines` says who has to do something until when."""

    id: str
    version: int
    channel_id: str
    agency_id: str
    country: str
    legal_name: str
    romanised_name: str
    registration_number: str
    categories: list[str]
    office: OfficeView
    vouching: str
    member_id: str | None
    membership_id: str | None
    status: rules.Status
    reason: str | None
    until: datetime
    check_due_at: datetime | None
    escalated_at: datetime | None
    documents: list[DocumentView]
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]


class DocumentAnnounced(msgspec.Struct, frozen=True, kw_only=True):
    """A document that is awaited. `upload` is a form that takes exactly that file, for an hour."""

    nomination: NominationView
    document_id: str
    upload: UploadForm | None = None


def view(nomination: rules.Nomination, context: Context, actor: rules.Actor, now: datetime) -> NominationView:
    details = nomination.details
    return view_of(
        NominationView,
        nomination,
        legal_name=details.legal_name,
        romanised_name=details.romanised_name,
        registration_number=details.registration_number,
        categories=list(details.categories),
        office=view_of(OfficeView, details.office),
        vouching=details.vouching,
        member_id=nomination.member_id or details.member_id or None,
        **MACHINE.offer(nomination, actor, context, now),
    )

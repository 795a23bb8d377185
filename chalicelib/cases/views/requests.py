"""What customers and officers send about cases."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.cases.rules.case import MOST_CHARACTERS, Decision, Kind, Status, Subject
from chalicelib.shared.pages import Waiting
from chalicelib.shared.text import one_line, prose

Text = Annotated[str, prose(MOST_CHARACTERS, least=1)]
MemberId = Annotated[str, Meta(min_length=1, max_length=64)]
Officer = Annotated[str, Meta(min_length=1, max_length=100)]


class OpenRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`about` is what it concerns, which the customer can see. An officer opens a case for the member `customer_id`, or, without one, for officers only."""

    kind: Kind
    """A question, a complaint or a hardship."""
    about: Subject
    """What it concerns."""
    subject: Annotated[str, one_line(200)]
    """The matter in a line."""
    text: Text
    """What there is to say, in words."""
    customer_id: MemberId | None = None
    """The member it is opened for; officers name one."""


class MessageRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: Text
    """What there is to say, in words."""


class AssignRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    owner: Officer | None = None
    """The officer who is to see to it; whoever asks, where none is named."""


class ResolveRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    outcome: Decision
    """What came of it."""
    text: Text
    """The decision in words that the customer reads."""


class CasesQuery(Waiting, frozen=True, kw_only=True):
    """For officers: all, or those of a status, an owner or a customer, or about one thing. A customer sees its own."""

    status: Status | None = None
    """Only those in this status."""
    owner: Officer | None = None
    """Only those in the care of this officer."""
    customer_id: MemberId | None = None
    """Only those of this member."""
    about: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """The id of what a case is about, as it was named when the case was opened."""

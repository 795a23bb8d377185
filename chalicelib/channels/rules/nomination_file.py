"""A line of a file of nominations: every value is judged as the endpoint judges it, and the first that will not do is named. Pure.

Texts are folded, so that a name in parts or in compatibility form is one name; categories stand in one column, with blanks between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from chalicelib.channels.rules.nomination import MOST_CATEGORIES, MOST_CHARACTERS, Details, Office
from chalicelib.daybook.rules.reading import Unreadable, read_line
from chalicelib.shared.text import fold, unreadable
from chalicelib.shared.views import view_of

Name = Annotated[str, Meta(min_length=1, max_length=200)]


class NominationLine(msgspec.Struct, frozen=True, kw_only=True):
    """A nomination as a file brings it: the columns by name."""

    channel_id: Annotated[str, Meta(max_length=64)]
    legal_name: Name
    romanised_name: Name
    registration_number: Annotated[str, Meta(min_length=1, max_length=60)]
    categories: Annotated[str, Meta(pattern=r"\A[a-z][a-z0-9_]{0,39}( [a-z][a-z0-9_]{0,39})*\Z")]
    mailbox: Annotated[str, Meta(pattern=r"\A[!-?A-~]+@[!-?A-~]+\Z", max_length=254)]
    telephone: Annotated[str, Meta(pattern=r"\A[+0-9 ()-]{0,40}\Z")] = ""
    vouching: Annotated[str, Meta(min_length=1, max_length=MOST_CHARACTERS)]
    member_id: Annotated[str, Meta(max_length=64)] = ""


class NominationFact(msgspec.Struct, frozen=True, kw_only=True):
    """What a line says; `source` names its telling."""

    channel_id: str
    details: Details
    source: str


COLUMNS: Final = NominationLine.__struct_fields__
TEXTS: Final = ("legal_name", "romanised_name", "registration_number", "vouching")
"""What people read."""
REQUIRED: Final = tuple(field.name for field in msgspec.structs.fields(NominationLine) if field.required)


def nomination_fact(values: Mapping[str, str], source: str) -> NominationFact:
    """The fact in a line's values by column. Unreadable names the first that will not do."""
    line = read_line({name: fold(value) for name, value in values.items()}, NominationLine)
    categories = tuple(dict.fromkeys(line.categories.split()))
    wrong = [name for name in TEXTS if unreadable(getattr(line, name))]
    wrong += ["categories"] if len(categories) > MOST_CATEGORIES else []
    if wrong:
        raise Unreadable(wrong[0], "bad_value")
    details = view_of(
        Details, line, categories=categories, office=Office(mailbox=line.mailbox, telephone=line.telephone)
    )
    return NominationFact(channel_id=line.channel_id, details=details, source=source)

"""A bank's daily digest."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from chalicelib.monitoring.rules.finding import Rule
from chalicelib.shared.ranges import BookDay


class DigestQuery(msgspec.Struct, frozen=True, kw_only=True):
    """A bank reads its own; an officer that of a bank, or all."""

    day: BookDay
    bank_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    """The bank, by its id."""


class DigestView(msgspec.Struct, frozen=True, kw_only=True):
    """How many alerts about a bank's loans and groups are in the digest of a day, by rule: those that are amber, and those that are red by now.
    Only what their firms consent to when it is read.
    """

    bank_id: str
    amber: dict[Rule, int]
    red: dict[Rule, int]


class DigestsView(msgspec.Struct, frozen=True, kw_only=True):
    """Which alerts they are say `GET /v1/alerts?digest_on=`."""

    day: date
    digests: list[DigestView]

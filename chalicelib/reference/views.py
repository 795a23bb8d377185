"""What clients see of the platform itself: its health, and the policies it decides by."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec

from chalicelib.reference.rules import Difference
from chalicelib.shared.policies import Policy
from chalicelib.shared.ranges import BookDay
from chalicelib.shared.texts import Text
from chalicelib.shared.views import view_of


class HealthView(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the API can serve: `ok`, or `degraded` while its store does not answer."""

    status: Literal["ok", "degraded"]
    stage: str
    version: str
    sandbox: bool
    """Whether the sandbox's endpoints exist here."""
    now: datetime
    """Business time: ahead of real time only where a sandbox moved it."""
    real: datetime
    """The time on the wall."""
    calendars_known_until: dict[str, date]
    """The last day of each business calendar: no deadline in business days is set beyond it."""
    calendars_published_until: dict[str, date]
    """The last day of those years whose holidays the government has published. After it, holidays are those that the law lets expect."""


class VocabularyView(msgspec.Struct, frozen=True, kw_only=True):
    """Words by code. Codes are the same in every language; what is not listed is shown as it is."""

    kind: dict[str, Text]
    status: dict[str, Text]
    """Statuses, and what `default_outcome` of a deadline says comes of it."""
    action: dict[str, Text]
    """What may be done: names in `allowed_actions`, and the last words of commands' paths."""
    actor: dict[str, Text]
    """Who acts, and who owns a deadline."""
    deadline: dict[str, Text]
    rule: dict[str, Text]
    """What alerts are found by."""
    level: dict[str, Text]
    measure: dict[str, Text]
    """What sanctions are."""
    ground: dict[str, Text]
    programme: dict[str, Text]
    """What suppliers are in the programme."""
    remedy: dict[str, Text]
    """What the sides of a claim offer each other."""
    account: dict[str, Text]
    """The accounts of the books."""
    job: dict[str, Text]
    """What runs are of."""
    bank: dict[str, Text]
    """Partner banks and acquirers, by their ids."""
    value: dict[str, Text]
    """Codes that fields hold and that are none of the others, consumers that dead letters name, and what refusals are about, by their code."""
    event: dict[str, Text]
    """What events are called behind their kind: `filed` of `claim.filed`; where there is another point, `_` stands for it."""
    list: dict[str, Text]
    """The last words of the paths of lists."""
    thing: dict[str, Text]
    """One thing of those in a list, by the word of its path before the id."""
    policy: dict[str, Text]
    sentence: dict[str, Text]
    """What policies call in words, such as a market of a rulebook, and why claims go on or are over, by what it is in English."""
    field: dict[str, Text]
    """Names of fields, and of what policies hold, without the unit that a name ends with: a `rate_bp` is a rate.

    What means something of its own in some thing is there with the thing before it, which goes first: `claims.lines`, `quotes.rate`. A thing is
    the word of a path before the id, or the name of the field that the name is inside.
    """


class PolicyQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    on: BookDay | None = None
    """The business date asked about; today if not given."""


class DiffQuery(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"start": "from", "end": "to"}
):
    start: Annotated[str, msgspec.Meta(min_length=1, max_length=40, examples=["2016.1"])]
    """The version to start from."""
    end: Annotated[str, msgspec.Meta(min_length=1, max_length=40, examples=["2016.1"])]
    """The version to compare with it."""


class VersionView(msgspec.Struct, frozen=True, kw_only=True):
    version: str
    announced_on: date
    effective_on: date
    hash: str


class PolicySummary(msgspec.Struct, frozen=True, kw_only=True):
    """A policy and all its announced versions, in the order in which they take effect."""

    name: str
    in_force: str
    """The version that applies today."""
    versions: list[VersionView]


class PoliciesView(msgspec.Struct, frozen=True, kw_only=True):
    """Every policy this system decides by."""

    items: list[PolicySummary]


class PolicyView(msgspec.Struct, frozen=True, kw_only=True):
    """A policy as it applies on a day: `hash` is what the things decided under it pin."""

    name: str
    version: str
    on: date
    announced_on: date
    effective_on: date
    hash: str
    values: dict[str, Any]


class PolicyDiffView(msgspec.Struct, frozen=True, kw_only=True):
    """Every value in which two versions of a policy differ."""

    name: str
    before: VersionView
    after: VersionView
    differences: list[Difference]


def version_view(policy: Policy) -> VersionView:
    return view_of(VersionView, policy)


def policy_view(policy: Policy, on: date) -> PolicyView:
    return view_of(PolicyView, policy, on=on)

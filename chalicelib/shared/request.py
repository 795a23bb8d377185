"""Who asks, under which key, and when: what every use-case is told about the request it serves."""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypeVar

import msgspec

from chalicelib.shared import access, ids
from chalicelib.shared.errors import Conflict, NotAllowed
from chalicelib.shared.texts import say

V = TypeVar("V", bound=msgspec.Struct)

ENDPOINT: Final = "endpoint"
"""The name space of what callers with a token ask for, under the keys they choose."""
PLATFORM: Final = "platform"
"""The name space of what the platform itself does: the clock, what banks' events bring about, what follows from an entry."""


class Caller(msgspec.Struct, frozen=True, omit_defaults=True):
    """A party: `sub` is its id, `role` is member, bank, agency, officer, clock or public; an officer has duties.

    `actor` is who acts for a member, where that is not the member itself: an identity of the platform. What is asked for is then the
    member's request in everything, and the entry bears both names. `person` is which of the member's own people does it, where the request
    says so: what that person may do is in the firm's profile.
    """

    sub: str
    role: str
    duties: tuple[str, ...] = ()
    actor: str = ""
    person: str = ""

    @property
    def member_id(self) -> str:
        """The member who calls; nobody's id where the caller is no member, whatever its `sub` looks like."""
        return self.sub if self.role == "member" else ""

    @property
    def bank_id(self) -> str:
        """The bank that calls with a token of its own; nobody's id where the caller is no bank."""
        return self.sub if self.role == "bank" else ""

    @property
    def agency_id(self) -> str:
        """The partner agency that calls; nobody's id where the caller is no agency."""
        return self.sub if self.role == "agency" else ""

    def is_member(self, member_id: str) -> bool:
        return self.role == "member" and self.sub == member_id

    @property
    def is_officer(self) -> bool:
        return self.role == "officer"

    def acting_for(self, member_id: str) -> Caller:
        """The member, with the name of the platform's identity that acts for it. NotAllowed for anybody else."""
        if not self.is_officer or access.ACT not in self.duties:
            raise NotAllowed(
                "Only a token with the duty 'act' acts for members.",
                fix="Leave Surety-Acting-For out, or use such a token.",
            )
        return Caller(sub=member_id, role="member", actor=self.sub)

    def has_duty(self, *duties: str) -> bool:
        """Whether it is an officer with one of these duties."""
        return self.is_officer and access.holds(self.duties, frozenset(duties))


def within_duty(view: V, caller: Caller, duty: str) -> V:
    """A view as this caller may use it: an officer without the duty looks and does not act."""
    if caller.is_officer and not caller.has_duty(duty):
        return msgspec.structs.replace(view, allowed_actions=[])
    return view


CLOCK = Caller(sub="clock", role="clock")
PUBLIC = Caller(sub="public", role="public")


class Stale(Conflict):
    code = "version_mismatch"
    title = "The thing has changed since you read it."
    fix = "Read it again, and send If-Match with the version you then see, or no If-Match."


class RequestContext(msgspec.Struct, frozen=True):
    """One request. `key` and `digest` make it idempotent: the same key with the same digest is the same request again.

    Keys of one `name_space` never meet those of another: only HTTP with a token makes requests in that of endpoints.
    """

    caller: Caller
    now: datetime
    request_id: str
    key: str = ""
    digest: str = ""
    expected_version: int | None = None
    base_url: str = ""
    name_space: str = PLATFORM
    keeps_answer: bool = False
    """Its answer is kept for ever: no read gives it again."""
    languages: str = ""
    """The header Accept-Language, for `shared/languages.py`."""

    @property
    def entry_id(self) -> str:
        """The journal entry this request makes, whenever and however often it is sent."""
        by = self.caller
        who = (by.role, by.sub, by.actor) if by.actor else (by.role, by.sub)
        return ids.derived_id("ent", self.name_space, *who, self.key)

    def derived(self, purpose: str, key: str, digest: str) -> RequestContext:
        """A request that this one brings about, in a name space of its own: no key that a caller chooses is ever its key."""
        return msgspec.structs.replace(
            self, name_space=f"{PLATFORM}:{purpose}", key=key, digest=digest, expected_version=None
        )

    def each_time(self, purpose: str, digest: str) -> RequestContext:
        """The same of what counts each time that it is done, such as a reading: also where a caller gives all its requests one name."""
        return self.derived(purpose, ids.new_id("req", self.now), digest)

    def expects(self, version: int) -> None:
        """Honour If-Match."""
        if self.expected_version is not None and self.expected_version != version:
            raise Stale(
                say(
                    "You asked for version {expected_version}; it is at version {version} now.",
                    expected_version=self.expected_version,
                    version=version,
                ),
                version=version,
            )

    @classmethod
    def of_clock(cls, aggregate_id: str, seq: int, at: datetime) -> RequestContext:
        """What falls due happens once: the entry is named after the thing and its place in the thing's chain."""
        return cls(
            caller=CLOCK, now=at, request_id=f"clock:{aggregate_id}:{seq}", key=f"{aggregate_id}:{seq}", digest="due"
        )

"""An endpoint: where an owner wants to hear of which events, and the keys that prove the messages. Pure.

enabled ─ disable, or the receiver answers 410 Gone ─→ disabled ─ enable ─→ enabled
   └─────────────────────────── delete ─────────────────────┴──────────→ (not there)
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec.structs import replace

from chalicelib.shared import ids
from chalicelib.shared.bounds import characters, most
from chalicelib.shared.errors import Conflict, NotFound, RuleViolation
from chalicelib.shared.texts import say
from chalicelib.shared.webhooks import LIVE_KEYS, key_of
from chalicelib.webhooks.rules.policy import Policy

PREFIX: Final = "whe"
PLATFORM: Final = "platform"
"""Owns the endpoints that officers register: the platform hears of everything, whoever is in office."""
KINDS: Final = r"^(\*|[a-z_]{1,40}(\.[a-z_]{1,40}){0,3}(\.\*)?)$(?!\n)"
"""`*`, the name of one kind of entry, or the beginning of some: `order.shipped`, `claim.*`."""
PINGED: Final = "webhook_endpoint.pinged"

Status = Literal["enabled", "disabled"]


class TooManyEndpoints(RuleViolation):
    code = "too_many_endpoints"
    title = "You have as many endpoints as one may have."
    fix = "Delete one that is not needed any more; one endpoint can take every kind of event."


class EndpointDisabled(Conflict):
    code = "endpoint_disabled"
    title = "Nothing is sent to a disabled endpoint."
    fix = "Enable it first."


class EndpointUnchanged(Conflict):
    code = "endpoint_unchanged"
    title = "The endpoint is like that already."
    fix = "Read the endpoint again and choose one of its allowed actions."


class Key(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A secret, `whsec_…`, named after the entry that made it. An old one ends at `until`."""

    secret: str
    made_by: str
    until: datetime | None = None


class Endpoint(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One endpoint. `keys` are its live keys, the newest first; `entry_hash` is the last link of its chain."""

    id: str
    owner: str
    url: Annotated[str, characters(1000)]
    kinds: Annotated[tuple[str, ...], most(20)]
    description: Annotated[str, characters(200)] = ""
    status: Status = "enabled"
    why: str = ""
    keys: Annotated[tuple[Key, ...], most(2, why="the new one and the one before")]
    version: int = 1
    entry_hash: str = ""
    created_at: datetime
    updated_at: datetime


class EndpointSet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All endpoints of one owner: few, and always read together."""

    owner: str
    version: int = 0
    endpoints: Annotated[tuple[Endpoint, ...], most(20)] = ()

    def get(self, endpoint_id: str) -> Endpoint | None:
        return next((endpoint for endpoint in self.endpoints if endpoint.id == endpoint_id), None)

    def find(self, endpoint_id: str) -> Endpoint:
        """The endpoint of that id. NotFound."""
        endpoint = self.get(endpoint_id)
        if endpoint is None:
            raise NotFound(say("There is no webhook endpoint {endpoint_id!r:.60}.", endpoint_id=endpoint_id))
        return endpoint

    def with_one(self, endpoint: Endpoint) -> EndpointSet:
        """The next version of the set, with this endpoint new or in its new form."""
        there = {known.id: known for known in self.endpoints} | {endpoint.id: endpoint}
        return replace(self, version=self.version + 1, endpoints=tuple(there.values()))

    def without(self, endpoint: Endpoint) -> EndpointSet:
        left = tuple(known for known in self.endpoints if known.id != endpoint.id)
        return replace(self, version=self.version + 1, endpoints=left)


def bank_owner(bank_id: str) -> str:
    """Under which name a bank owns endpoints: one that no member can have. Empty for nobody's."""
    return f"bank:{bank_id}" if bank_id else ""


def must_have_room(endpoint_set: EndpointSet, policy: Policy) -> None:
    if len(endpoint_set.endpoints) >= policy.most_endpoints:
        raise TooManyEndpoints(
            say(
                "You have {count} endpoints; {most_endpoints} is the most.",
                count=len(endpoint_set.endpoints),
                most_endpoints=policy.most_endpoints,
            ),
            maximum=policy.most_endpoints,
        )


def name_of(entry_id: str) -> str:
    """An endpoint's id follows from the request that registers it: the same request twice is one endpoint."""
    return ids.derived_id(PREFIX, entry_id)


def rotated(endpoint: Endpoint, key: Key, policy: Policy, now: datetime) -> Endpoint:
    """A new key in front. The one before lives on for a while and signs too; one still older ends at once."""
    old = replace(endpoint.keys[0], until=now + policy.key_overlap)
    return _next(endpoint, now, keys=(key, old)[:LIVE_KEYS])


def enabled(endpoint: Endpoint, now: datetime) -> Endpoint:
    if endpoint.status == "enabled":
        raise EndpointUnchanged("The endpoint is enabled.", allowed_actions=allowed(endpoint))
    return _next(endpoint, now, status="enabled", why="")


def disabled(endpoint: Endpoint, why: str, now: datetime) -> Endpoint:
    """`why`: `asked` by its owner, or `gone`, as the receiver said."""
    if endpoint.status == "disabled":
        raise EndpointUnchanged("The endpoint is disabled.", allowed_actions=allowed(endpoint))
    return _next(endpoint, now, status="disabled", why=why)


def sent_to(endpoint: Endpoint, now: datetime) -> Endpoint:
    """The endpoint after a ping or a replay was asked for, which only an enabled one can take."""
    if endpoint.status == "disabled":
        raise EndpointDisabled("The endpoint is disabled.", allowed_actions=allowed(endpoint))
    return _next(endpoint, now)


def live_keys(endpoint: Endpoint, now: datetime) -> tuple[bytes, ...]:
    """What a message is signed with now: by the new key, and by the old one while it lives."""
    return tuple(key_of(key.secret) for key in endpoint.keys if key.until is None or now < key.until)


def allowed(endpoint: Endpoint) -> list[str]:
    if endpoint.status == "disabled":
        return ["rotate-secret", "enable", "delete"]
    return ["rotate-secret", "disable", "delete", "ping", "replay"]


def subscribes_to(endpoint: Endpoint, aggregate_id: str, kind: str) -> bool:
    """Whether an entry is one it asked for. A ping reaches the endpoint that is pinged, whatever it asked for."""
    if kind == PINGED:
        return aggregate_id == endpoint.id
    return any(fits(pattern, kind) for pattern in endpoint.kinds)


def fits(pattern: str, kind: str) -> bool:
    return pattern in ("*", kind) or (pattern.endswith(".*") and kind.startswith(pattern[:-1]))


def _next(endpoint: Endpoint, now: datetime, **changes: Any) -> Endpoint:
    return replace(endpoint, version=endpoint.version + 1, updated_at=now, **changes)

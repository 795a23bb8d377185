"""An owner's endpoints: registering, looking, changing, pinging."""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.members import service as members
from chalicelib.members.rules import must_be_registered
from chalicelib.shared import addresses, journal, pages, policies
from chalicelib.shared.commit import StoredResponse, commit, find_replay
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Entry, Event
from chalicelib.shared.pages import Page
from chalicelib.shared.periods import business_date, to_ms
from chalicelib.shared.request import Caller, RequestContext
from chalicelib.shared.webhooks import KEY_PREFIX
from chalicelib.webhooks import records, transport
from chalicelib.webhooks.rules import endpoint
from chalicelib.webhooks.rules.endpoint import PLATFORM, Endpoint, EndpointSet, Key, bank_owner
from chalicelib.webhooks.rules.policy import Policy
from chalicelib.webhooks.views import EndpointRequest, EndpointsQuery, EndpointView, endpoint_view

KEY_BYTES = 32


def policy(now: datetime) -> Policy:
    return policies.in_force("webhooks", business_date(now)).read_as(Policy)


def owner_of(caller: Caller) -> str:
    """A member or a bank owns what it registers; officers act for the platform."""
    return caller.member_id or bank_owner(caller.bank_id) or PLATFORM


def register(body: EndpointRequest, request: RequestContext) -> StoredResponse:
    """A new endpoint with a new secret, which this answer shows and no other."""
    return _with_secret(find_replay(request.entry_id, request.digest) or _register(body, request), request)


def rotate_secret(endpoint_id: str, request: RequestContext) -> StoredResponse:
    """Another secret, shown once. The old one signs too until its overlap ends."""
    return _with_secret(find_replay(request.entry_id, request.digest) or _rotate(endpoint_id, request), request)


def enable(endpoint_id: str, request: RequestContext) -> StoredResponse:
    return _change(endpoint_id, "enabled", request, lambda was: endpoint.enabled(was, request.now))


def disable(endpoint_id: str, request: RequestContext) -> StoredResponse:
    return _change(endpoint_id, "disabled", request, lambda was: endpoint.disabled(was, "asked", request.now))


def ping(endpoint_id: str, request: RequestContext) -> StoredResponse:
    """An entry of its own that reaches this endpoint like any other it has asked for."""
    return _change(endpoint_id, "pinged", request, lambda was: endpoint.sent_to(was, request.now))


def delete(endpoint_id: str, request: RequestContext) -> StoredResponse:
    """Nothing is sent to it any more, not even what waits for an attempt."""
    endpoint_set, was = find(endpoint_id, request)
    request.expects(was.version)
    gone = replace(was, version=was.version + 1, updated_at=request.now)
    return _write(endpoint_set.without(was), gone, "deleted", request)


def shown(endpoint_id: str, request: RequestContext) -> EndpointView:
    return endpoint_view(find(endpoint_id, request)[1], request.now)


def listed(query: EndpointsQuery, request: RequestContext) -> Page[EndpointView]:
    """The caller's endpoints, the oldest first."""
    endpoints = records.endpoint_set(owner_of(request.caller)).endpoints
    after = pages.decode_cursor(query.cursor, request.caller, "webhook-endpoints") if query.cursor else None
    places = sorted(((_place(one), one) for one in endpoints), key=lambda each: each[0])
    return pages.fill(
        ((place, one) for place, one in places if after is None or place > after),
        lambda one: endpoint_view(one, request.now),
        query.limit,
        caller=request.caller,
        of="webhook-endpoints",
    )


def _place(one: Endpoint) -> list[Any]:
    """Where it stands in the list, whichever others come and go."""
    return [to_ms(one.created_at), one.id]


def find(endpoint_id: str, request: RequestContext) -> tuple[EndpointSet, Endpoint]:
    """The caller's endpoint of that id in the set of all it has; somebody else's is not there."""
    endpoint_set = records.endpoint_set(owner_of(request.caller))
    return endpoint_set, endpoint_set.find(endpoint_id)


def find_sound(endpoint_id: str, request: RequestContext) -> tuple[EndpointSet, Endpoint]:
    """The same for what has consequences before it is written down. ChainBroken where the set is marked."""
    endpoint_set = records.sound_endpoint_set(owner_of(request.caller))
    return endpoint_set, endpoint_set.find(endpoint_id)


def gone(owner: str, endpoint_id: str, now: datetime) -> None:
    """The receiver said that nobody is there: nothing more is sent until the owner enables the endpoint again."""
    endpoint_set = records.endpoint_set(owner)
    was = endpoint_set.get(endpoint_id)
    if was is None or was.status == "disabled":
        return
    after = endpoint.disabled(was, "gone", now)
    _write(endpoint_set.with_one(after), after, "disabled", RequestContext.of_clock(was.id, after.version, now))


def made_by(
    was: Endpoint, kind: str, request: RequestContext, answer: bytes, *, status: int = 200, **payload: object
) -> Entry:
    """The entry of a change: `was` is the endpoint in its new form, still with the head of the one before."""
    if kind == "disabled":
        payload |= {"why": was.why}
    event = Event(f"webhook_endpoint.{kind}", {"url": was.url, **payload, "private": {"owner": was.owner}})
    return journal.entry(
        request, event, aggregate_id=was.id, seq=was.version, prev=was.entry_hash, response=answer, status=status
    )


def _register(body: EndpointRequest, request: RequestContext) -> StoredResponse:
    if request.caller.bank_id:
        banks_inbox.must_be_sender(request.caller.bank_id, request.now)
    endpoint_set = _set_of_registered(request.caller)
    endpoint.must_have_room(endpoint_set, policy(request.now))
    addresses.place(body.url, transport.ways())
    registered = Endpoint(
        id=endpoint.name_of(request.entry_id),
        owner=endpoint_set.owner,
        url=body.url,
        kinds=tuple(dict.fromkeys(body.kinds)),
        description=body.description,
        keys=(_fresh_key(request),),
        created_at=request.now,
        updated_at=request.now,
    )
    return _write(endpoint_set.with_one(registered), registered, "registered", request, status=201)


def _set_of_registered(caller: Caller) -> EndpointSet:
    """The set of all the caller has; NotRegistered for a member by its token alone. One round trip for both."""
    if not caller.member_id:
        return records.endpoint_set(owner_of(caller))
    row, member = members.beside(records.EndpointSetRow, caller.member_id, caller.member_id)
    must_be_registered(caller.member_id, member)
    return records.body(row, caller.member_id)


def _rotate(endpoint_id: str, request: RequestContext) -> StoredResponse:
    now = request.now
    return _change(
        endpoint_id, "secret_rotated", request, lambda was: endpoint.rotated(was, _fresh_key(request), policy(now), now)
    )


def _change(
    endpoint_id: str, kind: str, request: RequestContext, move: Callable[[Endpoint], Endpoint]
) -> StoredResponse:
    endpoint_set, was = find(endpoint_id, request)
    request.expects(was.version)
    after = move(was)
    return _write(endpoint_set.with_one(after), after, kind, request)


def _write(
    endpoint_set: EndpointSet, after: Endpoint, kind: str, request: RequestContext, *, status: int = 200
) -> StoredResponse:
    """The endpoint's set and its entry, whose kept answer never holds a secret."""
    entry = made_by(after, kind, request, encode(endpoint_view(after, request.now)), status=status)
    linked = replace(after, entry_hash=entry.entry_hash)
    kept = tuple(linked if known.id == linked.id else known for known in endpoint_set.endpoints)
    return commit(entry, records.put_endpoint_set(replace(endpoint_set, endpoints=kept)))


def _with_secret(response: StoredResponse, request: RequestContext) -> StoredResponse:
    """The answer with the secret this very request made, as long as it lives: the journal keeps the answer without it."""
    if response.expired_of:
        return response
    view = msgspec.json.decode(response.body, type=EndpointView)
    known = records.endpoint_set(owner_of(request.caller)).get(view.id)
    secret = next((key.secret for key in known.keys if key.made_by == request.entry_id), None) if known else None
    return replace(response, body=encode(replace(view, secret=secret)))


def _fresh_key(request: RequestContext) -> Key:
    text = KEY_PREFIX + b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    return Key(secret=text, made_by=request.entry_id)

"""Telling what this API is: its document, its health, its policies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

import msgspec

from chalicelib import slices
from chalicelib.reference import VERSION, rules, views
from chalicelib.reference.views import (
    HealthView,
    PoliciesView,
    PolicyDiffView,
    PolicySummary,
    PolicyView,
    VocabularyView,
)
from chalicelib.shared import calendars, clock, journal, observe, policies, retries
from chalicelib.shared.errors import NotFound
from chalicelib.shared.http import Endpoint
from chalicelib.shared.periods import business_date
from chalicelib.shared.policies import Policy
from chalicelib.shared.settings import settings
from chalicelib.shared.store_errors import STORE_ERRORS
from chalicelib.shared.texts import say


def endpoints() -> list[Endpoint]:
    return [endpoint for routes in slices.every() for endpoint in routes.endpoints]


@lru_cache(maxsize=1)
def document() -> bytes:
    from chalicelib.reference import openapi  # only this endpoint needs it: a cold start should not pay for it

    return msgspec.json.encode(openapi.document(endpoints()))


@lru_cache(maxsize=1)
def collection() -> bytes:
    from chalicelib.reference import collection as collections  # only this endpoint needs it

    return msgspec.json.encode(collections.collection(msgspec.json.decode(document())))


@lru_cache(maxsize=1)
def vocabulary() -> VocabularyView:
    from chalicelib.reference import vocabulary as words  # it needs every machine: no other endpoint should pay for it

    return VocabularyView(**words.words())


def health() -> HealthView:
    """One read of the journal says whether the store answers, and one try is enough. A degraded API still answers: the status is 200.

    Where the store, which knows the sandbox's time, is silent, `now` is the wall's.
    """
    now = _time_of_the_store()
    return HealthView(
        status="ok" if now else "degraded",
        stage=settings().stage,
        version=VERSION,
        sandbox=settings().sandbox,
        now=now or clock.real(),
        real=clock.real(),
        calendars_known_until=calendars.known_until(),
        calendars_published_until=calendars.published_until(),
    )


def listed(now: datetime) -> PoliciesView:
    today = business_date(now)
    return PoliciesView(items=[_summary(name, today) for name in policies.names() if _announced(name, today)])


def policy(name: str, on: date | None, now: datetime) -> PolicyView:
    """The version that applies on a day, among those that have been announced by today."""
    day = on or business_date(now)
    return views.policy_view(_applying(_announced(name, business_date(now)), day), day)


def diff(name: str, before: str, after: str, now: datetime) -> PolicyDiffView:
    known = {version.version: version for version in _announced(name, business_date(now))}
    for param, version in (("from", before), ("to", after)):
        if version not in known:
            raise NotFound(
                say("There is no version {version!r:.60} of the policy {name}.", version=version, name=name),
                param=param,
            )
    return PolicyDiffView(
        name=name,
        before=views.version_view(known[before]),
        after=views.version_view(known[after]),
        differences=rules.differences(known[before].values, known[after].values),
    )


def _announced(name: str, today: date) -> list[Policy]:
    """What is still being prepared is nobody's business yet."""
    known = [version for version in policies.versions(name) if version.announced_on <= today]
    return known or [policies.versions(name)[0]]


def _applying(known: Sequence[Policy], day: date) -> Policy:
    return next((version for version in reversed(known) if version.effective_on <= day), known[0])


def _summary(name: str, today: date) -> PolicySummary:
    known = _announced(name, today)
    return PolicySummary(
        name=name,
        in_force=_applying(known, today).version,
        versions=[views.version_view(version) for version in known],
    )


def _time_of_the_store() -> datetime | None:
    try:
        with retries.patience(0):
            journal.read("health")
            return clock.now()
    except STORE_ERRORS:
        observe.logger.exception("the store does not answer")
        return None

"""The badge: the storefront in one signed sentence, and the keys to check it with."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.shared import clock, observe, policies
from chalicelib.shared.errors import Unavailable
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.store_errors import STORE_ERRORS
from chalicelib.suppliers.rules import badge as rules
from chalicelib.suppliers.rules.figures import FigureTerms
from chalicelib.suppliers.service import signing
from chalicelib.suppliers.service.signing import Key, KeyUnreadable
from chalicelib.suppliers.service.storefront import storefront
from chalicelib.suppliers.views.badge import BadgeKeysView, BadgeView, unknown, view
from chalicelib.suppliers.views.storefront import StorefrontView, summary


def badge(member_id: str, request: RequestContext) -> BadgeView:
    """The signed statement; UNKNOWN, and unsigned, where the record or the key cannot be read. NotFound for no such member."""
    try:
        return _signed(storefront(member_id, request), signing.key(), request)
    except (*STORE_ERRORS, KeyUnreadable) as failure:
        observe.logger.error("badge unknown", extra={"reason": repr(failure), "request_id": request.request_id})
        observe.count("BadgeUnknown")
        return unknown(member_id, request.now)


def badge_keys() -> BadgeKeysView:
    """The public halves of the signing key and of retired ones, as a JSON Web Key Set."""
    try:
        return BadgeKeysView(keys=list(signing.key().public))
    except KeyUnreadable as failure:
        raise Unavailable("The keys cannot be read at the moment.") from failure


def _signed(shown: StorefrontView, key: Key, request: RequestContext) -> BadgeView:
    figures_summary = summary(shown)
    claims = rules.claims(
        signing.issuer(),
        shown.id,
        shown.badge,
        msgspec.to_builtins(figures_summary),
        as_of=request.now,
        signed_at=clock.real(),
        minutes=_minutes(request.now),
    )
    statement = signing.sign_claims(claims, rules.TYPE, key)
    return view(shown, figures_summary, claims, kid=key.kid, statement=statement)


def _minutes(now: datetime) -> int:
    return policies.in_force("figures", business_date(now)).read_as(FigureTerms).badge_minutes

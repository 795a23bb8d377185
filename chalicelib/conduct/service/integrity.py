"""The integrity index of a firm: for itself, for whom it lets see it, and as a signed statement."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final

from msgspec.structs import replace

from chalicelib.conduct.records import incentives as records
from chalicelib.conduct.rules import integrity as rules
from chalicelib.conduct.rules.incentive import Level, Policy
from chalicelib.conduct.rules.integrity import Integrity
from chalicelib.conduct.service import sanctions
from chalicelib.conduct.views.integrity import IntegrityBadgeView, IntegrityView, StatementView
from chalicelib.credit.service import consents
from chalicelib.members import service as members
from chalicelib.shared import clock, policies
from chalicelib.shared.errors import NotFound, Unavailable
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say
from chalicelib.shared.views import view_of
from chalicelib.suppliers.service import signing
from chalicelib.suppliers.service.signing import KeyUnreadable

WITHOUT_A_BADGE: Final = frozenset({"no_badge", "bank_flag", "suspension", "public_note"})
"""Sanctions in force under which no level is shown to the public, nor signed for the firm to show."""


def show(member_id: str, request: RequestContext) -> IntegrityView:
    """For the firm, for officers, and for a bank that the firm's consent lets see it. NotFound for anybody else."""
    _require_visible(member_id, request)
    return view_of(IntegrityView, _integrity(member_id, request), member_id=member_id)


def statement(member_id: str, request: RequestContext) -> StatementView:
    """The same, signed, to hand on; without a level while a sanction has taken the badge. Unavailable where it cannot be signed."""
    _require_visible(member_id, request)
    shown = _integrity(member_id, request)
    return _signed(member_id, replace(shown, level=None) if _lost_its_badge(member_id, request) else shown, request)


def badge(member_id: str, request: RequestContext) -> IntegrityBadgeView:
    """What anybody may see: the statement, of a firm that consents to that. Of one that does not, that has no level or that lost its badge, the same nothing."""
    if not members.known([member_id]):
        raise NotFound(say("There is no storefront {member_id!r:.60}.", member_id=member_id))
    shown = _published(member_id, request)
    if shown is None or shown.level is None:
        return IntegrityBadgeView(member_id=member_id, level=None, statement=None, expires=None)
    return view_of(IntegrityBadgeView, _signed(member_id, shown, request))


def level(member_id: str, request: RequestContext) -> Level | None:
    """The level that anybody may see, where there is one."""
    shown = _published(member_id, request)
    return shown.level if shown else None


def _published(member_id: str, request: RequestContext) -> Integrity | None:
    """The index of a firm that consents to be seen, and has not lost its badge."""
    consents_to_it = any(each.purpose == "publish_integrity" for each in consents.every_live(member_id, request.now))
    if not consents_to_it or _lost_its_badge(member_id, request):
        return None
    return _integrity(member_id, request)


def _lost_its_badge(member_id: str, request: RequestContext) -> bool:
    return any(each.measure in WITHOUT_A_BADGE for each in sanctions.in_force(member_id, request))


def _require_visible(member_id: str, request: RequestContext) -> None:
    if not request.caller.bank_id:
        members.find(member_id, request.caller)
    elif "integrity" not in consents.covered(member_id, request.caller.bank_id, request.now):
        raise NotFound(say("There is no member {member_id!r:.60}.", member_id=member_id))


def _integrity(member_id: str, request: RequestContext) -> Integrity:
    """As it stands today: a few items of each window."""
    return rules.integrity(business_date(request.now), _policy(request), partial(records.points, member_id))


def _policy(request: RequestContext) -> Policy:
    return policies.in_force("integrity", business_date(request.now)).read_as(Policy)


def _signed(member_id: str, shown: Integrity, request: RequestContext) -> StatementView:
    signed_at = clock.real().replace(microsecond=0)
    expires = signed_at + timedelta(minutes=_policy(request).statement_minutes)
    claims = rules.claims(signing.issuer(), member_id, shown, as_of=request.now, signed_at=signed_at, expires=expires)
    try:
        key = signing.key()
    except KeyUnreadable as failure:
        raise Unavailable("The statement cannot be signed at the moment.") from failure
    text = signing.sign_claims(claims, rules.TYPE, key)
    return view_of(
        StatementView, shown, member_id=member_id, as_of=request.now, expires=expires, kid=key.kid, statement=text
    )

"""Companies and shops: what a member is, and who may see it. Pure."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

import msgspec

from chalicelib.shared import ids
from chalicelib.shared.errors import Conflict, Malformed, RuleViolation
from chalicelib.shared.iso_codes import COUNTRIES
from chalicelib.shared.texts import say

PREFIX: Final = ids.MEMBER
_REF: Final = re.compile(r"[\x21-\x7e]{1,64}", re.ASCII)


class MemberExists(Conflict):
    code = "member_exists"
    title = "That external_ref is registered already."
    fix = "Read the member with GET /v1/members?external_ref=… instead of creating it."


class UnknownCountry(RuleViolation):
    code = "unknown_country"
    title = "That country is not known."
    fix = "Use an ISO 3166-1 alpha-2 code in capitals, for example GB: the United Kingdom is not UK, and no union is a country."


class OwnTrade(RuleViolation):
    code = "own_trade"
    title = "Nobody trades with oneself."
    fix = "Name another member as buyer or as supplier."


class NotRegistered(RuleViolation):
    code = "not_registered"
    title = "Your token names a member that is not registered."
    fix = "Have the marketplace register the member first: POST /v1/members."


class Member(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A company or shop. `external_ref` is the marketplace's own identifier of it and never changes."""

    id: str
    external_ref: str
    name: str
    country: str
    zone: str
    version: int
    created_at: datetime
    updated_at: datetime
    entry_hash: str = ""


def must_be_registered(member_id: str, member: Member | None) -> None:
    """NotRegistered where a caller is a member by its token alone."""
    if member is None:
        raise NotRegistered(say("There is no member {member_id!r:.60}.", member_id=member_id))


def id_of(external_ref: str) -> str:
    """A member's id follows from the marketplace's reference: an import knows it without asking, and it cannot exist twice."""
    return ids.derived_id(PREFIX, external_ref)


def register(external_ref: str, *, name: str, country: str, zone: str, now: datetime) -> Member:
    return Member(
        id=id_of(external_ref),
        external_ref=external_ref,
        name=name,
        country=country,
        zone=zone,
        version=1,
        created_at=now,
        updated_at=now,
    )


def must_be_ref(ref: str, *, param: str) -> str:
    if not _REF.fullmatch(ref):
        raise Malformed("A reference has 1 to 64 visible ASCII characters.", param=param)
    return ref


def must_trade_apart(supplier_id: str, buyer: str, *, param: str = "buyer_ref") -> None:
    """Buyer and supplier are different members; the buyer is told by its id or by the marketplace's reference. OwnTrade."""
    if supplier_id in (buyer, id_of(buyer)):
        raise OwnTrade("Buyer and supplier are the same member.", param=param)


def must_be_country(country: str, *, param: str) -> str:
    if country not in COUNTRIES:
        raise UnknownCountry(say("{country!r:.20} is not the code of a country.", country=country), param=param)
    return country

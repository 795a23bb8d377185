"""Firms that are registered and verified, as other slices' tests need them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from chalicelib.firms.records import REPOSITORY
from chalicelib.firms.rules.firm import POWERS, Firm, Person, Power
from chalicelib.shared import data_keys, ids, policies

SINCE: Final = datetime(2026, 1, 5, 2, tzinfo=UTC)


def signer(person_id: str, *powers: Power, **fields: Any) -> Person:
    """A verified signer, of whom nothing personal is kept."""
    known: dict[str, Any] = {"id": person_id, "personal": (), "powers": powers}
    return Person(**known | {"added_at": SINCE, "verified_at": SINCE} | fields)


def firm(member_id: str, *people: Person, **fields: Any) -> Firm:
    """A verified profile."""
    known: dict[str, Any] = {
        "id": member_id,
        "status": "verified",
        "version": 1,
        "created_at": SINCE,
        "updated_at": SINCE,
        "policy": policies.versions("firms")[-1].hash,
        "name": "Ningbo Lamps",
        "registration_no": "91330200MA2AAAAA1A",
        "industry": "2742",
        "region": "CN-ZJ",
        "size": "small",
        "currency": "CNY",
        "paid_in_capital_minor": 100_000_000,
        "founded_year": 2011,
        "people": people,
    }
    return Firm(**known | fields)


def sign_for(member_id: str, *powers: Power) -> str:
    """Keep a verified firm with one signer, who may do all or what is named; the id to send in Surety-Acting-Person."""
    person_id = ids.derived_id("per", member_id, *powers)
    data_keys.new(member_id, owner_id=member_id, now=SINCE)[1].row.save()
    registration_no = member_id.removeprefix("mem_")[:18]
    known = firm(member_id, signer(person_id, *(powers or POWERS)), registration_no=registration_no)
    REPOSITORY.put(known, None).row.save()
    return person_id

"""What monitoring compares of a firm's profile: which of its fields were changed since it was looked at last. Nothing personal is kept. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import msgspec

from chalicelib.firms.rules.firm import MOST_ACCOUNTS, MOST_PEOPLE, Firm
from chalicelib.monitoring.rules.policy import ProfileField
from chalicelib.shared.bounds import most
from chalicelib.shared.regions import region

Ids = Annotated[tuple[str, ...], most(MOST_PEOPLE, why="a firm's people, each once")]


class Profile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A firm as it stood: people by their ids, and by keyed hashes which tell that something of them was changed, not what."""

    industry: str = ""
    region: str = ""
    capital_minor: int = 0
    legal_representatives: Ids = ()
    controllers: Ids = ()
    accounts: Annotated[tuple[str, ...], most(MOST_ACCOUNTS, why="a firm's accounts, each once")] = ()
    contacts: Annotated[tuple[str, ...], most(4 * MOST_PEOPLE, why="four of each of a firm's people")] = ()


def profile_of(firm: Firm) -> Profile:
    representatives = [person for person in firm.people if person.is_legal_representative]
    contacts = {mark for person in representatives for mark in (*person.marks, person.email_mark) if mark}
    return Profile(
        industry=firm.industry,
        region=firm.region,
        capital_minor=firm.paid_in_capital_minor,
        legal_representatives=tuple(sorted(person.id for person in representatives)),
        controllers=tuple(sorted(person.id for person in firm.people if person.is_controller)),
        accounts=tuple(sorted(account.id for account in firm.settlement_accounts)),
        contacts=tuple(sorted(contacts)),
    )


def changed_fields(was: Profile, profile: Profile) -> Iterator[ProfileField]:
    """What differs between two looks. Whoever represents the firm now and did not has other ways to be reached: that is no change of its own."""
    if profile.industry != was.industry:
        yield "business_scope"
    if profile.region != region(was.region):
        yield "address"
    if profile.legal_representatives != was.legal_representatives:
        yield "legal_representative"
    elif profile.contacts != was.contacts:
        yield "contact"
    if profile.controllers != was.controllers:
        yield "controller"
    if profile.accounts != was.accounts:
        yield "settlement_account"
    if profile.capital_minor < was.capital_minor:
        yield "capital_cut"

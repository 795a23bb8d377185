"""What ties firms together, as marks: keyed hashes by which slices above compare firms without reading anything personal.

A controller, legal representative or holder of a quarter, be it a person or a company, a settlement account, a phone, an address: each is
hashed (HMAC-SHA-256, the parameter `marks-key`) when the profile changes, and kept with the person or account it is of, so that it goes with
them. A mark stands in no entry and in no view. Spelling does not count: letters and digits do, whichever case and width, and of a phone the last ten.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from typing import Final, Literal

from chalicelib.firms.rules.firm import HOLDER_BP, Firm
from chalicelib.firms.service.reading import profiles
from chalicelib.firms.views.requests import PersonRequest
from chalicelib.shared import secrets
from chalicelib.shared.text import compared

Kind = Literal["identity", "name", "account", "phone", "address", "email", "reporter"]

MARKS_KEY: Final = "marks-key"
_PHONE_DIGITS: Final = 10
_BYTES: Final = 16


def of_person(body: PersonRequest) -> tuple[str, ...]:
    """Of one of a firm's people, or of a company that holds or controls it; by name where no number is known of it."""
    return tuple(_mark(kind, text) for kind, text in _traits(body) if text)


def of_email(address: str | None) -> str:
    """Of a mail address. Firms are not compared by it: many share their accountant's."""
    return _mark("email", address) if address else ""


def of_reporter(member_id: str) -> str:
    """Of a member that reports another one: entries and indexes name it so."""
    return _mark("reporter", member_id)


def of_account(number: str) -> str:
    return _mark("account", number)


def of_firms(firm_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """The marks of firms, by id, as their profiles are now; none of a firm without a profile. One round trip."""
    return {firm.id: of_firm(firm) for firm in profiles(firm_ids)}


def of_firm(firm: Firm) -> frozenset[str]:
    """Of its people, its accounts and itself: a firm is related to the company that holds it."""
    people = (mark for person in firm.people for mark in person.marks)
    accounts = (account.mark for account in firm.settlement_accounts if account.mark)
    return frozenset([*people, *accounts, _mark("identity", firm.registration_no)])


def _traits(body: PersonRequest) -> Iterator[tuple[Kind, str | None]]:
    if body.is_controller or body.is_legal_representative or body.share_bp >= HOLDER_BP:
        yield ("identity", body.id_number) if body.id_number else ("name", body.name)
    yield "phone", body.phone
    yield "address", body.address


def _mark(kind: Kind, text: str) -> str:
    """The kind is in the hash: a phone is no account of the same digits."""
    plain = "".join(filter(str.isalnum, compared(text)))
    if kind == "phone":
        plain = "".join(filter(str.isdecimal, plain))[-_PHONE_DIGITS:]
    key = secrets.required(MARKS_KEY).encode()
    return hmac.new(key, f"{kind}\0{plain}".encode(), hashlib.sha256).hexdigest()[: 2 * _BYTES]

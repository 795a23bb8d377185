"""Nothing personal in any view that another member, a trading partner or the public can get: held for every endpoint, from the registry.

What is personal of a person is what firms keep of one (`firms/rules/firm.py`). A field of any of these names, however deep in a response, fails
the suite, unless the endpoint shows a firm to itself alone; and that such an endpoint does is tried with another firm's token.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, get_args, get_origin

import msgspec
import pytest
from msgspec import inspect as forms

from chalicelib.firms.rules.firm import Person, PersonalField
from chalicelib.firms.views.firm import AccountView, OpenedAccount, OpenedPerson, PersonView
from chalicelib.shared.http import Endpoint
from tests.api.api_requests import ApiRequest, ApiUnderTest, endpoints, name
from tests.api.seeds import STRANGER, Seeds

OF_ANYTHING: Final = {"name", "id", "kind", "added_at", "verified_at"}
"""Fields of a person that firms, orders and pools have as well: a struct that is a person is known by its others."""
PERSONAL: Final = (
    {
        *get_args(PersonalField),
        *Person.__struct_fields__,
        "people",
        "person",
        "person_id",
        "persons",
        "signer",
        "signers",
    }
    | {"settlement_account", "settlement_accounts", "legal_representative", "controller", "controllers", "holders"}
    | {"birth_date", "family", "gender", "nationality", "passport", "personal", "sealed", "ciphertext", "contact"}
) - OF_ANYTHING
PERSONS: Final = (PersonView, OpenedPerson, AccountView, OpenedAccount, Person)
"""Structs about a person or an account of a firm, whatever their fields are called."""
SHAREHOLDING: Final = ("POST /v1/risk-pools", "GET /v1/risk-pools")
"""A pool's `share_bp` is its part of a shortfall, not a person's of a firm."""
ITS_OWN: Final = frozenset(
    {
        "POST /v1/firms",
        "GET /v1/firms",
        "GET /v1/firms/{member_id}",
        "GET /v1/firms/{member_id}/sealed",
        "GET /v1/members/{member_id}/trainings",
        *(
            name(each)
            for each in endpoints()
            if each.method == "POST" and each.path.startswith("/v1/firms/{member_id}/")
        ),
    }
)
"""Where a firm reads of its own people."""
OTHERS: Final = [each for each in endpoints() if each.public or each.by.roles & {"member", "agency"}]


def personal_fields(form: forms.Type, path: str = "", above: frozenset[type] = frozenset()) -> Iterator[str]:
    """Where a form has something personal."""
    match form:
        case forms.Metadata(type=inner):
            yield from personal_fields(inner, path, above)
        case forms.UnionType(types=choices):
            for choice in choices:
                yield from personal_fields(choice, path, above)
        case forms.ListType(item_type=inner) | forms.VarTupleType(item_type=inner) | forms.DictType(value_type=inner):
            yield from personal_fields(inner, f"{path}[]", above)
        case forms.StructType(cls=cls, fields=fields) if cls not in above:
            if issubclass(get_origin(cls) or cls, PERSONS):
                yield path or cls.__name__
            for field in fields:
                inside = f"{path}.{field.encode_name}".strip(".")
                if field.encode_name in PERSONAL:
                    yield inside
                yield from personal_fields(field.type, inside, above | {cls})
        case _:
            pass


def shown(endpoint: Endpoint) -> list[str]:
    if endpoint.response is None:
        return []
    return [
        path
        for path in personal_fields(forms.type_info(endpoint.response))
        if not (name(endpoint).startswith(SHAREHOLDING) and path.endswith("share_bp"))
    ]


@pytest.mark.parametrize("endpoint", OTHERS, ids=name)
def test_no_view_that_others_can_get_has_a_person_in_it(endpoint: Endpoint) -> None:
    assert name(endpoint) in ITS_OWN or not shown(endpoint), shown(endpoint)


def test_what_only_the_firm_reads_is_not_public_and_no_line_is_too_many() -> None:
    by_name = {name(endpoint): endpoint for endpoint in endpoints()}
    assert set(by_name) >= ITS_OWN
    assert not [each for each in ITS_OWN if by_name[each].public]
    assert [each for each in ITS_OWN if shown(by_name[each])]


@pytest.mark.parametrize("endpoint", [each for each in OTHERS if name(each) in ITS_OWN], ids=name)
def test_another_firm_is_shown_nothing_of_it(under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint) -> None:
    """The list is one's own, and so is the profile that one registers; of another's it is 404."""
    reply = under_test.send(ApiRequest(endpoint, by=STRANGER, ids=seeds.ids))
    assert seeds.person not in reply.raw.decode()
    if "{member_id}" in endpoint.path:
        assert reply.status == 404, reply.body


@pytest.mark.parametrize("endpoint", [each for each in OTHERS if each.method == "GET"], ids=name)
def test_no_read_of_another_member_tells_of_a_firms_signer(
    under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint
) -> None:
    """Payloads of timelines and messages have no form of their own: they are looked at as they are sent."""
    reply = under_test.send(ApiRequest(endpoint, by=None if endpoint.public else seeds.supplier, ids=seeds.ids))
    assert seeds.person not in reply.raw.decode()


class Contact(msgspec.Struct):
    phone: str


class Card(msgspec.Struct):
    by_seat: dict[str, list[Contact | None]]
    people_known: int
    holder: PersonView | None = None


def test_a_person_is_found_however_deep_it_lies() -> None:
    def fields(form: Any) -> list[str]:
        return list(personal_fields(forms.type_info(form)))

    assert fields(Contact) == ["phone"]
    assert {"by_seat[][].phone", "holder", "holder.is_controller"} <= set(fields(Card))
    assert "people_known" not in fields(Card)

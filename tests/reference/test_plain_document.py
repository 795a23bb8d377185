"""The document in the part of OpenAPI that generators of clients agree on: each rule is one that a generator stumbled over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from chalicelib.reference import form_names
from chalicelib.reference.plain_schemas import plain
from tests.api.api_requests import document

VALUES: Final = ("default", "example", "examples", "enum", "const", "required")
RESERVED: Final = frozenset(
    {"Array", "Awaited", "Date", "Error", "Map", "Object", "Promise", "Record", "Set", "String"}
)
"""Types that TypeScript or its standard library has already."""


def schemas(inside: Any = None, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of the document but those that stand in it as values, with where it stands."""
    for name, told in (document() if inside is None else inside).items():
        for number, each in enumerate(told if isinstance(told, list) else [told]):
            if isinstance(each, dict) and name not in VALUES:
                place = f"{where}/{name}" + (f"/{number}" if isinstance(told, list) else "")
                yield place, each
                yield from schemas(each, place)


def test_lists_are_lists_and_never_tuples() -> None:
    assert [place for place, schema in schemas() if "prefixItems" in schema or schema.get("items") is False] == []


def test_patterns_look_at_what_is_there_and_end_as_those_of_ecma_do() -> None:
    patterns = {place: told["pattern"] for place, told in schemas() if isinstance(told.get("pattern"), str)}
    assert len(patterns) > 100
    assert {place: told for place, told in patterns.items() if re.search(r"\(\?|\\A|\\Z", told)} == {}


def test_an_object_names_its_fields_or_says_what_it_holds() -> None:
    bare = [
        place
        for place, told in schemas()
        if told.get("type") == "object" and not {"properties", "additionalProperties"} & set(told)
    ]
    assert bare == []


def test_constants_and_enumerations_have_a_type() -> None:
    untyped = [
        place
        for place, told in schemas()
        if ("const" in told or isinstance(told.get("enum"), list)) and not isinstance(told.get("type"), str | list)
    ]
    assert untyped == []


def test_a_choice_between_forms_is_made_by_a_field_that_all_of_them_require() -> None:
    forms = document()["components"]["schemas"]
    choices = [told for _, told in schemas() if _is_choice_of_forms(told)]
    assert len(choices) > 3
    for choice in choices:
        told_by = choice["discriminator"]["propertyName"]
        mapped = {schema["$ref"] for schema in choice["oneOf"]}
        assert set(choice["discriminator"]["mapping"].values()) == mapped
        assert all(told_by in forms[name.rpartition("/")[2]]["required"] for name in mapped)


def _is_choice_of_forms(data: dict[str, Any]) -> bool:
    choices = [*data.get("anyOf", ()), *data.get("oneOf", ())]
    return sum("$ref" in choice for choice in choices if isinstance(choice, dict)) > 1


def test_forms_are_called_by_words_that_no_language_has_taken() -> None:
    names = set(document()["components"]["schemas"])
    assert [name for name in names if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name)] == []
    assert names & RESERVED == set()
    assert {
        name: told["title"] for name, told in document()["components"]["schemas"].items() if told["title"] != name
    } == {}


def test_no_form_is_called_as_the_arguments_of_an_operation_are_unless_that_takes_it() -> None:
    """`typescript-fetch` calls them so: `quotes_quote` takes a `QuotesQuoteRequest`."""
    operations = [told for methods in document()["paths"].values() for told in methods.values()]
    arguments = {_camel(told["operationId"]) + "Request" for told in operations if not told.get("requestBody")}
    assert arguments & set(document()["components"]["schemas"]) == set()


def _camel(name: str) -> str:
    return "".join(map(str.capitalize, name.split("_")))


def test_no_key_stands_in_the_document_to_be_used_twice() -> None:
    assert "example" not in document()["components"]["parameters"]["Idempotency-Key"]


def test_forms_that_share_a_word_are_told_apart_by_their_slice_and_then_by_their_module() -> None:
    one, other, third = (
        type("OfferView", (), {"__module__": f"chalicelib.{module}"})
        for module in ("claims.views.claim", "listings.views.listing", "listings.rules.offer")
    )
    assert form_names.of([one, other]) == {one: "ClaimsOfferView", other: "ListingsOfferView"}
    assert set(form_names.of([one, other, third]).values()) == {
        "ClaimsOfferView",
        "ListingsListingOfferView",
        "ListingsOfferOfferView",
    }


def test_what_is_allowed_stays_allowed_and_nothing_more() -> None:
    pair = {"type": "array", "prefixItems": [{"enum": ["a", "b"]}, {"type": "string"}], "items": False, "minItems": 2}
    assert plain(pair, {}) == {"type": "array", "items": {"type": "string"}, "minItems": 2}
    either = {"anyOf": [{"enum": ["b"]}, {"enum": ["a"]}, {"type": "null"}]}
    assert plain(either, {}) == {"anyOf": [{"type": "string", "enum": ["a", "b"]}, {"type": "null"}]}
    assert plain({"enum": [1, None]}, {}) == {"type": ["integer", "null"], "enum": [1, None]}
    assert plain({"properties": {"enum": {"pattern": "\\Aa\\Z"}}}, {}) == {"properties": {"enum": {"pattern": "^a$"}}}

"""The words for codes and names: of everything that officers are shown there is one, in every language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, get_args

import pytest
from msgspec.inspect import multi_type_info

import chalicelib
from chalicelib.dead_letters import registry
from chalicelib.deposits.rules import categories, lint
from chalicelib.loans.rules.loan import Split
from chalicelib.reference import problems, schemas, told, vocabulary
from chalicelib.shared import journal, policies
from chalicelib.shared.languages import ENGLISH, OFFERED
from chalicelib.shared.state_machine import Timer
from chalicelib.shared.texts import in_language
from chalicelib.suppliers.views.programme import DeadlineView
from infra import catalogue
from tests.machine import machine
from tests.sampled import World
from tests.world import Api, empty_engine


@pytest.mark.parametrize("language", [language for language in OFFERED if language != ENGLISH])
def test_every_name_and_code_that_officers_read_has_a_word(language: str) -> None:
    words = [word for found in vocabulary.words().values() for word in found.values()]
    assert not [str(word) for word in words if in_language(word, language) == str(word)]


def test_every_field_of_what_officers_are_answered_is_among_them(api: Api) -> None:
    """By the document, which is made otherwise: a field of a list's items, one inside a part, one that only a query has."""
    words = api.get("/v1/vocabulary")["field"]
    assert (words["supplier_fault_percent"], words["dpd"], words["rate_bp"]) == (
        "supplier's part of the fault, in percent",
        "days past due",
        "rate",
    )
    assert {"due_before", "next_cursor", "principal_paid", "from"} <= words.keys()


def test_english_joins_with_a_hyphen_what_a_code_parts(api: Api) -> None:
    words = api.get("/v1/vocabulary")
    assert (words["list"]["pre-offers"], words["policy"]["pre-offers"]) == ("pre-offers", "pre-offers")
    assert (words["field"]["cut_off"], words["field"]["cut_off_at"]) == ("cut-off", "cut-off at")
    assert words["field"]["paid_in_capital"] == "paid-in capital"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("overdue_dpd", "overdue days past due"),
        ("least_usd_minor", "least USD"),
        ("p_ppm", "chance"),
        ("no_new_cover_from", "no new cover from"),
        ("registration_no", "registration number"),
    ],
)
def test_a_name_is_said_in_full_and_without_its_unit(name: str, words: str) -> None:
    assert vocabulary.field_words(name) == words


def test_consumers_and_the_codes_of_refusals_and_of_faulty_rules_have_words() -> None:
    words = vocabulary.words()
    said = {code for context in words.values() for code in context}
    assert not {*registry.declared().names, *(error.code for error in problems.every()), *get_args(lint.Code)} - said
    assert str(words["value"]["text_unreadable"]) == "A text holds something that people cannot see."
    assert str(words["value"]["claims.follow"]) == "claims: follow"


def test_a_category_of_a_rulebook_is_called_alike_in_a_statement_and_in_the_vocabulary() -> None:
    words = vocabulary.words()["field"]
    held = {category for each in policies.versions("deposits") for category in each.values["categories"]}
    assert {*categories.IN_FULL} <= held
    called = {category: categories.called(category) for category in held}
    assert called == {category: words[category] for category in held}


def test_why_a_claim_goes_on_is_over_or_refuses_a_file_is_said_in_every_language() -> None:
    rules = sorted((Path(chalicelib.__file__).parent / "claims" / "rules").glob("*.py"))
    shown_text = {why for file in rules for node in ast.walk(ast.parse(file.read_text())) for why in _whys(node)}
    assert shown_text == {*told.WHY}


def test_every_deadline_that_the_code_names_has_a_word_and_what_comes_of_it_too() -> None:
    codes = vocabulary.codes()
    named, outcomes = set(), set()
    for file in Path(chalicelib.__file__).parent.rglob("*.py"):
        module = ast.parse(file.read_text())
        functions = {each.name: each for each in module.body if isinstance(each, ast.FunctionDef)}
        for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
            form = getattr(call.func, "id", "")
            if form.endswith(("Deadline", "DeadlineView", "Timer")):
                places = Timer.__struct_fields__ if form == "Timer" else DeadlineView.__struct_fields__
                given = {each.arg: each.value for each in call.keywords} | dict(zip(places, call.args, strict=False))
                named |= {*_in_words(given.get("name"), functions)}
                outcomes |= {*_in_words(given.get("default_outcome", given.get("outcome")), functions)}
    assert min(len(named), len(outcomes)) > 40
    assert not named - {*codes["deadline"]}
    assert not outcomes - {*codes["status"]}


def test_what_an_address_holds_and_what_may_be_tried_out_has_a_word() -> None:
    """A form asks for the ids of a command that its thing does not say."""
    words = vocabulary.words()
    assert (str(words["field"]["correction_id"]), str(words["action"]["limit-simulations"])) == (
        "correction id",
        "simulate a limit",
    )
    assert in_language(words["sentence"]["counterfeit goods"], "zh-Hans") == "假冒商品"


def test_what_a_policy_holds_and_what_a_partners_books_have_otherwise_has_a_name() -> None:
    held = {name for each in policies.names() for name in _names(policies.in_force(each, date(2026, 3, 1)).values)}
    named = {name for name in held if re.fullmatch("[a-z][a-z_0-9]+", name)}
    differing = {
        *Split.__struct_fields__,
        "missing_here",
        "missing_there",
        "planned_interest",
        "last_due_on",
        "agreed_fee",
    }
    codes = vocabulary.codes()
    assert not {name for name in named | differing if not _has_words(name, codes)}


def test_a_name_that_means_something_else_in_a_thing_is_told_apart_in_every_language() -> None:
    """`of` is where such things are read, or a field that holds them; and there the name is said otherwise than elsewhere."""
    words = vocabulary.words()["field"]
    own = [name for name in words if "." in name]
    assert {"claims.lines", "quotes.rate", "suppliers.points"} <= {*own}
    for each in own:
        of, _, name = each.partition(".")
        assert name in _names_of(of), each
        for language in OFFERED:
            assert in_language(words[each], language) != in_language(words[name], language), each


def _names_of(of: str) -> set[str]:
    read = [each.response for each in vocabulary.of_officers() if re.fullmatch(rf"/v1/{of}/{{\w+}}", each.path)]
    held = [field.type for each in vocabulary.structs() for field in each.fields if field.encode_name == of]
    found = [*schemas.structs(multi_type_info(read)), *(each for form in held for each in schemas.structs([form]))]
    return {field.encode_name for each in found for field in each.fields}


def test_one_thing_of_a_folder_is_called_so() -> None:
    assert [vocabulary.thing_words(folder) for folder in ("recoveries", "guarantee-calls")] == [
        "recovery",
        "guarantee call",
    ]


def test_every_event_that_the_code_names_has_a_word() -> None:
    known = set(vocabulary.codes()["event"])
    assert not sorted({vocabulary.event_code(name) for name in _named_events()} - known)


def test_what_comes_of_a_deadline_that_nobody_meets_has_a_word() -> None:
    known = set(vocabulary.codes()["status"])
    assert {"another_officer", "determined_by_rules"} <= known  # which of the two says a function
    assert not sorted(set(_named_outcomes()) - known)


def test_everything_that_the_sample_tells_has_words(sampled: World) -> None:
    """Kinds and names of the events in its journal, and the names of what they tell."""
    codes = vocabulary.codes()
    with empty_engine():
        machine().restore(sampled.snapshot)
        events = [row.entry().event for row in journal.JournalRow.scan()]
    types = [each.kind.partition(".") for each in events]
    assert not {kind for kind, _, _ in types} - {*codes["kind"]}
    assert not {vocabulary.event_code(name) for _, _, name in types} - {*codes["event"]}
    names = {name for each in events for name in _names(each.payload)}
    assert not {name for name in names if not _has_words(name, codes)}


def _whys(node: ast.AST) -> Iterator[str]:
    """What `why` is given of sentences; beside a bound it says something of the bound."""
    bounds = ("most", "characters", "bytes_")
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") not in bounds:
        given = [each.value for each in node.keywords if each.arg == "why"]
    elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "why":
        given = [node.value]
    else:
        return
    for value in given:
        yield from (text for text in catalogue.constants(value) if " " in text)


def _in_words(value: ast.expr | None, functions: dict[str, ast.FunctionDef]) -> Iterator[str]:
    """What it may be: itself, the words before an id, or what the function called so returns."""
    if isinstance(value, ast.JoinedStr):
        yield str(ast.literal_eval(value.values[0])).strip()
    elif isinstance(value, ast.Name) and value.id in functions:
        for node in ast.walk(functions[value.id]):
            yield from catalogue.constants(node.value) if isinstance(node, ast.Return) and node.value else ()
    elif value is not None:
        yield from catalogue.constants(value)


def _has_words(name: str, codes: dict[str, list[str]]) -> bool:
    plain = vocabulary.without_unit(name)
    return plain in {field for each in codes["field"] for field in (each, vocabulary.without_unit(each))} or any(
        plain in words for words in codes.values()
    )


def _names(value: Any) -> Iterator[str]:
    """Names inside a payload. A number is a seat's, and what a member calls its own categories is its own."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if not re.fullmatch(r"\d+|guarantor_\d|bed_bath_table|[a-z]+(-[a-z]+)+", name):
                yield name
            yield from _names(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _names(inner)


def _named_events() -> Iterator[str]:
    """What `change(…, event="…")`, `note(…, "…")` and `Event("kind.…")` are called with."""
    for node in _nodes():
        if isinstance(node, ast.Call):
            yield from _of_call(node)


def _named_outcomes() -> Iterator[str]:
    """What `Deadline(…, default_outcome="…")` is called with."""
    for node in _nodes():
        if isinstance(node, ast.keyword) and node.arg == "default_outcome":
            yield from _texts(node.value)


@cache
def _trees() -> list[ast.Module]:
    return [ast.parse(file.read_text()) for file in Path(chalicelib.__file__).parent.rglob("*.py")]


def _nodes() -> Iterator[ast.AST]:
    return chain.from_iterable(map(ast.walk, _trees()))


def _of_call(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    for keyword in call.keywords:
        yield from _texts(keyword.value) if keyword.arg == "event" else ()
    if name == "Event":
        yield from (kind.partition(".")[2] for first in call.args[:1] for kind in _texts(first))
    if name == "note":
        yield from (event for second in call.args[1:2] for event in _texts(second))


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value

"""Every error that a client can get has an example, which the test that it names shows whenever it runs (`tests/provoked.py`)."""

from __future__ import annotations

import ast
import re
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, Final

import chalicelib
from chalicelib.reference import error_examples, problems, service
from infra.site import elsewhere

ROOT: Final = Path(__file__).parents[2]


def test_every_error_has_an_example_or_is_met_elsewhere() -> None:
    """A code that a client can get has an example; where one has none, its page says where it is met, and no endpoint answers with it."""
    for module in walk_packages(chalicelib.__path__, "chalicelib."):
        import_module(module.name)
    codes = {error.code for error in problems.every()}
    met_elsewhere = {code for codes in elsewhere.MET.values() for code in codes}
    assert codes - error_examples.every().keys() == met_elsewhere
    assert error_examples.every().keys() <= codes


def test_no_endpoint_declares_a_code_that_is_met_elsewhere() -> None:
    declared = {
        error.code
        for endpoint in service.endpoints()
        for errors in problems.refusals_of(endpoint, with_money=True).values()
        for error in errors
    }
    assert declared & {code for codes in elsewhere.MET.values() for code in codes} == set()


def test_what_the_gateway_says_by_itself_has_an_example_too() -> None:
    assert {error.code for error in problems.AT_THE_GATEWAY} <= error_examples.every().keys()


def test_what_was_really_answered_is_declared_by_the_endpoint_that_answered() -> None:
    declared = {
        (endpoint.method, endpoint.path): {
            error.code for errors in problems.refusals_of(endpoint, with_money=True).values() for error in errors
        }
        for endpoint in service.endpoints()
    }
    of_the_gateway = {error.code for error in problems.AT_THE_GATEWAY}
    undeclared = {
        (code, place)
        for code, example in error_examples.every().items()
        if example["status"] >= 400 and code not in of_the_gateway
        for place in declared
        if _asks(example, *place) and code not in declared[place]
    }
    assert undeclared == set()


def _asks(example: dict[str, Any], method: str, path: str) -> bool:
    asked = example["path"].partition("?")[0]
    return example["method"] == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), asked) is not None


def test_an_example_answers_with_its_code_and_names_a_test_that_is_there() -> None:
    for code, example in error_examples.every().items():
        assert code in (example["answer"].get("code"), example["answer"].get("reason"))
        file, _, test = example["shown_by"].partition("[")[0].partition("::")
        assert test.rpartition("::")[2] in _tests_of(file), (
            f"{code}: {example['shown_by']} is gone: make error-examples"
        )


def test_no_example_holds_a_token() -> None:
    assert '"authorization"' not in error_examples.FILE.read_text().lower()


@cache
def _tests_of(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))

"""Regular expressions that the package brings compiled: the same as `re` would make, none missing, and none taken from another engine."""

from __future__ import annotations

import json
import marshal
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from chalicelib import patterns
from tests.infra.conftest import alone


def test_what_the_package_imports_compiles_no_expression_again(unpacked: Path) -> None:
    content = json.loads(alone(unpacked, AGAIN).splitlines()[-1])
    assert content["given"] > 100
    assert content["compiled"] == []


def test_each_of_them_is_what_the_interpreter_makes_itself(unpacked: Path) -> None:
    assert json.loads(alone(unpacked, OTHERWISE)) == []


def test_what_was_made_for_another_engine_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(re, "_cache", {})
    file = tmp_path / "patterns.marshal"
    assert patterns.take(str(file)) == 0, "there is none where nothing was packaged"
    file.write_bytes(marshal.dumps((0, {("a+", 0): ("a+", 32, [], 0, {}, (None,))})))
    assert patterns.take(str(file)) == 0
    assert vars(re)["_cache"] == {}


@pytest.mark.parametrize("fault", ["no cache", "no engine", "another compiler", "a file that was cut"])
def test_what_cannot_be_taken_stops_no_function(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: Any = {("a+", 0): ("a+", 32, [], 0, {}, (None,))}
    monkeypatch.setattr(re, "_cache", {})
    if fault == "no cache":
        monkeypatch.delattr(re, "_cache")
    if fault == "no engine":
        monkeypatch.setitem(sys.modules, "_sre", None)
    if fault == "another compiler":
        made = {("a+", 0): ("a+", 32)}
    magic = re._compiler.MAGIC  # type: ignore[attr-defined]
    told = marshal.dumps((magic, made))
    file = tmp_path / "patterns.marshal"
    file.write_bytes(told[:-9] if fault == "a file that was cut" else told)
    assert patterns.take(str(file)) == 0
    assert not vars(re).get("_cache")


AGAIN = """
import json, re
import chalicelib
compiled, given, made = [], len(re._cache), re._compiler.compile
re._compiler.compile = lambda pattern, flags=0: compiled.append(repr(pattern)) or made(pattern, flags)
import app, botocore.session
from chalicelib import slices
slices.every()
botocore.session.Session().create_client("dynamodb")
print(json.dumps({"given": given, "compiled": compiled}))
"""
OTHERWISE = """
import json, re
import chalicelib
print(json.dumps([repr(each) for each, made in re._cache.items() if made != re._compiler.compile(*each[1:])]))
"""

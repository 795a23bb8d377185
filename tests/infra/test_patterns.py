"""Regular expressions that the package brings compiled: the same as `re` would make, none missing, and none taken from another engine."""

from __future__ import annotations

import json
import marshal
import re
from pathlib import Path

import pytest

from chalicelib import patterns
from tests.infra.conftest import alone


def test_what_the_package_imports_compiles_no_expression_again(unpacked: Path) -> None:
    told = json.loads(alone(unpacked, AGAIN).splitlines()[-1])
    assert told["given"] > 100
    assert told["compiled"] == []


def test_each_of_them_is_what_the_interpreter_makes_itself(unpacked: Path) -> None:
    assert json.loads(alone(unpacked, OTHERWISE)) == []


def test_what_was_made_for_another_engine_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(re, "_cache", {})
    file = tmp_path / "patterns.marshal"
    assert patterns.take(str(file)) == 0, "there is none where nothing was packaged"
    file.write_bytes(marshal.dumps((0, {("a+", 0): ("a+", 32, [], 0, {}, (None,))})))
    assert patterns.take(str(file)) == 0
    assert vars(re)["_cache"] == {}


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

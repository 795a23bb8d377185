"""Refusals that tests provoke, kept as examples: how somebody comes to see each, in a request and its answer that were really sent.

    make error-examples                     record anew what the tests show that are named in `chalicelib/reference/error_examples.json`
    make error-examples ARGS=tests/orders   the same of other tests: what they provoke and no example shows is added

An example names the test that shows it. Whenever that test runs, the refusal has to come again as it was recorded, but for what is new each
time (`alike`): no example is written by hand, none outlives what it shows, and none costs the suite a request.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import jwt
import pytest

from chalicelib.reference import error_examples
from tests import recording

RECORDS: Final = "SURETY_RECORDS_REFUSALS"
"""Where the environment says so, every refusal goes into the file it names and is compared with nothing."""
MOST_CHARACTERS: Final = 2_000
_LEFT_OUT: Final = ("authorization", "x-request-id")
NEW_EACH_TIME: Final = re.compile(
    r"[a-z]{2,5}_[0-9A-HJKMNP-TV-Z]{26}|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)|[0-9a-f]{16,}|[\w-]{24,}"
)
"""Ids, instants, hashes, and what is signed or sealed."""
_LAST: Final = ("tests/stories/", "tests/api/", "tests/sandbox/")
_NEVER: Final = ("tests/races/", "tests/properties/", "tests/faults/", "tests/benchmarks/")
_seen: dict[str, dict[str, Any]] = {}
_given: list[str] = []


def note(method: str, path: str, headers: Mapping[str, str], body: bytes, status: int, answer: Any) -> None:
    """Keep what a client sent and got, where it is a refusal: the first of its code in this test.

    What a bank told is refused after it was taken in: the event itself says so, and why.
    """
    if not isinstance(answer, dict):
        return
    if status >= 400 and "code" in answer:
        example = _example(method, path, headers, body, status, answer)
        if _seen.setdefault(answer["code"], example)["status"] < 400:
            _seen[answer["code"]] = example
    elif path.startswith("/v1/bank-events/") and answer.get("reason"):
        data = {name: value for name, value in answer.items() if name != "payload"}
        _seen.setdefault(answer["reason"], _example(method, path, headers, body, status, data))


def given(sentence: str) -> None:
    """What stood before, where this test's name does not say it."""
    _given[:] = [sentence]


@pytest.fixture(autouse=True)
def refusals_as_recorded(request: pytest.FixtureRequest) -> Iterator[None]:
    """What this test is to show of refusals, it shows."""
    _seen.clear()
    _given.clear()
    yield
    if RECORDS in os.environ:
        _record(request.node.nodeid)
        return
    for code, example in _of(request.node.nodeid).items():
        shown = json.loads(json.dumps(_seen.get(code)))
        assert shown is not None, f"this test provokes {code} no more: make error-examples"
        assert alike(shown) == alike(example), f"{code} is answered otherwise than recorded: make error-examples"


def alike(example: dict[str, Any]) -> dict[str, Any]:
    """The part of an example that is the same each time."""
    data = {name: example[name] for name in ("method", "path", "as", "status")}
    data |= {"headers": sorted(example.get("headers", ())), "answer": example["answer"]}
    same: dict[str, Any] = json.loads(NEW_EACH_TIME.sub("…", json.dumps(data, ensure_ascii=False)))
    return same


def _example(
    method: str, path: str, headers: Mapping[str, str], body: bytes, status: int, answer: dict[str, Any]
) -> dict[str, Any]:
    sent = {name.lower(): value for name, value in headers.items()}
    view: dict[str, Any] = {"method": method, "path": path[:MOST_CHARACTERS], **_who(sent.get("authorization", ""))}
    if kept := {name: value[:200] for name, value in sorted(sent.items()) if name not in _LEFT_OUT}:
        view["headers"] = kept
    if body:
        view |= _body(body)
    if "doc_url" in answer:
        answer = answer | {"doc_url": error_examples.page_of(answer["code"])}
    return view | {"status": status, "answer": answer}


def _who(authorization: str) -> dict[str, Any]:
    """The role that asked, and an officer's duties. The token itself is kept nowhere."""
    try:
        claims = jwt.decode(authorization.removeprefix("Bearer "), options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return {"as": "somebody" if authorization else "nobody"}
    return {"as": str(claims.get("role", "somebody"))} | ({"duties": claims["duties"]} if claims.get("duties") else {})


def _body(body: bytes) -> dict[str, Any]:
    """As JSON where it is JSON and short enough to be read, else as text, cut."""
    text = body.decode(errors="replace")
    if len(text) > MOST_CHARACTERS:
        return {"text": f"{text[:200]}… ({len(body):,} bytes)"}
    try:
        return {"body": json.loads(text)}
    except (ValueError, RecursionError):
        return {"text": text}


@lru_cache(maxsize=1)
def _by_test() -> dict[str, dict[str, dict[str, Any]]]:
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for code, example in error_examples.every().items():
        found.setdefault(example["shown_by"], {})[code] = example
    return found


def _of(test: str) -> dict[str, dict[str, Any]]:
    return _by_test().get(test, {})


def _record(test: str) -> None:
    given = next(iter(_given), _sentence(test))
    recording.note(RECORDS, [{"code": code, "given": given, **each, "shown_by": test} for code, each in _seen.items()])


def _sentence(test: str) -> str:
    """A test's name is a sentence of the specification."""
    words = test.partition("::")[2].partition("[")[0].removeprefix("test_").replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}."


def main(arguments: list[str]) -> None:
    """Run tests, and put what they provoked into the examples: those there are stay with their tests."""
    known = error_examples.every()
    tests = arguments or sorted({example["shown_by"] for example in known.values()})
    found, ended = recording.run(RECORDS, "refusals.jsonl", tests)
    chosen = known | _best([each for each in found if _may_show(each, known)])
    lines = (f"{json.dumps(code)}: {json.dumps(chosen[code], ensure_ascii=False)}" for code in sorted(chosen))
    error_examples.FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    sys.exit(ended)


def _may_show(example: dict[str, Any], known: dict[str, Any]) -> bool:
    """It shows what nothing shows yet, or otherwise what it is the example of; by a test that is the same each time."""
    code, test = example["code"], example["shown_by"]
    if code not in known:
        return not test.startswith(_NEVER)
    return known[code]["shown_by"] == test and alike(known[code]) != alike(example)


def _best(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Of each code the example that is said plainest: of a slice's own test, without parameters, with little to send."""
    by_code: dict[str, Any] = {}
    for example in sorted(found, key=_how_plain):
        by_code.setdefault(example["code"], example)
    return {code: {name: value for name, value in each.items() if name != "code"} for code, each in by_code.items()}


def _how_plain(example: dict[str, Any]) -> tuple[bool, bool, bool, int, str]:
    test = example["shown_by"]
    return example["status"] < 400, test.startswith(_LAST), "[" in test, len(json.dumps(example.get("body", ""))), test


if __name__ == "__main__":
    main(sys.argv[1:])

"""Documents name what is there: every name of the code in them (files, make targets, settings, routes, codes, metrics, alarms) is one of the code's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec
import pytest

import app
from chalicelib.reference import service as reference
from chalicelib.shared.http import Endpoint

ROOT = Path(__file__).parents[2]
DOCUMENTS = (
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "benchmarks" / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "guides").glob("*.md")),
)
"""Decisions and the changelog tell of their day, and are not held to today's names."""
CODE = ("app.py", "Makefile", "pyproject.toml", "requirements*.in", ".chalice/*.json", ".ci/*", "docs/guides/*.sh")
CODE_FOLDERS = ("chalicelib", "infra", "clients/python")
PLACES = ("", "chalicelib", "infra", "infra/local", "tests", "benchmarks", "docs", ".chalice", "chalicelib/shared")
"""Where a path in a document may begin."""
METHOD = r"(?:(?:GET|POST|PUT|DELETE|HEAD|OPTIONS) )"
NOT_OURS = frozenset({"xray_trace_id", "CAPABILITY_IAM", "whsec_new", "whsec_old", "jq", "curl -s", "standardwebhooks"})
"""A field of Powertools' log lines, a word of CloudFormation's, keys that are examples, commands of a shell, and a library of receivers."""
MADE = ("build/", ".venv/", ".local/")
"""Folders that commands make."""


def quoted(document: Path) -> Iterator[str]:
    """What stands in backticks, outside the blocks and before the list of words that are retired."""
    prose = re.sub(r"(?ms)^```.*?^```", "", document.read_text()).partition("\n## Retired\n")[0]
    yield from re.findall(r"`([^`\n]+)`", prose)


@cache
def words() -> frozenset[str]:
    """Every word of the code: identifiers, codes, names in templates and policies."""
    files = [file for pattern in CODE for file in ROOT.glob(pattern)]
    files += [
        file
        for folder in CODE_FOLDERS
        for file in (ROOT / folder).rglob("*")
        if file.suffix in (".py", ".yaml", ".json", ".xml") and file != Path(__file__)
    ]
    text = "\n".join(file.read_text() for file in files)
    return frozenset(re.findall(r"\w+(?:[-.]\w+)*", text)) | frozenset(re.findall(r"\w+", text))


@cache
def routes() -> frozenset[str]:
    """Every address the application answers, with its ids as `{}`."""
    return frozenset(re.sub(r"\{\w+\}", "{}", path) for path in app.app.routes)


@cache
def endpoints() -> tuple[Endpoint, ...]:
    return tuple(reference.endpoints())


@cache
def targets() -> frozenset[str]:
    return frozenset(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text()))


def unknown(name: str) -> str | None:
    """Why a quoted name is none of the code's, or None."""
    if made := re.fullmatch(r"make ?([a-z-]*)(?: .*)?", name):
        return None if not made[1] or made[1] in targets() else "no target of the Makefile"
    if re.match(rf"{METHOD}?(?:/v1/|/docs|…/)", name):
        address = re.sub(rf"^{METHOD}", "", name)
        return None if is_route(address) and is_asked(address) else "no route, or not asked so"
    if name.startswith("?"):
        return None if is_asked(name) else "no query of any route"
    if re.fullmatch(r"[\w.-]+/[\w./*-]*|[\w-]+\.(?:py|md|yaml|json|txt|toml)", name) and not name.startswith(MADE):
        return None if is_path(name) else "no file"
    if function := re.fullmatch(r"([\w/]+\.py):(\w+)", name):
        return None if defines(function[1], function[2]) else "no such function there"
    known = words() | NOT_OURS
    if re.fullmatch(r"[A-Za-z]\w*(?:[_.-]\w+)*", name):
        of_bank = name.partition(".")[2].replace(
            "_", ".", 1
        )  # an aggregate's event is named after the bank's: `loan.draw_disbursed`
        is_known = {name, of_bank} & known or all(part in known for part in name.split("."))
        return None if is_known else "nowhere in the code"
    return next((f"{part} is nowhere in the code" for part in re.findall(r"\w+_\w+", name) if part not in known), None)


def is_route(address: str) -> bool:
    """Whether it is answered: `/v1/orders/{id}/accept`, or the end of one, `…/accept`."""
    return any(answers(route, address) for route in routes())


def answers(route: str, address: str) -> bool:
    path = re.sub(r"\{\w+\}", "x", re.split(r"[?#]", address)[0])
    if path.startswith("…"):
        return route.endswith(path[1:])
    return re.fullmatch(route.replace("{}", "[^/]+"), path) is not None


def is_asked(address: str) -> bool:
    """Whether some route there, or any at all where there is only `?status=…`, is asked by these names."""
    path, _, query = address.partition("?")
    asked = set(re.findall(r"(?:^|&)(\w+)=", query))
    return not asked or any(
        asked <= {field.encode_name for field in msgspec.structs.fields(endpoint.query)}
        for endpoint in endpoints()
        if endpoint.query is not None and (not path or answers(re.sub(r"\{\w+\}", "{}", endpoint.path), address))
    )


def is_path(name: str) -> bool:
    return any((ROOT / place / name).exists() or list((ROOT / place).glob(name)) for place in PLACES) or any(
        list((ROOT / "chalicelib").glob(f"*/{name}"))
    )


def defines(file: str, function: str) -> bool:
    found = [ROOT / place / file for place in PLACES if (ROOT / place / file).is_file()]
    return any(re.search(rf"(?m)^(?:def|class) {function}\b|^{function}\b", one.read_text()) for one in found)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_name_of_the_code_in_a_document_is_one_of_the_code(document: Path) -> None:
    gone = {name: why for name in quoted(document) if (why := unknown(name))}
    assert not gone


def test_a_name_that_is_gone_is_found() -> None:
    for name in (
        "make fly",
        "GET /v1/nothing",
        "…/never-there",
        "GET /v1/runs?thing=",
        "?thing=",
        "orders/rules/nowhere.py",
        "orders/rules/agreement.py:reject_all_of_it",
        "NeverRings",
        "SURETY_NOTHING",
        "no_such_code_here",
    ):
        assert unknown(name), name
    there = ("make run", "GET /v1/health", "GET /v1/runs?job=…", "?owner=", "…/allocate", "shared/commit.py")
    for name in (*there, "orders/rules/agreement.py:accept"):
        assert not unknown(name), name

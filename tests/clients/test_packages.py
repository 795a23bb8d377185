"""What the clients say of themselves as packages is what whoever installs them needs: no network is asked."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from infra.clients import python_client, typescript_client

PYTHON = tomllib.loads((python_client.CLIENT / "pyproject.toml").read_text())["project"]
NODE = json.loads((typescript_client.CLIENT / "package.json").read_text())
PACKAGE = python_client.CLIENT / "surety_client"
IMPORTED = re.compile(r'^(?:import|export) .*?from "([^."][^"]*)"', re.MULTILINE | re.DOTALL)
OF_THE_COMMAND_LINE = {"rich"}


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[><=~\[]", each, maxsplit=1)[0] for each in requirements}


def test_the_python_package_requires_what_it_imports_and_nothing_else() -> None:
    files = [file for folder in ("", "cli", "generated") for file in (PACKAGE / folder).glob("*.py")]
    used = {module.partition(".")[0] for file in files for module in imported(file)}
    others = {{"attr": "attrs"}.get(module, module) for module in used - sys.stdlib_module_names - {PACKAGE.name}}
    assert others - OF_THE_COMMAND_LINE <= names(PYTHON["dependencies"])
    assert names(PYTHON["optional-dependencies"]["cli"]) == OF_THE_COMMAND_LINE
    assert {"httpx", "standardwebhooks"} <= others


def test_the_python_command_is_there_and_its_readme_and_types_too() -> None:
    module, function = PYTHON["scripts"]["surety"].split(":")
    assert callable(getattr(import_module(module), function))
    assert (PACKAGE / "py.typed").is_file()
    assert (python_client.CLIENT / PYTHON["readme"]).is_file()


def test_the_node_package_requires_what_it_imports_and_ships_what_it_names() -> None:
    sources = {file.stem: file.read_text() for file in (typescript_client.CLIENT / "src").glob("*.ts")}
    assert {module for text in sources.values() for module in IMPORTED.findall(text)} == NODE["dependencies"].keys()
    for named in (NODE["main"], NODE["types"]):
        place = Path(named)
        assert place.name.partition(".")[0] in sources
        assert any(place.is_relative_to(each) for each in NODE["files"])


def test_both_clients_have_one_version() -> None:
    assert PYTHON["version"] == NODE["version"]

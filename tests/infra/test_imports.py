"""What each function imports: a slice is there when a trigger of it is first used, and not before."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib import slices
from chalicelib.route_table import ROUTES
from infra.route_table import rows
from tests.once import once

ROOT = Path(slices.__file__).parent.parent
EVERYTHING = {
    "acquiring", "bank_events", "banks", "cases", "channels", "claims", "conduct", "credit", "daybook", "dead_letters", "deposits", "exports", "firms", "groups", "guarantees", "ledger", "listings", "loans", "members", "monitoring", "office", "orders", "quotes", "receivables", "reconciliation", "recoveries", "runs", "suppliers", "trainings", "webhooks",
}  # fmt: skip
OF_ORDERS = {"banks", "daybook", "ledger", "listings", "members", "orders", "quotes", "suppliers"}
OF_CLAIMS = OF_ORDERS | {"claims", "deposits"}
BANKS_TELL = {
    "acquiring",
    "cases",
    "channels",
    "conduct",
    "runs",
    "bank_events",
    "credit",
    "exports",
    "firms",
    "groups",
    "guarantees",
    "loans",
    "monitoring",
    "receivables",
    "reconciliation",
}
ROUTES_OF = {
    "members": {"members"},
    "daybook": {"daybook", "members", "runs"},
    "orders": OF_ORDERS,
    "claims": OF_CLAIMS,
    "suppliers": {"banks", "daybook", "firms", "ledger", "members", "suppliers"},
}
OF_MONITORING = {
    "banks",
    "credit",
    "exports",
    "firms",
    "groups",
    "loans",
    "monitoring",
    "orders",
    "quotes",
    "receivables",
}
TRIGGERS = {
    "bank_events_changed": OF_CLAIMS | BANKS_TELL | {"office"},
    "instructions_due": {"banks", "ledger", "runs"},
    "bank_events_waiting": OF_CLAIMS | BANKS_TELL,
    "files_arrived": EVERYTHING - {"trainings"},
    "shards_waiting": EVERYTHING,
    "journal_written": {"ledger", "runs"},
    "journal_followed": EVERYTHING - {"trainings"},
    "exports_changed": {"banks", "daybook", "exports", "ledger", "members", "runs"},
    "days_changed": {"daybook", "deposits", "ledger", "members", "runs", "suppliers"} | OF_MONITORING,
    "channels_due": {"channels", "runs"},
    "orders_due": OF_ORDERS | {"runs"},
    "claims_due": OF_CLAIMS | {"runs"},
    "runs_due": {"runs"},
    "dead_letters_due": {"runs"},
    "dead_letters_collected": {"runs"},
}
"""Slices that a function comes to import, beside the registry of dead letters and the authorizer, which are there from the start."""

SCRIPT = """
import json, os, sys
import app

def slices():
    return sorted({name.split(".")[1] for name in sys.modules if name.startswith("chalicelib.") and name.count(".") > 1})

print(json.dumps(slices()), flush=True)
for modules in json.loads(sys.argv[1]):
    if os.fork() == 0:
        for module in modules:
            __import__(module)
        print(json.dumps(slices()), flush=True)
        os._exit(0)
    os.wait()
"""


def imports_of_triggers() -> dict[str, list[str]]:
    """The modules that each function of `app.py` imports when it is called, those of the helpers it calls among them."""
    functions = {
        node.name: node for node in ast.parse((ROOT / "app.py").read_text()).body if isinstance(node, ast.FunctionDef)
    }

    def modules(node: ast.FunctionDef) -> list[str]:
        found = [
            f"{each.module}.{name.name}"
            for each in ast.walk(node)
            if isinstance(each, ast.ImportFrom)
            for name in each.names
        ]
        called = [
            each.func.id for each in ast.walk(node) if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)
        ]
        return [*found, *(module for name in called if name in functions for module in modules(functions[name]))]

    return {name: list(map(_module, modules(node))) for name, node in functions.items() if node.decorator_list}


def _module(name: str) -> str:
    """A module, or the one that defines the name in it."""
    place = ROOT.joinpath(*name.split("."))
    return name if place.is_dir() or place.with_suffix(".py").exists() else name.rpartition(".")[0]


Imported = tuple[set[str], dict[str, set[str]]]


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    """Slices that are there when the application has started, and those that each use of it comes to import."""
    uses = {f"routes of {name}": [f"chalicelib.{name}.routes"] for name in ROUTES_OF} | imports_of_triggers()

    def ask(folder: Path) -> Path:
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, json.dumps(list(uses.values()))],
            env={"AWS_DEFAULT_REGION": "us-east-1", "SURETY_STAGE": "prod"},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        told = folder / "told"
        told.write_text(done.stdout)
        return told

    told = once(tmp_path_factory, "imported", ask)
    assert told is not None
    started, *slices = (set(json.loads(line)) for line in told.read_text().splitlines())
    return started, {name: found - started for name, found in zip(uses, slices, strict=True)}


def test_the_table_of_routes_says_what_the_decorators_say() -> None:
    assert tuple(rows()) == ROUTES, "make routes"


def test_an_application_that_has_started_has_imported_no_slice(imported: Imported) -> None:
    assert imported[0] == {"shared", "identity", "dead_letters"}


@pytest.mark.parametrize("name", sorted(ROUTES_OF))
def test_the_first_request_of_a_slice_imports_what_it_stands_on(imported: Imported, name: str) -> None:
    assert imported[1][f"routes of {name}"] == ROUTES_OF[name]


@pytest.mark.parametrize("name", sorted(TRIGGERS))
def test_a_function_imports_what_its_trigger_needs(imported: Imported, name: str) -> None:
    assert imported[1][name] == TRIGGERS[name] - {"dead_letters"}

"""The picture of the structure is one of the folders, in the order in which they may import each other; a slice's tables are its own."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[2]
PRODUCT = ROOT / "chalicelib"
SHARED_TABLES = {
    ("chalicelib.bank_events.aggregate", "chalicelib.banks.records.inbox"),
    ("chalicelib.acquiring.aggregate", "chalicelib.orders.records"),
    ("chalicelib.claims.aggregate", "chalicelib.orders.records"),
}
"""A bank event is kept by `banks` and waits for what `settlement` does (decision 0026); what a claim holds of the ceiling is written on its order in the same commit (0012)."""


def picture() -> list[str]:
    """The packages in the picture, from above."""
    block = re.findall(r"```text\n(.*?)```", (ROOT / "docs" / "structure.md").read_text(), re.DOTALL)[0]
    return re.findall(r"\b([a-z_]+)/", block)


def packages() -> set[str]:
    """Every slice, and every package inside one that is no room of it."""
    rooms = {"rules", "records", "aggregate", "service", "views", "routes", "verdict"}
    inside = {folder.name for folder in PRODUCT.glob("*/*/") if (folder / "__init__.py").is_file()} - rooms
    return inside - {"dictionaries"} | {folder.name for folder in PRODUCT.glob("*/") if folder.name != "__pycache__"}


def layers() -> list[set[str]]:
    """Slices by the contract, from above."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [slices] = [one for one in contracts if one["name"] == "Slices point downward only"]
    return [set(re.findall(r"chalicelib\.(\w+)", layer)) for layer in slices["layers"]]


def test_every_package_is_in_the_picture_and_none_that_is_not_there() -> None:
    shown = picture()
    assert sorted(shown) == sorted(packages())


def test_the_contract_knows_every_slice_and_the_picture_has_its_order() -> None:
    order = [name for layer in layers() for name in layer if (PRODUCT / name).is_dir()]
    assert set(order) == packages() - {"rulebooks", "monthly", "http", "page", "policies", "locale"}
    place = {name: number for number, layer in enumerate(layers()) for name in layer}
    shown = [place[name] for name in picture() if name in place]
    assert shown == sorted(shown)


def test_rooms_of_every_slice_are_under_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [rooms] = [one for one in contracts if one["name"].startswith("Rooms of a slice")]
    inside = {"rulebooks": "deposits.rulebooks", "monthly": "deposits.monthly"}
    slices = packages() - {"shared", "policies", "locale", "http", "page"}
    assert set(rooms["containers"]) == {f"chalicelib.{inside.get(name, name)}" for name in slices}


def test_nobody_else_touches_a_slices_tables() -> None:
    graph = grimp.build_graph("chalicelib", cache_dir=None)
    touched = {
        (importer, imported)
        for imported in graph.modules
        if ".records" in imported
        for importer in graph.find_modules_that_directly_import(imported)
        if importer.split(".")[1] != imported.split(".")[1]
    }
    assert touched == SHARED_TABLES

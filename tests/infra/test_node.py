"""What the browser loads of others: pinned, copied by name, and no folder emptied that npm did not make."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from chalicelib.console import vendor
from infra.local import node

ROOT: Final = Path(__file__).parents[2]


def test_every_package_is_pinned_by_hash_and_no_registry_is_named() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    others = [told for name, told in packages.items() if name]
    assert others
    assert all(told["integrity"].startswith("sha512-") and "resolved" not in told for told in others)


def test_a_folder_that_npm_did_not_make_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "precious").write_text("kept")
    with pytest.raises(node.NotInstalled, match="npm did not make it"):
        node.install(tmp_path)
    assert (tmp_path / "node_modules" / "precious").read_text() == "kept"


def test_exactly_the_named_files_are_copied_and_a_missing_one_is_named(tmp_path: Path) -> None:
    modules, to = tmp_path / "modules", tmp_path / "vendor"
    for source in vendor.FILES.values():
        (modules / source).parent.mkdir(parents=True, exist_ok=True)
        (modules / source).write_text(source)
    to.mkdir()
    (to / "own").write_text("kept")
    node.copy(modules, to)
    assert {file.name for file in to.iterdir()} == {*vendor.FILES, "own"}
    (modules / vendor.FILES["lit.js"]).unlink()
    with pytest.raises(node.NotInstalled, match=r"lit/index\.js"):
        node.copy(modules, to)

"""Modules that are put off: they come when something in them is used, whoever else imports them at that moment."""

from __future__ import annotations

import sys
import threading
from importlib import import_module
from pathlib import Path

import pytest

from chalicelib import later


def test_two_that_import_it_at_once_wait_for_no_third(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one is being imported by somebody else, it uses another one that was put off."""
    (tmp_path / "put_off_a.py").write_text("import put_off_b\nvalue = put_off_b.value + 1\n")
    (tmp_path / "put_off_b.py").write_text("value = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("put_off_a", "put_off_b"):
        monkeypatch.setitem(sys.modules, name, later.Later(name))
    is_begun, found = threading.Event(), list[int]()
    first = sys.modules["put_off_a"]

    def somebody_else() -> None:
        found.append(import_module("put_off_a").value)

    def after_them(name: str) -> object:
        if name == "put_off_a" and not is_begun.is_set():
            is_begun.set()
            other = threading.Thread(target=somebody_else, daemon=True)
            other.start()
            other.join(timeout=10)
        return import_module(name)

    monkeypatch.setattr(later, "import_module", after_them)
    user = threading.Thread(target=lambda: found.append(first.value), daemon=True)
    user.start()
    user.join(timeout=20)
    assert found == [2, 2]

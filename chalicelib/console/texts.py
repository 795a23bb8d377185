"""The sentences of the console: what its modules say with `t("…")`, in English. `infra/catalogue.py` gathers them for translation too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

APP: Final = Path(__file__).parent / "app"
_SAID: Final = re.compile(r'\bt\(\s*("(?:[^"\\]|\\.)*")')


@cache
def sentences() -> tuple[str, ...]:
    """Every sentence once, in alphabetical order."""
    return tuple(sorted({text for module in sorted(APP.glob("*.js")) for text in _sentences(module)}))


def _sentences(module: Path) -> Iterator[str]:
    return (json.loads(quoted) for quoted in _SAID.findall(module.read_text(encoding="utf-8")))

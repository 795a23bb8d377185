"""What every page that people open has in common: tokens of design, the look of plain elements, and what a browser may do with it.

STYLE                     the shared style sheet: put it at the head of a page's own, or serve it as a file
policy(style, script=…)   the Content-Security-Policy of a page: nothing but what is named
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
STYLE: Final = "".join((_HERE / name).read_text(encoding="utf-8") for name in ("tokens.css", "base.css"))
SELF: Final = "'self'"


def policy(style: str, *, script: str = "", connect: str = "", image: str = "") -> str:
    """A policy that starts from nothing. Each source is `SELF`, a hash (`of_inline`), several of them, or empty for none."""
    sources = {"style-src": style, "script-src": script, "connect-src": connect, "img-src": image}
    allowed = "".join(f"{name} {source}; " for name, source in sources.items() if source)
    return f"default-src 'none'; {allowed}base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def of_inline(content: str) -> str:
    """The source that allows exactly this inline `<style>` or `<script>`."""
    return f"'sha256-{b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"

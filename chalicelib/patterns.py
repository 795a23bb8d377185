"""Regular expressions that were compiled when the package was made, as bytecode was.

The libraries and we compile a hundred of them until the first answer, which takes a tenth of a cold start. `infra/patterns.py` writes what
the interpreter made of each beside this file; here `re` is given them as if it had compiled them already. Where there is no such file, or
it was made for another kind of engine, `re` compiles as ever.
"""

from __future__ import annotations

import _sre  # type: ignore[import-not-found]  # what `re` itself stands on
import marshal
import os
import re
from typing import Any, Final

FILE: Final = os.path.join(os.path.dirname(__file__), "patterns.marshal")  # pathlib takes a millisecond


def take(file: str = FILE) -> int:
    """How many of them `re` has been given."""
    try:
        with open(file, "rb") as read:
            made_for, compiled = marshal.loads(read.read())  # noqa: S302 - a file of the package, as its bytecode is
    except FileNotFoundError:
        return 0
    if made_for != _sre.MAGIC:
        return 0
    known: dict[Any, Any] = vars(re)["_cache"]
    for (pattern, flags), made in compiled.items():
        known[type(pattern), pattern, flags] = _sre.compile(*made)
    return len(compiled)

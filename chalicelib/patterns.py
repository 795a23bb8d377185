"""Regular expressions that were compiled when the package was made, as bytecode was.

The libraries and we compile a hundred of them until the first answer, which takes a tenth of a cold start. `infra/patterns.py` writes what
the interpreter made of each beside this file; here `re` is given them as if it had compiled them already. Where there is no such file, it
was made for another kind of engine, or this Python keeps them otherwise than the one it was made by, `re` compiles as ever: a function starts
a little later then, and never not at all.
"""

from __future__ import annotations

import marshal
import os
import re
from importlib import import_module
from typing import Any, Final

FILE: Final = os.path.join(os.path.dirname(__file__), "patterns.marshal")  # pathlib takes a millisecond


def take(file: str = FILE) -> int:
    """How many of them `re` has been given: all, or none."""
    try:
        with open(file, "rb") as read:
            made_for, compiled = marshal.loads(read.read())  # noqa: S302 - a file of the package, as its bytecode is
        engine: Any = import_module("_sre")  # what `re` itself stands on
        if made_for != engine.MAGIC:
            return 0
        given = {
            (type(pattern), pattern, flags): engine.compile(*arguments)
            for (pattern, flags), arguments in compiled.items()
        }
        vars(re)["_cache"].update(given)
    except Exception:  # a private name that is called otherwise, a file that was cut: nothing that is needed
        return 0
    return len(given)

"""Write `chalicelib/route_table.py`, from which `app.py` registers the routes of slices that are not imported yet: `make routes`."""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parent.parent / "chalicelib" / "route_table.py"
HEAD: Final = '''"""Every route: method, path, module, name, whether it is public, docstring. Written from the decorators by `make routes`."""

from __future__ import annotations

from typing import Final

Row = tuple[str, str, str, str, bool, str]
# fmt: off
ROUTES: Final[tuple[Row, ...]] = (
'''


def rows() -> Iterator[tuple[str, str, str, str, bool, str]]:
    """What the decorators of all slices say, the sandbox's among them."""
    from chalicelib import slices

    for module in (*slices.MODULES, *slices.SANDBOX):
        for endpoint in slices.load(module).endpoints:
            yield (
                endpoint.method,
                endpoint.path,
                module,
                endpoint.name,
                endpoint.public,
                inspect.getdoc(endpoint.view) or "",
            )


def write() -> None:
    FILE.write_text(HEAD + "".join(f"    {row!r},\n" for row in rows()) + ")\n")


if __name__ == "__main__":
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    write()

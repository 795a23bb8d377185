"""`clients/typescript`: its types by openapi-typescript from the API document, and all of it compiled in strict mode.

current(document)   brings `src/schema.d.ts` and `dist/` up to the document; NoNode says what is missing
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from infra.clients.kept import kept

ROOT: Final = Path(__file__).parents[2]
CLIENT: Final = ROOT / "clients" / "typescript"
SCHEMA: Final = CLIENT / "src" / "schema.d.ts"
DIST: Final = CLIENT / "dist"
MODULES: Final = ROOT / "node_modules"
COMPILER: Final = MODULES / "typescript" / "bin" / "tsc"
GENERATOR: Final = MODULES / "openapi-typescript" / "bin" / "cli.js"


class NoNode(Exception):
    """Node, or what `package-lock.json` names, is not here."""


class NotCompiled(Exception):
    """A tool of Node ended with an error; the message is its own."""


def current(document: dict[str, Any]) -> bool:
    """Whether it had to be made anew."""
    node()
    written = [CLIENT / "tsconfig.json", *(path for path in sorted(CLIENT.glob("*/*.ts")) if path != SCHEMA)]
    parts = [json.dumps(document).encode(), (ROOT / "package-lock.json").read_bytes(), *map(Path.read_bytes, written)]
    return kept(DIST, Path(__file__).read_bytes(), *parts, make=lambda: _make(document))


def node() -> str:
    """The command. Raises NoNode."""
    path = shutil.which("node")
    if path is None or not COMPILER.is_file() or not GENERATOR.is_file():
        raise NoNode("Node and what package-lock.json names are needed: npm ci")
    return path


def _make(document: dict[str, Any]) -> None:
    with TemporaryDirectory() as folder:
        source = Path(folder) / "openapi.json"
        source.write_text(json.dumps(document), encoding="utf-8")
        # A field that has a default may be left out of a request: it is no field that must be there.
        run(GENERATOR, str(source), "--default-non-nullable=false", "-o", str(SCHEMA))
    run(COMPILER, "-p", str(CLIENT))
    shutil.copyfile(SCHEMA, DIST / "src" / SCHEMA.name)


def run(tool: Path, *arguments: str) -> str:
    """What a tool of Node says. Raises NotCompiled."""
    process = subprocess.run([node(), str(tool), *arguments], capture_output=True, text=True, check=False)  # noqa: S603 - our own tools
    if process.returncode:
        raise NotCompiled((process.stdout + process.stderr).strip()[-3000:])
    return process.stdout

"""What Lambda's Python makes of the regular expressions that a process here compiles: `chalicelib/patterns.py` reads it.

Which ones is seen in a process of this machine that imports every slice and makes a client, for the package may be for another
processor; of the standard library they are those of Lambda's version. They are compiled by Lambda's Python, into numbers that do not
depend on the processor.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
FILE: Final = "chalicelib/patterns.marshal"
SEEN: Final = """
import encodings.idna, json, re, sys
import app, botocore.session
from chalicelib import slices
slices.every()
botocore.session.Session().create_client("dynamodb")
assert len(re._cache) < re._MAXCACHE, "re forgets some of them"
texts = [(pattern if kind is str else pattern.decode("latin-1"), kind is bytes, flags) for kind, pattern, flags in re._cache]
modules = sorted(name for name in sys.modules if name.partition(".")[0] in sys.stdlib_module_names - {"__main__"})
print(json.dumps([texts, modules]))
"""
COMPILED: Final = """
import _sre, importlib, json, marshal, platform, re, sys, types
texts, modules = json.load(sys.stdin)
for module in modules:
    try:
        importlib.import_module(module)
    except ImportError:
        continue
platform.python_version()  # botocore tells it to AWS
wanted = [(text.encode("latin-1") if is_bytes else text, flags) for text, is_bytes, flags in texts]
wanted += [(pattern, flags) for _, pattern, flags in re._cache]
re._compiler._sre = types.SimpleNamespace(**{**vars(_sre), "compile": lambda *made: made})
compiled = {}
for pattern, flags in sorted(set(wanted), key=repr):
    text, flags_made, code, *rest = re._compiler.compile(pattern, flags)
    compiled[pattern, flags] = text, int(flags_made), [int(part) for part in code], *rest
sys.stdout.buffer.write(marshal.dumps((_sre.MAGIC, compiled), 2))
"""
"""Where the compiler would hand its numbers to the engine, it hands them to us."""


def compiled(python: str) -> bytes:
    """The contents of the file. CalledProcessError where that Python cannot make it."""
    given = {**os.environ, "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x"}
    seen = subprocess.run([sys.executable, "-c", SEEN], cwd=ROOT, env=given, capture_output=True, check=True).stdout  # noqa: S603 - ours
    return subprocess.run([python, "-I", "-c", COMPILED], input=seen, capture_output=True, check=True).stdout  # noqa: S603 - ours

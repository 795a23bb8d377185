"""Libraries as the package has them: without what they do at each start for what no function of ours ever does.

Each change names the line it changes, and that line must be there exactly once: of another version nothing is packaged until somebody has
looked. What is taken out is loaded when it is used after all; only what is named so is gone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

SERVICES_CALLED: Final = frozenset({"dynamodb", "dynamodbstreams", "s3", "sqs", "ssm", "sts", "kms"})
HEARD_OF: Final = sorted(SERVICES_CALLED - {"dynamodbstreams"} | {"dynamodb-streams", "*"})
"""How botocore's events name them."""

STAND_INS: Final = {
    "botocore/docs/__init__.py": "",
    "botocore/docs/docstring.py": """
class _Untold(str):
    def __new__(cls, *args, **kwargs):
        return super().__new__(cls)


ClientMethodDocstring = PaginatorDocstring = WaiterDocstring = _Untold
""",
    "boto3/docs/__init__.py": "",
    "boto3/docs/docstring.py": """
from botocore.docs.docstring import ClientMethodDocstring


def __getattr__(name):
    if not name.endswith("Docstring"):
        raise AttributeError(name)
    return ClientMethodDocstring
""",
    "urllib3/http2/__init__.py": "",
    "dateutil/parser/__init__.py": """
def parse(timestr, *args, **kwargs):
    from dateutil.parser import _parser

    return _parser.parse(timestr, *args, **kwargs)


def isoparse(dt_str):
    from dateutil.parser import isoparser

    return isoparser.isoparse(dt_str)
""",
    "aws_lambda_powertools/utilities/jmespath_utils/__init__.py": """
def query(data, envelope, jmespath_options=None):
    import jmespath

    return jmespath.search(envelope, data)
""",
    "typing_extensions.py": """
import typing


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    try:
        return getattr(typing, name)
    except AttributeError:
        import _typing_extensions

        return getattr(_typing_extensions, name)
""",
}
"""Modules with less in them: what `help()` says of AWS's operations is gone, of boto3's resources too, and whether HTTP/2 is there, which botocore does not speak. A
parser of dates comes when one is parsed, Powertools' own functions of JMESPath do not, and what `typing` has it has."""

SET_ASIDE: Final = {"typing_extensions.py": "_typing_extensions.py"}
"""Modules whose stand-in falls back on them, by the name it knows them by."""

MENDED: Final = {
    "botocore/httpsession.py": (
        (
            "conn.ca_certs = get_cert_path(verify)",
            "conn.ca_certs, conn.ca_cert_dir = (None, os.path.join(os.path.dirname(__file__), 'roots')) "
            "if verify is True else (verify, None)",
        ),
    ),
    "botocore/handlers.py": (
        (
            "\n]\n_add_parameter_aliases(BUILTIN_HANDLERS)\n",
            f"""
]
BUILTIN_HANDLERS = [
    told for told in BUILTIN_HANDLERS if (told[0] + '.*').split('.')[1] in {HEARD_OF} and not told[0].startswith('docs.')
]
""",
        ),
    ),
    "botocore/hooks.py": (
        (
            "            self._event_aliases = EVENT_ALIASES\n",
            f"            self._event_aliases = {{old: new for old, new in EVENT_ALIASES.items() if new in {HEARD_OF}}}\n",
        ),
    ),
    "botocore/utils.py": (
        (
            "from urllib.request import getproxies, proxy_bypass\n",
            """

def _has_proxies():
    return any(name.lower().endswith('_proxy') for name in os.environ)


def getproxies():
    if not _has_proxies():
        return {}
    from urllib.request import getproxies

    return getproxies()


def proxy_bypass(host):
    if not _has_proxies():
        return False
    from urllib.request import proxy_bypass

    return proxy_bypass(host)


""",
        ),
    ),
    "botocore/credentials.py": (
        ("popen=subprocess.Popen", "popen=lambda *args, **named: subprocess.Popen(*args, **named)"),
    ),
    "botocore/compat.py": (("XMLParseError = ETree.ParseError", "XMLParseError = SyntaxError"),),
    "msgspec/json.py": (
        (
            "from ._json_schema import schema, schema_components\n",
            """

def __getattr__(name):
    if name not in ("schema", "schema_components"):
        raise AttributeError(name)
    from . import _json_schema

    return getattr(_json_schema, name)
""",
        ),
    ),
    "msgspec/__init__.py": (
        (
            "from . import inspect, json, msgpack, structs, toml, yaml\n",
            """from . import json, structs


def __getattr__(name):
    if name not in ("inspect", "msgpack", "toml", "yaml"):
        raise AttributeError(name)
    from importlib import import_module

    return import_module(f"msgspec.{name}")


""",
        ),
    ),
}
"""Lines that read otherwise. Who names no bundle of roots trusts those of a folder; handlers of other services' events, and other names of
their events, are not registered; where no variable names a proxy, there is none; an error of an XML parser is a SyntaxError, which does
without that parser; who may start a process for its credentials finds out how when it does; of msgspec only JSON is there from the start."""


class Unlike(Exception):
    """A library does not read as it did; the message says where."""


def lighten(opened: Path) -> None:
    for name, aside in SET_ASIDE.items():
        (opened / name).rename(opened / aside)
    for name, source in STAND_INS.items():
        (opened / name).write_text(source.lstrip("\n"))
    for name, lines in MENDED.items():
        for line, mended in lines:
            mend(opened / name, line, mended)


def mend(file: Path, line: str, mended: str) -> None:
    source = file.read_text()
    if source.count(line) != 1:
        raise Unlike(f"{file.name} of the pinned version does not have this line once, see MENDED: {line}")
    file.write_text(source.replace(line, mended))

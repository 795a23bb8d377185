"""One request said in three languages: curl, Python, JavaScript. Pure."""

from __future__ import annotations

import json
import re
from pprint import pformat
from typing import Any, Final, NamedTuple

from infra.site.samples import NAME

LANGUAGES: Final = ("curl", "Python", "JavaScript")
FRESH: Final = ""
"""The value of a header that is another each time: an Idempotency-Key."""


class Request(NamedTuple):
    """`path` has its query. `by` names whose token is sent, and nobody's where it is empty. A header of the value `FRESH` gets a new one each time;
    a body is JSON unless one says otherwise. `$ORDER_ID` in path and body is the id that the reader has under this name.
    """

    method: str
    path: str
    by: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: Any = None

    @property
    def names(self) -> list[str]:
        """What the reader has to have: the address, the token, the ids."""
        used = NAME.findall(f"{self.path} {json.dumps(self.headers)} {json.dumps(self.body)}")
        return ["SURETY", *([self.by] if self.by else []), *dict.fromkeys(used)]


def in_all(request: Request) -> dict[str, str]:
    return dict(zip(LANGUAGES, (curl(request), python(request), javascript(request)), strict=True))


def curl(request: Request) -> str:
    lines = [f'curl -sS {"-X POST " if request.method == "POST" else ""}"$SURETY{request.path}"']
    if request.by:
        lines.append(f'-H "Authorization: Bearer ${request.by}"')
    lines += [f'-H "{name}: {value or "$(date +%s)-$RANDOM"}"' for name, value in request.headers]
    if request.body is not None:
        lines += [] if "Content-Type" in dict(request.headers) else ["-H 'Content-Type: application/json'"]
        written = _json(request.body).replace("'", "'\\''")
        lines.append("-d '" + NAME.sub(r"'$\1'", written) + "'")
    return " \\\n  ".join(lines)


def python(request: Request) -> str:
    headers = {
        name: _QUOTED.sub(_from_environment, repr(value)) if value else "str(uuid4())"
        for name, value in request.headers
    }
    token = {"Authorization": f"f\"Bearer {{env['{request.by}']}}\""} if request.by else {}
    path = NAME.sub(r"{env['\1']}", request.path)
    arguments = [f"f\"{{env['SURETY']}}{path}\""]
    if token or headers:
        arguments.append(f"headers={_dictionary(token | headers)}")
    if request.body is not None:
        arguments.append(f"json={_QUOTED.sub(_from_environment, _literal(request.body))}")
    call = f"httpx.{request.method.lower()}(\n    {(',' + chr(10) + '    ').join(arguments)},\n)"
    imports = "from os import environ as env\n" + (
        "from uuid import uuid4\n" if FRESH in dict(request.headers).values() else ""
    )
    return f"{imports}\nimport httpx\n\nanswer = {call}\nprint(answer.status_code, answer.text)"


def javascript(request: Request) -> str:
    headers = {
        name: _QUOTED.sub(_as_it_is, json.dumps(value)) if value else "crypto.randomUUID()"
        for name, value in request.headers
    }
    token = {"Authorization": f"`Bearer ${{{request.by}}}`"} if request.by else {}
    given = {"Content-Type": '"application/json"'} if request.body is not None else {}
    options = [f'method: "{request.method}"'] if request.method != "GET" else []
    if token or headers or given:
        options.append(f"headers: {_dictionary(token | given | headers)}")
    if request.body is not None:
        written = _QUOTED.sub(_as_it_is, _json(request.body))
        options.append(f"body: JSON.stringify({_indented(written, 2)})")
    argument = ", {\n  " + ",\n  ".join(options) + ",\n}" if options else ""
    path = NAME.sub(r"${\1}", request.path)
    return (
        f"const {{ {', '.join(request.names)} }} = process.env;\n"
        f"const answer = await fetch(`${{SURETY}}{path}`{argument});\nconsole.log(answer.status, await answer.text());"
    )


_QUOTED: Final = re.compile(rf"""["']{NAME.pattern}["']""")


def _as_it_is(match: re.Match[str]) -> str:
    return match[1]


def _from_environment(match: re.Match[str]) -> str:
    return f'env["{match[1]}"]'


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _literal(value: Any) -> str:
    return _indented(pformat(value, width=88, sort_dicts=False), 4)


def _dictionary(values: dict[str, str]) -> str:
    return "{" + ", ".join(f"{json.dumps(name)}: {value}" for name, value in values.items()) + "}"


def _indented(text: str, by: int) -> str:
    return text.replace("\n", "\n" + " " * by)

"""One request said in three languages: curl, Python, JavaScript. Pure."""

from __future__ import annotations

import json
from pprint import pformat
from typing import Any, Final, NamedTuple

LANGUAGES: Final = ("curl", "Python", "JavaScript")
FRESH: Final = ""
"""The value of a header that is another each time: an Idempotency-Key."""


class Request(NamedTuple):
    """`path` has its query. A header of the value `FRESH` gets a new one each time; a body is JSON unless one says otherwise; `has_token` says whether the caller has to sign in."""

    method: str
    path: str
    has_token: bool = True
    headers: tuple[tuple[str, str], ...] = ()
    body: Any = None


def in_all(request: Request) -> dict[str, str]:
    return dict(zip(LANGUAGES, (curl(request), python(request), javascript(request)), strict=True))


def curl(request: Request) -> str:
    lines = [f'curl -sS {"-X POST " if request.method == "POST" else ""}"$SURETY{request.path}"']
    if request.has_token:
        lines.append('-H "Authorization: Bearer $TOKEN"')
    lines += [f'-H "{name}: {value or "$(uuidgen)"}"' for name, value in request.headers]
    if request.body is not None:
        lines += [] if "Content-Type" in dict(request.headers) else ["-H 'Content-Type: application/json'"]
        lines.append("-d '" + _json(request.body).replace("'", "'\\''") + "'")
    return " \\\n  ".join(lines)


def python(request: Request) -> str:
    headers = {name: repr(value) if value else "str(uuid4())" for name, value in request.headers}
    token = {"Authorization": 'f"Bearer {TOKEN}"'} if request.has_token else {}
    arguments = [f'f"{{SURETY}}{request.path}"']
    if token or headers:
        arguments.append(f"headers={_dictionary(token | headers)}")
    if request.body is not None:
        arguments.append(f"json={_literal(request.body)}")
    call = f"httpx.{request.method.lower()}(\n    {(',' + chr(10) + '    ').join(arguments)},\n)"
    imports = "import httpx\n" + ("from uuid import uuid4\n" if FRESH in dict(request.headers).values() else "")
    return f"{imports}\nanswer = {call}\nprint(answer.status_code, answer.text)"


def javascript(request: Request) -> str:
    headers = {name: json.dumps(value) if value else "crypto.randomUUID()" for name, value in request.headers}
    token = {"Authorization": "`Bearer ${TOKEN}`"} if request.has_token else {}
    given = {"Content-Type": '"application/json"'} if request.body is not None else {}
    options = [f'method: "{request.method}"'] if request.method != "GET" else []
    if token or headers or given:
        options.append(f"headers: {_dictionary(token | given | headers)}")
    if request.body is not None:
        options.append(f"body: JSON.stringify({_indented(_json(request.body), 2)})")
    told = ", {\n  " + ",\n  ".join(options) + ",\n}" if options else ""
    return f"const answer = await fetch(`${{SURETY}}{request.path}`{told});\nconsole.log(answer.status, await answer.text());"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _literal(value: Any) -> str:
    return _indented(pformat(value, width=88, sort_dicts=False), 4)


def _dictionary(values: dict[str, str]) -> str:
    return "{" + ", ".join(f"{json.dumps(name)}: {value}" for name, value in values.items()) + "}"


def _indented(text: str, by: int) -> str:
    return text.replace("\n", "\n" + " " * by)

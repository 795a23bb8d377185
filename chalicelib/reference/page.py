"""The API document as one page of HTML: made on our side, no script, nothing fetched from anywhere.

render(document)   the page of an OpenAPI document as `openapi.py` makes it
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any, Final

from chalicelib.reference.conventions import CONVENTIONS, SUMMARY
from chalicelib.reference.schemas import resolve

STYLE: Final = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What a browser may do with the page: apply this very style sheet, and nothing else."""


def render(document: dict[str, Any]) -> str:
    info = document["info"]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(info['title'])} API</title><style>{STYLE}</style></head><body>"
        '<a class="skip" href="#main">To the content</a><div class="frame">'
        f'{_contents(document)}<main id="main">{_head(document)}{_conventions()}'
        f"{''.join(_group(tag['name'], document) for tag in document['tags'])}"
        f"{_schemas(document)}{_problems(document)}</main></div></body></html>"
    )


def anchor(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", text)


def operations(document: dict[str, Any], group: str | None = None) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """`(method, path, operation)` of a group, or of all."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if group is None or group in operation["tags"]:
                yield method.upper(), path, operation


def _contents(document: dict[str, Any]) -> str:
    groups = "".join(
        f"<h2>{escape(tag['name'])}</h2><ul>"
        + "".join(
            f'<li><a href="#{anchor(operation["operationId"])}">{_method(method)}<span>{_breakable(path)}</span></a></li>'
            for method, path, operation in operations(document, tag["name"])
        )
        + "</ul>"
        for tag in document["tags"]
    )
    about = '<li><a href="#conventions">Conventions</a></li><li><a href="#forms">Forms</a></li><li><a href="#problems">Problems</a></li>'
    return f'<nav aria-label="Contents"><h2>About</h2><ul>{about}</ul>{groups}</nav>'


def _head(document: dict[str, Any]) -> str:
    server = document["servers"][0]["url"]
    shown = f"export SURETY={server}   # where this API is\nexport TOKEN=…   # a token of yours"
    return (
        f"<h1>{escape(document['info']['title'])} API</h1>"
        f'<p class="lead">{escape(SUMMARY)} Version {escape(document["info"]["version"])}; for machines: '
        f'<a href="v1/openapi.json">openapi.json</a>.</p>{_pre(shown)}'
    )


def _conventions() -> str:
    rules = "".join(f"<dt>{escape(topic)}</dt><dd>{_prose(rule)}</dd>" for topic, rule in CONVENTIONS)
    return f'<section id="conventions"><h2>Conventions</h2><dl class="rules">{rules}</dl></section>'


def _group(group: str, document: dict[str, Any]) -> str:
    endpoints = "".join(_endpoint(*found, document) for found in operations(document, group))
    return f'<section id="{anchor(group)}"><h2>{escape(group)}</h2>{endpoints}</section>'


def _endpoint(method: str, path: str, operation: dict[str, Any], document: dict[str, Any]) -> str:
    who = ", ".join(operation.get("x-roles", ())) or "public"
    duties = operation.get("x-duties")
    needed = f'<span class="tag">officer\'s duty: {escape(" or ".join(duties))}</span>' if duties else ""
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return (
        f'<article id="{anchor(operation["operationId"])}"><header>{_method(method)}'
        f'<h3 class="path">{escape(path)}</h3><span class="tag">{escape(who)}</span>{needed}</header>'
        f"<p>{_prose(operation['summary'])}</p>{_told(operation)}"
        f"{_parameters(operation, document)}{_body(body, document) if body else ''}"
        f"{_answer(operation, document)}{_refusals(operation, document)}"
        f"<details><summary>Example</summary>{_curl(method, path, operation, document)}</details></article>"
    )


def _told(operation: dict[str, Any]) -> str:
    """The words of the view's docstring below its first line; the last paragraph, who may enter, is shown as a tag."""
    words = operation["description"].rpartition("\n\n")[0]
    return "".join(f"<p>{_prose(part)}</p>" for part in words.split("\n\n") if part)


def _parameters(operation: dict[str, Any], document: dict[str, Any]) -> str:
    parameters = [_parameter(told, document) for told in operation["parameters"]]
    rows = "".join(
        f"<tr><td><code>{escape(told['name'])}</code>{_must(told['required'])}</td><td>{escape(told['in'])}</td>"
        f"<td>{_form(told['schema'], document)}</td><td>{_prose(told.get('description', ''))}</td></tr>"
        for told in parameters
        if told["name"] != "X-Request-Id"
    )
    return _table("Parameters", ("name", "in", "form", ""), rows)


def _parameter(told: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (
        document["components"]["parameters"][told["$ref"].rpartition("/")[2]] if "$ref" in told else told
    )
    return found


def _body(body: dict[str, Any], document: dict[str, Any]) -> str:
    return _fields("Body", body["schema"], document)


def _answer(operation: dict[str, Any], document: dict[str, Any]) -> str:
    status, told = next(iter(operation["responses"].items()))
    media, content = next(iter(told["content"].items()))
    shown = f"{status} {media}" if media != "application/json" else status
    if "example" not in content:
        return f"<h4>Answer</h4><p>{escape(shown)}</p>"
    return (
        f"<h4>Answer</h4><p>{escape(shown)}: {_form(content['schema'], document)}</p>"
        f"<details><summary>What it looks like</summary>{_json(content['example'])}</details>"
    )


def _refusals(operation: dict[str, Any], document: dict[str, Any]) -> str:
    shared = document["components"]["responses"]
    rows = "".join(
        f"<tr><td>{status}</td><td>{_codes(shared[told['$ref'].rpartition('/')[2]] if '$ref' in told else told)}</td></tr>"
        for status, told in operation["responses"].items()
        if status >= "400"
    )
    return f"<details><summary>Refusals</summary>{_table('', ('status', 'code'), rows)}</details>"


def _codes(told: dict[str, Any]) -> str:
    return ", ".join(f'<a href="#{escape(code)}"><code>{escape(code)}</code></a>' for code in told["x-codes"])


def _curl(method: str, path: str, operation: dict[str, Any], document: dict[str, Any]) -> str:
    """A command to copy: the ids and the body are the document's own examples."""
    parameters = [_parameter(told, document) for told in operation["parameters"]]
    for told in parameters:
        if told["in"] == "path":
            path = path.replace("{" + told["name"] + "}", str(told["example"]))
    asked = "&".join(
        f"{told['name']}={told['example']}" for told in parameters if told["in"] == "query" and told["required"]
    )
    path += f"?{asked}" if asked else ""
    lines = [f'curl -sS {"-X POST " if method == "POST" else ""}"$SURETY{path}"']
    if operation.get("security") != []:
        lines.append('-H "Authorization: Bearer $TOKEN"')
    if any(told["name"] == "Idempotency-Key" for told in parameters):
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    if "requestBody" in operation:
        content = operation["requestBody"]["content"]["application/json"]
        lines.append("-H 'Content-Type: application/json'")
        body = json.dumps(next(iter(content["examples"].values()))["value"], ensure_ascii=False, indent=1)
        lines.append("-d '" + body.replace("'", "'\\''") + "'")
    return _pre(" \\\n  ".join(lines))


def _schemas(document: dict[str, Any]) -> str:
    forms = "".join(
        f'<article id="{anchor("form-" + name)}"><header><h3>{escape(schema.get("title", name))}</h3></header>'
        f"<p>{_prose(schema.get('description', ''))}</p>{_fields('', schema, document)}</article>"
        for name, schema in document["components"]["schemas"].items()
    )
    return f'<section id="forms"><h2>Forms</h2>{forms}</section>'


def _problems(document: dict[str, Any]) -> str:
    examples = document["components"]["examples"]
    rows = "".join(
        f'<tr id="{escape(told["value"]["code"])}"><td><code>{escape(told["value"]["code"])}</code></td>'
        f"<td>{told['value']['status']}</td><td>{_prose(told['summary'])}</td><td>{_prose(told['value']['fix'])}</td></tr>"
        for name, told in examples.items()
        if name.startswith("problem.")
    )
    table = _table("", ("code", "status", "what it says", "what to do"), rows)
    return f'<section id="problems"><h2>Problems</h2>{table}</section>'


def _fields(title: str, schema: dict[str, Any], document: dict[str, Any]) -> str:
    form = resolve(schema, document["components"]["schemas"])
    if "properties" not in form:
        return f"<p>{_form(form, document)}</p>"
    required = form.get("required", ())
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code>{_must(name in required)}</td><td>{_form(told, document)}</td>"
        f"<td>{_prose(told.get('description', ''))}</td></tr>"
        for name, told in form["properties"].items()
    )
    return _table(title, ("field", "form", ""), rows)


def _form(schema: dict[str, Any], document: dict[str, Any]) -> str:
    """A schema in a few words, linked to the form it refers to."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        title = document["components"]["schemas"][name].get("title", name)
        return f'<a href="#{anchor("form-" + name)}">{escape(title)}</a>'
    if choices := schema.get("anyOf", schema.get("oneOf")):
        return " or ".join(_form(choice, document) for choice in choices)
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        return " | ".join(f"<code>{escape(json.dumps(value).strip(chr(34)))}</code>" for value in values)
    if schema.get("type") == "array" and isinstance(schema.get("items"), dict):
        return f"list of {_form(schema['items'], document)}{_bounds(schema)}"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_form(schema['additionalProperties'], document)}"
    return escape(schema.get("format") or str(schema.get("type", "any value"))) + _bounds(schema)


_BOUNDS: Final = (
    ("minimum", "at least {}"),
    ("maximum", "at most {}"),
    ("minLength", "{} characters or more"),
    ("maxLength", "{} characters or fewer"),
    ("minItems", "{} or more"),
    ("maxItems", "{} or fewer"),
    ("pattern", "like {}"),
    ("default", "{} if not given"),
)


def _bounds(schema: dict[str, Any]) -> str:
    said = [
        words.format(f"<code>{escape(json.dumps(schema[name]).strip(chr(34)))}</code>")
        for name, words in _BOUNDS
        if schema.get(name) not in (None, "")
    ]
    return f' <span class="lead">({", ".join(said)})</span>' if said else ""


def _table(title: str, heads: Iterable[str], rows: str) -> str:
    if not rows:
        return ""
    entry_hash = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    shown = f"<h4>{escape(title)}</h4>" if title else ""
    return f'{shown}<div class="scroll" tabindex="0"><table><thead><tr>{entry_hash}</tr></thead><tbody>{rows}</tbody></table></div>'


def _breakable(path: str) -> str:
    """A path that a narrow column breaks at its slashes."""
    return escape(path).replace("/", "/<wbr>")


def _method(method: str) -> str:
    return f'<span class="method {method}">{method}</span>'


def _must(required: bool) -> str:
    return ' <span class="must">required</span>' if required else ""


def _prose(text: str) -> str:
    """Escaped text with `code` in backticks."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


def _json(value: Any) -> str:
    return _pre(json.dumps(value, ensure_ascii=False, indent=2))


def _pre(text: str) -> str:
    return f'<pre tabindex="0"><code>{escape(text)}</code></pre>'

"""A page for each group of endpoints: what each is for, who may call it, what it takes, gives and refuses, and an example to copy."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from html import escape
from typing import Any, Final, NamedTuple

from chalicelib.firms.rules.signers import SignerNotNamed
from chalicelib.reference.reading import component, parameters
from infra.site import samples, snippets
from infra.site.fields import Fields
from infra.site.html import (
    Page,
    anchor,
    badge,
    block,
    breakable,
    code,
    field,
    fields,
    heading,
    json_block,
    link,
    method,
    paragraphs,
    prose,
    table,
)
from infra.site.snippets import FRESH, Request

Document = dict[str, Any]
FOLDER: Final = "docs/api"
JSON: Final = "application/json"


class Operation(NamedTuple):
    """An endpoint as the document has it."""

    method: str
    path: str
    described: Document

    @property
    def name(self) -> str:
        name: str = self.described["operationId"]
        return name

    @property
    def group(self) -> str:
        group: str = self.described["tags"][0]
        return group

    @property
    def place(self) -> str:
        """Where it is described."""
        return f"{page_of(self.group)}#{self.name}"

    @property
    def is_public(self) -> bool:
        return self.described.get("security") == []


def page_of(group: str) -> str:
    return f"{FOLDER}/{anchor(group)}"


class Endpoints:
    """The pages of an API document's groups. `has_try_it`: whether requests can be sent from them."""

    def __init__(self, document: Document, *, has_try_it: bool, base_url: str = "") -> None:
        self.document, self.has_try_it, self.base_url = document, has_try_it, base_url
        self.fields = Fields(document["components"]["schemas"])
        self._answers = Fields(document["components"]["schemas"], links=False)

    @cached_property
    def operations(self) -> list[Operation]:
        return [
            Operation(method.upper(), path, described)
            for path, methods in self.document["paths"].items()
            for method, described in methods.items()
        ]

    @cached_property
    def groups(self) -> dict[str, list[Operation]]:
        by_tag: dict[str, list[Operation]] = {tag["name"]: [] for tag in self.document["tags"]}
        for operation in self.operations:
            by_tag[operation.group].append(operation)
        return by_tag

    @cached_property
    def by_code(self) -> dict[str, list[Operation]]:
        """Who may answer with a problem, by its code."""
        operations: dict[str, list[Operation]] = {}
        for operation in self.operations:
            for code_ in self.codes_of(operation):
                operations.setdefault(code_, []).append(operation)
        return operations

    def page(self, group: str, beside: Sequence[tuple[str, str]] = ()) -> Page:
        """`beside` are pages about the same, by path and title."""
        operations = self.groups[group]
        more = ", ".join(link(path, escape(title)) for path, title in beside)
        head = f"<h1>{escape(group)}</h1>" + (f"<p>See also: {more}.</p>" if more else "") + self._begin()
        content = f"{head}{overview(operations)}{''.join(self._endpoint(each) for each in operations)}"
        return Page(page_of(group), group, content, FOLDER)

    def index(self) -> Page:
        sections = "".join(
            f"{heading(2, link(page_of(group), escape(group)), anchor(group))}{overview(operations)}"
            for group, operations in self.groups.items()
        )
        return Page(FOLDER, "Endpoints", f"<h1>Endpoints</h1>{sections}")

    def _begin(self) -> str:
        """What is pasted once, before any example."""
        if not self.has_try_it:
            return "<p>Examples take the address, tokens and ids from the environment, under the names they show.</p>"
        return f"<p>Examples have tokens and ids by name. In bash or zsh, this fills them in:</p>{block(samples.begin(self.base_url), 'sh')}"

    def codes_of(self, operation: Operation) -> Iterator[str]:
        for status, response in operation.described["responses"].items():
            if status >= "400":
                yield from self._codes(response)

    def example(self, operation: Operation) -> Request:
        """The request that the document itself gives as an example, about what there is in a sandbox."""
        parameters = self.parameters(operation)
        values = {parameter["name"]: str(parameter["example"]) for parameter in parameters if parameter["in"] == "path"}
        path = samples.path_of(operation.path, values)
        query = "&".join(
            f"{parameter['name']}={samples.body_of(str(parameter['example']), path, parameter['name'])}"
            for parameter in parameters
            if _must_be_asked(parameter)
        )
        by = samples.caller_of(operation.method, operation.path, operation.described.get("x-roles", []))
        return Request(
            operation.method,
            path + (f"?{query}" if query else ""),
            by,
            (*self._keys(parameters), *self._signers(operation, by)),
            samples.body_of(self._body_example(operation), operation.path),
        )

    def _keys(self, parameters: list[Document]) -> Iterator[tuple[str, str]]:
        return ((parameter["name"], FRESH) for parameter in parameters if parameter["name"] == "Idempotency-Key")

    def _signers(self, operation: Operation, by: str) -> Iterator[tuple[str, str]]:
        """Where what is asked binds a firm, the person who signs for it."""
        if by == samples.FIRM and SignerNotNamed.code in self.codes_of(operation):
            yield "Surety-Acting-Person", "$PERSON_ID"

    def parameters(self, operation: Operation) -> list[Document]:
        return [*parameters(operation.described, self.document)]

    def body_schema(self, operation: Operation) -> Document | None:
        content = operation.described.get("requestBody", {}).get("content", {}).get(JSON)
        return content["schema"] if content else None

    def answer_schema(self, operation: Operation) -> Document | None:
        _, response = next(iter(operation.described["responses"].items()))
        content = response["content"].get(JSON)
        return content["schema"] if content else None

    def _body_example(self, operation: Operation) -> Any:
        content = operation.described.get("requestBody", {}).get("content", {}).get(JSON)
        return next(iter(content["examples"].values()))["value"] if content else None

    def _endpoint(self, operation: Operation) -> str:
        title = f'{method(operation.method)} <span class="path">{breakable(operation.path)}</span>'
        words = operation.described["description"].rpartition("\n\n")[0]
        return (
            f'<article class="endpoint">{heading(2, title, operation.name)}<div class="told">'
            f"<p>{prose(operation.described['summary'])}</p>{paragraphs(words)}{_who(operation)}"
            f"{self._parameters(operation)}{self._body(operation)}{self._answer(operation)}{self._refusals(operation)}</div>"
            f'<div class="shown">{self._example(operation)}</div></article>'
        )

    def _parameters(self, operation: Operation) -> str:
        rows = [
            field(
                parameter["name"],
                f"{parameter['in']}, {self.fields.form(parameter['schema'])}",
                parameter.get("description", ""),
                name=f"{operation.name}.{parameter['in']}.{parameter['name']}",
                is_required=parameter["required"],
            )
            for parameter in self.parameters(operation)
            if parameter["name"] != "X-Request-Id"
        ]
        return _part(operation, "parameters", "Parameters") + fields(rows) if rows else ""

    def _body(self, operation: Operation) -> str:
        schema = self.body_schema(operation)
        if schema is None:
            return ""
        return _part(operation, "body", "Body") + self.fields.listed(schema, f"{operation.name}.body")

    def _answer(self, operation: Operation) -> str:
        status, response = next(iter(operation.described["responses"].items()))
        media, content = next(iter(response["content"].items()))
        head = f"{_part(operation, 'answer', 'Answer')}<p>{badge(status, 'good')} {code(media)} {prose(response['description'])}</p>"
        if "example" not in content:
            return head
        return (
            f"{head}<details><summary>Fields of the answer</summary>{self._answers.listed(content['schema'], '')}</details>"
            f"<details><summary>What it looks like</summary>{json_block(content['example'])}</details>"
        )

    def _refusals(self, operation: Operation) -> str:
        rows = [
            (badge(status, "bad"), ", ".join(link(f"docs/errors/{each}", code(each)) for each in self._codes(response)))
            for status, response in operation.described["responses"].items()
            if status >= "400"
        ]
        listed = table(("status", "code"), rows)
        return f"{_part(operation, 'refusals', 'Refusals')}<details><summary>What it may refuse</summary>{listed}</details>"

    def _codes(self, response: Document) -> list[str]:
        codes: list[str] = component(response, "responses", self.document)["x-codes"]
        return codes

    def _example(self, operation: Operation) -> str:
        request = self.example(operation)
        return f"{_part(operation, 'example', 'Example')}{tabs(snippets.in_all(request))}{self._try_it(operation, request)}"

    def _try_it(self, operation: Operation, request: Request) -> str:
        """What the page's script needs to send the request; nothing where there is no sandbox to send it to."""
        if not self.has_try_it:
            return ""
        form = {
            "method": request.method,
            "path": operation.path,
            "example": request.path,
            "roles": operation.described.get("x-roles", []),
            "duties": operation.described.get("x-duties", []),
            "role": samples.role_of(request.by),
            "member": samples.member_of(operation.method, operation.path),
            "keyed": FRESH in dict(request.headers).values(),
            "headers": [(name, value) for name, value in request.headers if value != FRESH],
            "body": request.body,
        }
        written = escape(json.dumps(form, ensure_ascii=False, separators=(",", ":")))
        return f'<div class="try" data-request="{written}"><button type="button">Try it here</button></div>'


def tabs(by_language: dict[str, str]) -> str:
    """The same in several languages: all of them one below the other where no script chooses."""
    parts = "".join(
        f'<section data-language="{escape(language)}"><h4 class="language">{escape(language)}</h4>{block(text, language.lower())}</section>'
        for language, text in by_language.items()
    )
    return f'<div class="tabs">{parts}</div>'


def overview(operations: Iterable[Operation]) -> str:
    """Each in a line, with what it is for."""
    rows = (
        f"<li>{method(each.method)} {link(each.place, breakable(each.path))}"
        f'<span class="faint">{prose(each.described["summary"])}</span></li>'
        for each in operations
    )
    return f'<ul class="overview">{"".join(rows)}</ul>'


def _who(operation: Operation) -> str:
    if operation.is_public:
        return f'<p class="who">{badge("public: no token", "info")}</p>'
    roles = "".join(badge(role) + " " for role in operation.described["x-roles"])
    duties = operation.described.get("x-duties")
    needed = badge(f"officer's duty: {' or '.join(duties)}") if duties else ""
    return f'<p class="who">{roles}{needed}</p>'


def _part(operation: Operation, name: str, words: str) -> str:
    return heading(3, words, f"{operation.name}.{name}")


def _must_be_asked(parameter: Document) -> bool:
    return bool(parameter["in"] == "query" and parameter["required"])

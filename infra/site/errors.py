"""A page for each problem code, where `doc_url` leads: what it means, what to do, who answers with it, and how somebody came to see it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, Final

from chalicelib.reference import problems
from chalicelib.reference.collection import IDENTITIES
from chalicelib.shared.errors import DomainError
from infra.site import elsewhere, samples, snippets
from infra.site.endpoints import Operation, overview, tabs
from infra.site.html import (
    Page,
    badge,
    block,
    code,
    heading,
    json_block,
    link,
    paragraphs,
    prose,
    table,
)
from infra.site.snippets import FRESH, Request

FOLDER: Final = "docs/errors"

MOST_SHOWN: Final = 15
"""Endpoints on a page without being asked for."""


def page_of(code_: str) -> str:
    return f"{FOLDER}/{code_}"


class Errors:
    """`by_code` says which endpoints answer with a code, `examples` what was really sent and answered."""

    def __init__(self, by_code: Mapping[str, Sequence[Operation]], examples: Mapping[str, Mapping[str, Any]]) -> None:
        self.kinds = {kind.code: kind for kind in problems.every()}
        self._by_code, self._examples = by_code, examples

    def index(self) -> Page:
        by_status: dict[int, list[type[DomainError]]] = {}
        for kind in self.kinds.values():
            by_status.setdefault(problems.status(kind), []).append(kind)
        sections = "".join(
            heading(2, f"{status} <span class='faint'>{prose(problems.WORDS[status])}</span>", str(status))
            + table(
                ("code", "what it says"),
                [(link(page_of(kind.code), code(kind.code)), prose(kind.title)) for kind in kinds],
            )
            for status, kinds in sorted(by_status.items())
        )
        lead = (
            "<p>A refusal is a problem as RFC 9457 has it: <code>code</code> is for programs and stays, <code>detail</code> says what was wrong "
            "this time, <code>fix</code> what to do, and <code>doc_url</code> leads to the page of its code here.</p>"
        )
        return Page(FOLDER, "Errors", f"<h1>Errors</h1>{lead}{sections}")

    def page(self, code_: str) -> Page:
        kind = self.kinds[code_]
        content = (
            f"<h1>{code(code_)}</h1><p>{badge(str(problems.status(kind)), 'bad')} {prose(kind.title)}</p>"
            f"{paragraphs(meaning(kind))}{heading(2, 'What to do', 'fix')}<p>{prose(kind.fix)}</p>"
            f"{heading(2, 'How it comes about', 'example')}{self._example(kind)}"
            f"{heading(2, 'Who answers with it', 'endpoints')}{self._endpoints(kind)}"
        )
        return Page(page_of(code_), code_, content, FOLDER)

    def _example(self, kind: type[DomainError]) -> str:
        example = self._examples.get(kind.code)
        if example is None:
            answer = problems.example(kind)["value"]
            return f"<p>An answer of this kind:</p>{json_block(answer)}"
        request = (
            tabs(snippets.in_all(_request(example)))
            if "text" not in example
            else f"<p>The body was:</p>{block(example['text'])}"
        )
        return (
            f"<p>{prose(example['given'])} {_who(example)}</p>{request}"
            f"<p>The answer, {badge(str(example['status']), 'bad')}:</p>{json_block(example['answer'])}"
        )

    def _endpoints(self, kind: type[DomainError]) -> str:
        place = self.met_elsewhere(kind)
        html = f"<p>{prose(place)}</p>" if place else ""
        if place == elsewhere.FAMILY:
            below = sorted({each.code for each in self.kinds.values() if issubclass(each, kind) and each is not kind})
            html += f"<p>{', '.join(link(page_of(code_), code(code_)) for code_ in below)}</p>"
        operations = self.answered_by(kind)
        if not operations:
            return html
        listed = overview(operations)
        if len(operations) > MOST_SHOWN:
            listed = f"<details><summary>{len(operations)} endpoints</summary>{listed}</details>"
        return html + listed

    def answered_by(self, kind: type[DomainError]) -> Sequence[Operation]:
        return self._by_code.get(kind.code, ())

    def met_elsewhere(self, kind: type[DomainError]) -> str | None:
        """Where a code is met that no endpoint declares, in a sentence."""
        if kind in problems.AT_THE_GATEWAY:
            return elsewhere.GATEWAY
        if self._examples.get(kind.code, {}).get("status", 400) < 400:
            return elsewhere.BANK
        return elsewhere.place_of(kind.code)


def meaning(kind: type[DomainError]) -> str:
    """What its class says of itself, where it says something of its own."""
    words = inspect.cleandoc(kind.__dict__.get("__doc__") or "")
    return words.replace("\n", " ") if words and not words.startswith(f"{kind.__name__}(") else ""


def _request(example: Mapping[str, Any]) -> Request:
    headers = [
        ("-".join(part.capitalize() for part in name.split("-")), FRESH if name == "idempotency-key" else value)
        for name, value in example.get("headers", {}).items()
        if (name, value) != ("content-type", "application/json")
    ]
    by = samples.caller_of(example["method"], example["path"], [example["as"]] if example["as"] in IDENTITIES else [])
    return Request(example["method"], example["path"], by, tuple(headers), example.get("body"))


def _who(example: Mapping[str, Any]) -> str:
    if example["as"] == "nobody":
        return "Asked without a token."
    if example["as"] == "somebody":
        return "Asked with a token that cannot be read."
    duties = f" with the duty {' and '.join(map(code, example['duties']))}" if example.get("duties") else ""
    return f"Asked by the role {badge(example['as'])}{duties}."

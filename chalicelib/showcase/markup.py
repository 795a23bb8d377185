"""HTML as values: elements of elements and sentences, written in a language with every text escaped. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Final

from chalicelib.shared.texts import Text, in_language

VOID: Final = frozenset({"br", "link", "meta"})
"""Elements that hold nothing and are not closed."""


@dataclass(frozen=True)
class Element:
    name: str
    children: tuple[Node, ...]
    attributes: tuple[tuple[str, str | Text], ...]


@dataclass(frozen=True)
class Raw:
    """What is no text and not escaped: a style sheet of ours, between its tags."""

    content: str


Node = Element | Text | Raw | str | None | Iterable["Node"]


def tag(name: str, /, *children: Node, **attributes: str | Text | None) -> Element:
    """An element. `class_` is its class, `_` in other names a hyphen; an attribute that is None is left out."""
    named = ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    return Element(name, children, tuple((key, value) for key, value in named if value is not None))


def write(node: Node, language: str) -> str:
    """As a browser reads it."""
    match node:
        case None:
            return ""
        case str():
            return escape(node, quote=False)
        case Text():
            return escape(in_language(node, language), quote=False)
        case Raw(content):
            return content
        case Element(name, children, attributes):
            opened = f"<{name}{''.join(_attribute(key, value, language) for key, value in attributes)}>"
            return opened if name in VOID else f"{opened}{write(children, language)}</{name}>"
    return "".join(write(child, language) for child in node)


def _attribute(name: str, value: str | Text, language: str) -> str:
    text = in_language(value, language) if isinstance(value, Text) else value
    return f' {name}="{escape(text)}"'

"""Reading the API document: what its references to shared components name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]


def component(told: Document, kind: str, document: Document) -> Document:
    """What a reference to a component of a kind (`parameters`, `responses`) names; what is no reference is it itself."""
    found: Document = document["components"][kind][told["$ref"].rpartition("/")[2]] if "$ref" in told else told
    return found


def parameters(operation: Document, document: Document) -> Iterator[Document]:
    """Those of an operation, each in full."""
    return (component(told, "parameters", document) for told in operation["parameters"])

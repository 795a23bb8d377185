"""Reading the API document: what its references to shared components name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]


def component(part: Document, kind: str, document: Document) -> Document:
    """What a reference to a component of a kind (`parameters`, `responses`) names; what is no reference is it itself."""
    referenced: Document = document["components"][kind][part["$ref"].rpartition("/")[2]] if "$ref" in part else part
    return referenced


def parameters(operation: Document, document: Document) -> Iterator[Document]:
    """Those of an operation, each in full."""
    return (component(parameter, "parameters", document) for parameter in operation["parameters"])

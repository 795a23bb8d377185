"""Pictures as documents of their own (SVG): the same values give the same bytes, and who cannot see one has it in words."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import east_asian_width
from xml.etree import ElementTree
from xml.etree.ElementTree import Element


def document(title: str, sentences: Iterable[str], width: int, height: int, language: str) -> Element:
    """A white sheet with a title, which is said and not drawn, and a description."""
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {width} {height}",
            "lang": language,
            "role": "img",
            "aria-labelledby": "title description",
            "font-family": "system-ui, sans-serif",
            "font-size": "11",
        },
    )
    say(root, "title", title, id="title")
    say(root, "desc", " ".join(sentences), id="description")
    ElementTree.SubElement(root, "rect", {"width": f"{width}", "height": f"{height}", "fill": "#ffffff"})
    return root


def columns(words: str) -> int:
    """How wide words are, in Latin letters: a Chinese or Korean one takes the room of two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in words)


def box(parent: Element, x: float, y: float, width: float, height: float, style: dict[str, str]) -> Element:
    place = {"x": f"{x:g}", "y": f"{y:g}", "width": f"{width:g}", "height": f"{height:g}"}
    return ElementTree.SubElement(parent, "rect", place | style)


def text(parent: Element, x: float, y: float, words: str, **style: str) -> None:
    say(parent, "text", words, x=f"{x:g}", y=f"{y:g}", **style)


def say(parent: Element, tag: str, words: str, **attributes: str) -> None:
    """An element of words; names of attributes with `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in attributes.items()}
    ElementTree.SubElement(parent, tag, named).text = words


def written(root: Element) -> str:
    return ElementTree.tostring(root, encoding="unicode")

"""What all public pages have around them: title, what others show of a link to it, the reader's languages, where one is. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import msgspec

from chalicelib.shared import page
from chalicelib.shared.languages import OFFERED
from chalicelib.shared.texts import Text, say
from chalicelib.showcase.markup import Element, Node, Raw, tag, write

STYLE: Final = page.STYLE + (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
POLICY: Final = page.policy(page.of_inline(STYLE), image="data:")
"""Nothing but the style sheet of the page itself, and an icon that is none: no script, no picture, no other address."""
OWN_NAMES: Final = {"en": "English", "zh-Hans": "简体中文", "ko": "한국어"}
LOCALES: Final = {"en": "en_GB", "zh-Hans": "zh_CN", "ko": "ko_KR"}
"""As Open Graph names languages."""


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A page: `path` is its address below `base_url`, with the `query` that belongs to it. `is_found`: it may be listed and shared."""

    base_url: str
    path: str
    title: Text | str
    summary: Text
    body: Node
    query: dict[str, str] = {}
    is_found: bool = True

    def address(self, language: str = "") -> str:
        """Where it is, in the reader's language or in this one."""
        query = self.query | ({"lang": language} if language else {})
        return f"{self.base_url}{self.path}{f'?{urlencode(query)}' if query else ''}"


def document(sheet: Sheet, language: str) -> str:
    """The whole page, readable without a script."""
    return "<!doctype html>" + write(
        tag("html", tag("head", list(_head(sheet, language))), tag("body", *_body(sheet, language)), lang=language),
        language,
    )


def _head(sheet: Sheet, language: str) -> Iterator[Element]:
    yield tag("meta", charset="utf-8")
    yield tag("meta", name="viewport", content="width=device-width, initial-scale=1")
    yield tag("title", sheet.title, " · Surety")
    yield tag("link", rel="icon", href="data:,")
    yield tag("style", Raw(STYLE))
    if not sheet.is_found:
        yield tag("meta", name="robots", content="noindex")
        return
    yield tag("meta", name="description", content=sheet.summary)
    yield tag("link", rel="canonical", href=sheet.address(language))
    for each in OFFERED:
        yield tag("link", rel="alternate", hreflang=each, href=sheet.address(each))
    yield tag("link", rel="alternate", hreflang="x-default", href=sheet.address())
    shared = {
        "type": "website",
        "site_name": "Surety",
        "title": sheet.title,
        "description": sheet.summary,
        "url": sheet.address(language),
        "locale": LOCALES[language],
    }
    for name, content in shared.items():
        yield tag("meta", property=f"og:{name}", content=content)


def _body(sheet: Sheet, language: str) -> Iterator[Node]:
    yield tag("a", say("Skip to the content"), class_="skip", href="#content")
    yield tag(
        "header",
        tag("span", "Surety", class_="house"),
        tag(
            "nav",
            [_switch(sheet, each, language) for each in OFFERED],
            aria_label=say("Languages"),
        ),
    )
    yield tag("main", sheet.body, id="content")
    yield tag(
        "footer",
        tag("p", say("Everything on this page is public, and read from the API at the moment you opened it.")),
        tag("p", tag("a", say("The API and its documentation"), href=f"{sheet.base_url}/docs")),
    )


def _switch(sheet: Sheet, each: str, language: str) -> Element:
    current = "true" if each == language else None
    return tag("a", OWN_NAMES[each], href=sheet.address(each), lang=each, hreflang=each, aria_current=current)

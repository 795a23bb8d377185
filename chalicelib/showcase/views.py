"""What the address of a public page may say."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.listings.rules.catalogue import Sort
from chalicelib.shared.text import one_line

Word = Annotated[str, one_line(64, least=0)]


class PageQuery(msgspec.Struct, frozen=True, kw_only=True):
    """`lang` is a language of these pages; without one, the reader's own. What services add to links that are shared is ignored."""

    lang: Word = ""


class CatalogueQuery(PageQuery, frozen=True, kw_only=True):
    """What is on sale: of a category, of a supplier; the newest first, or the cheapest."""

    category: Word | None = None
    supplier: Word | None = None
    sort: Sort = "newest"
    cursor: Annotated[str, Meta(max_length=2000)] = ""

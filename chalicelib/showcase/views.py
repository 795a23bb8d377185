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
    """The language of the page, such as `zh-Hans`; the reader's own, where it is left out."""


class CatalogueQuery(PageQuery, frozen=True, kw_only=True):
    """What is on sale: of a category, of a supplier; the newest first, or the cheapest."""

    category: Word | None = None
    """Only what is of this category."""
    supplier: Word | None = None
    """Only what this supplier offers, by its id."""
    sort: Sort = "newest"
    """What comes first."""
    cursor: Annotated[str, Meta(max_length=2000)] = ""
    """Where the page before ended; its link to the next page has it."""

"""What officers look for, and what they find."""

from __future__ import annotations

from typing import Annotated

import msgspec

from chalicelib.shared.pages import Paging
from chalicelib.shared.text import one_line


class SearchQuery(Paging, frozen=True, kw_only=True):
    q: Annotated[str, one_line(100)]
    """An id, a reference of the marketplace's or of a bank's, or how a name begins: two letters of it at least."""


class FoundView(msgspec.Struct, frozen=True, kw_only=True):
    """A thing that was found by `matched`: its id, a reference, or the beginning of a name. `status` is null where it has none."""

    id: str
    kind: str
    title: str
    status: str | None
    href: str
    matched: str

"""What the console asks for beside the API itself: which commands there are, and the form of each."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from chalicelib.shared.text import one_line
from chalicelib.shared.texts import Text

Parameter = Annotated[str, one_line(4096, least=0)]
"""What an identity provider tells the browser; nobody else reads it."""


class ReturnQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an identity provider adds to the address that it sends people back to (RFC 6749, RFC 9207, OpenID Connect)."""

    code: Parameter | None = None
    """What the browser exchanges for tokens."""
    state: Parameter | None = None
    """What the browser had sent along, and compares."""
    iss: Parameter | None = None
    """Which identity provider answers."""
    scope: Parameter | None = None
    """What the sign-in is for."""
    session_state: Parameter | None = None
    """The provider's own mark of its session."""
    error: Parameter | None = None
    """Why nobody was signed in, as RFC 6749 names it."""
    error_description: Parameter | None = None
    """The same in the provider's words."""
    error_uri: Parameter | None = None
    """Where the provider explains it."""


class RouteView(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint by its name; `actions` are the names under which a thing may allow it."""

    name: str
    method: str
    path: str
    thing: str
    """The path of the thing that a command is about; empty for what is about none."""
    actions: list[str]
    public: bool
    """Whether it says the same to everybody, and so names no actions of who asks."""


class RoutesView(msgspec.Struct, frozen=True, kw_only=True):
    """Every endpoint that a signed-in caller may ask, and those of things that everybody may read and officers act on."""

    items: list[RouteView]


class FormView(msgspec.Struct, frozen=True, kw_only=True):
    """What an endpoint takes, as JSON Schema: `body` of a command and `query` of a list refer to `definitions` by `#/components/schemas/…`.

    What it says of the whole and of each field is in the language of `Accept-Language`, for what officers open in the console.
    """

    name: str
    method: str
    path: str
    says: Text
    roles: list[str]
    duties: list[str]
    """An officer needs one of them; none where the list is empty."""
    body: dict[str, Any] | None
    query: dict[str, Any] | None
    definitions: dict[str, Any]


class TextsView(msgspec.Struct, frozen=True, kw_only=True):
    """The console's sentences in a language, by what they are in English."""

    language: str
    texts: dict[str, str]

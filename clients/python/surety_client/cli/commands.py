"""What the command line does: any call of the API, and the few things that take several."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from surety_client.cli.catalogue import Call, calls, showing
from surety_client.connection import Connection
from surety_client.sandbox import move_clock
from surety_client.uploads import upload

POLL_SECONDS: Final = 0.5
TRADE_HISTORY: Final = "trade_history"
OVER: Final = ("done", "failed")


class Misspelt(Exception):
    """What was typed cannot be carried out; the message says what can."""


def command_of(collection: str, words: list[str]) -> tuple[Call, list[str]]:
    """The call that is meant, and what it is given. A collection alone is its list, or the one thing it holds."""
    named = calls().get(collection)
    if named is None:
        raise Misspelt(f"There is no collection {collection}. surety --help names them all.")
    if words and words[0] in named:
        return named[words[0]], words[1:]
    places = sum("=" not in word for word in words)
    for usual in ("list", "get"):
        if usual in named and len(named[usual].places) == places:
            return named[usual], words
    raise Misspelt(f"surety {collection} has: {', '.join(sorted(named))}.")


def call(
    connection: Connection, call: Call, given: list[str], *, body: str | None = None, everything: bool = False
) -> Any:
    """`given` holds the places of the call in their order, then `name=value` for its query or its body."""
    words = [word for word in given if "=" not in word]
    named = dict(word.split("=", 1) for word in given if "=" in word)
    if len(words) != len(call.places):
        raise Misspelt(f"surety {call.words}: {len(call.places)} words are wanted here, {len(words)} are given.")
    placed = dict(zip(call.places, words, strict=True))
    if call.method == "GET":
        return _read(connection, call, placed, named, everything=everything)
    content = _body(body) if body else {name: _value(text) for name, text in named.items()}
    return connection.send(call.method, call.url(placed), json=content).json()


def _body(body: str) -> Any:
    """JSON, or a file of it as `@file`."""
    try:
        return json.loads(Path(body[1:]).read_text(encoding="utf-8") if body.startswith("@") else body)
    except ValueError as wrong:
        raise Misspelt(f"The body is not JSON: {wrong}.") from None
    except OSError as wrong:
        raise Misspelt(f"The body cannot be read: {wrong}.") from None


def _read(
    connection: Connection, call: Call, placed: dict[str, str], named: dict[str, str], *, everything: bool
) -> Any:
    known = {page["name"] for page in call.query}
    if unknown := set(named) - known:
        raise Misspelt(f"surety {call.words} knows no {', '.join(sorted(unknown))}, but: {', '.join(sorted(known))}.")
    query = {name: text for name, text in placed.items() if name in known} | named
    answer = connection.send("GET", call.url(placed), params=query)
    page = answer.json() if "json" in answer.headers["Content-Type"] else answer.text
    while everything and isinstance(page, dict) and page.get("next_cursor"):
        more = connection.send("GET", call.url(placed), params=query | {"cursor": page["next_cursor"]}).json()
        page = {**more, "items": page["items"] + more["items"]}
    return page


def show(connection: Connection, words: list[str]) -> Any:
    """`show ID`: a thing, whatever it is."""
    if len(words) != 1 or (shown := showing(words[0])) is None:
        raise Misspelt("surety show ID, such as surety show ord_…: an id of something that has a call of its own.")
    return call(connection, shown, words)


def clock(connection: Connection, words: list[str]) -> Any:
    """`clock`, `clock advance HOURS`, `clock to INSTANT`: the sandbox's time, or the way to another, in as many requests as it takes."""
    if not words:
        return connection.send("GET", "/v1/sandbox/clock").json()
    if len(words) != 2 or words[0] not in ("advance", "to"):
        raise Misspelt("surety clock, surety clock advance HOURS or surety clock to INSTANT.")
    try:
        if words[0] == "to":
            return move_clock(connection, to=datetime.fromisoformat(words[1]))
        return move_clock(connection, hours=float(words[1]))
    except (ValueError, OverflowError):
        raise Misspelt(
            "surety clock advance takes a number of hours, surety clock to an instant with its offset."
        ) from None


def jobs(connection: Connection, words: list[str]) -> Any:
    """`jobs run NAME [DAY]`: a job, watched to its end."""
    if len(words) not in (2, 3) or words[0] != "run":
        raise Misspelt("surety jobs run NAME [DAY], such as surety jobs run deposits-monthly 2026-03-06.")
    content = {"as_of": words[2]} if len(words) == 3 else {}
    run = connection.send("POST", f"/v1/sandbox/jobs/{quote(words[1], safe='')}", json=content).json()
    return _watched(connection, f"/v1/runs/{run['id']}")


def import_file(connection: Connection, words: list[str]) -> Any:
    """`import FILE [KIND]`: opens an import, sends the file, and watches it to its end."""
    if len(words) not in (1, 2) or not Path(words[0]).is_file():
        raise Misspelt("surety import FILE [KIND], such as surety import history.csv trade_history.")
    opened = connection.send(
        "POST", "/v1/imports", json={"kind": words[1] if len(words) == 2 else TRADE_HISTORY}
    ).json()
    upload(opened["upload"], Path(words[0]))
    return _watched(connection, f"/v1/imports/{opened['id']}")


def _watched(connection: Connection, url: str) -> dict[str, Any]:
    while True:
        run: dict[str, Any] = connection.send("GET", url).json()
        if run["status"] in OVER:
            return run
        time.sleep(POLL_SECONDS)


def _value(text: str) -> Any:
    """What is JSON is meant so (`3`, `true`, `{…}`); a word is a text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


SHORT: Final[dict[str, Callable[[Connection, list[str]], Any]]] = {
    "show": show,
    "clock": clock,
    "jobs": jobs,
    "import": import_file,
}
"""What is no call of the API by itself."""

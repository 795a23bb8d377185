"""Answers in a terminal: a table of a list, the fields of one thing, or JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from surety_client.problems import Problem

FIRST: Final = ("id", "kind", "title", "name", "status", "due_at", "owner", "assignee", "href")
MOST_COLUMNS: Final = 8
MOST_CHARACTERS: Final = 40
"""Of a column; what is longer goes on in a second line."""
HIDDEN: Final = ("allowed_actions", "deadlines", "next_cursor")


def show(console: Console, answer: Any) -> None:
    if isinstance(answer, dict) and isinstance(answer.get("items"), list):
        rest = {name: value for name, value in answer.items() if name not in ("items", "next_cursor")}
        _list(console, answer["items"])
        for name in [name for name, value in rest.items() if _is_table(value)]:
            console.print(f"\n{name}", style="bold")
            _list(console, rest.pop(name))
        if rest:
            _thing(console, rest)
    elif isinstance(answer, dict):
        _thing(console, answer)
    else:
        console.print(answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False), markup=False)


def as_json(console: Console, answer: Any) -> None:
    console.print(json.dumps(answer, ensure_ascii=False, indent=2), markup=False, highlight=False, soft_wrap=True)


def problem(console: Console, refused: Problem) -> None:
    """What was refused, why, and what to do about it."""
    console.print(f"{refused.status} {refused.code}: {refused.detail or refused.title}", markup=False)
    about = {"fix": refused.fix, "param": refused.param, **refused.numbers, "request": refused.request_id}
    for name, value in (about | {"see": refused.doc_url}).items():
        if value not in (None, ""):
            console.print(f"  {name}: {_cell(value)}", markup=False, highlight=False, soft_wrap=True)


def _list(console: Console, items: Sequence[Any]) -> None:
    if not items:
        console.print("Nothing.")
        return
    names = _columns(items)
    table = Table(box=None, pad_edge=False, header_style="bold")
    cells = {name: [_cell(item.get(name)) for item in items] for name in names}
    shown = _fitting(cells, console.width)
    for name, width in shown.items():
        table.add_column(name, width=width, no_wrap=width < MOST_CHARACTERS, overflow="fold")
    for row in zip(*(cells[name] for name in shown), strict=True):
        table.add_row(*row)
    console.print(table, markup=False)


def _fitting(cells: Mapping[str, Sequence[str]], width: int) -> dict[str, int]:
    """The columns that have room beside each other, and how wide each is. The first is whole: an id is there to be copied."""
    shown: dict[str, int] = {}
    for name, told in cells.items():
        longest = max(cell_len(text) for text in (name, *told))
        needed = longest if not shown else min(longest, MOST_CHARACTERS)
        if not shown or sum(shown.values()) + 2 * len(shown) + needed <= width:
            shown[name] = needed
    return shown


def _columns(items: Sequence[dict[str, Any]]) -> list[str]:
    """Those that people look for first, then what is short; what is empty in every row is left out."""
    names = dict.fromkeys(name for item in items for name in item if name not in HIDDEN)
    filled = [name for name in names if any(item.get(name) not in (None, "", [], {}) for item in items)]
    short = [name for name in filled if all(_is_short(item.get(name)) for item in items)]
    return sorted(short, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))[:MOST_COLUMNS]


def _is_short(value: Any) -> bool:
    return not isinstance(value, list) and (not isinstance(value, dict) or _is_money(value))


def _thing(console: Console, thing: dict[str, Any]) -> None:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in thing.items():
        if value not in (None, "", [], {}):
            table.add_row(name, _cell(value))
    console.print(table, markup=False)


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _is_money(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"amount", "currency"}


def _cell(value: Any) -> str:
    if _is_money(value):
        return f"{value['amount']} {value['currency']}"
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return (
        {None: "", True: "yes", False: "no"}.get(value, str(value))
        if not isinstance(value, int) or isinstance(value, bool)
        else str(value)
    )

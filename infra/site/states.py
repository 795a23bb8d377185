"""A page for each state machine: its picture, every transition in a table, the deadlines and what comes of them."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any, Final

from chalicelib.shared.machines import Machine
from infra.site import diagram
from infra.site.html import Page, anchor, badge, code, heading, link, table

FOLDER: Final = "docs/states"


def page_of(kind: str) -> str:
    return f"{FOLDER}/{anchor(kind)}"


def named(kind: str) -> str:
    return kind.replace("_", " ").capitalize()


class States:
    """The pages of all machines that move by a table."""

    def __init__(self, machines: Iterable[Machine]) -> None:
        self.rules: dict[str, Any] = {each.rules.table.kind: each.rules for each in machines if each.rules is not None}

    def of(self, operations: Iterable[str]) -> list[str]:
        """The kinds of things that the slices of these operations move, by the operations' names."""
        names = tuple(operations)
        return [
            kind for kind, rules in self.rules.items() if any(name.startswith(f"{_slice(rules)}_") for name in names)
        ]

    def index(self) -> Page:
        rows = (
            (link(page_of(kind), escape(named(kind))), ", ".join(map(code, sorted(statuses(rules.table)))))
            for kind, rules in sorted(self.rules.items())
        )
        lead = (
            "<p>Everything that has a <code>status</code> moves only along the lines drawn here. What a caller may do now stands in "
            "<code>allowed_actions</code> of the resource, and what happens by itself in <code>deadlines</code>.</p>"
        )
        return Page(FOLDER, "States", f"<h1>States</h1>{lead}{table(('of', 'statuses'), rows)}")

    def page(self, kind: str) -> Page:
        rules = self.rules[kind]
        content = f"<h1>States: {escape(named(kind).lower())}</h1>{_picture(kind, rules.table)}{_ends(rules.table)}{_transitions(rules.table)}{_timers(rules)}"
        return Page(page_of(kind), f"States: {named(kind).lower()}", content, FOLDER)


def _slice(rules: Any) -> str:
    name: str = rules.table.error.__module__.split(".")[1]
    return name


def statuses(table_: Any) -> set[str]:
    names = set(table_.ends)
    for each in table_.transitions:
        names |= each.sources | each.targets
    return names


def _picture(kind: str, table_: Any) -> str:
    if not diagram.moves(table_.transitions):
        return ""
    picture = diagram.drawn(
        f"States of {named(kind).lower()}", "The table below says the same.", table_.transitions, table_.ends
    )
    return (
        f'<figure class="scroll" tabindex="0">{picture}</figure>'
        '<p class="faint">Dashed lines lead back. Boxes with a heavy edge are ends. What leaves the status as it is, or leads about among its own, stands in the table alone.</p>'
    )


def _ends(table_: Any) -> str:
    return f"<p>Ends: {', '.join(map(code, sorted(table_.ends)))}.</p>" if table_.ends else "<p>It has no end.</p>"


def _transitions(table_: Any) -> str:
    rows = [
        (
            code(each.name),
            " ".join(badge(actor) for actor in sorted(each.actors)),
            ", ".join(map(code, sorted(each.sources))),
            ", ".join(map(code, sorted(each.targets))) or "stays as it is",
        )
        for each in table_.transitions
    ]
    return heading(2, "Transitions", "transitions") + table(("action", "by", "from", "to"), rows)


def _timers(rules: Any) -> str:
    if not rules.timers:
        return ""
    rows = [
        (
            code(timer.name),
            ", ".join(map(code, sorted(timer.sources))),
            badge(timer.owner) if isinstance(timer.owner, str) else "as it stands in <code>deadlines</code>",
            code(timer.outcome) if isinstance(timer.outcome, str) else "as it stands in <code>deadlines</code>",
            "the clock" if timer.fire else "people",
        )
        for timer in rules.timers
    ]
    heads = ("deadline", "while", "who can meet it", "what comes of it", "who sees to it")
    return heading(2, "Deadlines", "deadlines") + table(heads, rows)

"""Pieces of HTML that every page of the site is made of: prose, tables, badges, links, and the frame around a page.

Pages are written with links from the root (`/docs/errors/not_found`); `relative` makes them lead on from wherever a page stands.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import PurePosixPath
from typing import Any, Final, NamedTuple

_LINK: Final = re.compile(r'(href|src)="/((?:docs|v1)\b[^"#?]*)([^"]*)"')
_MARKS: Final = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*")
_MEETING: Final = re.compile(r"(?<=[a-z0-9][_.])(?=[a-z0-9][\w.]*</code>)")
"""Where two words of a code meet."""


class Page(NamedTuple):
    """A page before its frame: where it is, what it is called, and what stands on it. `within` names the entry of the menu it belongs to."""

    path: str
    title: str
    content: str
    within: str = ""


class Entry(NamedTuple):
    """A line of the menu, with those below it."""

    title: str
    path: str
    below: Sequence[Entry] = ()


def framed(page: Page, menu: Sequence[Entry], *, scripts: Iterable[str] = ()) -> str:
    """The whole document."""
    modules = "".join(f'<script type="module" src="/docs/{name}"></script>' for name in scripts)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(page.title)} · Surety</title>"
        '<link rel="stylesheet" href="/docs/site.css">'
        '<link rel="alternate" type="application/atom+xml" title="Changes" href="/docs/changes.atom">'
        f'{modules}</head><body><a class="skip" href="#main">To the content</a>'
        '<header class="top"><button class="menu" popovertarget="menu">Menu</button>'
        '<a class="home" href="/docs">Surety <span>documentation</span></a>'
        '<button class="find" type="button" aria-keyshortcuts="/">Search <kbd>/</kbd></button></header>'
        f'<div class="frame">{_menu(menu, page)}<main id="main" tabindex="-1">{page.content}</main></div></body></html>'
    )


def _menu(menu: Sequence[Entry], page: Page) -> str:
    return f'<nav id="menu" popover aria-label="Contents">{_entries(menu, page)}</nav>'


def _entries(entries: Sequence[Entry], page: Page) -> str:
    return "<ul>" + "".join(_entry(entry, page) for entry in entries) + "</ul>" if entries else ""


def _entry(entry: Entry, page: Page) -> str:
    is_here = entry.path in (page.path, page.within)
    here = ' aria-current="page"' if entry.path == page.path else ' class="within"' if is_here else ""
    return f'<li><a href="/{entry.path}"{here}>{escape(entry.title)}</a>{_entries(entry.below, page)}</li>'


def relative(document: str, path: str, *, suffix: str = "") -> str:
    """The document with links that lead on from where it stands. `suffix` is what files of pages end in, where they are served as files."""
    start = posixpath.dirname(path) or "."

    def lead_on(match: re.Match[str]) -> str:
        attribute, target, rest = match.groups()
        end = "" if PurePosixPath(target).suffix else suffix
        folder, name = posixpath.split(target)
        place = posixpath.normpath(posixpath.join(posixpath.relpath(folder or ".", start), name))
        return f'{attribute}="{escape(place)}{end}{rest}"'

    return _LINK.sub(lead_on, document)


def prose(text: str) -> str:
    """A sentence with `code` and **weight** in it."""
    return _MARKS.sub(_marked, escape(text, quote=False))


def _marked(match: re.Match[str]) -> str:
    return f"<code>{match[1]}</code>" if match[1] else f"<strong>{match[2]}</strong>"


def paragraphs(text: str) -> str:
    return "".join(f"<p>{prose(part)}</p>" for part in text.split("\n\n") if part.strip())


def code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def block(text: str, language: str = "") -> str:
    """Lines of code, which a button copies."""
    return f'<div class="code"><pre tabindex="0"><code{_language(language)}>{escape(text)}</code></pre></div>'


def json_block(value: Any) -> str:
    """A value as JSON, to read."""
    return block(json.dumps(value, ensure_ascii=False, indent=2), "json")


def _language(language: str) -> str:
    return f' class="language-{escape(language)}"' if language else ""


def link(target: str, words: str) -> str:
    """`words` are HTML."""
    return f'<a href="/{target}">{words}</a>'


def heading(level: int, words: str, name: str) -> str:
    """A heading to link to. `words` are HTML."""
    return f'<h{level} id="{name}">{words} <a class="anchor" href="#{name}" aria-label="Link to this part">#</a></h{level}>'


def badge(words: str, kind: str = "") -> str:
    return (
        f'<span class="badge {kind}">{escape(words)}</span>' if kind else f'<span class="badge">{escape(words)}</span>'
    )


def table(heads: Iterable[str], rows: Iterable[Sequence[str]], *, names: Sequence[str] = ()) -> str:
    """Cells are HTML; `names` are ids of the rows, where they have some."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    lines = [f"{''.join(f'<td>{_breakable(cell)}</td>' for cell in row)}</tr>" for row in rows]
    marks = [f' id="{name}"' for name in names] or [""] * len(lines)
    body = "".join(f"<tr{mark}>{line}" for mark, line in zip(marks, lines, strict=True))
    return f'<div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _breakable(cell: str) -> str:
    """A long code in a cell may break where its words meet, so that a phone shows what stands beside it."""
    return _MEETING.sub("<wbr>", cell)


def fields(rows: Iterable[str]) -> str:
    """A list of `field`s."""
    return f'<ul class="fields">{"".join(rows)}</ul>'


def field(title: str, form: str, words: str, *, name: str = "", is_required: bool = False, inner: str = "") -> str:
    """One field: what it is called, its form (HTML), what it says, and the fields it holds. `name` is what to link to."""
    mark = f' id="{escape(name)}"' if name else ""
    must = f" {badge('required', 'warn')}" if is_required else ""
    description = f"<p>{prose(words)}</p>" if words else ""
    return f'<li{mark}>{code(title)} <span class="form">{form}</span>{must}{description}{inner}</li>'


def anchor(text: str) -> str:
    """A name to link to, made of any words; the same words always make the same."""
    return re.sub(r"[^a-z0-9_.]+", "-", text.lower()).strip("-")


def method(name: str) -> str:
    return f'<span class="method {name}">{name}</span>'


def breakable(path: str) -> str:
    """A path that a narrow column breaks at its slashes."""
    return escape(path).replace("/", "/<wbr>")

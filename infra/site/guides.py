"""Guides: Markdown of `docs/guides/` as pages. Code that is said in several languages, one block after the other, becomes tabs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape, unescape
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from infra.site.endpoints import tabs
from infra.site.html import Page, anchor, badge, block

FOLDER: Final = "docs/guides"
LANGUAGES: Final = {
    "sh": "curl",
    "bash": "curl",
    "curl": "curl",
    "python": "Python",
    "js": "JavaScript",
    "javascript": "JavaScript",
}
_FILE: Final = re.compile(r"^(?:\./)?([\w-]+)\.md(#.*)?$")
_TAG: Final = re.compile(r"<[^>]+>")


class Part(NamedTuple):
    """A heading of a guide: what it says, in plain words, and its name."""

    words: str
    name: str


class Guide:
    """One file. Its first heading is its title."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.path = name, f"{FOLDER}/{name}"
        self.content = render(text)
        self.parts = [
            Part(unescape(_TAG.sub("", words)).removesuffix("#").strip(), name)
            for name, words in re.findall(r'<h[1-4] id="([^"]+)">(.*?)</h[1-4]>', self.content)
        ]
        self.title = self.parts[0].words if self.parts else name
        first = re.search(r"<p>(.*?)</p>", self.content, re.DOTALL)
        self.lead = unescape(_TAG.sub("", first[1])).replace("\n", " ") if first else ""

    def page(self) -> Page:
        return Page(self.path, self.title, self.content, FOLDER)


def index(known: Sequence[Guide]) -> Page:
    rows = "".join(
        f'<li><a href="/{guide.path}">{escape(guide.title)}</a><p>{escape(guide.lead)}</p></li>' for guide in known
    )
    return Page(FOLDER, "Guides", f'<h1>Guides</h1><ul class="cards">{rows}</ul>')


def read(folder: Path, order: Sequence[str]) -> list[Guide]:
    """The guides of a folder; those that `order` names come first."""
    names = [path.stem for path in sorted(folder.glob("*.md")) if path.stem != "README"]
    names.sort(key=lambda name: order.index(name) if name in order else len(order))
    return [Guide(name, (folder / f"{name}.md").read_text(encoding="utf-8")) for name in names]


def render(text: str) -> str:
    """HTML of Markdown, with names at its headings, code to copy and links that lead to pages of this site."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = _with_pages(parser.parse(text))
    parser.add_render_rule("fence", _fence)
    parser.add_render_rule("table_open", lambda *_: '<div class="scroll" tabindex="0"><table>')
    parser.add_render_rule("table_close", lambda *_: "</table></div>")
    written = []
    for together, run in groupby(_runs(tokens), key=lambda pair: pair[0]):
        pieces = [token for _, piece in run for token in piece]
        written.append(_in_tabs(pieces) if together else parser.renderer.render(pieces, parser.options, {}))
    return _with_names("".join(written))


def _runs(tokens: Sequence[Token]) -> Iterator[tuple[int, list[Token]]]:
    """Tokens, and by numbers of their own, from 1, code that is said in several languages without a word between."""
    number, index = 0, 0
    while index < len(tokens):
        end = index
        while end < len(tokens) and _language(tokens[end]):
            end += 1
        languages = [_language(token) for token in tokens[index:end]]
        if len(languages) > 1 and len(set(languages)) == len(languages):
            number += 1
            yield number, list(tokens[index:end])
            index = end
        else:
            yield 0, [tokens[index]]
            index += 1


def _language(token: Token) -> str:
    return LANGUAGES.get(_info(token), "") if token.type == "fence" and token.level == 0 else ""


def _info(token: Token) -> str:
    return token.info.split()[0] if token.info.strip() else ""


def _in_tabs(fences: Sequence[Token]) -> str:
    return tabs({_language(token): token.content.rstrip("\n") for token in fences})


def _fence(renderer: object, tokens: Sequence[Token], index: int, *_: object) -> str:
    return _status(tokens[index]) + block(tokens[index].content.rstrip("\n"), _info(tokens[index]))


def _status(fence: Token) -> str:
    """Above a recorded answer its status, where the fence names one: ```json 201."""
    words = fence.info.split()[1:]
    if not words or not words[0].isdigit():
        return ""
    return f'<p class="status">{badge(words[0], "good" if words[0] < "400" else "bad")}</p>'


def _with_pages(tokens: list[Token]) -> list[Token]:
    """Links to other files of the folder lead to their pages."""
    for token in tokens:
        for inner in token.children or ():
            if inner.type == "link_open" and (match := _FILE.match(str(inner.attrs.get("href", "")))):
                inner.attrs["href"] = f"/{FOLDER}/{match[1]}{match[2] or ''}"
    return tokens


def _with_names(content: str) -> str:
    """A name at each heading, made of its words; the same words a second time get a number."""
    seen: dict[str, int] = {}

    def named(match: re.Match[str]) -> str:
        level, words = match.groups()
        name = anchor(unescape(_TAG.sub("", words))) or "part"
        seen[name] = seen.get(name, 0) + 1
        name = name if seen[name] == 1 else f"{name}-{seen[name]}"
        label = f'<a class="anchor" href="#{escape(name)}" aria-label="Link to this part">#</a>' if level != "1" else ""
        return f'<h{level} id="{escape(name)}">{words} {label}</h{level}>'

    return re.sub(r"<h([1-6])>(.*?)</h\1>", named, content)

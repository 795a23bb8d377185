"""Retired words: what `docs/glossary.md` gave up may not come back, and a value's name says what it is. `make check` runs this.

A retired name in code quotes is compared with whole identifiers (`*` stands for any characters), those of scripts too; a retired phrase in
quotation marks with what people read: strings, comments and documents. History (the changelog, decisions) keeps the words of its day.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Final

from infra import scripts

ROOT: Final = Path(__file__).parent.parent
GLOSSARY: Final = "docs/glossary.md"
HISTORY: Final = ("CHANGELOG.md", "docs/decisions/", GLOSSARY)
CODE: Final = ("app.py", "chalicelib", "infra", "tests", "benchmarks")
TEXTS: Final = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs", "infra", ".chalice")
FORMS: Final = ("*.md", "*.yaml", "*.json")
SCRIPTS: Final = (
    "chalicelib/console/app",
    "infra/site/assets",
    "clients/typescript/src",
    "clients/typescript/examples",
    "clients/typescript/test",
)
GENERATED: Final = ".d.ts"
NAMED: Final = ("app.py", "chalicelib/", "infra/", "benchmarks/", "clients/")
"""Where a variable or a parameter has a name that says what it is; in a script a property and a member have, too."""
SAYS_THEM: Final = "tests/infra/test_words.py"
"""The one file of code that has to name retired words."""


class Retired:
    """The table under "Retired" of the glossary: names and phrases, each with what is said today."""

    def __init__(self, glossary: str) -> None:
        rows = re.findall(r"^\| ([`\"].+?) \| (.+?) \|$", glossary.partition("## Retired")[2], re.MULTILINE)
        words = [(word, today) for old, today in rows for word in re.findall(r"`[^`]+`|\"[^\"]+\"", old)]
        self.names: dict[str, str] = {word[1:-1]: today for word, today in words if word[0] == "`"}
        phrases = {word[1:-1].casefold(): today for word, today in words if word[0] == '"'}
        self.phrases = {
            re.compile(rf"\b{_spaced(phrase)}(?!\w)", re.IGNORECASE): today for phrase, today in phrases.items()
        }
        self.say_nothing = frozenset(re.findall(r"`(\w+)`", glossary.partition("## Names that say nothing")[2]))
        self._patterns = [name for name in self.names if "*" in name]
        names = "|".join(r"\w*".join(map(re.escape, name.split("*"))) for name in self.names)
        self._names = re.compile(rf"\b(?:{names})\b")
        self._phrases = re.compile("|".join(phrase.pattern for phrase in self.phrases), re.IGNORECASE)
        self.today = lru_cache(maxsize=None)(self._today)

    def may_stand_in(self, text: str) -> bool:
        """Whether any stands anywhere in a text: most have none, and need not be taken apart."""
        return bool(self._names.search(text) or self._phrases.search(text))

    def _today(self, name: str) -> str:
        """What a retired name is called today; empty for every other name."""
        if name in self.names:
            return self.names[name]
        return next((self.names[pattern] for pattern in self._patterns if fnmatchcase(name, pattern)), "")


def found_in_code(text: str, retired: Retired) -> Iterator[tuple[int, str, str]]:
    """Line, retired word and today's word for each retired word of a module."""
    if not retired.may_stand_in(text):
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NAME:
            if today := retired.today(token.string):
                yield token.start[0], token.string, today
        elif token.type in (tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", -1)):
            yield from _phrases(token.string, token.start[0], retired)


def say_nothing_in(text: str, retired: Retired) -> Iterator[tuple[int, str]]:
    """Line and name of each variable and parameter of a module that is called by a word which says nothing of it."""
    for node in ast.walk(ast.parse(text)):
        is_set = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        name = node.id if is_set and isinstance(node, ast.Name) else node.arg if isinstance(node, ast.arg) else ""
        if name in retired.say_nothing:
            yield getattr(node, "lineno", 0), name


def found_in_script(text: str, retired: Retired) -> Iterator[tuple[int, str, str]]:
    """The same of a script: its identifiers."""
    for line, name in scripts.names(text):
        if today := retired.today(name):
            yield line, name, today


def say_nothing_in_script(text: str, retired: Retired) -> Iterator[tuple[int, str]]:
    """Line and name of each variable, parameter, property and member of a script that is called by such a word."""
    return ((line, name) for line, name in scripts.names(text) if name in retired.say_nothing)


def found_in_text(text: str, retired: Retired) -> Iterator[tuple[int, str, str]]:
    """The same of a document: phrases, and names in code quotes."""
    yield from _phrases(text, 1, retired)
    for number, line in enumerate(text.splitlines(), 1):
        for quoted in re.findall(r"`([^`]+)`", line):
            for name in re.findall(r"(?<![/\w])[A-Za-z_]\w*", quoted):
                if today := retired.today(name):
                    yield number, name, today


def retired_in(root: Path = ROOT) -> list[str]:
    """One line for each retired word of a tree, and each name that says nothing: where it stands, and what to say instead."""
    retired = Retired((root / GLOSSARY).read_text())
    return [
        f"{name}:{line}: {fault}"
        for path in _searched(root)
        if (name := path.relative_to(root).as_posix()) != SAYS_THEM and not name.startswith(HISTORY)
        for line, fault in _faults_in(name, path.read_text(), retired)
    ]


def _faults_in(name: str, text: str, retired: Retired) -> Iterator[tuple[int, str]]:
    kind = Path(name).suffix
    search = {".py": found_in_code, ".js": found_in_script, ".ts": found_in_script}.get(kind, found_in_text)
    for line, word, today in search(text, retired):
        yield line, f"{word!r} is retired: {today}"
    nameless = {".py": say_nothing_in, ".js": say_nothing_in_script, ".ts": say_nothing_in_script}.get(kind)
    if nameless and name.startswith(NAMED):
        for line, word in nameless(text, retired):
            yield line, f"{word!r} says nothing of the value: name it"


def _searched(root: Path) -> Iterator[Path]:
    yield from _files(root, CODE, "*.py")
    for form in ("*.js", "*.ts"):
        yield from (path for path in _files(root, SCRIPTS, form) if not path.name.endswith(GENERATED))
    for form in FORMS:
        yield from _files(root, TEXTS, form)


def _files(root: Path, places: tuple[str, ...], form: str) -> Iterator[Path]:
    for place in places:
        path = root / place
        yield from sorted(path.rglob(form)) if path.is_dir() else [path] if path.match(form) and path.exists() else []


def _phrases(text: str, first: int, retired: Retired) -> Iterator[tuple[int, str, str]]:
    for pattern, today in retired.phrases.items():
        for match in pattern.finditer(text):
            yield first + text.count("\n", 0, match.start()), match[0], today


def _spaced(phrase: str) -> str:
    return r"\s+".join(map(re.escape, phrase.split()))


if __name__ == "__main__":
    sys.exit("\n".join(retired_in()) or 0)

"""Scripts as names: every identifier of a module of JavaScript or TypeScript, and nothing of its comments, strings, regular expressions and the text of its templates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_TOKEN: Final = re.compile(
    r"""(?P<blank>\s+|//[^\n]*|/\*.*?\*/)
      | (?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | \#?(?P<name>[A-Za-z_$][\w$]*)
      | (?P<number>\d[\w.]*)
      | (?P<mark>.)""",
    re.VERBOSE | re.DOTALL,
)
_TEMPLATE: Final = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*(`|\$\{|$)", re.DOTALL)
"""The text of a template: up to its end, or to a value in it."""
_PATTERN: Final = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/\w*")
_VALUE: Final = re.compile(r"[\w$)\]}`\"']$")
"""The end of a value: a stroke behind it divides. Elsewhere it begins a regular expression."""
_BEFORE_A_VALUE: Final = frozenset(
    {"return", "typeof", "case", "in", "of", "await", "yield", "else", "do", "void", "delete"}
)


def names(text: str) -> Iterator[tuple[int, str]]:
    """Line and name of each identifier: variables, parameters, properties, members (without their `#`), and the language's own words."""
    opened: list[str] = []
    """The braces that are open: `{` of code, a backtick for a value in a template."""
    before = ""
    line, at = 1, 0
    while at < len(text):
        if text[at] == "`" or (text[at] == "}" and opened and opened.pop() == "`"):
            template = _match(_TEMPLATE, text, at + 1)
            line, at, before = line + template[0].count("\n"), template.end(), template[1]
            opened += ["`"] if before == "${" else []
            continue
        if text[at] == "{":
            opened.append("{")
        token = _match(_TOKEN, text, at)
        if token["mark"] == "/" and (before in _BEFORE_A_VALUE or not _VALUE.search(before)):
            token = _PATTERN.match(text, at) or token
        elif token["name"]:
            yield line, token["name"]
        line, at = line + token[0].count("\n"), token.end()
        before = before if token.lastgroup == "blank" else token[0]


def _match(pattern: re.Pattern[str], text: str, at: int) -> re.Match[str]:
    match = pattern.match(text, at)
    assert match is not None, "whatever stands there is a token"
    return match

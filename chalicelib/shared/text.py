"""Text that people read: the one place that folds it, measures it and says what may stand in it. Pure.

    Name = Annotated[str, one_line(200)]
    Reason = Annotated[str, prose(500, least=1)]

A field so declared is folded before anything else sees it: NFC, so that "élan" is one word however it was typed; every kind of blank is one plain
blank, and none at the ends. What nobody can see is refused by name: control and direction characters, blanks of
no width, fillers, a mark above thirty others. The joiners that Persian, Hindi and a dozen other living scripts write with are kept where they join something, and so are
those of emoji. Its length is then that of the folded text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec import inspect

from chalicelib.shared.errors import Malformed
from chalicelib.shared.texts import say

_LINES: Final = "text_with_lines"
JOINERS: Final = "\u200c\u200d"
"""Zero width non-joiner and joiner."""
_BLANK_LETTERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that show nothing: fillers of Hangul, of Khmer, of Braille."""
_SHOWN_FORMATS: Final = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
"""Format characters that are seen: signs of Arabic, Syriac and Kaithi that stand under or around a number."""
_JOINING: Final = ((0x0590, 0x1100), (0x1700, 0x1CFF), (0xA800, 0xABC0), (0x10A00, 0x12000), (0x1E900, 0x1E960))
"""Where the scripts are whose letters change with a joiner, from Hebrew and Arabic over those of India to Mongolian and Adlam."""
_EMOJI: Final = ((0x2190, 0x2C00), (0x1F000, 0x20000))
_SELECTORS: Final = ((0xFE00, 0xFE10), (0xE0100, 0xE01F0))
"""Variation selectors: which form of the character before them is meant."""
_SELECTED: Final = (
    *_EMOJI,
    (0x23, 0x3A),
    (0xA9, 0xAF),
    (0x1000, 0x10A0),
    (0x1800, 0x18B0),
    (0x2000, 0x2190),
    (0x2E80, 0xFB00),
    (0x20000, 0x40000),
)
"""Where characters are that have forms to choose from: ideographs, emoji and what becomes one, digits, Mongolian, Burmese."""
_MOST_MARKS: Final = 30
"""On one letter: living languages need four. Unicode's Stream-Safe Text Format ends there too (UAX 15, 13): putting marks in order takes as long
as their number squared, and a body that held nothing else kept a machine busy for ten seconds."""
_MARKS_OF_TWO: Final = frozenset("\u0f73\u0f75\u0f81")
"""Vowels of Tibetan that become marks when they are taken apart, and are none themselves."""
_IDEOGRAPHS: Final = range(0x20000, 0x40000)
"""Names are written with ideographs that this Python's tables may not know yet."""


class UnreadableText(Malformed):
    code = "text_unreadable"
    title = "A text holds something that people cannot see."
    fix = "Take the named character out; it may have come along when the text was copied."


class SameText(Malformed):
    code = "text_twice"
    title = "Two names in one object are the same text."
    fix = "Leave one of them out: they differ only in how their letters or blanks are encoded."


def one_line(most: int, *, least: int = 1) -> msgspec.Meta:
    """A field with one line of text, of so many characters after folding."""
    return msgspec.Meta(min_length=least or None, max_length=most, extra={_LINES: False})


def prose(most: int, *, least: int = 0) -> msgspec.Meta:
    """A field with text of several lines, which are kept."""
    return msgspec.Meta(min_length=least or None, max_length=most, extra={_LINES: True})


def fold(given: str, *, lines: bool = False) -> str:
    """The text in its one form. With `lines`, whatever ended its lines is a line feed, and empty ones at both ends are gone.

    The marks of one that nobody could read are left in the order they came in.
    """
    if not _heaped(given):
        given = unicodedata.normalize("NFC", given)
    if not lines:
        return " ".join(given.split())
    return "\n".join(" ".join(part.split()) for part in given.splitlines()).strip("\n")


def compared(text: str) -> str:
    """The text as two are compared: 金 in its compatibility form, Hangul in parts, full-width letters and case make no difference."""
    return unicodedata.normalize("NFKC", text).casefold()


def unreadable(folded: str) -> str:
    """The first character of a folded text that people cannot see, or an empty text."""
    if folded.isascii() and folded.replace("\n", "").isprintable():
        return ""
    if mark := _heaped(folded):
        return mark
    for place, character in enumerate(folded):
        if character in JOINERS:
            if not _joins(folded, place):
                return character
        elif _is_in(character, _SELECTORS):
            if not _is_in(folded[place - 1 : place] or " ", _SELECTED):
                return character
        elif not (character.isprintable() or character == "\n" or _is_shown(character)) or character in _BLANK_LETTERS:
            return character
    return ""


def read(given: str, param: str, *, lines: bool = False) -> str:
    """The text folded, or UnreadableText by the name of its field."""
    folded = fold(given, lines=lines)
    if bad := unreadable(folded):
        raise UnreadableText(say("The text holds {characters}.", characters=name_of(bad)), param=param[:100] or None)
    return folded


def read_fields(loose: Any, form: Any, where: str = "") -> Any:
    """A decoded body or query with every text of its form read. Whatever else is wrong with it is left to be found."""
    reader = _reader_of(form)
    return reader(loose, where) if reader else loose


def has_text(form: Any) -> bool:
    """Whether any field of a form is text."""
    return _reader_of(form) is not None


def is_text(form: inspect.Type) -> bool:
    """Whether a type is a field of text."""
    return isinstance(form, inspect.Metadata) and _LINES in (form.extra or {})


def name_of(character: str) -> str:
    """`U+202E RIGHT-TO-LEFT OVERRIDE`"""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()


def _heaped(text: str) -> str:
    """The first mark that stands on a letter with too many below it, or an empty text."""
    marks = 0
    for character in "" if text.isascii() or len(text) <= _MOST_MARKS else text:
        marks = marks + 1 if unicodedata.combining(character) or character in _MARKS_OF_TWO else 0
        if marks > _MOST_MARKS:
            return character
    return ""


def _joins(folded: str, place: int) -> bool:
    """Whether a joiner stands behind something it can join, and before something that is seen."""
    behind = (folded[at] for at in range(place - 1, -1, -1))
    before = next((letter for letter in behind if not _is_in(letter, _SELECTORS)), "")
    after = folded[place + 1 : place + 2]
    if not before or not after or after.isspace() or after in JOINERS:
        return False
    if _is_in(before, _JOINING):
        return True
    return folded[place] == "\u200d" and _is_in(before, _EMOJI) and _is_in(after, _EMOJI)


def _is_in(character: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(start <= ord(character) < end for start, end in ranges)


def _is_shown(character: str) -> bool:
    return character in _SHOWN_FORMATS or (unicodedata.category(character) == "Cn" and ord(character) in _IDEOGRAPHS)


_Reader = Callable[[Any, str], Any]


@lru_cache(maxsize=256)
def _reader_of(form: Any) -> _Reader | None:
    return _reader(inspect.type_info(form))


def _reader(form: inspect.Type) -> _Reader | None:
    """What reads the texts in values of a type; None where it has none."""
    if isinstance(form, inspect.Metadata):
        return _text_reader((form.extra or {})[_LINES]) if is_text(form) else _reader(form.type)
    if isinstance(form, inspect.StructType):
        return _struct_reader({field.encode_name: _reader(field.type) for field in form.fields})
    if isinstance(form, (inspect.ListType, inspect.VarTupleType)):
        return _list_reader(_reader(form.item_type))
    if isinstance(form, inspect.DictType):
        return _dict_reader(_reader(form.key_type), _reader(form.value_type))
    if isinstance(form, inspect.UnionType):
        readers = [reader for reader in map(_reader, form.types) if reader]
        return _all_of(readers) if readers else None
    return None


def _text_reader(lines: bool) -> _Reader:
    return lambda value, where: read(value, where, lines=lines) if isinstance(value, str) else value


def _struct_reader(fields: Mapping[str, _Reader | None]) -> _Reader | None:
    readers = {name: reader for name, reader in fields.items() if reader}
    if not readers:
        return None

    def of_struct(value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            return value
        texts = {
            name: reader(value[name], f"{where}.{name}".lstrip("."))
            for name, reader in readers.items()
            if name in value
        }
        return {**value, **texts}

    return of_struct


def _list_reader(item: _Reader | None) -> _Reader | None:
    if item is None:
        return None
    return lambda value, where: (
        [item(part, f"{where}[{place}]") for place, part in enumerate(value)] if isinstance(value, list) else value
    )


def _dict_reader(key: _Reader | None, item: _Reader | None) -> _Reader | None:
    if key is None and item is None:
        return None

    def of_dict(value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            return value
        names = {name: key(name, where) if key else name for name in value}
        if len(set(names.values())) < len(names):
            raise SameText("Two names are the same text.", param=where[:100] or None)
        return {names[name]: item(part, f"{where}[...]") if item else part for name, part in value.items()}

    return of_dict


def _all_of(readers: list[_Reader]) -> _Reader:
    def of_each(value: Any, where: str) -> Any:
        for reader in readers:
            value = reader(value, where)
        return value

    return of_each

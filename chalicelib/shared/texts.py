"""Sentences for people: written in English where they are needed, said in the language of who reads them.

What the code says is the key of its translation in `chalicelib/locale/` (gettext; `make catalogues`). Codes, ids, numbers and amounts
are values of a sentence and are the same in every language.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable
from functools import cache, reduce
from pathlib import Path
from typing import Any, Final, LiteralString

LOCALE: Final = Path(__file__).parent.parent / "locale"
DOMAIN: Final = "surety"
_AS_KEPT: Final = "{said}"


class Text:
    """A sentence with its values. `str()` of it is English."""

    __slots__ = ("context", "one", "template", "values")

    def __init__(self, template: str, values: dict[str, Any], *, one: str = "", context: str = "") -> None:
        self.template, self.values, self.one, self.context = template, values, one, context

    def __str__(self) -> str:
        return in_language(self, "en")

    def __bool__(self) -> bool:
        """Whether it says anything."""
        return bool(self.template)

    def __repr__(self) -> str:
        return f"Text({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and (self.template, self.values) == (other.template, other.values)

    def __hash__(self) -> int:
        return hash(str(self))


NOTHING: Final = Text("", {})
"""Where there is nothing to say. An empty text is no key of a catalogue: gettext keeps its own header there."""


def say(template: LiteralString, **values: Any) -> Text:
    """A sentence; `{name}` stands for a value, formatted as `str.format` does. A value may be a sentence itself."""
    return Text(template, values)


def say_count(one: LiteralString, many: LiteralString, *, n: int, **values: Any) -> Text:
    """A sentence about `n` things: `one` where there is one of them, in languages that tell one from many."""
    return Text(many, {"n": n, **values}, one=one)


def one_after_the_other(*texts: Text) -> Text:
    """Sentences as one text, those that say something: with a blank between them in languages that have one there."""
    return reduce(lambda before, after: say("{before} {after}", before=before, after=after), filter(None, texts))


def listed(texts: Iterable[Text]) -> Text:
    """Words one after the other, with a comma between them."""
    return reduce(lambda before, after: say("{before}, {after}", before=before, after=after), texts, NOTHING)


def term(of: LiteralString, code: str) -> Text:
    """The word for a code: a `kind` of thing, a `status`, an `actor`, an `action`. In English its own letters, with blanks."""
    return Text(code.replace("_", " ").replace("-", " "), {}, context=of)


def percentage(basis_points: int) -> str:
    """`(1250) -> "12.5 %"`: with no more digits than say something."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + " %"


def as_kept(words: str) -> Text:
    """A sentence that is kept as it was said, such as one of a signed document: the same for every reader."""
    return Text(_AS_KEPT, {"said": words})


def is_as_kept(text: Text) -> bool:
    return text.template == _AS_KEPT


def of_policy(sentence: str) -> Text:
    """A sentence of a policy that is shipped: `infra/catalogue.py` finds it there."""
    return Text(sentence, {})


def in_language(text: Text | str, language: str) -> str:
    """What a reader of that language sees. What has no translation is said in English."""
    if not text:
        return ""
    catalogue = _catalogue(language)
    if isinstance(text, str):
        return catalogue.gettext(text)
    if text.context:
        return catalogue.pgettext(text.context, text.template)
    if text.one:
        template = catalogue.ngettext(text.one, text.template, text.values["n"])
    else:
        template = catalogue.gettext(text.template)
    if not text.values:
        return template
    values = {
        name: in_language(value, language) if isinstance(value, Text) else value for name, value in text.values.items()
    }
    return template.format(**values)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """Read once in a process, with the first sentence in that language."""
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, LOCALE, [language.replace("-", "_")])

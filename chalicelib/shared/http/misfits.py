"""What in a body or a query is not what it must be, in our words: the field, what is expected there, and what came.

msgspec finds it, and its message is read for the place alone: a parser's own words reach no client. What is expected is told from the form
itself, so that it cannot say otherwise than the API document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache, reduce
from typing import Any, Final

import msgspec
from msgspec import inspect

from chalicelib.shared import text_forms
from chalicelib.shared.errors import Malformed
from chalicelib.shared.texts import Text, say, say_count

_WHERE: Final = re.compile(r"(?s)(.*?)(?: - at `(key` in `)?\$?(.*)`)?")
_FIELD: Final = re.compile(r"Object (missing required|contains unknown) field `(.*)`", re.DOTALL)
_STEP: Final = re.compile(r"\.?([^.\[\]]+)|\[(\d*|\.\.\.)\]")


_ANYTHING: Final = inspect.AnyType()
_UNKNOWN: Final = object()
"""Where msgspec does not say which value it is."""


class BadField(Malformed):
    code = "bad_field"
    title = "A field is not what it must be."
    fix = "Correct the field named in param; the API document gives its form."


def bad_field(wrong: msgspec.ValidationError, value: Any, form: Any) -> BadField:
    """The refusal of a value that msgspec could not read as the form."""
    match = _WHERE.fullmatch(str(wrong))
    reason, is_key, where = (match[1], bool(match[2]), match[3] or "") if match else ("", False, "")
    param = where.removeprefix(".")
    if field := _FIELD.fullmatch(reason):
        param = ".".join(filter(None, (param, field[2])))
        return BadField(_no_such(field[1], param), param=param[:100])
    inside = reduce(_Place.step, _STEP.findall(where), _Place(_type_of(form), value))
    return BadField(inside.misfit_of_a_name(param) if is_key else inside.misfit(param), param=param[:100] or None)


def _no_such(what: str, param: str) -> Text:
    if what == "missing required":
        return say("The field {field:.100} is missing.", field=param)
    return say("There is no field {field:.100}.", field=param)


@lru_cache(maxsize=512)
def _type_of(form: Any) -> inspect.Type:
    return inspect.type_info(form)


class _Place:
    """A place in a value, and the type that is expected there."""

    def __init__(self, expected: inspect.Type, value: Any) -> None:
        self.expected, self.value = _plain(expected), value

    def step(self, parts: tuple[str, str]) -> _Place:
        """Into a field by its name, an item by its number, or any value of an object with names of its own."""
        name, number = parts
        choices = list(_choices(self.expected))
        if name:
            return self._field([choice for choice in choices if isinstance(choice, inspect.StructType)], name)
        if number == "...":
            inner = next((choice.value_type for choice in choices if isinstance(choice, inspect.DictType)), _ANYTHING)
            return _Place(inner, _UNKNOWN)
        inner = next((_item(choice, int(number)) for choice in choices), _ANYTHING)
        return _Place(inner, self.value[int(number)] if isinstance(self.value, list) else _UNKNOWN)

    def misfit(self, param: str) -> Text:
        wanted = _expected(self.expected)
        if self.value is _UNKNOWN:
            return say("A value in {field:.100} is not what it must be: {expected}.", field=param, expected=wanted)
        if not param:
            return say("What must be here is {expected}; what came is {came}.", expected=wanted, came=_came(self.value))
        return say(
            "{field:.100} must be {expected}; what came is {came}.",
            field=param,
            expected=wanted,
            came=_came(self.value),
        )

    def misfit_of_a_name(self, param: str) -> Text:
        objects = (choice for choice in _choices(self.expected) if isinstance(choice, inspect.DictType))
        wanted = next((each.key_type for each in objects), _ANYTHING)
        return say(
            "A name in {field:.100} is not what it must be: {expected}.", field=param, expected=_expected(wanted)
        )

    def _field(self, structs: list[inspect.StructType], name: str) -> _Place:
        value = self.value.get(name) if isinstance(self.value, dict) else _UNKNOWN
        if any(struct.tag_field == name for struct in structs):
            return _Place(inspect.LiteralType(tuple(sorted(str(struct.tag) for struct in structs))), value)
        for struct in structs:
            if struct.tag_field and isinstance(self.value, dict) and self.value.get(struct.tag_field) != struct.tag:
                continue
            for field in struct.fields:
                if field.encode_name == name:
                    return _Place(field.type, value)
        return _Place(_ANYTHING, value)


def _plain(form: inspect.Type) -> inspect.Type:
    return _plain(form.type) if isinstance(form, inspect.Metadata) else form


def _item(form: inspect.Type, number: int) -> inspect.Type:
    match form:
        case inspect.TupleType(item_types=types):
            return types[number]
        case inspect.ListType() | inspect.VarTupleType() | inspect.SetType() | inspect.FrozenSetType():
            return form.item_type
    return _ANYTHING


def _choices(form: inspect.Type) -> Iterable[inspect.Type]:
    """What may stand there, but for null, which a client rather leaves out."""
    if not isinstance(form, inspect.UnionType):
        return (form,)
    return [choice for choice in map(_plain, form.types) if not isinstance(choice, inspect.NoneType)]


def _expected(form: inspect.Type) -> Text:
    words = list(dict.fromkeys(map(_kind, _choices(_plain(form)))))
    return reduce(lambda one, other: say("{one} or {other}", one=one, other=other), words)


def _kind(form: inspect.Type) -> Text:
    match form:
        case inspect.StrType():
            return _text(form)
        case inspect.IntType() | inspect.FloatType():
            return _number(form)
        case inspect.BoolType():
            return say("true or false")
        case inspect.DateType():
            return say("a date such as 2026-03-02")
        case inspect.DateTimeType():
            return say("an instant with its offset, such as 2026-03-02T02:15:00Z")
        case inspect.LiteralType():
            return say("one of {values}", values=", ".join(map(str, form.values)))
        case inspect.TupleType(item_types=types):
            return say("a list of {n}", n=len(types))
        case inspect.ListType() | inspect.VarTupleType() | inspect.SetType() | inspect.FrozenSetType():
            return _between(say("a list"), form.min_length, form.max_length, of_items=True)
        case inspect.DictType(max_length=int(most)):
            return say("an object of {least} to {most} names", least=form.min_length or 0, most=most)
        case inspect.StructType() | inspect.DictType():
            return say("an object")
    return say("something else")


def _text(form: inspect.StrType) -> Text:
    if form.pattern:
        return text_forms.in_words(form.pattern) or say("a text as the API document describes it")
    return _between(say("a text"), form.min_length, form.max_length, of_items=False)


def _between(what: Text, least: int | None, most: int | None, *, of_items: bool) -> Text:
    """A text or a list with how long it may be."""
    if most is None:
        return say("{what} that is not empty", what=what) if least else what
    if of_items:
        return say("a list of {least} to {most}", least=least or 0, most=most)
    return say("a text of {least} to {most} characters", least=least or 0, most=most)


def _number(form: inspect.IntType | inspect.FloatType) -> Text:
    what = say("a whole number") if isinstance(form, inspect.IntType) else say("a number")
    least = form.ge if form.ge is not None or form.gt is None else form.gt + 1
    most = form.le if form.le is not None or form.lt is None else form.lt - 1
    if least is not None and most is not None:
        return say("{what} from {least} to {most}", what=what, least=least, most=most)
    if least is not None:
        return say("{what} of at least {least}", what=what, least=least)
    return say("{what} of at most {most}", what=what, most=most) if most is not None else what


def _came(value: Any) -> Text:
    """What kind of thing came: of a text only how long it is, since it may be personal."""
    match value:
        case None:
            return say("null")
        case bool():
            return say("true") if value else say("false")
        case int() | float():
            return say("the number {number:.40}", number=str(value))
        case "":
            return say("an empty text")
        case str():
            return say_count("a text of {n} character", "a text of {n} characters", n=len(value))
        case list():
            return say("a list of {n}", n=len(value))
    return say("an object of {n}", n=len(value))

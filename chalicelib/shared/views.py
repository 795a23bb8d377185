"""Views made from states: each field of a view is the state's of the same name.

A view's struct alone says what is shown: a field of the state that no view declares is never sent. What a state calls otherwise, or has to
be worked out, is given by name. States are made of requests in the same way.

    view_of(OrderView, order, **MACHINE.offer(order, actor, context, now))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from chalicelib.shared.money import Money

V = TypeVar("V", bound=msgspec.Struct)
Read = Callable[[Any, str], Any]
"""A field's value of a state, amounts in a currency."""
_One = tuple[str, Read]
_All = Callable[[Any], Iterable[Any]]

_MONEY_FIELDS: Final = ("minor", "amount_minor")
"""What a state calls the amount that its view calls `money`."""


def view_of(form: type[V], state: Any, currency: str = "", /, **given: Any) -> V:
    """The view of a state. `given` are the fields that the state has not, or not so.

    Amounts: `x: Money` is the state's `x_minor` in the state's own currency, else in `currency`; `money` is its `minor` or `amount_minor`.
    An empty text is null where the view allows null. Structs, in lists and mappings too, become the views that the view declares for them.
    Raises TypeError where neither the state nor `given` has a field: that is a fault in the code.
    """
    shape: Any = type(state)
    money_in = getattr(state, "currency", currency)
    as_they_are, of_these, others = _plan(form, shape, frozenset(given))
    fields = dict(zip(as_they_are, of_these(state), strict=True))
    for name, read in others:
        fields[name] = read(state, money_in)
    return form(**fields, **given)


@lru_cache(maxsize=1024)
def _plan(form: type[msgspec.Struct], state: type, given: frozenset[str]) -> tuple[Sequence[str], _All, Sequence[_One]]:
    """How the fields that are not given are read of states of a type: those that are shown as they are all at once."""
    hints = _hints(form)
    reads = (
        (field, _read(field.name, hints[field.name], state))
        for field in msgspec.structs.fields(form)
        if field.name not in given
    )
    plan = []
    for field, read in reads:
        if read is not None:
            plan.append((field.name, read))
        elif field.required:
            raise TypeError(f"{form.__name__}.{field.name} is neither given nor a field of {state.__name__}.")
    names = [name for name, read in plan if read is _as_it_is]
    of_these: _All = attrgetter(*names) if len(names) > 1 else lambda state: [getattr(state, name) for name in names]
    return names, of_these, [(name, read) for name, read in plan if read is not _as_it_is]


@lru_cache(maxsize=1024)
def _hints(form: type) -> dict[str, Any]:
    return get_type_hints(form)


def _read(name: str, declared: Any, state: type) -> Read | None:
    forms = _alternatives(declared)
    names = [f"{name}_minor", *(_MONEY_FIELDS if name == "money" else ())] if Money in forms else []
    minor = next((known for known in names if _has(state, known)), None)
    if minor is not None:
        return lambda value, currency: _money(getattr(value, minor), currency)
    if not _has(state, name):
        return None
    convert = _conversion(declared)
    return convert if convert is _as_it_is else lambda value, currency: convert(getattr(value, name), currency)


def _has(state: type, name: str) -> bool:
    """Whether states of a type have a value of that name: a field or a property, never a method."""
    is_field = any(name in getattr(each, "__annotations__", ()) for each in state.__mro__)
    return is_field or isinstance(getattr(state, name, None), property | cached_property)


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money.of(minor, currency)


@lru_cache(maxsize=1024)
def _conversion(declared: Any) -> Read:
    forms = _alternatives(declared)
    inner = [form for form in forms if form is not NoneType]
    of_form = _conversion_of(inner[0]) if len(inner) == 1 else _as_it_is
    if NoneType not in forms or inner == [datetime]:
        return of_form
    return lambda value, currency: None if value is None or value == "" else of_form(value, currency)


def _conversion_of(form: Any) -> Read:
    origin, arguments = get_origin(form), get_args(form)
    if origin is list:
        each = _conversion(arguments[0])
        return lambda value, currency: [each(one, currency) for one in value]
    if origin is dict:
        each = _conversion(arguments[1])
        return lambda value, currency: {name: each(one, currency) for name, one in value.items()}
    if isinstance(form, type) and issubclass(form, msgspec.Struct):
        return lambda value, currency: value if isinstance(value, form) else view_of(form, value, currency)
    return _as_it_is


def _as_it_is(value: Any, currency: str) -> Any:
    return value


def _alternatives(declared: Any) -> tuple[Any, ...]:
    return get_args(declared) if get_origin(declared) in (Union, UnionType) else (declared,)

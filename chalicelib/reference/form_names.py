"""What forms are called in the API document: by the word they have in their slice, and by that of the slice too where several have it.

of(forms)   `OrderView`, `ClaimsOfferView`, `OrderPage`: words that every language takes as the name of a class
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, get_args, get_origin

_PACKAGE: Final = "chalicelib"


class NameTaken(Exception):
    """Two forms of one module's name would be called the same: give one of them another name."""


def of(forms: Iterable[Any]) -> dict[Any, str]:
    """A name for each form, no two alike. Only those that share a word are named after their slice, or slice and module."""
    forms = list(forms)
    plain = [form for form in forms if not get_args(form)]
    names = {form: form.__name__ for form in plain}
    for longer in (_with_slice, _with_module):
        names = _told_apart(names, longer)
    names |= {form: _of_generic(form, names) for form in forms if get_args(form)}
    if twice := [name for name, count in Counter(names.values()).items() if count > 1]:
        raise NameTaken(", ".join(sorted(twice)))
    return names


def _told_apart(names: Mapping[Any, str], longer: Callable[[Any], str]) -> dict[Any, str]:
    uses = Counter(names.values())
    return {form: longer(form) if uses[name] > 1 else name for form, name in names.items()}


def _with_slice(form: Any) -> str:
    """Also of a word that has the slice's in it already: which forms share a word changes, what a name is made of does not."""
    return _words(_parts(form)[0]) + str(form.__name__)


def _with_module(form: Any) -> str:
    slice_name, *_, module = _parts(form)
    return _words(slice_name) + _words(module) + str(form.__name__)


def _of_generic(form: Any, names: Mapping[Any, str]) -> str:
    """`Page[OrderView]` is an `OrderPage`."""
    inner = "".join(names[argument].removesuffix("View") for argument in get_args(form))
    return inner + str(get_origin(form).__name__)


def _parts(form: Any) -> list[str]:
    return [part for part in str(form.__module__).split(".") if part != _PACKAGE]


def _words(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))

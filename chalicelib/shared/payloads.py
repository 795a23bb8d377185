"""The facts of a journal entry, as others are told them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from chalicelib.shared.money import Money

NOT_TOLD: Final = frozenset({"private", "advance", "own"})
"""For ourselves: what one side or officers keep to themselves, and what a recovery is opened with."""
OFFICER: Final = "officer"
"""Reads every side's own facts."""
_MINOR: Final = "_minor"
_DOLLARS: Final = "_usd_minor"


def as_money(payload: Mapping[str, Any], currency: str, reader: str = "") -> dict[str, Any]:
    """Amounts as money: `amount_minor` is told as `amount`, in the facts' own currency or else this one, `cap_usd_minor` as `cap_usd`.

    What stands under `own`, by side, is that side's alone: it is told to a `reader` on that side, in the place of what all are told under the
    same name. Officers are told what one side alone has under a name, beside the facts of all.
    """
    of = payload.get("currency") or currency
    own = payload.get("own", {})
    payload = {**_of_one_side(own), **payload} if reader == OFFICER else {**payload, **own.get(reader, {})}
    return dict(_fact(name, value, of) for name, value in payload.items() if name not in NOT_TOLD)


def _of_one_side(own: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What no two sides have under the same name."""
    sides = Counter(name for facts in own.values() for name in facts)
    return {name: value for facts in own.values() for name, value in facts.items() if sides[name] == 1}


def _fact(name: str, value: Any, currency: str) -> tuple[str, Any]:
    if name.endswith(_MINOR) and type(value) is int:
        of = "USD" if name.endswith(_DOLLARS) else currency
        return (name.removesuffix(_MINOR), Money.of(value, of)) if of else (name, value)
    return name, _inner(value, currency)


def _inner(value: Any, currency: str) -> Any:
    if isinstance(value, Mapping):
        return as_money(value, currency)
    if isinstance(value, list | tuple):
        return [_inner(part, currency) for part in value]
    return value

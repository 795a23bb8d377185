"""The facts of a journal entry, as others are told them. Pure."""

from __future__ import annotations

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

    What stands under `own`, by side, is that side's alone: it is told to a `reader` on that side and to officers.
    """
    of = payload.get("currency") or currency
    for side, own in payload.get("own", {}).items():
        if reader in (side, OFFICER):
            payload = {**payload, **own}
    return dict(_fact(name, value, of) for name, value in payload.items() if name not in NOT_TOLD)


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

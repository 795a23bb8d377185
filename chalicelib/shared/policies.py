"""Policies: every number a person might change, in versioned files with the day they were announced and take effect.

`chalicelib/policies/<name>/<version>.json` holds `{"announced_on", "effective_on", "values"}`. A thing pins the hash of the policy it
was made under; `pinned` finds it again, `in_force` says what applied on a day.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from chalicelib.shared.encoding import sha256_of
from chalicelib.shared.errors import NotFound
from chalicelib.shared.texts import say

T = TypeVar("T")

FOLDER: Final = Path(__file__).parent.parent / "policies"


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """One version: `hash` is the SHA-256 of its values in canonical form, 16 hexadecimal digits of it."""

    name: str
    version: str
    announced_on: date
    effective_on: date
    hash: str
    values: dict[str, Any]

    def read_as(self, form: type[T]) -> T:
        values: T = _typed(self.name, self.hash, form)  # type: ignore[arg-type]
        return values


class _File(msgspec.Struct, forbid_unknown_fields=True):
    announced_on: date
    effective_on: date
    values: dict[str, Any]

    def __post_init__(self) -> None:
        """Nothing takes effect that was not announced: such a file is not read at all."""
        if self.effective_on < self.announced_on:
            raise ValueError("a version takes effect after it was announced")


def in_force(name: str, on: date) -> Policy:
    """The version of a policy that applies on a day: the latest that has taken effect, or else the first there is."""
    known = versions(name)
    return next((policy for policy in reversed(known) if policy.effective_on <= on), known[0])


def pinned(name: str, hash_: str) -> Policy:
    return next(policy for policy in versions(name) if policy.hash == hash_)


@lru_cache(maxsize=32)
def versions(name: str) -> tuple[Policy, ...]:
    """All versions of a policy, in the order in which they take effect."""
    known = {folder.name: folder for folder in FOLDER.iterdir()}
    files = list(known[name].glob("*.json")) if name in known else []
    if not files:
        raise NotFound(say("There is no policy called {name!r:.60}.", name=name), param="name")
    return tuple(
        sorted(
            (_load(name, path) for path in files),
            key=lambda policy: (policy.effective_on, policy.version),
        )
    )


def names() -> list[str]:
    return sorted(folder.name for folder in FOLDER.iterdir() if any(folder.glob("*.json")))


def _load(name: str, path: Path) -> Policy:
    file = msgspec.json.decode(path.read_bytes(), type=_File)
    return Policy(
        name=name,
        version=path.stem,
        announced_on=file.announced_on,
        effective_on=file.effective_on,
        hash=sha256_of(file.values)[:16],
        values=file.values,
    )


@lru_cache(maxsize=64)
def _typed(name: str, hash_: str, form: Any) -> Any:
    return msgspec.convert(pinned(name, hash_).values, form)

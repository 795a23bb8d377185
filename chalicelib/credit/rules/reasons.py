"""Why a firm is turned down, in words: each code of the policy `credit-reasons` in English and Chinese. Pure.

A bank's code that is not known is kept as it is and read as `other`: what a bank has decided is never refused for its wording.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from chalicelib.shared import policies
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.texts import say

OTHER: Final = "other"


class UnknownReason(RuleViolation):
    code = "unknown_reason"
    title = "That is no code of a reason."
    fix = "Use one of `codes`: GET /v1/policies/credit-reasons."


class Texts(msgspec.Struct, frozen=True):
    en: str
    zh: str


class _Reasons(msgspec.Struct, frozen=True):
    texts: dict[str, Texts]


def texts_of(code: str) -> Texts:
    known = _known()
    return known.get(code, known[OTHER])


def require_known(code: str) -> None:
    if code not in (known := _known()):
        raise UnknownReason(
            say("{code!r:.60} is no code of a reason.", code=code), param="reasons", codes=sorted(known)
        )


def every_text() -> Iterator[Texts]:
    """Of every version that is shipped."""
    for version in policies.versions("credit-reasons"):
        yield from version.read_as(_Reasons).texts.values()


def _known() -> dict[str, Texts]:
    return policies.versions("credit-reasons")[-1].read_as(_Reasons).texts

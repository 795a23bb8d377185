"""Why a firm was turned down, as it is shown and as officers say it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import msgspec

from chalicelib.credit.rules.application import MOST_CHARACTERS, Reason
from chalicelib.credit.rules.reasons import texts_of
from chalicelib.shared.text import prose
from chalicelib.shared.texts import Text, of_policy


class ReasonView(msgspec.Struct, frozen=True, kw_only=True):
    """What the code means, in English, in Chinese and, as `text`, in the reader's language; `note` is what whoever decided adds in words."""

    code: str
    text: Text
    en: str
    zh: str
    note: str | None


class ReasonRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    code: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    """The reason, by a code of the policy `credit-reasons`."""
    note: Annotated[str, prose(MOST_CHARACTERS)] = ""
    """What there is to add, in words."""


def reason_views(reasons: Iterable[Reason]) -> list[ReasonView]:
    return [
        ReasonView(code=each.code, text=of_policy(texts.en), en=texts.en, zh=texts.zh, note=each.text or None)
        for each in reasons
        for texts in (texts_of(each.code),)
    ]

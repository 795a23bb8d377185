"""The forms that texts of requests have, in words: what a pattern of the API document asks for, with an example. Pure.

A client's engineer reads the pattern, a person reads this: in a refusal and below the field of a form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from chalicelib.shared.texts import NOTHING, Text, say

_AT_ITS_END: Final = re.compile(r"\$\(\?!(\n|\\n)\)")
"""Python's `$` also stands before a last line feed, which our patterns forbid; that of ECMA 262 stands at the end and nowhere else."""


def ecma(pattern: str) -> str:
    """A pattern of Python's as JSON Schema has them."""
    return _AT_ITS_END.sub("$", pattern).replace(r"\A", "^").replace(r"\Z", "$")


def in_words(pattern: str) -> Text:
    """What a text that fits a pattern looks like; NOTHING where nobody has said it."""
    return _IN_WORDS.get(ecma(pattern), NOTHING)


def _of(what: Text, least: int, most: int, example: str) -> Text:
    """So many characters of certain kinds."""
    if least == most:
        return say("{n} {characters}, such as {example}", n=most, characters=what, example=example)
    if not least:
        return say("up to {most} {characters}, such as {example}", most=most, characters=what, example=example)
    return say(
        "{least} to {most} {characters}, such as {example}", least=least, most=most, characters=what, example=example
    )


def _first_a_letter(form: Text) -> Text:
    return say("{form}; the first is a letter", form=form)


def _first_no_sign(form: Text) -> Text:
    return say("{form}; the first is a letter or a digit", form=form)


def _or_nothing(form: Text) -> Text:
    return say("{form}; or nothing", form=form)


def _one_of(*values: str) -> Text:
    return say("one of {values}", values=", ".join(values))


_CAPITALS: Final = say("capital letters")
_CAPITALS_DIGITS: Final = say("capital letters and digits")
_CAPITALS_DIGITS_HYPHENS: Final = say("capital letters, digits and hyphens")
_DIGITS: Final = say("digits")
_HEX: Final = say("digits and letters from a to f")
_LETTERS_DIGITS: Final = say("letters and digits")
_LETTERS_DIGITS_HYPHENS: Final = say("letters, digits and hyphens")
_LETTERS_DIGITS_SIGNS: Final = say("letters, digits and signs, without blanks and accents")
_SMALL: Final = say("small letters")
_SMALL_UNDERSCORES: Final = say("small letters and underscores")
_SMALL_DIGITS_HYPHENS: Final = say("small letters, digits and hyphens")
_SMALL_DIGITS_UNDERSCORES: Final = say("small letters, digits and underscores")
_OF_TELEPHONES: Final = say("digits, blanks and the signs + - ( )")

_ID: Final = "01J9ZQ4W7N8K2M5R3T6V0XYABC"
_ACCOUNT: Final = "6217000010001234567"
_SHA256: Final = _of(_HEX, 64, 64, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
_MONTH: Final = say("a year and a month, such as {example}", example="2026-03")

_IN_WORDS: Final[Mapping[str, Text]] = {
    "^[A-Z]{2}$": _of(_CAPITALS, 2, 2, "DE"),
    "^[A-Z]{3}$": _of(_CAPITALS, 3, 3, "USD"),
    "^[0-9A-Z]{4,40}$": _of(_CAPITALS_DIGITS, 4, 40, _ACCOUNT),
    "^[0-9A-Z-]{4,40}$": _of(_CAPITALS_DIGITS_HYPHENS, 4, 40, "91440300MA5EXAMPLE"),
    "^[A-Z0-9][A-Z0-9-]{2,31}$": _first_no_sign(_of(_CAPITALS_DIGITS_HYPHENS, 3, 32, "CNY-2026-2")),
    "^[A-Z0-9][A-Z0-9-]{6,32}[A-Z0-9]$": say(
        "{form}; no hyphen at its ends", form=_of(_CAPITALS_DIGITS_HYPHENS, 8, 34, _ACCOUNT)
    ),
    "^[A-Za-z0-9]{6,34}$": _of(_LETTERS_DIGITS, 6, 34, _ACCOUNT),
    "^[A-Za-z0-9-]{0,40}$": _of(_LETTERS_DIGITS_HYPHENS, 0, 40, "P123456789012"),
    "^[A-Za-z0-9][A-Za-z0-9_-]{0,29}$": _first_no_sign(
        _of(say("letters, digits, underscores and hyphens"), 1, 30, "late_delivery")
    ),
    "^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$": _first_no_sign(
        _of(say("letters, digits and the signs . _ / -"), 1, 100, "CASE-2026/17")
    ),
    "^[a-z]{2,16}$": _of(_SMALL, 2, 16, "boc"),
    "^[a-z_]{1,40}$": _of(_SMALL_UNDERSCORES, 1, 40, "tracking_record"),
    "^[a-z][a-z_]{0,59}$": _first_a_letter(_of(_SMALL_UNDERSCORES, 1, 60, "failed_delivery")),
    "^[a-z0-9-]{1,40}$": _of(_SMALL_DIGITS_HYPHENS, 1, 40, "kotra"),
    "^[a-z][a-z0-9-]{0,29}$": _first_a_letter(_of(_SMALL_DIGITS_HYPHENS, 1, 30, "boc")),
    "^[a-z][a-z0-9-]{0,30}$": _first_a_letter(_of(_SMALL_DIGITS_HYPHENS, 1, 31, "boc")),
    "^[a-z][a-z0-9-]{0,63}$": _first_a_letter(_of(_SMALL_DIGITS_HYPHENS, 1, 64, "boc-term")),
    "^[a-z0-9_]{1,40}$": _of(_SMALL_DIGITS_UNDERSCORES, 1, 40, "home_goods"),
    "^[a-z][a-z0-9_]{0,39}$": _first_a_letter(_of(_SMALL_DIGITS_UNDERSCORES, 1, 40, "home_goods")),
    "^[!-~]{1,20}$": _of(_LETTERS_DIGITS_SIGNS, 1, 20, "2026.1"),
    "^[!-~]{1,64}$": _of(_LETTERS_DIGITS_SIGNS, 1, 64, "SHOP-1042"),
    "^[!-~]{1,100}$": _of(_LETTERS_DIGITS_SIGNS, 1, 100, "officer-7"),
    "^[!-~]{1,128}$": _of(_LETTERS_DIGITS_SIGNS, 1, 128, f"ord_{_ID}"),
    r"^[\x21-\x7e]{1,64}$": _of(_LETTERS_DIGITS_SIGNS, 1, 64, "BOC-2026-03-02-0001"),
    r"^[\x21-\x2d\x2f-\x7e]{1,255}$": say(
        "{form}; no full stop", form=_of(_LETTERS_DIGITS_SIGNS, 1, 255, "transfer-0001")
    ),
    r"^[\x21-\x7d][\x21-\x7e]{0,63}$": say(
        "{form}; the first is no ~", form=_of(_LETTERS_DIGITS_SIGNS, 1, 64, "SHOP-1042")
    ),
    "^[+0-9 ()-]{0,40}$": _of(_OF_TELEPHONES, 0, 40, "+82 2 555 0100"),
    "^[+0-9 ()-]{5,40}$": _of(_OF_TELEPHONES, 5, 40, "+82 2 555 0100"),
    "^[!-?A-~]+@[!-?A-~]+$": say("an e-mail address, such as {example}", example="info@example.com"),
    "^([0-9]{6,10})?$": _or_nothing(_of(_DIGITS, 6, 10, "851713")),
    "^[0-9a-f]{64}$": _SHA256,
    "^([0-9a-f]{64})?$": _or_nothing(_SHA256),
    "^#[0-9a-f]{6}$": say("the sign # before six digits or letters from a to f, such as {example}", example="#0b3d91"),
    r"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,4})?$": say(
        "digits with a point before the decimals, such as {example}", example="1500.00"
    ),
    "^20[0-9]{2}-(0[1-9]|1[0-2])$": _MONTH,
    "^[0-9]{4}-(0[1-9]|1[0-2])$": _MONTH,
    "^[A-Z]?[0-9]{2,5}$": say(
        "two to five digits, which a capital letter may stand before, such as {example}", example="C3922"
    ),
    "^[A-Z]{2}-[0-9A-Z]{1,3}$": say(
        "the two letters of a country, a hyphen and the code of its part, such as {example}", example="CN-44"
    ),
    "^[a-z]+/[a-z0-9.+-]{1,80}$": say("a media type, such as {example}", example="application/pdf"),
    "^image/(jpeg|png|webp)$": _one_of("image/jpeg", "image/png", "image/webp"),
    "^(en|zh-Hans|ko|ja)$": _one_of("en", "zh-Hans", "ko", "ja"),
    r"^(\*|[a-z_]{1,40}(\.[a-z_]{1,40}){0,3}(\.\*)?)$": say(
        "one event, such as {example}; all of a kind, such as claim.*; or * for every event", example="claim.filed"
    ),
    "^mem_[0-9A-HJKMNP-TV-Z]{26}$": say("the id of a member, such as {example}", example=f"mem_{_ID}"),
    "^mem_[0-9A-HJKMNP-TV-Z]{26}(,mem_[0-9A-HJKMNP-TV-Z]{26}){0,99}$": say(
        "up to 100 ids of members with commas between them, such as {example}", example=f"mem_{_ID},mem_{_ID[:-1]}D"
    ),
    "^per_[0-9A-HJKMNP-TV-Z]{26}$": say("the id of a person, such as {example}", example=f"per_{_ID}"),
}

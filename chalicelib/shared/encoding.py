"""The bytes of a response: JSON in UTF-8, fields in the order of the struct. And the one text of a document that is hashed and signed."""

from __future__ import annotations

import hashlib
from typing import Any, TypeVar

import msgspec

from chalicelib.shared.languages import ENGLISH
from chalicelib.shared.texts import Text, as_kept, in_language, is_as_kept

T = TypeVar("T")


def canonical(value: Any) -> bytes:
    """A value's one text: JSON with its keys sorted and no blanks, sentences in English."""
    return msgspec.json.encode(value, order="deterministic", enc_hook=in_english)


def sha256_of(value: Any) -> str:
    """Of a value's canonical text: 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def encode(view: Any) -> bytes:
    """A view as it is kept: its sentences are in English."""
    return encode_for(view, ENGLISH)[0]


def encode_for(view: Any, language: str) -> tuple[bytes, bool]:
    """A view with its sentences in the language of who reads it, and whether it has any."""
    has_sentences = False

    def plain(value: Any) -> str:
        nonlocal has_sentences
        has_sentences = has_sentences or not is_as_kept(value)
        return _in_words(value, language)

    return msgspec.json.encode(view, enc_hook=plain), has_sentences


def decode(kept: bytes | str, form: type[T]) -> T:
    """A view as it was kept: its sentences are what they were, whoever reads them."""
    return msgspec.json.decode(kept, type=form, dec_hook=_as_kept)


def in_english(value: Any) -> str:
    """For `enc_hook`: a sentence as it is kept."""
    return _in_words(value, ENGLISH)


def _in_words(value: Any, language: str) -> str:
    if not isinstance(value, Text):
        raise NotImplementedError(f"{type(value).__name__} has no wire form")
    return in_language(value, language)


def _as_kept(form: type, value: Any) -> Text:
    if form is not Text or not isinstance(value, str):
        raise NotImplementedError(f"{form.__name__} is not kept")
    return as_kept(value)


def merge_patch(was: Any, patch: Any) -> Any:
    """RFC 7396: objects are merged, null takes a name away, anything else takes the place of what was there."""
    if not isinstance(patch, dict):
        return patch
    kept = dict(was) if isinstance(was, dict) else {}
    for name, value in patch.items():
        if value is None:
            kept.pop(name, None)
        else:
            kept[name] = merge_patch(kept.get(name), value)
    return kept

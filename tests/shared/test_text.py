"""Text that people read: one form, one length, nothing that cannot be seen."""

from __future__ import annotations

import unicodedata

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.deposits.rules.book import Terms
from chalicelib.shared.text import SameText, UnreadableText, fold, read, read_fields, unreadable

DECOMPOSED = "e\u0301lan"


@pytest.mark.parametrize(
    ("given", "folded"),
    [
        (DECOMPOSED, "élan"),
        ("  a\u00a0\u3000\t b\u2003", "a b"),
        ("a\r\nb", "a b"),
        ("\uac00", "\u1100\u1161"),
    ],
)
def test_a_line_has_one_form_however_it_was_typed(given: str, folded: str) -> None:
    assert fold(given) == fold(folded) == unicodedata.normalize("NFC", folded)


def test_prose_keeps_its_lines_and_nothing_around_them() -> None:
    assert fold("\n one \u00a0two\r\n\u2028three \n\n", lines=True) == "one two\n\nthree"


@pytest.mark.parametrize(
    "kept",
    [
        "می\u200cخواهم",  # Persian: I want
        "क्\u200dष",  # Hindi: a half letter
        "ශ්\u200dරී",  # Sinhala
        "ᠮᠣᠩ\u180bᠭᠣᠯ",  # Mongolian, with a selector
        "👩\u200d💻",
        "❤\ufe0f\u200d🔥",
        "1\ufe0f\u20e3",
        "葛\U000e0100飾",  # an ideograph in one of its forms
        "שלום",
        "𠮷野家",
        "\U000323b0",  # an ideograph younger than this Python's tables
        "O’Neill & Söhne – №1",
        "\u0660\u06dd",
    ],
)
def test_what_living_scripts_are_written_with_is_kept(kept: str) -> None:
    assert read(kept, "name") == unicodedata.normalize("NFC", kept)


@pytest.mark.parametrize(
    "refused",
    [
        "a\u202eb",
        "a\u2066b",
        "\u200fa",
        "a\u200bb",
        "a\u00adb",
        "\ufeffa",
        "a\x07b",
        "a\u200db",  # nothing joins there
        "a\u200c",
        "\u200dа",
        "می\u200c خواهم",
        "می\u200c\u200cخواهم",
        "a\ufe0f",
        "\u3164",
        "\u2800",
        "a\u034f",
        "\ue000",
        "\uffff",
        "\U000e0041",
    ],
)
def test_what_nobody_can_see_is_refused_by_name(refused: str) -> None:
    with pytest.raises(UnreadableText, match=r"U\+[0-9A-F]{4,6}") as raised:
        read(refused, "name")
    assert raised.value.param == "name"


@pytest.mark.parametrize("marks", ["\u0301\u0323", "\u3099\u0301", "\u0344\u0316", "\u0f73\u0f39"])
def test_a_heap_of_marks_is_refused_before_it_is_put_in_order(marks: str) -> None:
    """That takes as long as their number squared: of a hundred thousand, ten seconds."""
    for heap in ("a" + marks * 15 + marks[-1], "a" + marks * 40_000):
        assert fold(heap) == heap
        with pytest.raises(UnreadableText, match=r"U\+[0-9A-F]{4,6}"):
            read(heap, "name")


def test_each_letter_may_bear_thirty_marks() -> None:
    thirty = "a" + "\u0323\u0302" * 15
    assert read(f"{thirty} {thirty}", "name") == unicodedata.normalize("NFC", f"{thirty} {thirty}")


@given(st.text())
def test_folding_twice_is_folding_once(given: str) -> None:
    for lines in (False, True):
        assert fold(fold(given, lines=lines), lines=lines) == fold(given, lines=lines)


@given(st.text())
def test_equal_texts_in_any_form_are_equal_when_they_are_folded(given: str) -> None:
    assert fold(unicodedata.normalize("NFD", given)) == fold(unicodedata.normalize("NFC", given))


@given(st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters="\u115f\u1160\u3164\uffa0\u2800")))
def test_letters_numbers_and_signs_are_read(given: str) -> None:
    assert unreadable(fold(given)) == ""


def test_names_in_an_object_are_folded_and_stand_there_once() -> None:
    told = read_fields({"categories": {DECOMPOSED: "a"}}, Terms)
    assert list(told["categories"]) == ["élan"]
    with pytest.raises(SameText):
        read_fields({"categories": {DECOMPOSED: "a", "élan": "b"}}, Terms)


def test_what_is_no_text_is_left_as_it_is() -> None:
    class Form(msgspec.Struct):
        number: int

    assert read_fields({"number": "a\u202e"}, Form) == {"number": "a\u202e"}
    assert read_fields(["x"], Terms) == ["x"]

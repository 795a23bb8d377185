"""The look that all pages share: every colour by day and by night, readable on what it stands on."""

from __future__ import annotations

import re
from itertools import product

import pytest

from chalicelib.shared import page

COLOURS = dict(re.findall(r"--([\w-]+): light-dark\((#\w{6}, #\w{6})\);", page.STYLE))
TEXTS = ("ink", "faint", "accent", "good", "warn", "bad", "info")
LEAST_OF_TEXT = 4.5  # WCAG 2.2, 1.4.3
LEAST_OF_LINES = 3.0  # 1.4.11
ON = [
    *product(TEXTS, ("paper", "wash", "raised")),
    ("on-accent", "accent"),
    *((name, f"{name}-wash") for name in ("good", "warn", "bad", "info")),
    *(("ink", f"{name}-wash") for name in ("good", "warn", "bad", "info")),
]
DRAWN = ("edge", *(f"series-{number}" for number in range(1, 7)))


@pytest.mark.parametrize("when", [0, 1], ids=["by day", "by night"])
def test_text_can_be_read_on_what_it_stands_on(when: int) -> None:
    assert [
        (text, under) for text, under in ON if _contrast(_colour(text, when), _colour(under, when)) < LEAST_OF_TEXT
    ] == []


@pytest.mark.parametrize("when", [0, 1], ids=["by day", "by night"])
def test_what_is_drawn_stands_out_from_the_paper(when: int) -> None:
    paper = _colour("paper", when)
    assert [name for name in DRAWN if _contrast(_colour(name, when), paper) < LEAST_OF_LINES] == []


def test_the_style_uses_only_tokens_that_there_are_and_fetches_nothing() -> None:
    stated = set(re.findall(r"^\s*--([\w-]+):", page.STYLE, re.MULTILINE))
    assert set(re.findall(r"var\(--([\w-]+)\)", page.STYLE)) <= stated
    assert not re.search(r"url\(|@import", page.STYLE)


def test_a_policy_allows_what_is_named_and_nothing_else() -> None:
    told = page.policy(page.of_inline("p { color: red }"), script=page.SELF)
    assert told == (
        "default-src 'none'; style-src 'sha256-ngewhhP73WDIbgwseeu52VAAJgKdGUsu1IUQQsAm8m4='; script-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _colour(name: str, when: int) -> tuple[float, float, float]:
    written = COLOURS[name].split(", ")[when]
    red, green, blue = (int(written[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: tuple[float, float, float]) -> float:
    """Relative luminance, as WCAG defines it."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

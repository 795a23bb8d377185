"""Which language a reader gets."""

from __future__ import annotations

import pytest

from chalicelib.shared.languages import preferred

OFFERED = ("zh-CN", "en", "ko")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("*", "en"),
        ("fr", "en"),
        ("ko", "ko"),
        ("KO-kr", "ko"),
        ("zh", "zh-CN"),
        ("zh-cn", "zh-CN"),
        ("zh-Hant-TW,en;q=0.9", "en"),
        ("fr-CH, fr;q=0.9, ko;q=0.5, en;q=0.8", "en"),
        ("en;q=0, ko;q=0.1", "ko"),
        ("ko ; q = 0.7 , zh-CN ; q=0.8", "zh-CN"),
        ("en;q=2, ko", "ko"),
        ("not a tag!, ko", "ko"),
        ("e" * 5_000, "en"),
    ],
)
def test_the_best_liked_of_the_offered_languages_is_served(header: str, language: str) -> None:
    assert preferred(header, OFFERED, "en") == language

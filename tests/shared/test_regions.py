"""One code for each region: those of China by the library that keeps them, and each by one number."""

from __future__ import annotations

import pycountry

from chalicelib.shared.regions import PROVINCES, is_region, region


def test_every_province_of_china_has_one_number() -> None:
    letters = [each.code.removeprefix("CN-") for each in pycountry.subdivisions if each.country_code == "CN"]
    assert sorted(PROVINCES.values()) == sorted(letters)


def test_a_number_and_its_letters_are_one_region() -> None:
    for number, letters in PROVINCES.items():
        assert region(f"CN-{number}") == region(f"CN-{letters}") == f"CN-{letters}"
        assert is_region(f"CN-{number}")
        assert is_region(f"CN-{letters}")
    assert region("KR-11") == "KR-11"


def test_what_neither_standard_has_is_no_region_and_stays_as_it_is() -> None:
    for wrong in ("CN-99", "CN-ZZ", "CN-330", "CN"):
        assert not is_region(wrong)
        assert region(wrong) == wrong

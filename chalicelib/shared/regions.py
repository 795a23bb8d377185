"""Regions by ISO 3166-2, one code for each. Pure.

China's provinces have two: ISO's letters, and the numbers of GB/T 2260, which were ISO's own until November 2017 and which Chinese registers go on
using. Kept and compared are the letters, whichever are told.
"""

from __future__ import annotations

from typing import Final

CHINA: Final = "CN"
PROVINCES: Final = {
    "11": "BJ",
    "12": "TJ",
    "13": "HE",
    "14": "SX",
    "15": "NM",
    "21": "LN",
    "22": "JL",
    "23": "HL",
    "31": "SH",
    "32": "JS",
    "33": "ZJ",
    "34": "AH",
    "35": "FJ",
    "36": "JX",
    "37": "SD",
    "41": "HA",
    "42": "HB",
    "43": "HN",
    "44": "GD",
    "45": "GX",
    "46": "HI",
    "50": "CQ",
    "51": "SC",
    "52": "GZ",
    "53": "YN",
    "54": "XZ",
    "61": "SN",
    "62": "GS",
    "63": "QH",
    "64": "NX",
    "65": "XJ",
    "71": "TW",
    "81": "HK",
    "82": "MO",
}
"""GB/T 2260, the first two digits, by which ISO 3166-2:CN has the same province."""
_KNOWN: Final = frozenset(PROVINCES.values())


def region(code: str) -> str:
    """The code under which a region is kept. What is no region's is left as it is: `is_region` says so."""
    country, _, part = code.partition("-")
    return f"{CHINA}-{PROVINCES[part]}" if country == CHINA and part in PROVINCES else code


def is_region(code: str) -> bool:
    """Whether there may be such a part of its country: of China's it is known, of others' not."""
    country, _, part = region(code).partition("-")
    return country != CHINA or part in _KNOWN

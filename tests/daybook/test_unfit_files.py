"""Every reason for which something is not recorded has words, and stands in the API document."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

from chalicelib.daybook.rules.unfit_files import FILE_WORDS, WANTED, FileReason, RowReason
from chalicelib.reference import service
from tests.world import Api

SOURCES = Path(__file__).parents[2] / "chalicelib" / "daybook"
GIVEN = (
    r'Unreadable\([\w."]+, "([a-z_0-9]+)"',
    r'Outcome\("refused", "([a-z_0-9]+)"',
    r'return "([a-z]+_[a-z_0-9]+)"$',
    r'": "([a-z]+_[a-z_0-9]+)",$',
    r'yield begins, "(\w+)"',
    r'else "(bad_csv|missing_value)"',
)


def test_every_row_reason_that_is_given_has_words_and_a_place_in_the_document(api: Api) -> None:
    sources = "\n".join(file.read_text() for file in (SOURCES / "rules").glob("*.py") if file.name != "unfit_files.py")
    given = {reason for pattern in GIVEN for reason in re.findall(pattern, sources, re.M)}
    assert {"bad_amount", "bad_csv", "wrong_number_of_fields", "nul_byte", "bad_country", "too_many_replies"} <= given
    assert given <= set(WANTED) == set(get_args(RowReason))
    schemas = json.loads(service.document())["components"]["schemas"]
    assert all(f'"{reason}"' in json.dumps(schemas["FactView"]) for reason in WANTED)


def test_every_file_reason_has_words_and_a_place_in_the_document(api: Api) -> None:
    sources = "\n".join(file.read_text() for file in SOURCES.rglob("*.py"))
    given = set(re.findall(r'NotCsv\(\s*"(\w+)"', sources)) | {"never_uploaded", "too_large", "not_csv", "not_utf8"}
    assert given <= set(FILE_WORDS) == set(get_args(FileReason))
    schemas = json.loads(service.document())["components"]["schemas"]
    assert all(f'"{reason}"' in json.dumps(schemas["ImportView"]) for reason in FILE_WORDS)

"""Every reason for which something is not recorded has words, and stands in the API document."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

from chalicelib.daybook.rules.reasons import REASONS, WANTED
from chalicelib.daybook.rules.unfit_files import FILE_WORDS, FileReason
from chalicelib.reference import service
from tests.world import Api

SOURCES = Path(__file__).parents[2] / "chalicelib" / "daybook"


def test_every_reason_for_a_row_says_what_would_have_done() -> None:
    assert WANTED.keys() == REASONS.keys()


def test_every_file_reason_has_words_and_a_place_in_the_document(api: Api) -> None:
    sources = "\n".join(file.read_text() for file in SOURCES.rglob("*.py"))
    given = set(re.findall(r'NotCsv\(\s*"(\w+)"', sources)) | {"never_uploaded", "too_large", "not_csv", "not_utf8"}
    assert given <= set(FILE_WORDS) == set(get_args(FileReason))
    schemas = json.loads(service.document())["components"]["schemas"]
    assert all(f'"{reason}"' in json.dumps(schemas["ImportView"]) for reason in FILE_WORDS)

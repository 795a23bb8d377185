"""The acceptance of a real file: it lies beside the repository where the project has it, and is never copied into it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from chalicelib.daybook.rules.days import total
from chalicelib.daybook.service import recording
from chalicelib.members.rules import id_of
from infra.local.memory import spare
from tests.daybook.importing import imported, rejected
from tests.world import Api, Pump

FILE = Path(__file__).parents[3] / "shared" / "data" / "trade_history_2016_2017.csv"


@pytest.mark.skipif(not FILE.is_file(), reason=f"the real trade history is not beside the repository ({FILE.name})")
def test_the_real_history_is_imported_whole_and_only_once(api: Api, officer: str, pump: Pump) -> None:
    spare()
    content = FILE.read_bytes()
    done = imported(api, officer, pump, content)
    assert done["counts"] == {"new": 3541, "known": 0, "updated": 0, "refused": 0}
    assert rejected(done) == []
    assert _members(api, officer) == 949
    window = recording.rows(id_of("4869f7a5dfa277a7"), date(2017, 7, 5), date(2018, 1, 1))
    half_year = total(window, date(2018, 1, 1))
    assert (half_year.completed, half_year.gmv_usd_minor, half_year.due, half_year.on_time) == (18, 159_221, 18, 18)
    again = imported(api, officer, pump, content)
    assert again["counts"] == {"new": 0, "known": 3541, "updated": 0, "refused": 0}


def _members(api: Api, officer: str) -> int:
    count, cursor = 0, ""
    while True:
        page = api.get(f"/v1/members?limit=100&cursor={cursor}", officer)
        count += len(page["items"])
        if page["next_cursor"] is None:
            return count
        cursor = page["next_cursor"]

"""Files of declarations: imported as trade histories are, and what their exporters may then borrow, reckoned a second time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from chalicelib.credit.rules import products
from chalicelib.credit.rules.limit import Limit, compute, window
from chalicelib.exports.service import reading
from chalicelib.members.rules import id_of
from chalicelib.shared import policies
from infra.local.memory import spare
from tests.daybook.importing import imported, rejected
from tests.exports import recomputed
from tests.world import Api, Pump

AS_OF = date(2018, 1, 1)
TERMS = products.find("boc-term", AS_OF).limit
INVENTED = Path(__file__).parent / "files" / "declarations.csv"
REAL = Path(__file__).parents[3] / "shared" / "data" / "export_declarations_2016_2017.csv"
EXAMPLE = Path(__file__).parents[2] / "examples" / "export-declarations.csv"
HEADER, FIRST, *_ = INVENTED.read_text().splitlines()


def limits(exporters: Mapping[str, object]) -> dict[str, Limit]:
    since, until = window(AS_OF, TERMS)
    return {ref: compute(reading.days(id_of(ref), since, until), TERMS, AS_OF) for ref in exporters}


def rates() -> dict[tuple[str, str], Decimal]:
    """The table as the policy has it."""
    monthly = policies.versions("fx")[-1].values["monthly"]
    return {(month, code): Decimal(rate) for code, months in monthly.items() for month, rate in months.items()}


def must_be_as_recomputed(content: str) -> dict[str, Limit]:
    """Line by line: what was exported in the window, and the limit."""
    expected = recomputed.exporters(content, rates(), AS_OF)
    decided = limits(expected)
    assert {
        ref: (each.platform_usd_minor, each.elsewhere_usd_minor, each.limit_minor) for ref, each in decided.items()
    } == {
        ref: tuple(int(amount * 100) for amount in (each.platform, each.elsewhere, each.limit))
        for ref, each in expected.items()
    }
    return decided


@pytest.mark.parametrize("times", [1, 2])
def test_a_file_is_imported_once_however_often_its_messages_come(
    api: Api, officer: str, pump: Pump, times: int
) -> None:
    content = INVENTED.read_bytes()
    done = imported(api, officer, pump, content, times=times, kind="exports")
    assert (done["status"], done["kind"], rejected(done)) == ("done", "exports", [])
    assert done["counts"] == {"new": 60, "known": 4, "updated": 65, "refused": 0}
    decided = must_be_as_recomputed(content.decode())
    assert sorted(each.limit_minor > 0 for each in decided.values()) == [False, True, True, True, True, True]
    again = imported(api, officer, pump, content, kind="exports")
    assert again["counts"] == {"new": 0, "known": 129, "updated": 0, "refused": 0}
    assert limits(decided) == decided


def test_the_order_of_a_files_rows_makes_no_difference(api: Api, officer: str, pump: Pump) -> None:
    header, *rows = INVENTED.read_text().splitlines()
    backwards = "\n".join([header, *reversed(rows), *rows])
    done = imported(api, officer, pump, backwards.encode(), kind="exports")
    assert (done["counts"]["new"], rejected(done)) == (60, [])
    must_be_as_recomputed(INVENTED.read_text())


def test_the_example_is_imported_and_gives_one_of_two_exporters_a_limit(api: Api, officer: str, pump: Pump) -> None:
    """Told twice as it was released, once as goods came back, and cancelled: each declaration counts once."""
    content = EXAMPLE.read_bytes()
    done = imported(api, officer, pump, content, kind="exports")
    assert (done["status"], rejected(done)) == ("done", [])
    assert done["counts"] == {"new": 7, "known": 0, "updated": 2, "refused": 0}
    decided = must_be_as_recomputed(content.decode())
    assert {ref: each.limit_minor > 0 for ref, each in decided.items()} == {
        "lamps-of-ningbo": True,
        "kettles-of-foshan": False,
    }


def test_bad_rows_are_named_by_line_and_the_others_are_in(api: Api, officer: str, pump: Pump) -> None:
    values = dict(zip(HEADER.split(","), FIRST.split(","), strict=True))

    def row(**given: str) -> str:
        return ",".join((values | given).values())

    rows = [
        row(),
        row(amount="1.0"),
        row(declaration_no="A", channel="phone"),
        row(declaration_no="B", submitted_on="2017-02-30"),
        row(declaration_no="C", submitted_on="1917-02-03"),
        row(declaration_no="D", related_party="perhaps"),
        row(declaration_no="E", status="returned", released_on="2017-06-01", returned_on="2017-07-01"),
        row(declaration_no="F", status="shipped"),
        row(declaration_no="G", buyer_country="XX"),
        row(declaration_no="H", returned_on="2017-07-01", returned_amount="-1.00", currency="USD", amount="5.00"),
        row(buyer_ref="another"),
        row(declaration_no=""),
    ]
    done = imported(api, officer, pump, "\n".join([HEADER, *rows]).encode(), kind="exports")
    assert rejected(done) == [
        "3,amount,bad_amount",
        "4,channel,bad_value",
        "5,submitted_on,bad_day",
        "6,submitted_on,bad_day",
        "7,related_party,bad_value",
        "8,returned_amount,missing_value",
        "9,status,unknown_status",
        "10,buyer_country,bad_country",
        "11,returned_amount,negative_amount",
        "12,buyer_ref,contradicts",
        "13,declaration_no,missing_value",
    ]
    assert done["counts"]["new"] == 1


def test_a_file_of_another_kind_fails_by_the_column_it_lacks(api: Api, officer: str, pump: Pump) -> None:
    done = imported(api, officer, pump, INVENTED.read_bytes())
    assert (done["status"], done["reason"], done["column"]) == ("failed", "missing_column", "trade_id")


@pytest.mark.skipif(not REAL.is_file(), reason=f"the declarations are not beside the repository ({REAL.name})")
def test_the_declarations_of_2016_and_2017_give_thirteen_of_949_exporters_a_limit(
    api: Api, officer: str, pump: Pump
) -> None:
    spare()
    content = REAL.read_bytes()
    done = imported(api, officer, pump, content, kind="exports")
    assert (done["counts"]["new"], sum(done["counts"].values()), rejected(done)) == (3541, 6264, [])
    decided = must_be_as_recomputed(content.decode())
    assert (len(decided), sum(1 for each in decided.values() if each.limit_minor)) == (949, 13)
    assert sum(each.limit_minor for each in decided.values()) == 209_642_800

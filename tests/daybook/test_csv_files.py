import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.daybook.rules.csv_files import MOST_LINE_BYTES, CsvFile
from chalicelib.daybook.rules.file_forms import SNIFFED_BYTES
from chalicelib.daybook.rules.reasons import WANTED
from chalicelib.daybook.rules.unfit_files import FILE_WORDS, NotCsv


def read(content: bytes) -> list[tuple[int, list[str] | str]]:
    return list(CsvFile(io.BytesIO(content)))


def test_records_are_told_with_the_line_they_begin_on() -> None:
    assert read(b'a,b\n1,2\n"x\ny",3\n4,5\n') == [(2, ["1", "2"]), (3, ["x\ny", "3"]), (5, ["4", "5"])]


@pytest.mark.parametrize(
    "content",
    [b"\xef\xbb\xbfa,b\r\n1,2\r\n", b"a,b\n1,2", b"\na , b\n\n1,2\n\n", b'"a","b"\r\n"1","2"'],
    ids=["mark and CRLF", "no last line end", "blank lines", "quoted"],
)
def test_marks_line_ends_and_blank_lines_do_not_matter(content: bytes) -> None:
    file = CsvFile(io.BytesIO(content))
    assert file.header == ["a", "b"]
    assert [values for _, values in file] == [["1", "2"]]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (b"1,2,3", "wrong_number_of_fields"),
        (b"1", "wrong_number_of_fields"),
        (b'"1"x,2', "bad_csv"),
        (b"1\r2,3", "bad_csv"),
        (b"x" * MOST_LINE_BYTES * 3 + b",2", "too_long"),
    ],
)
def test_a_broken_record_costs_one_line(record: bytes, reason: str) -> None:
    assert read(b"a,b\n" + record + b"\n1,2\n") == [(2, reason), (3, ["1", "2"])]


@pytest.mark.parametrize("rows", [1, 5, 100])
def test_a_stray_quote_does_not_swallow_the_rest(rows: int) -> None:
    told = read(b'a,b\n"1,2\n' + b"3,4\n" * rows)
    assert told[0][0] == 2
    assert isinstance(told[0][1], str)
    assert told[1:] == [(line, ["3", "4"]) for line in range(3, rows + 3)]


def test_a_stray_quote_that_pairs_with_a_later_one_costs_its_own_line() -> None:
    rows = read(b'a,b\n1,"2\n3,4\n5,"6"\n')
    assert rows == [(2, "bad_csv"), (3, ["3", "4"]), (4, ["5", "6"])]


def test_bytes_that_are_not_utf8_stay_in_their_field() -> None:
    assert read(b"a,b\n\xff,2\n") == [(2, ["\udcff", "2"])]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf\n\n", "empty_file"),
        (b"\x7fELF\x02\x01\x00\x00\xff\xfe" * 40, "other_format"),
        (b"\x00\x01\x02\x03" * 40, "not_csv"),
        (b"PK\x03\x04\n\x00\x00", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "spreadsheet"),
        (b"\x1f\x8b\x08\x00", "compressed"),
        (b"%PDF-1.7\n", "other_format"),
        (b"<!doctype html>", "other_format"),
        (b'  [{"a": 1}]', "other_format"),
        ("订单号,供应商\n1,2\n".encode("gbk"), "not_utf8"),
        (b'"never closed\n' * 50, "not_csv"),
        (b"x" * MOST_LINE_BYTES, "not_csv"),
        (b"a,b,a\n", "duplicate_column"),
    ],
)
def test_what_is_not_such_a_file_is_refused_as_a_whole(content: bytes, reason: str) -> None:
    with pytest.raises(NotCsv) as raised:
        read(content)
    assert raised.value.reason == reason


ROWS = [(2, ["1", "2"]), (3, ["ü;,", "4"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_file_is_read_in_the_forms_people_have_it_in(encoding: str, end: str, delimiter: str) -> None:
    content = end.join(["a{d}b", "1{d}2", '"ü;,"{d}4', ""]).format(d=delimiter).encode(encoding)
    file = CsvFile(io.BytesIO(content), ["a", "b"])
    assert (file.header, list(file)) == (["a", "b"], ROWS)


@pytest.mark.parametrize("said", [b"sep=;\r\n", b"\xef\xbb\xbfSEP=;\n", b"\nsep=;\n"])
def test_a_first_line_that_names_the_delimiter_is_believed_and_counted(said: bytes) -> None:
    file = CsvFile(io.BytesIO(said + b"a;b,c\n1;2\n"), ["a", "b,c"])
    assert file.header == ["a", "b,c"]
    assert list(file) == [(said.count(b"\n") + 2, ["1", "2"])]


def test_a_header_whose_names_nobody_knows_is_taken_for_commas() -> None:
    assert CsvFile(io.BytesIO(b"a;b,c\n"), ["x"]).header == ["a;b", "c"]


def test_columns_that_are_not_known_may_be_in_any_encoding() -> None:
    file = CsvFile(io.BytesIO("a,颜色\n1,红\n".encode("gbk")), ["a"])
    assert file.header[0] == "a"
    assert [values[0] for _, values in file] == ["1"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r"])
def test_a_long_file_is_read_piece_by_piece(encoding: str, end: str) -> None:
    class Drops(io.BytesIO):
        """Hands out a few bytes at a time, never half as many as it is asked for."""

        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(4097, size or 0))

    content = end.join(["a,b", *(f"{number},ü" for number in range(SNIFFED_BYTES // 4)), ""]).encode(encoding)
    rows = list(CsvFile(Drops(content), ["a", "b"]))
    assert rows == [(number + 2, [str(number), "ü"]) for number in range(SNIFFED_BYTES // 4)]


def test_half_a_character_at_the_end_is_not_left_out() -> None:
    [(_, values)] = CsvFile(io.BytesIO("a,b\n1,22".encode("utf-16")[:-1]), ["a", "b"])
    assert "\udced" in values[1]


@given(st.binary(max_size=400))
def test_any_bytes_at_all_are_a_file_or_named(content: bytes) -> None:
    reasons = []
    try:
        file = CsvFile(io.BytesIO(content), ["a", "b"])
        reasons = [values for _, values in file if not isinstance(values, list) or len(values) != len(file.header)]
    except NotCsv as error:
        reasons = [error.reason]
    assert set(map(str, reasons)) <= {*FILE_WORDS, *WANTED}


@given(st.binary(max_size=400))
def test_any_bytes_are_read_to_their_end(content: bytes) -> None:
    try:
        rows = read(b"a,b\n" + content)
    except NotCsv:
        return
    lines = [line for line, _ in rows]
    assert lines == sorted(set(lines))
    assert all(isinstance(values, str) or len(values) == 2 for _, values in rows)


cells = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=8)


@given(st.lists(st.tuples(cells, cells), max_size=6))
def test_whatever_is_well_written_is_read_again(rows: list[tuple[str, str]]) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    def lines() -> Iterator[str]:
        yield "a,b"
        for row in rows:
            yield ",".join(map(quoted, row))

    assert [values for _, values in read("\r\n".join(lines()).encode())] == [list(row) for row in rows]

"""Trees of hashes: what is in them can be shown, what is not cannot."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.deposits.monthly import certificate, merkle
from chalicelib.deposits.rules.deposit import Decision


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=40), st.data())
def test_every_leaf_leads_to_the_root_and_no_other_data_does(data: list[bytes], draw: st.DataObject) -> None:
    leaves = [merkle.leaf(each) for each in data]
    place = draw.draw(st.integers(0, len(data) - 1))
    path, root = merkle.path(leaves, place), merkle.root(leaves)
    assert merkle.climbed(leaves[place], path) == root
    assert merkle.climbed(merkle.leaf(data[place] + b"!"), path) != root


@given(st.lists(st.binary(max_size=4), min_size=2, max_size=20, unique=True))
def test_the_root_names_the_order_too(data: list[bytes]) -> None:
    leaves = [merkle.leaf(each) for each in data]
    assert merkle.root(leaves) != merkle.root(leaves[::-1])


def test_the_tree_is_that_of_rfc_6962() -> None:
    a, b, c = (sha256(b"\0" + each).digest() for each in (b"a", b"b", b"c"))
    assert merkle.root([]) == sha256(b"").digest()
    assert merkle.root([a]) == a
    assert merkle.root([a, b, c]) == sha256(b"\1" + sha256(b"\1" + a + b).digest() + c).digest()


@given(st.permutations(range(60)))
def test_buckets_do_not_depend_on_the_order_of_work(order: list[int]) -> None:
    lines = [_line(number) for number in order]
    assert certificate.bucketed(lines) == certificate.bucketed([_line(number) for number in range(60)])
    assert lines == []


def test_a_line_is_found_in_the_bucket_of_its_seller() -> None:
    many = 3 * certificate.LINES_A_BUCKET
    buckets = certificate.bucketed([_line(number) for number in range(many)])
    assert len(buckets) == certificate.buckets_of(many) == 4
    for number in (0, 1, 4_000, many - 1):
        lines = buckets[certificate.bucket_of(f"mem_{number}", len(buckets))]
        place = certificate.place_of(lines, f"mem_{number}")
        assert place is not None
        assert certificate.decision(lines[place]).seller_id == f"mem_{number}"
    assert certificate.place_of(buckets[0], "mem_") is None
    assert [certificate.buckets_of(count) for count in (0, 1, 2048, 2049, 4097)] == [1, 1, 1, 2, 4]


def _line(number: int) -> bytes:
    return certificate.line(Decision(seller_id=f"mem_{number}", period="2023-03", book="B", hash="h"))

"""Packed documents: every dictionary ever used stays as it was, and what is changed most often fits into one kilobyte."""

from __future__ import annotations

import hashlib
import zlib
from pathlib import Path

import pytest

from chalicelib.claims.rules.claim import Claim
from chalicelib.shared import ids, journal, packing
from tests.claims.playing import Play

FOLDER = Path(packing.__file__).parent / "dictionaries"
USED = {
    1: "1caceb4cfbf302b45be4616c929758b2dbc8a87536df867f20fc429a939b1a67",
    2: "b1da43982b11ab964e4e8bb4646f12cb8688e0d516dd3439db1e8e055c4e35fd",
    3: "7bee14ee15bacc4a4b89ffa3cdd8c7ec5a0a06614895b5a98c08d967b8e23f0f",
}
"""SHA-256 of every dictionary that documents were written against: they are added, never changed."""

COLUMNS = 260
"""Bytes of a claim's other columns, their names included."""


@pytest.mark.parametrize("number", USED)
def test_a_dictionary_that_was_used_is_never_changed(number: int) -> None:
    assert hashlib.sha256((FOLDER / f"{number}.txt").read_bytes()).hexdigest() == USED[number]


def test_new_documents_are_written_against_the_newest_dictionary() -> None:
    assert sorted(USED) == sorted(int(path.stem) for path in FOLDER.iterdir())
    assert packing.pack({"a": 1})[0] == packing.LATEST == max(USED)


@pytest.mark.parametrize("number", USED)
def test_what_was_written_against_any_dictionary_is_readable(number: int) -> None:
    plain = b'{"id":"clm_1","status":"negotiating","offers":[]}'
    squeeze = zlib.compressobj(6, zlib.DEFLATED, -15, zdict=(FOLDER / f"{number}.txt").read_bytes())
    assert packing.unpack_bytes(bytes((number,)) + squeeze.compress(plain) + squeeze.flush()) == plain


@pytest.mark.parametrize("number", USED)
def test_all_of_a_dictionary_is_within_reach(number: int) -> None:
    """Deflate looks back 32 KB, less the longest match and what it reads ahead."""
    assert len((FOLDER / f"{number}.txt").read_bytes()) <= 32_768 - 262


def test_a_claim_that_the_parties_settle_fits_into_a_kilobyte() -> None:
    play = Play()
    play.file("quality_mismatch", 100_000)
    play.act("offer", "supplier", kind="partial", minor=40_000)
    play.act("offer", "buyer", kind="partial", minor=70_000)
    play.act("offer", "supplier", kind="partial", minor=55_000)
    claim = play.act("accept-offer", "buyer")
    assert claim.status == "payable"
    assert stored(claim) <= 1024


def test_a_claim_that_the_rules_decided_fits_into_a_kilobyte() -> None:
    play = Play()
    play.file("wrong_item", 100_000)
    play.later(hours=168 + 48)
    play.evidence("buyer", "photos")
    play.later(days=5 + 10 + 10)
    assert play.claim.status == "determined"
    assert stored(play.claim) <= 1024


def stored(claim: Claim) -> int:
    """Bytes of its item, with the names of its entries as long as they really are."""
    recent = tuple(ids.derived_id("ent", claim.id, str(number)) for number in range(claim.version))[-journal.RECENT :]
    whole = {**{name: getattr(claim, name) for name in claim.__struct_fields__}, "recent": recent}
    return len(packing.pack(Claim(**whole))) + COLUMNS

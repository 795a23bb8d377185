"""What a claim asks of each party, and what fits into one round."""

from __future__ import annotations

import pytest

from chalicelib.claims.rules import cases, evidence
from chalicelib.claims.rules.evidence import (
    File,
    FileEmpty,
    FileTooLarge,
    MediaTypeNotTaken,
    TooManyFiles,
    TooManyOfThatKind,
    TooMuchInAll,
    UnknownEvidence,
    must_fit,
)
from chalicelib.claims.rules.reasons import PARTIES, REASONS, PartyName, Reason
from chalicelib.orders.rules.order import Cover
from chalicelib.shared.fx import Quote
from tests.claims.rules.given import POLICY, paid_order

PHOTO = File(code="photos", media_type="image/jpeg", size=1_000)
THRESHOLD = POLICY.report_needed_from_usd_minor


def codes(reason: Reason, party: PartyName, usd: int, level: str) -> list[str]:
    return [
        requirement.code for requirement in evidence.required(reason, party, usd, POLICY) if requirement.level == level
    ]


def file(code: str, size: int = 1_000, media_type: str = "application/pdf") -> File:
    return File(code=code, media_type=media_type, size=size)


def test_a_report_is_needed_from_the_threshold_on_and_recommended_below_it() -> None:
    assert codes("quality_mismatch", "buyer", THRESHOLD - 1, "required") == ["photos", "measurable_term"]
    assert "inspection_report" in codes("quality_mismatch", "buyer", THRESHOLD - 1, "recommended")
    assert codes("quality_mismatch", "buyer", THRESHOLD, "required") == [
        "photos",
        "measurable_term",
        "inspection_report",
    ]
    assert "inspection_report" not in codes("quality_mismatch", "buyer", THRESHOLD, "recommended")


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("party", PARTIES)
def test_no_kind_is_asked_for_twice_and_what_must_be_proved_comes_first(reason: Reason, party: PartyName) -> None:
    for usd in (0, THRESHOLD):
        required = evidence.required(reason, party, usd, POLICY)
        assert len({requirement.code for requirement in required}) == len(required)
        assert [requirement.level for requirement in required] == sorted(
            (requirement.level for requirement in required), reverse=True
        )
        assert all(requirement.party == party for requirement in required)


def test_a_requirement_says_all_that_an_upload_has_to_keep_to() -> None:
    requirement = evidence.required("wrong_item", "buyer", 0, POLICY)[0]
    assert requirement == evidence.Requirement(
        code="photos",
        party="buyer",
        media_types=("image/jpeg", "image/png", "image/gif", "video/mp4"),
        most_bytes=10_000_000,
        most_count=10,
        level="required",
    )


def test_the_checklist_shows_for_both_parties_what_is_there() -> None:
    sent: list[tuple[PartyName, str]] = [("buyer", "photos"), ("supplier", "measurable_term")]
    items = evidence.checklist("quality_mismatch", sent, 0, POLICY)
    assert [item.party for item in items] == sorted(item.party for item in items)
    assert {(item.party, item.code) for item in items if item.satisfied} == {("buyer", "photos")}


def test_what_one_party_sent_satisfies_nothing_that_is_asked_of_the_other() -> None:
    items = evidence.checklist("quantity_short", [("supplier", "weight_record")], 0, POLICY)
    found = {item.party: item.satisfied for item in items if item.code == "weight_record"}
    assert found == {"buyer": False, "supplier": True}


@pytest.mark.parametrize("reason", REASONS)
def test_a_checklist_with_nothing_sent_is_satisfied_nowhere(reason: Reason) -> None:
    assert not any(item.satisfied for item in evidence.checklist(reason, [], THRESHOLD, POLICY))


def test_a_file_of_the_largest_size_fits_and_one_byte_more_does_not() -> None:
    assert must_fit(file("packing_list", 10_000_000), [], POLICY).size == 10_000_000
    with pytest.raises(FileTooLarge) as raised:
        must_fit(file("packing_list", 10_000_001), [], POLICY)
    assert raised.value.numbers == {"maximum": 10_000_000}


@pytest.mark.parametrize("size", [0, -1])
def test_an_empty_file_is_refused(size: int) -> None:
    with pytest.raises(FileEmpty):
        must_fit(file("packing_list", size), [], POLICY)


def test_a_type_that_is_not_taken_is_refused_with_those_that_are() -> None:
    with pytest.raises(MediaTypeNotTaken) as raised:
        must_fit(file("photos", media_type="image/svg+xml"), [], POLICY)
    assert raised.value.numbers["media_types"] == ["image/jpeg", "image/png", "image/gif", "video/mp4"]
    with pytest.raises(MediaTypeNotTaken):
        must_fit(file("declaration", media_type="video/mp4"), [], POLICY)


def test_an_unknown_kind_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(UnknownEvidence) as raised:
        must_fit(file("gossip"), [], POLICY)
    assert "photos" in raised.value.numbers["codes"]


def test_the_last_file_of_a_kind_fits_and_the_next_does_not() -> None:
    assert must_fit(PHOTO, [PHOTO] * 9, POLICY) is PHOTO
    with pytest.raises(TooManyOfThatKind) as raised:
        must_fit(PHOTO, [PHOTO] * 10, POLICY)
    assert raised.value.numbers == {"maximum": 10}


def test_twenty_files_fit_into_a_round_and_not_one_more() -> None:
    there = [file("documents")] * 10 + [file("carrier_note")] * 9
    assert must_fit(PHOTO, there, POLICY) is PHOTO
    with pytest.raises(TooManyFiles) as raised:
        must_fit(PHOTO, [*there, PHOTO], POLICY)
    assert raised.value.numbers == {"maximum": 20}


def test_fifty_million_bytes_fit_into_a_round_and_not_one_more() -> None:
    there = [file("documents", 10_000_000)] * 4 + [file("carrier_note", 9_999_000)]
    assert must_fit(PHOTO, there, POLICY) is PHOTO
    with pytest.raises(TooMuchInAll) as raised:
        must_fit(file("photos", 1_001, "image/jpeg"), there, POLICY)
    assert raised.value.numbers == {"maximum": 1_000}


@pytest.mark.parametrize(("requested_minor", "is_large"), [(652_103, False), (652_104, True)])
def test_a_claim_a_hair_below_a_threshold_in_dollars_is_below_it(requested_minor: int, is_large: bool) -> None:
    """6,521.03 BRL are 1,999.9999 USD at 0.3067: rounded first, they would need a report as if they were 2,000.00."""
    order = paid_order(cover=Cover.of(10_000_000, Quote("BRL", "USD", "0.3067", "2026-03", "test")))
    usd_minor = cases.requested_usd_minor(order, requested_minor)
    assert (usd_minor >= POLICY.report_needed_from_usd_minor) is is_large
    assert evidence.required("quality_mismatch", "buyer", usd_minor, POLICY) == evidence.required(
        "quality_mismatch", "buyer", 200_000 if is_large else 199_999, POLICY
    )

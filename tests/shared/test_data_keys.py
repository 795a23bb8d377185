"""Data keys: sealed fields open for their own person and field only, and no more once the key is destroyed; the same under KMS."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.shared import data_keys, journal, payloads, sealed
from chalicelib.shared.commit import Put, Update, commit
from chalicelib.shared.data_keys import DataKey, DataKeyRow, SealBroken
from chalicelib.shared.errors import NotFound, WriteConflict
from chalicelib.shared.journal import Event
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.shared.sealed import ERASED, MOST_CIPHERTEXT, SEALED
from tests.kms import kms

__all__ = ["kms"]

NOW: Final = datetime(2026, 3, 2, tzinfo=UTC)
ANNA, BO = "per_anna", "per_bo"


def kept(change: Put | Update, key: str) -> None:
    request = RequestContext(caller=CLOCK, now=NOW, request_id=key, key=key)
    commit(journal.entry(request, Event("x.done"), aggregate_id="mem_1", seq=1, prev=journal.GENESIS), change)


def person(subject_id: str) -> DataKey:
    key, put = data_keys.new(subject_id, owner_id="mem_1", now=NOW)
    kept(put, f"new {subject_id}")
    return key


@pytest.fixture(params=["parameter", "kms"])
def stage(aws: None, request: pytest.FixtureRequest) -> str:
    """A stage with a key of its own in either place."""
    if request.param == "kms":
        request.getfixturevalue("kms")
    return str(request.param)


def test_what_was_sealed_is_shown_from_the_keys_that_are_kept(stage: str) -> None:
    phone = person(ANNA).seal("phone", "+86 21 5555 0100")
    assert "5555" not in phone.ciphertext
    assert data_keys.keyring([ANNA], owner_id="mem_1").show(phone) == "+86 21 5555 0100"
    assert "5555" not in repr(data_keys.keyring([ANNA], owner_id="mem_1"))


def test_a_key_is_kept_wrapped(stage: str) -> None:
    key = person(ANNA)
    row = DataKeyRow.find(ANNA)
    assert row is not None
    assert key._key not in row.wrapped
    assert (len(key._key), row.owner_id) == (32, "mem_1")


def test_a_key_opens_for_its_own_subject_only(stage: str) -> None:
    """Somebody who can write the table gives one person the key of another: it does not open."""
    person(ANNA)
    person(BO)
    anna, bo = DataKeyRow.find(ANNA), DataKeyRow.find(BO)
    assert anna is not None
    assert bo is not None
    bo.wrapped = anna.wrapped
    bo.save()
    with pytest.raises(Exception, match=r"InvalidCiphertext|a ciphertext is not"):
        data_keys.keyring([BO], owner_id="mem_1")


def test_a_ciphertext_opens_as_the_field_of_the_person_it_was_sealed_for(aws: None) -> None:
    anna, bo = person(ANNA), person(BO)
    phone = anna.seal("phone", "+86 21 5555 0100")
    for moved in (replace(phone, field="name"), replace(phone, sealed_for=BO)):
        with pytest.raises(SealBroken):
            data_keys.keyring([ANNA, BO], owner_id="mem_1").show(moved)
    with pytest.raises(SealBroken):
        anna.open(replace(phone, ciphertext=bo.seal("phone", "+86 21 5555 0100").ciphertext))


@given(name=st.text(max_size=40), text=st.text(max_size=200))
def test_every_text_comes_back_as_it_was_and_fits_where_it_is_kept(name: str, text: str) -> None:
    key = DataKey(ANNA, bytes(32))
    fields = key.seal(name, text)
    assert key.open(fields) == text
    assert len(fields.ciphertext) <= MOST_CIPHERTEXT
    for other in (replace(fields, field=f"{name}x"), replace(fields, sealed_for=BO)):
        with pytest.raises(SealBroken):
            DataKey(other.sealed_for, bytes(32)).open(other)


def test_the_same_text_is_another_ciphertext_each_time(aws: None) -> None:
    anna = person(ANNA)
    assert anna.seal("name", "Anna") != anna.seal("name", "Anna")


def test_destroying_a_key_erases_its_person_and_nobody_else(stage: str) -> None:
    fields = [person(ANNA).seal("name", "Anna"), person(BO).seal("name", "Bo")]
    kept(data_keys.destroy(ANNA, owner_id="mem_1", now=NOW), "erase")
    keyring = data_keys.keyring([ANNA, BO], owner_id="mem_1")
    assert [keyring.show(each) for each in fields] == [ERASED, "Bo"]
    row = DataKeyRow.find(ANNA)
    assert row is not None
    assert {"subject_id", "owner_id", "created_at", "erased_at"} == row.attribute_values.keys()


def test_a_person_is_erased_once_and_gets_no_other_key(aws: None) -> None:
    person(ANNA)
    kept(data_keys.destroy(ANNA, owner_id="mem_1", now=NOW), "erase")
    with pytest.raises(NotFound):
        kept(data_keys.destroy(ANNA, owner_id="mem_1", now=NOW), "again")
    with pytest.raises(WriteConflict):
        kept(data_keys.new(ANNA, owner_id="mem_1", now=NOW)[1], "anew")


def test_nobody_reads_or_erases_the_person_of_another(aws: None) -> None:
    name = person(ANNA).seal("name", "Anna")
    assert data_keys.keyring([ANNA], owner_id="mem_2").show(name) == SEALED
    with pytest.raises(NotFound):
        kept(data_keys.destroy(ANNA, owner_id="mem_2", now=NOW), "erase")
    assert data_keys.keyring([ANNA], owner_id="mem_1").show(name) == "Anna"


def test_sealed_fields_are_found_in_the_payload_they_were_put_into(aws: None) -> None:
    fields = [person(ANNA).seal("phone", "1"), person(BO).seal("name", "Bo")]
    payload = {"powers": ["sign"]} | sealed.in_payload(fields)
    assert sealed.of_payload(msgspec.json.decode(msgspec.json.encode(payload))) == fields
    assert payloads.as_money(payload, "") == {"powers": ["sign"]}
    assert sealed.of_payload({"powers": []}) == []

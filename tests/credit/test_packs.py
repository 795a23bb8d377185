"""Data packs: what is in them, that they are signed and the same for everybody, and who may read one at a moment."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta

import jwt
import pytest

from chalicelib.credit.aggregate.packs import PACKS
from chalicelib.credit.rules import pack as rules
from chalicelib.credit.rules.pack import MACHINE, Pack, PackTooLarge
from chalicelib.credit.service import consents, packs
from chalicelib.credit.views.packs import DataPackView
from chalicelib.exports.records import DayRow
from chalicelib.exports.rules.days import ExportDay, ExportLine
from chalicelib.firms.service import reading
from chalicelib.shared import journal
from chalicelib.shared.commit import commit
from chalicelib.shared.errors import NotFound, Unavailable
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Event
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import Caller, RequestContext
from tests.credit.borrowing import Borrower
from tests.suppliers.test_storefront import keys, store_key
from tests.world import token

EVERY_CLASS = ["profile", "exports", "deposits", "programme", "score"]


def request(borrower: Borrower, role: str, sub: str) -> RequestContext:
    return RequestContext(caller=Caller(sub=sub, role=role), now=borrower.time.at, request_id="r")


def make(borrower: Borrower, *classes: str, products: tuple[str, ...] = ("boc-term", "ccb-term")) -> Pack:
    """A pack by a consent for two banks, kept as what it is for would keep it."""
    consent_id = borrower.consent("boc", "ccb", data_classes=list(classes or EVERY_CLASS))
    consent = consents.live(borrower.member_id, "boc", (classes or EVERY_CLASS)[0], borrower.time.at)  # type: ignore[arg-type]
    assert consent is not None
    assert consent.id == consent_id
    asked = request(borrower, "member", borrower.member_id)
    profile = reading.profile(borrower.member_id)
    assert profile is not None
    pack = packs.make(profile, products, consent, business_date(borrower.time.at), asked)
    entry = journal.entry(asked.derived("test", pack.id, "-"), Event("test.made"), aggregate_id="test", seq=1, prev="")
    commit(entry, PACKS.put(pack, entry, borrower.time.at))
    return pack


def exported(borrower: Borrower, on: date, usd_minor: int) -> None:
    """A declaration that counts on a day."""
    day = ExportDay(on=on, lines=(ExportLine("order-1", "acme", usd_minor),))
    DayRow(borrower.member_id, on.isoformat(), version=1, body=day).save()


def read(borrower: Borrower, pack: Pack, role: str, sub: str) -> DataPackView | None:
    return packs.read(pack.id, request(borrower, role, sub))


def test_the_statement_signs_the_document_and_the_hash_is_of_the_same_bytes(borrower: Borrower) -> None:
    pack = make(borrower)
    shown = read(borrower, pack, "member", borrower.member_id)
    assert shown is not None
    header = jwt.get_unverified_header(shown.statement)
    assert (header["typ"], header["alg"], header["kid"]) == (rules.TYPE, "ES256", shown.kid)
    payload = jwt.api_jws.decode(shown.statement, keys(borrower.api)[shown.kid], algorithms=["ES256"])
    assert hashlib.sha256(payload).hexdigest() == shown.sha256
    assert json.loads(payload) == json.loads(encode(shown.document))
    assert (
        payload == json.dumps(json.loads(payload), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    )


def test_a_part_is_there_with_its_working_or_said_to_be_absent_and_why(borrower: Borrower) -> None:
    exported(borrower, date(2026, 2, 3), 12_345_678)
    document = json.loads(make(borrower).document)
    profile = reading.profile(borrower.member_id)
    assert profile is not None
    assert document["firm"]["registration_no"] == profile.registration_no
    assert [(day["on"], day["platform_usd"]["amount"]) for day in document["exports"]["days"]] == [
        ("2026-02-03", "123456.78")
    ]
    [limit] = document["limits"]
    assert (limit["usd_6m"]["amount"], limit["limit"]) == ("123456.78", {"amount": "123456.00", "currency": "CNY"})
    assert [(each["on"], each["limit"]["amount"]) for each in limit["leaves"]] == [("2026-08-04", "0.00")]
    assert limit["working"][-1] == "limit = 123,456.78 down to whole 1.00 = 123,456.00"
    assert document["programme"]["badge"] == "NOT_ENROLLED"
    assert (document["score"]["points"], document["score"]["card"]) == (
        sum(each["points"] for each in document["score"]["attributes"]),
        "2026.1",
    )
    assert document["absent"] == {"deposit": "not_known"}


def test_a_seller_with_a_deposit_shows_how_it_stands(borrower: Borrower) -> None:
    officer = token("officer", "officer-1", "deposits")
    assert borrower.api.post(f"/v1/deposits/{borrower.member_id}", {}, officer).status in (200, 201)
    document = json.loads(make(borrower).document)
    assert (document["deposit"]["status"], document["deposit"]["open_violations"]) == ("clear", 0)
    assert "deposit" not in document["absent"]


def test_an_exporter_of_every_day_fits_twice(borrower: Borrower) -> None:
    for number in range(184):
        exported(borrower, date(2026, 3, 2) - timedelta(days=number), 10**12 + number)
    assert 2 * len(make(borrower).document) < rules.MOST_DOCUMENT_BYTES


def test_what_is_not_consented_to_is_left_out_and_said_so(borrower: Borrower) -> None:
    document = json.loads(make(borrower, "profile").document)
    assert document["firm"] is not None
    assert document["absent"] == {
        "deposit": "not_consented",
        "exports": "not_consented",
        "limits": "not_consented",
        "programme": "not_consented",
        "score": "not_consented",
    }
    assert {name for name, part in document.items() if part is None} == set(document["absent"])


def test_it_names_neither_banks_nor_products_nor_persons(borrower: Borrower) -> None:
    text = make(borrower).document
    for name in ("boc", "ccb", "-term", borrower.person_id):
        assert name not in text


def test_every_bank_reads_the_same_bytes_and_each_time_is_an_entry(borrower: Borrower) -> None:
    pack = make(borrower)
    first, again, other = (read(borrower, pack, "bank", bank) for bank in ("boc", "boc", "ccb"))
    assert first is not None
    assert encode(first) == encode(again) == encode(other)
    shown = read(borrower, pack, "member", borrower.member_id)
    assert shown is not None
    assert shown.reads is not None
    assert [(each.bank_id, each.times) for each in shown.reads] == [("boc", 2), ("ccb", 1)]
    assert (shown.statement, shown.sha256, shown.document) == (first.statement, first.sha256, first.document)
    kept = PACKS.load(pack.id, borrower.time.at)
    assert kept is not None
    entries = [entry for entry in journal.read_many(kept.state.recent) if entry.aggregate_id == pack.id]
    assert [(entry.seq, entry.event.kind, entry.by.sub) for entry in entries] == [
        (1, "data_pack.read", "boc"),
        (2, "data_pack.read", "boc"),
        (3, "data_pack.read", "ccb"),
    ]


def test_a_bank_without_a_live_consent_to_all_that_is_in_it_reads_nothing_and_leaves_no_trace(
    borrower: Borrower,
) -> None:
    pack = make(borrower, "profile", "exports")
    assert read(borrower, pack, "bank", "cmb") is None
    borrower.withdraw(pack.consent_id)
    assert read(borrower, pack, "bank", "boc") is None, "at that moment"
    narrower = borrower.consent("boc", data_classes=["profile"])
    assert read(borrower, pack, "bank", "boc") is None
    borrower.consent("boc", data_classes=["exports"])
    assert read(borrower, pack, "bank", "boc") is not None
    borrower.withdraw(narrower)
    assert read(borrower, pack, "bank", "boc") is None, "in a repetition too"
    shown = read(borrower, pack, "member", borrower.member_id)
    assert shown is not None
    assert [(each.bank_id, each.times) for each in shown.reads or []] == [("boc", 1)]


def test_it_is_the_firms_and_the_officers_and_no_other_members(borrower: Borrower) -> None:
    pack = make(borrower)
    assert read(borrower, pack, "officer", "officer-1") is not None
    with pytest.raises(NotFound):
        read(borrower, pack, "member", "mem_00000000000000000000000000")


def test_what_cannot_be_signed_is_not_made(borrower: Borrower) -> None:
    store_key(None)
    with pytest.raises(Unavailable):
        make(borrower)


def test_a_pack_has_a_bound(monkeypatch: pytest.MonkeyPatch, borrower: Borrower) -> None:
    monkeypatch.setattr(rules, "MOST_DOCUMENT_BYTES", 1_000)
    with pytest.raises(PackTooLarge):
        make(borrower)


def test_nobody_changes_one(borrower: Borrower) -> None:
    pack = make(borrower)
    for actor in ("firm", "officer"):
        assert MACHINE.table.allowed(pack, actor, (), borrower.time.at) == []
    assert MACHINE.due(pack, ()) is None

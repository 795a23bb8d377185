"""Cases about persons: PR-1, a person is erased and no chain breaks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from chalicelib.firms.aggregate import FIRMS
from chalicelib.firms.examples import ACCOUNT, ERASE, SIGNER
from chalicelib.firms.rules.transitions import TABLE
from chalicelib.shared import data_keys, journal, sealed
from chalicelib.shared.data_keys import Keyring
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.shared.sealed import ERASED, Sealed
from tests.firms.office import OFFICER, Office, another, office
from tests.world import token

__all__ = ["office"]

PAYMENTS = token("officer", "officer-3", "payments")


def chain(office: Office) -> tuple[int, bool, str]:
    """How many entries verify, whether all do, and the hash of the last."""
    office.streams()
    verification = office.api.get(f"/v1/ledger/verification?aggregate_id=firm:{office.firm_id}", PAYMENTS)
    firm = FIRMS.repository.load(office.firm_id)
    assert firm is not None
    return verification["entries"], verification["ok"], firm.entry_hash


def fields_of(office: Office, owner_id: str, person_id: str) -> list[Sealed]:
    firm = FIRMS.repository.load(owner_id)
    assert firm is not None
    person = firm.person(person_id)
    assert person is not None
    return list(person.personal)


def shown(office: Office, number: int) -> dict[tuple[str, str], str]:
    """What the timeline shows of what is sealed in one of its lines."""
    line = office.see("/timeline")["items"][number - 1]
    return {(each["of"], each["field"]): each["value"] for each in line["payload"].get("sealed", [])}


def test_pr_1_five_entries_verify_before_and_after_a_person_is_erased(office: Office) -> None:
    """The third holds a person's contact; the fourth, of an officer who compares two firms, names persons of both."""
    other = another(office.api, office.time, office.streams, office.pump, "other")
    other.register()
    liu = other.person(name="Liu Wen")
    office.register()
    office.do("settlement-accounts", ACCOUNT)
    chen = office.person()
    both = [*fields_of(office, office.firm_id, chen)[:1], *fields_of(other, other.firm_id, liu)[:1]]
    compare(office, both)
    office.do("verify", None, OFFICER)
    before = chain(office)
    assert before[:2] == (5, True)
    head = before[2]
    assert shown(office, 3)[chen, "phone"] == SIGNER["phone"]

    erased = office.do(f"people/{chen}/erase", ERASE)
    assert erased["people"] == []
    assert chain(office)[:2] == (6, True)
    [*five, erasure] = office.see("/timeline")["items"]
    assert len(five) == 5
    assert hash_before(office) == head, "the five are what they were, to the last hash"
    assert set(shown(office, 3).values()) == {ERASED}
    assert shown(office, 4) == {(chen, "name"): ERASED, (liu, "name"): "sealed"}
    assert data_keys.keyring([liu], owner_id=other.firm_id).show(both[1]) == "Liu Wen"
    assert other.see("/sealed")["people"][0]["name"] == "Liu Wen"
    assert (erasure["kind"], erasure["payload"]["person_id"]) == ("firm.person_erased", chen)
    assert erasure["payload"]["reason"] == ERASE["reason"]
    assert shown(office, 2) == {(office.firm_id, "account_number"): ACCOUNT["number"]}


def test_a_person_is_erased_once_by_whoever_may_and_nobody_elses_is(office: Office) -> None:
    other = another(office.api, office.time, office.streams, office.pump, "other")
    other.register()
    person_id = office.verified()
    for foreign in (person_id, office.firm_id, "per_0000000000000000000000000Z"):
        assert other.ask(f"people/{foreign}/erase", ERASE).status == 404
    assert office.ask(f"people/{office.firm_id}/erase", ERASE).status == 404, "the firm's own key stays"
    assert office.see("/sealed")["people"][0]["name"] == SIGNER["name"]
    first, again = (office.do(f"people/{person_id}/erase", ERASE, OFFICER, key="e") for _ in range(2))
    assert (first["status"], again.raw) == ("changed", first.raw)
    assert office.ask(f"people/{person_id}/erase", ERASE).status == 404
    assert office.see("/sealed")["people"] == []


def test_nothing_more_is_sealed_for_a_person_who_is_erased_at_that_moment(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change has opened the key when the erasure comes in between: it decides again, and the person is there no longer."""
    office.register()
    person_id = office.person()
    opened = data_keys.keyring

    def slow(subjects: Iterable[str], *, owner_id: str) -> Keyring:
        keyring = opened(subjects, owner_id=owner_id)
        monkeypatch.setattr(data_keys, "keyring", opened)
        office.do(f"people/{person_id}/erase", ERASE)
        return keyring

    monkeypatch.setattr(data_keys, "keyring", slow)
    assert office.ask(f"people/{person_id}/change", SIGNER).status == 404
    assert [line["kind"] for line in office.see("/timeline")["items"]] == [
        "firm.registered",
        "firm.person_added",
        "firm.person_erased",
    ]


def test_whoever_has_left_is_erased_too(office: Office) -> None:
    person_id = office.verified()
    office.do(f"people/{person_id}/remove")
    assert (person_id, "name") in shown(office, 3) or (person_id, "name") in shown(office, 2)
    office.do(f"people/{person_id}/erase", ERASE)
    assert shown(office, 2)[person_id, "name"] == ERASED


def test_documents_about_a_person_go_with_it(office: Office) -> None:
    office.register()
    person_id = office.person()
    office.hand_in(b"the firm's")
    document_id = office.hand_in(b"the person's", kind="identity", person_id=person_id)
    left = office.do(f"people/{person_id}/erase", ERASE)["documents"]
    assert [document["kind"] for document in left] == ["business_licence"]
    office.streams()
    assert office.see(f"/documents/{document_id}").status == 404
    erasure: Any = office.see("/timeline")["items"][-1]
    assert erasure["payload"]["documents"] == [document_id]


def compare(office: Office, fields: list[Sealed]) -> None:
    """An entry of the firm's chain that names persons of two firms."""
    now = office.time.at
    FIRMS.apply(
        office.firm_id,
        RequestContext(CLOCK, now, "r", key="compare"),
        lambda was, context: TABLE.change(was, "disclose", now, event="compared", payload=sealed.in_payload(fields)),
    )


def hash_before(office: Office) -> str:
    """What the last entry of the chain hangs on."""
    firm = FIRMS.repository.load(office.firm_id)
    assert firm is not None
    last = journal.read(firm.recent[-1])
    assert last is not None
    return last.prev

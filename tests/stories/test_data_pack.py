"""EX: what banks decide on is one signed document, the same bytes for each; without a live consent it does not exist for a bank, and each read is an entry."""

from __future__ import annotations

import hashlib
from typing import Any, Final

import jwt
import pytest

from tests.credit.applying import Credit
from tests.registry.test_expired_answers import entries
from tests.suppliers.test_storefront import keys
from tests.world import Reply, token

UNKNOWN: Final = "app_99999999999999999999999999"


def read(credit: Credit, application_id: str, by: str = "") -> Reply:
    return credit.api.get(f"/v1/credit-applications/{application_id}/data-pack", by or credit.firm)


def bank(bank_id: str) -> str:
    return token("bank", bank_id)


def reads() -> list[tuple[str, int]]:
    """Which bank has read, and as which entry of the pack."""
    noted = [entry for entry in entries() if entry.event.kind == "data_pack.read"]
    return [(entry.by.sub, entry.seq) for entry in sorted(noted, key=lambda entry: entry.seq)]


def but_for_the_id(reply: Reply, application_id: str) -> Any:
    """A refusal without what names this request and this application."""
    kept = {name: value for name, value in reply.body.items() if name not in ("request_id", "instance")}
    return {name: str(value).replace(application_id, "app_") for name, value in kept.items()}


def test_the_firm_reads_it_before_any_bank_does_and_each_bank_the_same_bytes(credit: Credit) -> None:
    application_id = credit.submit("boc", "cmb")
    before = read(credit, application_id)
    assert (before.status, before["reads"]) == (200, [])
    assert [read(credit, application_id, bank(each)).status for each in ("boc", "cmb")] == [404, 404], "not sent yet"

    credit.act(application_id, "screen", {"passed": True}, token("officer", "officer-1", "risk"))
    credit.streams()
    seen = [read(credit, application_id, bank(each)) for each in ("boc", "cmb", "boc")]
    assert len({reply.raw for reply in seen}) == 1
    assert reads() == [("boc", 1), ("cmb", 2), ("boc", 3)]

    after = read(credit, application_id)
    assert [(each["bank_id"], each["times"]) for each in after["reads"]] == [("boc", 2), ("cmb", 1)]
    for name in ("statement", "sha256", "document", "kid"):
        assert before[name] == after[name] == seen[0][name]
    payload = jwt.api_jws.decode(before["statement"], keys(credit.api)[before["kid"]], algorithms=["ES256"])
    assert hashlib.sha256(payload).hexdigest() == before["sha256"]


@pytest.mark.parametrize("who", ["never_asked", "not_consented", "withdrawn", "expired"])
def test_to_a_bank_without_a_live_consent_it_is_what_does_not_exist(credit: Credit, who: str) -> None:
    consent_id = credit.borrower.consent("boc", "cmb")
    credit.consented.update(("boc", "cmb"))
    application_id = credit.apply("boc", "cmb")
    by = {"never_asked": bank("psbc"), "not_consented": bank("ccb")}.get(who, bank("boc"))
    if who == "withdrawn":
        assert read(credit, application_id, by).status == 200
        credit.borrower.withdraw(consent_id)
    if who == "expired":
        credit.time.at = credit.time.at.replace(year=2027)
    before = reads()
    hidden, missing = read(credit, application_id, by), read(credit, UNKNOWN, by)
    assert hidden.status == missing.status == 404
    assert but_for_the_id(hidden, application_id) == but_for_the_id(missing, UNKNOWN)
    assert read(credit, application_id, by).status == 404, "in a repetition too"
    assert reads() == before
    assert read(credit, application_id).status == 200, "the firm's own for ever"

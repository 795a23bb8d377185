"""Banks that may read a firm's profile hear that it has changed, and nobody else does."""

from __future__ import annotations

from typing import Any

import msgspec

from chalicelib.credit.service.telling import PROFILE, may_be_told
from chalicelib.firms.examples import ACCOUNT, HOLDER, SIGNER
from tests.credit.applying import Credit, credit, told

__all__ = ["credit"]


def heard(bank_id: str) -> list[dict[str, Any]]:
    return [dict(event.payload) for event in told(bank_id) if event.kind == PROFILE]


def change(credit: Credit, action: str, body: Any) -> None:
    reply = credit.api.post(f"/v1/firms/{credit.borrower.member_id}/{action}", body, credit.firm)
    assert reply.status in (200, 201), reply.body
    for _ in range(2):
        credit.streams.forget()
        credit.streams()


def test_a_bank_with_a_live_consent_hears_what_has_changed_once_and_no_value_of_it(credit: Credit) -> None:
    credit.borrower.consent("ccb", data_classes=["exports"])
    consent_id = credit.borrower.consent("boc", "cmb")
    change(credit, "people", SIGNER)
    change(credit, "settlement-accounts", ACCOUNT)
    firm_id = credit.borrower.member_id
    for bank_id in ("boc", "cmb"):
        told_of = [{name: each[name] for name in each if name != "source"} for each in heard(bank_id)]
        assert sorted(told_of, key=lambda each: str(each["what"])) == [
            {"bank_id": bank_id, "member_id": firm_id, "what": what, "status": "changed"}
            for what in ("person_added", "settlement_account_added")
        ]
    assert heard("ccb") == heard("pingan") == []
    body = msgspec.json.encode({"data": heard("boc")[0]})
    assert may_be_told(PROFILE, body, credit.time.at)
    credit.borrower.withdraw(consent_id)
    change(credit, "people", HOLDER)
    assert len(heard("boc")) == 2
    assert not may_be_told(PROFILE, body, credit.time.at), "not in a retry either"

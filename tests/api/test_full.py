"""What is full is refused over the API by name, with the number it holds: each endpoint that adds to a list."""

from __future__ import annotations

import sys
from collections.abc import Sized
from typing import Any, Final

import pytest

from chalicelib.shared import bounds
from chalicelib.shared.bounds import NoRoom
from tests.api.api_requests import ApiRequest, ApiUnderTest, endpoints, name
from tests.api.seeds import Seeds
from tests.api.test_examples import caller_of

KEEPS_ROOM: Final = bounds.must_have_room
FULL: Final = (
    ("POST /v1/firms/{member_id}/people", "too_many_people"),
    ("POST /v1/firms/{member_id}/settlement-accounts", "too_many_settlement_accounts"),
    ("POST /v1/firms/{member_id}/documents", "too_many_firm_documents"),
    ("POST /v1/exports/{declaration_id}/correct", "too_many_exporters"),
    ("POST /v1/deposits/{seller_id}/risks", "too_many_matters"),
    ("POST /v1/nominations/{nomination_id}/documents", "too_many_nomination_documents"),
    ("POST /v1/recoveries/{recovery_id}/receipts", "too_many_receipts"),
    ("POST /v1/listings/{listing_id}/pictures", "too_many_pictures"),
    ("POST /v1/claims/{claim_id}/evidence", "too_many_files_announced"),
    ("POST /v1/guarantee-groups/{group_id}/rule-sheets", "too_many_rule_sheets"),
    ("POST /v1/credit-applications/{application_id}/documents", "too_many_application_documents"),
    ("POST /v1/consents", "too_many_consents"),
    ("POST /v1/peer-reports/{report_id}/documents", "too_many_report_documents"),
    ("POST /v1/peer-reports/{report_id}/unseal", "too_many_unsealings"),
    ("POST /v1/cases/{case_id}/reply", "too_many_messages"),
)
"""Where the small world lets somebody add to a list by the example that the document gives."""
BY_NAME: Final = {name(endpoint): endpoint for endpoint in endpoints()}


@pytest.mark.parametrize(("route", "code"), FULL, ids=[code for _, code in FULL])
def test_where_a_list_is_full_one_more_is_refused(
    under_test: ApiUnderTest, seeds: Seeds, monkeypatch: pytest.MonkeyPatch, route: str, code: str
) -> None:
    endpoint = BY_NAME[route]
    error = next(each for each in endpoint.errors if each.code == code)
    assert issubclass(error, NoRoom)
    let_be_full(monkeypatch, error)
    by = caller_of(endpoint, seeds)
    headers = {"surety-acting-person": seeds.person} if by == seeds.buyer else {}
    reply = under_test.send(ApiRequest(endpoint, by=by, ids=seeds.ids, headers=headers))
    assert (reply.status, reply.body.get("code")) == (409, error.code), reply.body
    assert reply["maximum"] > 0


def let_be_full(patch: pytest.MonkeyPatch, error: type[NoRoom]) -> None:
    """Whatever this refusal is about holds as much as it may."""

    def full(there: Sized | int, number: int, asked: type[NoRoom], **numbers: Any) -> None:
        KEEPS_ROOM(number if asked is error else there, number, asked, **numbers)

    for module in list(sys.modules.values()):
        if module.__name__.startswith("chalicelib.") and getattr(module, "must_have_room", None) is KEEPS_ROOM:
            patch.setattr(module, "must_have_room", full)

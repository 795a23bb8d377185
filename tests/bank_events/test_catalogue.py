"""One list of every type of event between banks and us, shown as it is declared."""

from __future__ import annotations

from typing import Any

from chalicelib.bank_events.catalogue import OTHERS, PING, UNPROMPTED, types
from chalicelib.bank_events.inbound import DECLARED, INBOUND
from chalicelib.bank_events.outbound import OUTBOUND
from chalicelib.bank_events.rules import FORMS
from infra.bank_event_types import FILE, page
from tests.world import Api


def test_every_type_is_declared_once_and_a_slice_answers_for_it() -> None:
    assert len(DECLARED) == len(INBOUND)
    assert OTHERS.keys() == FORMS.keys()
    assert not INBOUND.keys() & {*FORMS, PING}
    known = types()
    to_banks = {each.name for each in OUTBOUND.values()} | {*UNPROMPTED}
    assert {each.type for each in known} == {*INBOUND, *FORMS, PING} | to_banks
    assert all(each.slice and (each.about or each.type == PING) for each in known)


def test_the_page_shows_what_is_declared() -> None:
    assert FILE.read_text() == page(), "make bank-events"


def test_the_api_document_has_the_form_of_each_event(api: Api) -> None:
    listed: list[dict[str, Any]] = api.get("/v1/openapi.json")["x-bank-events"]
    forms = {each["type"]: each["data"] for each in listed if each["direction"] == "from_bank"}
    assert forms["payment.received"]["required"] == ["bank_ref", "seq", "order_id", "account", "value_date", "money"]

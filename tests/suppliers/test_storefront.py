"""Storefronts and badges: what anybody may see."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from pynamodb.exceptions import GetError

from chalicelib.daybook.rules.activity import Inquiry, Reply
from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.shared import clock, secrets
from chalicelib.shared.settings import settings
from chalicelib.suppliers import records
from tests.conftest import pem
from tests.suppliers.test_programme import RISK, SELLER, WHY, enrol, member, penalize, post, sold, trading
from tests.world import Api, StandingClock

__all__ = ["member", "trading"]

SVG = "{http://www.w3.org/2000/svg}"


def keys(api: Api) -> dict[str, Any]:
    return {key["kid"]: jwt.PyJWK(key) for key in api.get("/v1/badge-keys")["keys"]}


def read(api: Api, statement: str) -> dict[str, Any]:
    kid = jwt.get_unverified_header(statement)["kid"]
    content: dict[str, Any] = jwt.decode(statement, keys(api)[kid].key, algorithms=["ES256"])
    return content


def store_key(text: str | None) -> None:
    name = f"/surety/{settings().stage}/badge-key"
    if text is None:
        secrets._store().delete_parameter(Name=name)
    else:
        secrets._store().put_parameter(Name=name, Value=text, Type="SecureString", Overwrite=True)
    secrets.forget()


def test_a_storefront_needs_no_token_and_shows_each_figure_with_its_window_sample_formula_and_policy(
    api: Api, trading: str, time: StandingClock
) -> None:
    protected = [sold(100 + n, time.at - timedelta(days=30)) for n in range(3)]
    daybook_recording.record([type(fact)(**{**_fields(fact), "protected": True}) for fact in protected])
    threads = [f"th-{n}" for n in range(10)]
    asked = time.at - timedelta(days=4)
    daybook_recording.record([Inquiry(member_id=SELLER, thread_id=name, buyer_ref="b", at=asked) for name in threads])
    daybook_recording.record(
        [Reply(member_id=SELLER, thread_id=name, at=asked + timedelta(minutes=61)) for name in threads[:9]]
    )
    enrol(api)
    reply = api.get(f"/v1/storefronts/{SELLER}")
    assert (reply.status, reply["badge"], reply["listed"]) == (200, "VALID", True)
    assert reply["protections"] == ["on_time_shipment", "quality_before_shipment", "quality_after_delivery"]
    figures = reply["figures"]
    assert (figures["transactions_12m"]["count"], figures["transactions_12m"]["value"]["amount"]) == (3, "3000.00")
    assert (figures["response_rate"]["rate_bp"], figures["response_rate"]["sample"]) == (9_000, 10)
    assert (figures["response_time"]["median_hours"], figures["response_time"]["p90_hours"]) == (2, 2)
    assert (figures["on_time_rate"]["rate_bp"], figures["on_time_rate"]["sample"]) == (10_000, 13)
    for figure in figures.values():
        assert {"as_of", "window", "sample", "formula", "policy"} <= figure.keys()
        assert figure["policy"]["version"] == "2026.1"


def test_empty_figures_are_unknown_and_not_zero(api: Api, member: str) -> None:
    figures = api.get(f"/v1/storefronts/{SELLER}")["figures"]
    assert (figures["response_rate"]["rate_bp"], figures["response_rate"]["sufficient"]) == (None, False)
    assert (figures["on_time_rate"]["rate_bp"], figures["response_time"]["median_hours"]) == (None, None)
    assert figures["transactions_12m"]["count"] == 0


@pytest.mark.parametrize("path", ["", "/badge", "/badge.svg"])
def test_who_is_no_member_has_no_storefront(api: Api, path: str) -> None:
    assert api.get(f"/v1/storefronts/mem_00000000000000000000000000{path}").status == 404


def test_the_badge_follows_the_standing(api: Api, trading: str) -> None:
    def shown() -> str:
        return str(api.get(f"/v1/storefronts/{SELLER}/badge")["status"])

    assert shown() == "NOT_ENROLLED"
    enrol(api)
    assert shown() == "VALID"
    post(api, "suspension", WHY)
    assert shown() == "SUSPENDED"
    post(api, "reinstatement", WHY)
    assert shown() == "VALID"
    penalize(api, 48)
    assert shown() == "REVOKED"


def test_an_applicant_that_never_was_active_is_not_enrolled_in_the_eyes_of_the_public(api: Api, member: str) -> None:
    enrol(api)
    reply = api.get(f"/v1/storefronts/{SELLER}")
    assert (reply["badge"], reply["listed"], reply["protections"]) == ("NOT_ENROLLED", False, [])


def test_the_statement_is_signed_with_a_published_key_and_says_what_the_fields_say(api: Api, trading: str) -> None:
    enrol(api)
    badge = api.get(f"/v1/storefronts/{SELLER}/badge")
    rows = read(api, badge["statement"])
    assert (rows["sub"], rows["status"], rows["as_of"], rows["expires"]) == (
        SELLER,
        "VALID",
        badge["as_of"],
        badge["expires"],
    )
    assert rows["figures"] == badge["figures"]
    assert jwt.get_unverified_header(badge["statement"])["typ"] == "surety-badge+jwt"


def test_a_statement_lives_an_hour_by_the_walls_clock_whatever_the_sandboxs_says(
    api: Api, trading: str, time: StandingClock
) -> None:
    enrol(api)
    time.advance(days=3)
    view = read(api, api.get(f"/v1/storefronts/{SELLER}/badge")["statement"])
    assert view["exp"] - view["iat"] == 3600
    assert abs(view["iat"] - clock.real().timestamp()) < 600


def test_a_statement_that_was_tampered_with_or_has_expired_proves_nothing(
    api: Api, trading: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    statement = api.get(f"/v1/storefronts/{SELLER}/badge")["statement"]
    head, body, signature = statement.split(".")
    with pytest.raises(jwt.InvalidSignatureError):
        read(api, ".".join((head, body[:-4] + "AAAA", signature)))
    earlier = clock.real() - timedelta(hours=2)
    monkeypatch.setattr(clock, "real", lambda: earlier)
    old = api.get(f"/v1/storefronts/{SELLER}/badge")["statement"]
    with pytest.raises(jwt.ExpiredSignatureError):
        read(api, old)


def test_a_rotated_key_signs_from_then_on_and_the_retired_one_still_verifies(api: Api, trading: str) -> None:
    enrol(api)
    before = api.get(f"/v1/storefronts/{SELLER}/badge")["statement"]
    (retired,) = api.get("/v1/badge-keys")["keys"]
    fresh = ec.generate_private_key(ec.SECP256R1())
    leaky = retired | {"d": "never to be shown"}
    store_key(json.dumps({"kid": "badge-2", "pem": pem(fresh), "retired": [leaky]}))
    after = api.get(f"/v1/storefronts/{SELLER}/badge")
    assert (after["kid"], read(api, after["statement"])["status"]) == ("badge-2", "VALID")
    assert read(api, before)["status"] == "VALID"
    published = api.get("/v1/badge-keys")
    assert [key["kid"] for key in published["keys"]] == ["badge-2", "badge-1"]
    assert b'"d"' not in published.raw
    expected = ECAlgorithm.to_jwk(fresh.public_key(), as_dict=True)
    assert {name: published["keys"][0][name] for name in ("x", "y")} == {name: expected[name] for name in ("x", "y")}


@pytest.mark.parametrize("broken", [None, "", "{", "[]", '{"kid": "k"}', '{"kid": "k", "pem": "no key"}', "null"])
def test_without_a_usable_key_the_badge_is_unknown_and_never_valid(api: Api, trading: str, broken: str | None) -> None:
    enrol(api)
    store_key(broken or (None if broken is None else " "))
    badge = api.get(f"/v1/storefronts/{SELLER}/badge")
    assert (badge.status, badge["status"], badge["statement"], badge["expires"]) == (200, "UNKNOWN", None, None)
    picture = api.get(f"/v1/storefronts/{SELLER}/badge.svg")
    assert b"Status unknown" in picture.raw
    assert api.get("/v1/badge-keys").status == 503


def test_without_a_readable_record_the_badge_is_unknown(
    api: Api, trading: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(api)

    def down(member_id: str) -> None:
        raise GetError("the store does not answer")

    monkeypatch.setattr(records, "load", down)
    badge = api.get(f"/v1/storefronts/{SELLER}/badge")
    assert (badge.status, badge["status"]) == (200, "UNKNOWN")


def test_the_picture_is_drawn_here_escaped_and_readable_for_everybody(api: Api, trading: str) -> None:
    enrol(api)
    got = api.get(f"/v1/storefronts/{SELLER}/badge.svg")
    assert got.headers["Content-Type"] == "image/svg+xml"
    assert got.headers["Cache-Control"] == "public, max-age=60"
    root = ElementTree.fromstring(got.raw)
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text == "Protected by Surety: Zhejiang Tools <&>"
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == "surety-title surety-text"
    assert "as of 2026-03-02T02:15:00Z" in "".join(root.itertext())
    assert {element.tag for element in root.iter()} <= {
        f"{SVG}{name}" for name in ("svg", "title", "desc", "rect", "path", "g", "text")
    }


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"><svg onload=x>', "x" * 200, "한국 공급자 😀"])
def test_no_name_breaks_out_of_the_picture(api: Api, officer: str, name: str) -> None:
    reply = api.post("/v1/members", {"external_ref": "odd", "name": name, "country": "KR"}, officer)
    got = api.get(f"/v1/storefronts/{reply['id']}/badge.svg")
    root = ElementTree.fromstring(got.raw)
    assert not [element for element in root.iter() if element.tag.endswith("script") or "onload" in element.attrib]


def test_who_may_not_act_may_still_look(api: Api, trading: str) -> None:
    assert api.get(f"/v1/storefronts/{SELLER}", RISK).status == 200


def _fields(fact: Any) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in fact.__struct_fields__}

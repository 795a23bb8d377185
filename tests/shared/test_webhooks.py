"""Standard Webhooks 1.0: what proves a message, and that everything else fails alike."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.shared.webhooks import BadSignature, Signed, keys_of, sign, verify

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'
AT = datetime.fromtimestamp(1614265330, UTC)
PUBLISHED = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
GOOD = PUBLISHED["webhook-signature"]
OLD, NEW = keys_of(json.dumps([SECRET]))[0], b"another key of the bank, 32 bytes"


def test_the_published_example_of_the_scheme_verifies() -> None:
    assert verify([OLD], PUBLISHED, BODY, AT) == Signed("msg_p5jXN8AQM9LWM0D4loKWxJek", AT)
    assert sign([OLD], "msg_p5jXN8AQM9LWM0D4loKWxJek", AT, BODY) == PUBLISHED


@pytest.mark.parametrize("live", [[OLD], [NEW, OLD], [OLD, NEW]])
@pytest.mark.parametrize("signers", [[OLD], [NEW, OLD], [OLD, NEW]])
def test_while_a_key_is_replaced_either_of_two_will_do(live: list[bytes], signers: list[bytes]) -> None:
    assert verify(live, sign(signers, "msg_1", AT, BODY), BODY, AT)


def test_a_third_key_is_not_live() -> None:
    with pytest.raises(BadSignature):
        verify([NEW, NEW + b"er", OLD], PUBLISHED, BODY, AT)


@pytest.mark.parametrize("seconds", [-300, -299, 0, 299, 300])
def test_a_message_is_good_for_five_minutes_either_way(seconds: int) -> None:
    assert verify([OLD], PUBLISHED, BODY, AT + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-301, -300.001, 300.001, 86400])
def test_and_not_for_a_millisecond_more(seconds: float) -> None:
    with pytest.raises(BadSignature):
        verify([OLD], PUBLISHED, BODY, AT + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "offered",
    [f"v1,AAAA {GOOD}", f"{GOOD} v1a,AAAA", f"{GOOD} {GOOD}", f"  {GOOD}", f"v0,x v2,y {GOOD}", f"\udcff {GOOD}"],
)
def test_one_good_signature_among_others_is_enough(offered: str) -> None:
    assert verify([OLD], PUBLISHED | {"webhook-signature": offered}, BODY, AT)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("webhook-id", None),
        ("webhook-id", ""),
        ("webhook-id", "msg_other"),
        ("webhook-id", "msg.p5"),
        ("webhook-id", "msg_ü"),
        ("webhook-id", "m" * 256),
        ("webhook-timestamp", None),
        ("webhook-timestamp", ""),
        ("webhook-timestamp", "0"),
        ("webhook-timestamp", " 1614265330"),
        ("webhook-timestamp", "1614265330\n"),
        ("webhook-timestamp", "+1614265330"),
        ("webhook-timestamp", "01614265330"),
        ("webhook-timestamp", "1614265330.0"),
        ("webhook-timestamp", "1.614265330e9"),
        ("webhook-timestamp", "1_614_265_330"),
        ("webhook-timestamp", "-1614265330"),
        ("webhook-timestamp", "NaN"),
        ("webhook-timestamp", "１６１４２６５３３０"),
        ("webhook-timestamp", "9" * 5000),
        ("webhook-signature", None),
        ("webhook-signature", ""),
        ("webhook-signature", "v1,"),
        ("webhook-signature", GOOD.removeprefix("v1,")),
        ("webhook-signature", GOOD.replace("v1", "v1a")),
        ("webhook-signature", GOOD.replace("v1", "V1")),
        ("webhook-signature", f"{GOOD},{GOOD}"),
        ("webhook-signature", GOOD.rstrip("=")),
        ("webhook-signature", GOOD + "\u0131"),
        ("webhook-signature", "v1,\ud800\udfff"),
        ("webhook-signature", " ".join(["v1,AAAA"] * 8 + [GOOD])),
    ],
)
def test_every_other_header_fails_alike(header: str, value: str | None) -> None:
    sent: dict[str, str] = {**PUBLISHED, header: value}  # type: ignore[dict-item]
    with pytest.raises(BadSignature) as failed:
        verify([OLD], {name: text for name, text in sent.items() if text is not None}, BODY, AT)
    assert (failed.value.detail, failed.value.numbers) == (BadSignature().detail, {})


@pytest.mark.parametrize("body", [b"", b'{"test":2432232314}', BODY + b"\n", BODY[:-1]])
def test_another_body_fails(body: bytes) -> None:
    with pytest.raises(BadSignature):
        verify([OLD], PUBLISHED, body, AT)


def test_with_no_key_nothing_verifies() -> None:
    with pytest.raises(BadSignature):
        verify([], PUBLISHED, BODY, AT)


@given(st.dictionaries(st.sampled_from(sorted(PUBLISHED)), st.text(max_size=80)), st.binary(max_size=80))
def test_no_garbage_verifies_or_breaks_anything(headers: dict[str, str], body: bytes) -> None:
    for sent in (headers, {**PUBLISHED, **headers}):
        try:
            verify([OLD, NEW], sent, body, AT)
        except BadSignature:
            continue
        assert body == BODY


@given(st.from_regex(r"[\x21-\x2d\x2f-\x7e]{1,60}", fullmatch=True), st.binary(max_size=200), st.integers(0, 299))
def test_what_is_signed_verifies(webhook_id: str, body: bytes, late: int) -> None:
    headers = sign([NEW], webhook_id, AT, body)
    assert verify([OLD, NEW], headers, body, AT + timedelta(seconds=late)) == Signed(webhook_id, AT)


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "null",
        '"whsec_x"',
        "[1]",
        '["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]',
        '["whsec_MfKQ"]',
        '["whsec_***"]',
        json.dumps(["whsec_" + b64encode(bytes(65)).decode()]),
    ],
)
def test_a_secret_that_is_not_a_list_of_keys_is_told_to_us_and_not_used(secret: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        keys_of(secret)

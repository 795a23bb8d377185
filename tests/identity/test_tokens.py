"""Who a token proves, and every way in which it proves nobody. Tokens are made by PyJWT, a second witness of the standard."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

import app
from benchmarks.lambda_events import event as rest_event
from chalicelib.identity import tokens
from chalicelib.shared import clock
from chalicelib.shared.settings import settings
from tests.conftest import TOKEN_KEY
from tests.world import START

MEMBER = "mem_00000000000000000000000001"
RSA_KEY = rsa.generate_private_key(65537, 2048)
OTHER_KEY = ec.generate_private_key(ec.SECP256R1())


def claims(**changed: Any) -> dict[str, Any]:
    now = int(time.time())
    data = {
        "iss": settings().issuer,
        "aud": settings().audience,
        "sub": MEMBER,
        "role": "member",
        "nbf": now - 60,
        "exp": now + 60,
    }
    return {name: value for name, value in (data | changed).items() if value is not None}


def signed(data: dict[str, Any] | None = None, key: Any = TOKEN_KEY, algorithm: str = "ES256", **head: Any) -> str:
    return jwt.encode(data or claims(), key, algorithm=algorithm, headers={"kid": "test-1"} | head)


@pytest.fixture
def with_rsa_key(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    keys = json.loads(settings().jwks)["keys"]
    keys.append(json.loads(RSAAlgorithm.to_jwk(RSA_KEY.public_key())) | {"kid": "rsa-1"})
    keys.append({"kty": "OKP", "crv": "Ed25519", "kid": "ed-1", "x": "AA"})
    keys.append(json.loads(ECAlgorithm.to_jwk(OTHER_KEY.public_key())))
    monkeypatch.setattr(tokens, "settings", lambda: settings()._replace(jwks=json.dumps({"keys": keys})))
    tokens._keys.cache_clear()
    yield
    tokens._keys.cache_clear()


@pytest.fixture
def standing(monkeypatch: pytest.MonkeyPatch) -> int:
    """The second at which the wall's clock stands."""
    now = int(time.time())
    monkeypatch.setattr(time, "time", lambda: now)
    return now


def test_a_good_token_says_who_calls() -> None:
    expires = int(time.time()) + 60
    begins = expires - 180
    assert tokens.read(signed(claims(exp=expires, nbf=begins))) == (MEMBER, "member", (), begins - 60, expires)
    officer = claims(role="officer", sub="officer-1", duties=["claims", "risk"], exp=expires)
    assert tokens.read(signed(officer))[:3] == ("officer-1", "officer", ("claims", "risk"))


def test_duties_are_an_officers_only() -> None:
    assert tokens.read(signed(claims(duties=["admin"]))).duties == ()


def test_the_audience_may_be_one_of_several() -> None:
    assert tokens.read(signed(claims(aud=["other", settings().audience])))[0] == MEMBER


def test_rs256_works_and_keys_of_other_kinds_are_passed_over(with_rsa_key: None) -> None:
    assert tokens.read(signed(key=RSA_KEY, algorithm="RS256", kid="rsa-1"))[0] == MEMBER
    assert tokens.read(signed())[0] == MEMBER


def test_one_key_does_not_answer_for_anothers_algorithm(with_rsa_key: None) -> None:
    with pytest.raises(tokens.BadToken):
        tokens.read(signed(key=RSA_KEY, algorithm="RS256", kid="test-1"))
    with pytest.raises(tokens.BadToken):
        tokens.read(signed(key=RSA_KEY, algorithm="RS512", kid="rsa-1"))


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://elsewhere.invalid"},
        {"aud": "another"},
        {"aud": None},
        {"exp": None},
        {"exp": int(time.time()) - 60},
        {"exp": int(time.time()) - 1},
        {"exp": float("inf")},
        {"exp": 10**400},
        {"exp": 1e300},
        {"exp": "2099-01-01"},
        {"exp": True},
        {"nbf": float("nan")},
        {"nbf": -(10**400)},
        {"iat": "2026-01-01"},
        {"sub": ""},
        {"sub": "x" * 101},
        {"sub": "mém"},
        {"role": "king"},
        {"role": None},
        {"role": "officer", "duties": ["all"]},
        {"role": "officer", "duties": "admin"},
    ],
)
def test_claims_that_are_not_for_us_prove_nobody(changed: dict[str, Any]) -> None:
    with pytest.raises(tokens.BadToken):
        tokens.read(signed(claims(**changed)))


@pytest.mark.parametrize("claim", ["nbf", "iat"])
@pytest.mark.parametrize(
    ("ahead", "is_good"), [(None, True), (0, True), (10, True), (60, True), (61, False), (3600, False)]
)
def test_a_token_may_begin_a_minute_ahead_of_our_clock_or_say_nothing_of_it(
    standing: int, claim: str, ahead: int | None, is_good: bool
) -> None:
    told = claims(**{claim: None if ahead is None else standing + ahead})
    assert _is_good(told)  # a refusal would be kept beyond the moment at which the token begins
    assert (tokens.read(signed(told)).since <= standing) == is_good


@pytest.mark.parametrize(
    ("left", "leeway", "is_good"),
    [(1, 0, True), (0.5, 0, False), (0, 0, False), (-1, 0, False), (-29, 30, True), (-30, 30, False)],
)
def test_a_token_ends_with_its_exp_and_the_leeway_of_the_stage(
    standing: int, monkeypatch: pytest.MonkeyPatch, left: float, leeway: int, is_good: bool
) -> None:
    stage = settings()._replace(expiry_leeway=leeway)
    monkeypatch.setattr(tokens, "settings", lambda: stage)
    assert _is_good(claims(exp=standing + left)) == is_good


def test_what_claims_are_called_and_whom_they_are_for_is_the_stages_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = settings()._replace(
        sub_claim="https://marketplace.invalid/member",
        role_claim="https://marketplace.invalid/role",
        duties_claim="groups",
        audience="https://api.marketplace.invalid",
        token_leeway=0,
    )
    monkeypatch.setattr(tokens, "settings", lambda: stage)
    told = claims(aud=stage.audience, sub="auth0|77", role=None) | {
        stage.sub_claim: "officer-1",
        stage.role_claim: "officer",
        stage.duties_claim: ["claims"],
    }
    assert tokens.read(signed(told))[:3] == ("officer-1", "officer", ("claims",))
    for missing in (stage.sub_claim, stage.role_claim):
        assert not _is_good({name: value for name, value in told.items() if name != missing})
    assert not _is_good(told | {"aud": settings().audience})


@pytest.mark.parametrize(
    ("name", "left", "status"),
    [
        ("until", 1, 200),
        ("until", 0, 401),
        ("until", -30, 401),
        ("since", -30, 200),
        ("since", 0, 200),
        ("since", 1, 401),
        ("since", 3600, 401),
    ],
)
def test_an_answer_of_the_authorizer_that_is_kept_longer_than_the_token_lives_lets_nobody_in(
    aws: None, monkeypatch: pytest.MonkeyPatch, name: str, left: int, status: int
) -> None:
    """API Gateway keeps it for a minute: the endpoint looks at the token's beginning and end again."""
    monkeypatch.setattr(clock, "real", lambda: START)
    event = rest_event("GET", "/v1/members", sub="officer-1", role="officer", duties="admin")
    event["requestContext"]["authorizer"][name] = str(int(START.timestamp()) + left)
    told = app.app(event, None)
    assert told["statusCode"] == status, told
    assert (told["headers"].get("WWW-Authenticate") == "Bearer") == (status == 401)


def _is_good(data: dict[str, Any]) -> bool:
    try:
        tokens.read(signed(data))
    except tokens.BadToken:
        return False
    return True


def test_a_forged_or_altered_token_proves_nobody() -> None:
    header, body, signature = signed().split(".")
    other = base64.urlsafe_b64encode(json.dumps(claims(role="officer")).encode()).decode().rstrip("=")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","kid":"test-1"}').decode().rstrip("=")
    symmetric = jwt.encode(
        claims(), "a shared secret of thirty-two bytes", algorithm="HS256", headers={"kid": "test-1"}
    )
    for forged in (
        f"{header}.{other}.{signature}",
        f"{header}.{body}.",
        f"{header}.{body}.{signature[:-4]}",
        f"{header}.{body}.{'A' * 86}",
        f"{unsigned}.{body}.",
        symmetric,
        signed(key=OTHER_KEY),
        signed(kid="unknown"),
        signed(crit=["b64"], b64=True),
        "",
        "a.b",
        "a.b.c.d",
        "é.é.é",
        f"{header}.{body}.{signature}" + "A" * 9000,
        f"{base64.urlsafe_b64encode(b'[]').decode()}.{body}.{signature}",
    ):
        with pytest.raises(tokens.BadToken):
            tokens.read(forged)

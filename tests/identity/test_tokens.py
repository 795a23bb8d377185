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

from chalicelib.identity import tokens
from chalicelib.shared.settings import settings
from tests.conftest import TOKEN_KEY

MEMBER = "mem_00000000000000000000000001"
RSA_KEY = rsa.generate_private_key(65537, 2048)
OTHER_KEY = ec.generate_private_key(ec.SECP256R1())


def claims(**changed: Any) -> dict[str, Any]:
    now = int(time.time())
    told = {
        "iss": settings().issuer,
        "aud": settings().audience,
        "sub": MEMBER,
        "role": "member",
        "nbf": now - 60,
        "exp": now + 60,
    }
    return {name: value for name, value in (told | changed).items() if value is not None}


def signed(told: dict[str, Any] | None = None, key: Any = TOKEN_KEY, algorithm: str = "ES256", **head: Any) -> str:
    return jwt.encode(told or claims(), key, algorithm=algorithm, headers={"kid": "test-1"} | head)


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


def test_a_good_token_says_who_calls() -> None:
    assert tokens.read(signed()) == (MEMBER, "member", ())
    officer = claims(role="officer", sub="officer-1", duties=["claims", "risk"])
    assert tokens.read(signed(officer)) == ("officer-1", "officer", ("claims", "risk"))


def test_duties_are_an_officers_only() -> None:
    assert tokens.read(signed(claims(duties=["admin"]))) == (MEMBER, "member", ())


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
        {"nbf": None},
        {"exp": int(time.time()) - 60},
        {"exp": "2099-01-01"},
        {"exp": True},
        {"nbf": int(time.time()) + 3600},
        {"iat": int(time.time()) + 3600},
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


def test_a_forged_or_altered_token_proves_nobody() -> None:
    head, body, signature = signed().split(".")
    other = base64.urlsafe_b64encode(json.dumps(claims(role="officer")).encode()).decode().rstrip("=")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","kid":"test-1"}').decode().rstrip("=")
    symmetric = jwt.encode(
        claims(), "a shared secret of thirty-two bytes", algorithm="HS256", headers={"kid": "test-1"}
    )
    for forged in (
        f"{head}.{other}.{signature}",
        f"{head}.{body}.",
        f"{head}.{body}.{signature[:-4]}",
        f"{head}.{body}.{'A' * 86}",
        f"{unsigned}.{body}.",
        symmetric,
        signed(key=OTHER_KEY),
        signed(kid="unknown"),
        signed(crit=["b64"], b64=True),
        "",
        "a.b",
        "a.b.c.d",
        "é.é.é",
        f"{head}.{body}.{signature}" + "A" * 9000,
        f"{base64.urlsafe_b64encode(b'[]').decode()}.{body}.{signature}",
    ):
        with pytest.raises(tokens.BadToken):
            tokens.read(forged)

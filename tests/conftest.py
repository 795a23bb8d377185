"""The world tests run in: environment first, then moto, then the application. No network, no account, no wall clock."""

from __future__ import annotations

import base64
import json
import os
import random

import hypothesis
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from tests.size import IS_FULL, at_size

TOKEN_KEY = ec.generate_private_key(ec.SECP256R1())
BADGE_KEY = ec.generate_private_key(ec.SECP256R1())
_public = json.loads(ECAlgorithm.to_jwk(TOKEN_KEY.public_key())) | {"kid": "test-1", "alg": "ES256", "use": "sig"}

os.environ.update(
    AWS_DEFAULT_REGION="us-east-1",
    AWS_ACCESS_KEY_ID="test",
    AWS_SECRET_ACCESS_KEY="test",
    AWS_EC2_METADATA_DISABLED="true",
    POWERTOOLS_METRICS_DISABLED="true",
    SURETY_STAGE="test",
    SURETY_SANDBOX="true",
    SURETY_STORE_SECONDS="10",  # a real engine beside a busy suite may take its time
    SURETY_JWKS=json.dumps({"keys": [_public]}),
)
for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_PROFILE"):
    os.environ.pop(name, None)


def pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


PARAMETERS = {
    "cursor-key": "cursor-key-of-the-tests",
    "marks-key": "marks-key-of-the-tests",
    "persons-key": base64.b64encode(bytes(range(32))).decode(),
    "sandbox-token-key": json.dumps({"kid": "test-1", "pem": pem(TOKEN_KEY)}),
    "badge-key": json.dumps({"kid": "badge-1", "pem": pem(BADGE_KEY), "retired": []}),
    "banks/boc": json.dumps(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]),
    "banks/ccb": json.dumps(["whsec_a2V5IG9mIGNjYiBmb3IgdGVzdHMsIDI0IGJ5dGVz"]),
    **{
        f"banks/{bank_id}": json.dumps(
            [f"whsec_{base64.b64encode(f'a key of {bank_id} for the tests'.encode()).decode()}"]
        )
        for bank_id in ("bosc", "cib", "pingan")
    },
    "banks/alipay": json.dumps(["whsec_YSBrZXkgb2YgYWxpcGF5IGZvciB0ZXN0cywgb25seSE="]),
    "banks/unionpay": json.dumps(["whsec_YSBrZXkgb2YgdW5pb25wYXkgZm9yIHRoZSB0ZXN0cyE="]),
    "banks/cmb": json.dumps(
        ["whsec_bmV3ZXIga2V5IG9mIGNtYiwgMjQgYnl0ZXM=", "whsec_b2xkZXIga2V5IG9mIGNtYiwgMjQgYnl0ZXM="]
    ),
}


# No deadline and no check of health by the clock: a busy machine is no fault. The same examples each time, so that a change is what makes a
# run fail; twice as many, and anew, at full size.
hypothesis.settings.register_profile(
    "surety",
    deadline=None,
    max_examples=at_size(100, 50),
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize=not IS_FULL,
    database=None,
)
hypothesis.settings.load_profile("surety")


def pytest_configure(config: pytest.Config) -> None:
    """The documentation is served from its sources, as `make run` does."""
    from chalicelib.documentation import service as documentation
    from infra.site.site import Site

    documentation.made_by(Site())


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", type=int, help="files, and the tests of each, in the random order of this number")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where no seed gives another order, what takes longest begins first: else one core waits for it at the end."""
    if (seed := config.getoption("--seed")) is not None:
        chance = random.Random(seed)
        places = {name: chance.random() for name in dict.fromkeys(item.path for item in items)}
        chance.shuffle(items)
        items.sort(key=lambda item: places[item.path])
    else:
        items.sort(key=lambda item: item.get_closest_marker("slow") is None)


pytest_plugins = [
    "tests.costs",
    "tests.reports",
    "tests.provoked",
    "tests.events",
    "tests.world",
    "tests.sampled",
    "tests.trade",
    "tests.dispute",
    "tests.listings.selling",
    "tests.credit.borrowing",
    "tests.credit.applying",
    "tests.groups.signing",
]

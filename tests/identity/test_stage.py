"""What a stage says of its tokens can be said when it is deployed, and is what the code assumes where nothing is said."""

from __future__ import annotations

from typing import Any, Final

import pytest

from chalicelib.shared.settings import Settings
from infra import templates
from infra.local.gateway import MERGE

OF_TOKENS: Final = (
    "jwks",
    "issuer",
    "audience",
    "sub_claim",
    "role_claim",
    "duties_claim",
    "token_leeway",
    "expiry_leeway",
)
ASKED_FOR: Final = ("jwks", "issuer")
TEMPLATE: Final[dict[str, Any]] = templates.read(MERGE)


@pytest.mark.parametrize("setting", OF_TOKENS)
def test_a_setting_of_tokens_is_a_parameter_of_the_deployment_with_the_same_default(setting: str) -> None:
    told = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"][f"SURETY_{setting.upper()}"]
    parameter = TEMPLATE["Parameters"][told["Ref"]]
    assert parameter.get("Default") == (None if setting in ASKED_FOR else Settings._field_defaults[setting])

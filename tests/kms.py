"""A stage whose persons' key is in KMS, as deployed ones are, instead of in a parameter."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.shared.aws import client
from chalicelib.shared.settings import settings
from tests.stage import read_settings

ALIAS = f"alias/{settings().name('persons')}"


@pytest.fixture
def kms(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    keys = client("kms")
    keys.create_alias(AliasName=ALIAS, TargetKeyId=keys.create_key()["KeyMetadata"]["KeyId"])
    monkeypatch.setenv("SURETY_PERSONS_KEY", ALIAS)
    read_settings()
    yield
    keys.delete_alias(AliasName=ALIAS)
    monkeypatch.undo()
    read_settings()

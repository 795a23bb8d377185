"""Clients of the services beside DynamoDB, made when first used: S3, SQS, the parameter store, streams.

boto3 is imported with the first of them: a request that needs only tables starts without it (DynamoDB is spoken to through
PynamoDB, `shared/tables.py`). `AWS_ENDPOINT_URL` and its per-service forms, the SDK's own variables, point them at another engine.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from chalicelib.shared.settings import settings

CONNECT_SECONDS: Final = 0.5
NO_RETRIES: Final[Any] = {"total_max_attempts": 1, "mode": "standard"}
"""The SDK's own are off: `shared/retries.py` decides."""


@lru_cache(maxsize=8)
def client(service: str, endpoint: str = "") -> Any:
    """The one client of a service, or the one for another address of it."""
    import boto3
    from botocore.config import Config

    from chalicelib.shared import retries

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=settings().store_seconds,
        retries=NO_RETRIES,
        s3={"addressing_style": "path"},
        signature_version="s3v4" if service == "s3" else None,
    )
    session: Any = boto3.Session()
    created = session.client(service, config=config, endpoint_url=endpoint or None)
    retries.govern(created.meta.events)
    return created

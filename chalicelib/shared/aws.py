"""Clients of the services beside DynamoDB, made when first used: S3, SQS, the parameter store.

`AWS_ENDPOINT_URL` and its per-service forms, botocore's own variables, point them at another engine.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=8)
def client(service: str, endpoint: str = "") -> Any:
    """The one client of a service, or the one for another address of it."""
    import botocore.config
    import botocore.session

    style: Any = {"addressing_style": "path"} if service == "s3" else None
    config = botocore.config.Config(
        connect_timeout=1,
        read_timeout=10,
        retries={"total_max_attempts": 3, "mode": "standard"},
        s3=style,
        signature_version="s3v4" if service == "s3" else None,
    )
    return botocore.session.get_session().create_client(service, config=config, endpoint_url=endpoint or None)

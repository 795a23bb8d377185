"""Clients of the services beside DynamoDB, made when first used: S3, SQS, the parameter store.

`AWS_ENDPOINT_URL` and its per-service forms, botocore's own variables, point them at another engine.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from chalicelib.shared.settings import settings

CONNECT_SECONDS: Final = 0.5
NO_RETRIES: Final[Any] = {"total_max_attempts": 1, "mode": "standard"}
"""botocore's own are off: `shared/retries.py` decides."""


@lru_cache(maxsize=8)
def client(service: str, endpoint: str = "") -> Any:
    """The one client of a service, or the one for another address of it."""
    import botocore.config
    import botocore.session

    from chalicelib.shared import retries

    style: Any = {"addressing_style": "path"} if service == "s3" else None
    config = botocore.config.Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=settings().store_seconds,
        retries=NO_RETRIES,
        s3=style,
        signature_version="s3v4" if service == "s3" else None,
    )
    made = botocore.session.get_session().create_client(service, config=config, endpoint_url=endpoint or None)
    retries.govern(made.meta.events)
    return made

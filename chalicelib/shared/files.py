"""The bucket of files: what is too large for an answer is put here, and fetched through a link that soon expires."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec

from chalicelib.shared import aws, clock
from chalicelib.shared.settings import settings

LINK_LASTS: Final = timedelta(minutes=15)


class Link(msgspec.Struct, frozen=True):
    """A file to download: whoever holds the address may, until it expires."""

    name: str
    url: str
    expires_at: datetime


def bucket() -> str:
    return f"{settings().name('files')}-{settings().account}"


def put(key: str, content: bytes, media: str) -> None:
    """Keep a file. The same key again replaces it."""
    aws.client("s3").put_object(Bucket=bucket(), Key=key, Body=content, ContentType=media)


def link(key: str) -> Link:
    """A presigned address of a file, made without asking anybody; it is downloaded under the last part of its key."""
    name = key.rpartition("/")[2]
    signer = aws.client("s3", settings().uploads_url)
    url = signer.generate_presigned_url(
        "get_object",
        Params={"Bucket": bucket(), "Key": key, "ResponseContentDisposition": f'attachment; filename="{name}"'},
        ExpiresIn=int(LINK_LASTS.total_seconds()),
    )
    return Link(name, url, clock.real() + LINK_LASTS)

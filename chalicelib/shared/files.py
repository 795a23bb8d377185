"""The bucket of files: what is too large for an answer is put here, and fetched through a link that soon expires."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Final

import msgspec

from chalicelib.shared import aws, clock
from chalicelib.shared.settings import settings

READ_AT_ONCE: Final = 1 << 20
LINK_LASTS: Final = timedelta(minutes=15)


class Link(msgspec.Struct, frozen=True):
    """A file to download: whoever holds the address may, until it expires."""

    name: str
    url: str
    expires_at: datetime


class UploadForm(msgspec.Struct, frozen=True):
    """What a client sends as multipart/form-data to `url`: these fields first, then the file in a field called `file`."""

    url: str
    fields: dict[str, str]
    most_bytes: int


class FileReplaced(Exception):
    """The upload that was told of is not there any more: another took its place, or it was deleted."""


def bucket() -> str:
    return f"{settings().name('files')}-{settings().account}"


def put(key: str, content: bytes, media: str) -> None:
    """Keep a file. The same key again replaces it."""
    aws.client("s3").put_object(Bucket=bucket(), Key=key, Body=content, ContentType=media)


def read(key: str) -> bytes:
    content: bytes = aws.client("s3").get_object(Bucket=bucket(), Key=key)["Body"].read()
    return content


def keys(prefix: str) -> list[str]:
    """The keys of all files whose keys begin so, in alphabetical order."""
    pages = aws.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket(), Prefix=prefix)
    return [told["Key"] for page in pages for told in page.get("Contents", [])]


def stream(key: str, etag: str, version: str = "") -> io.BufferedReader:
    """A file read as it arrives, in little memory: that very upload of it, or FileReplaced."""
    client = aws.client("s3")
    which = {"VersionId": version} if version else {}
    try:
        told = client.get_object(Bucket=bucket(), Key=key, IfMatch=f'"{etag}"', **which)
    except client.exceptions.ClientError as failure:
        if failure.response["Error"]["Code"] in ("PreconditionFailed", "NoSuchKey", "NoSuchVersion", "404", "412"):
            raise FileReplaced(key) from failure
        raise
    return io.BufferedReader(told["Body"], buffer_size=READ_AT_ONCE)


def upload_form(key: str, media: str, *, most_bytes: int, lasts: timedelta) -> UploadForm:
    """A presigned POST for exactly this key, media type and at most so many bytes, made without asking anybody."""
    told = aws.client("s3", settings().uploads_url).generate_presigned_post(
        bucket(),
        key,
        Fields={"Content-Type": media},
        Conditions=[{"Content-Type": media}, ["content-length-range", 0, most_bytes]],
        ExpiresIn=int(lasts.total_seconds()),
    )
    return UploadForm(told["url"], told["fields"], most_bytes)


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

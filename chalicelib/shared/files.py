"""The bucket of files: what is too large for an answer is put here, and fetched through a link that soon expires."""

from __future__ import annotations

import hashlib
import io
import re
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from typing import Any, Final, cast

import msgspec

from chalicelib.shared import aws, clock
from chalicelib.shared.documents import Seen
from chalicelib.shared.settings import settings

_GONE: Final = frozenset({"PreconditionFailed", "NoSuchKey", "NoSuchVersion", "404", "412", "400"})
"""How the bucket says that it has no such upload; to a HEAD it answers with the status alone, 400 where it cannot be a version's name."""
READ_AT_ONCE: Final = 1 << 20
LINK_LASTS: Final = timedelta(minutes=15)


class Link(msgspec.Struct, frozen=True):
    """A file to download: whoever holds the address may, until it expires."""

    name: str
    url: str
    expires_at: datetime
    sha256: str | None = None
    """Of what was handed in, for evidence: what is downloaded has it too."""


class UploadForm(msgspec.Struct, frozen=True):
    """What a client sends as multipart/form-data to `url`: these fields first, then the file in a field called `file`."""

    url: str
    fields: dict[str, str]
    most_bytes: int


class Arrived(msgspec.Struct, frozen=True):
    """What the bucket tells of a file that was put into it: its key, and which upload of it this is."""

    key: str
    size_bytes: int
    etag: str
    object_version: str = ""


class FileReplaced(Exception):
    """The upload that was told of is not there any more: another took its place, or it was deleted."""


class KeepsNoVersions(AssertionError):
    """A fault of the stage: its bucket keeps one version of a file, and what was handed in could be replaced."""


def bucket() -> str:
    return f"{settings().name('files')}-{settings().account}"


def put(key: str, content: bytes, media: str) -> None:
    """Keep a file. The same key again replaces it."""
    aws.client("s3").put_object(Bucket=bucket(), Key=key, Body=content, ContentType=media)


def read(key: str) -> bytes:
    content: bytes = aws.client("s3").get_object(Bucket=bucket(), Key=key)["Body"].read()
    return content


def destroy(key: str) -> None:
    """Remove every version of a file. Once or many times."""
    client = aws.client("s3")
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket(), Prefix=key):
        for version in (*page.get("Versions", []), *page.get("DeleteMarkers", [])):
            if version["Key"] == key:
                client.delete_object(Bucket=bucket(), Key=key, VersionId=version["VersionId"])


def keys(prefix: str) -> list[str]:
    """The keys of all files whose keys begin so, in alphabetical order."""
    pages = aws.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket(), Prefix=prefix)
    return [listed["Key"] for page in pages for listed in page.get("Contents", [])]


def stream(key: str, etag: str, version: str = "") -> io.BufferedReader:
    """A file read as it arrives, in little memory: that very upload of it, or FileReplaced."""
    client = aws.client("s3")
    which = {"VersionId": version} if version else {}
    try:
        response = client.get_object(Bucket=bucket(), Key=key, IfMatch=f'"{etag}"', **which)
    except client.exceptions.ClientError as failure:
        raise _replaced(failure, key) from failure
    return io.BufferedReader(response["Body"], buffer_size=READ_AT_ONCE)


def upload_form(
    key: str, media: str, *, most_bytes: int, lasts: timedelta, least_bytes: int = 0, sha256: str = ""
) -> UploadForm:
    """A presigned POST for exactly this key, media type, size and, where it is known, contents, made without asking anybody."""
    fields = {"Content-Type": media}
    if sha256:
        fields |= {"x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-sha256": _base64(sha256)}
    form = aws.client("s3", settings().uploads_url).generate_presigned_post(
        bucket(),
        key,
        Fields=fields,
        Conditions=[
            *({name: value} for name, value in fields.items()),
            ["content-length-range", least_bytes, most_bytes],
        ],
        ExpiresIn=int(lasts.total_seconds()),
    )
    return UploadForm(form["url"], form["fields"], most_bytes)


def seen(arrived: Arrived) -> Seen:
    """What that upload is. The bucket has computed its SHA-256 as it came; one that keeps none has its file read here.

    FileReplaced where that upload is not there.
    """
    client, which = aws.client("s3"), {"VersionId": arrived.object_version} if arrived.object_version else {}
    try:
        response = client.head_object(Bucket=bucket(), Key=arrived.key, ChecksumMode="ENABLED", **which)
    except client.exceptions.ClientError as failure:
        raise _replaced(failure, arrived.key) from failure
    version = response.get("VersionId", "null")
    if version == "null":
        raise KeepsNoVersions(bucket())
    kept = response.get("ChecksumSHA256")
    sha256 = b64decode(kept).hex() if kept else _hashed(stream(arrived.key, response["ETag"].strip('"'), version))
    return Seen(response["ContentLength"], response["ContentType"], sha256, version)


def _replaced(failure: Any, key: str) -> Exception:
    """What a failure of the bucket means where one certain upload was asked for."""
    return FileReplaced(key) if failure.response["Error"]["Code"] in _GONE else cast(Exception, failure)


def _base64(sha256: str) -> str:
    return b64encode(bytes.fromhex(sha256)).decode()


def _hashed(content: io.BufferedReader) -> str:
    digest = hashlib.sha256()
    while part := content.read(READ_AT_ONCE):
        digest.update(part)
    return digest.hexdigest()


def link(key: str, name: str = "", *, version: str = "", sha256: str | None = None) -> Link:
    """A presigned address of a file, made without asking anybody; it is downloaded under `name`, or the last part of its key.

    With a `version` it is the address of those very bytes, whatever is put under the key later.
    """
    name = re.sub(r"[^\w. ()-]", "_", name, flags=re.ASCII) or key.rpartition("/")[2]
    signer = aws.client("s3", settings().uploads_url)
    url = signer.generate_presigned_url(
        "get_object",
        Params={
            "Bucket": bucket(),
            "Key": key,
            "ResponseContentDisposition": f'attachment; filename="{name}"',
            **({"VersionId": version} if version else {}),
        },
        ExpiresIn=int(LINK_LASTS.total_seconds()),
    )
    return Link(name, url, clock.real() + LINK_LASTS, sha256)

"""Presigned upload forms, held to what they say as S3 holds them to it: moto takes any form, and whatever file comes with it.

    answer = enforcing(moto, lambda: secret)      a WSGI application before moto

A form that is in order becomes a PUT of its file, with the type and the checksum it states: so the bucket keeps the checksum, as S3 does.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import IO, Any, Final
from urllib.parse import quote
from xml.sax.saxutils import escape

from werkzeug.formparser import parse_form_data

Wsgi = Callable[..., Iterable[bytes]]
NOT_IN_POLICY: Final = frozenset({"policy", "x-amz-signature", "file"})
"""Fields that need no condition."""
PART: Final = 1 << 20


class FormRefused(Exception):
    """What S3 answers to a form it does not take."""

    def __init__(self, status: str, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


def enforcing(served: Wsgi, secret: Callable[[], str], now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Wsgi:
    """`served`, with forms looked at first."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not _is_form(environ):
            return served(environ, start_response)
        _, form, files = parse_form_data(environ)
        try:
            return _judged(environ, {name.lower(): value for name, value in form.items()}, files, start_response)
        except FormRefused as error:
            return _refuse(error, start_response)
        finally:
            for file in files.values():
                file.close()

    def _judged(
        environ: dict[str, Any], fields: Mapping[str, str], files: Mapping[str, Any], start_response: Any
    ) -> Iterable[bytes]:
        if "file" not in files:
            raise FormRefused(
                "400 Bad Request", "InvalidArgument", "POST requires exactly one file upload per request."
            )
        file = files["file"].stream
        size, digest = measured(file)
        judge(environ["PATH_INFO"].strip("/"), fields, size, digest, now(), secret())
        return list(served(_as_put(environ, fields, file, size), _without_content(start_response)))

    return answer


def judge(bucket: str, fields: Mapping[str, str], size: int, digest: bytes, now: datetime, secret: str) -> None:
    """FormRefused where S3 would not take a file of that size and SHA-256 with these fields."""
    policy = _signed_policy(fields, secret)
    if now >= datetime.fromisoformat(policy["expiration"]):
        raise _denied("Invalid according to Policy: Policy expired.")
    given = {**fields, "bucket": bucket}
    named = {"bucket"} | {name for condition in policy["conditions"] if (name := _judge_one(condition, given, size))}
    for name in given.keys() - named - NOT_IN_POLICY:
        if not name.startswith("x-ignore-"):
            raise _denied(f"Invalid according to Policy: Extra input fields: {name}")
    stated = fields.get("x-amz-checksum-sha256")
    if stated is not None and stated != base64.b64encode(digest).decode():
        raise FormRefused(
            "400 Bad Request", "BadDigest", "The SHA256 you specified did not match the calculated checksum."
        )


def measured(file: IO[bytes]) -> tuple[int, bytes]:
    """Size and SHA-256 of a file, which stands at its beginning again."""
    size, digest = 0, hashlib.sha256()
    while part := file.read(PART):
        size += len(part)
        digest.update(part)
    file.seek(0)
    return size, digest.digest()


def _signed_policy(fields: Mapping[str, str], secret: str) -> dict[str, Any]:
    try:
        sealed, signature = fields["policy"], fields["x-amz-signature"]
        _, day, region, service, end = fields["x-amz-credential"].rsplit("/", 4)
    except (KeyError, ValueError):
        raise _denied("Access Denied") from None
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, end, sealed):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(key.hex(), signature):
        raise FormRefused(
            "403 Forbidden",
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature.",
        )
    policy: dict[str, Any] = json.loads(base64.b64decode(sealed))
    return policy


def _judge_one(condition: Any, given: Mapping[str, str], size: int) -> str:
    """The field that a condition is about. FormRefused where it does not hold."""
    if isinstance(condition, dict):
        ((field, value),) = condition.items()
        condition = ["eq", f"${field}", value]
    kind, first, second = condition
    if kind == "content-length-range":
        if size > int(second):
            raise FormRefused(
                "400 Bad Request", "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"
            )
        if size < int(first):
            raise FormRefused(
                "400 Bad Request", "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size"
            )
        return ""
    name: str = first.removeprefix("$").lower()
    sent = given.get(name, "")
    if not (sent == second if kind == "eq" else kind == "starts-with" and sent.startswith(second)):
        raise _denied(f"Invalid according to Policy: Policy Condition failed: {json.dumps(condition)}")
    return name


def _denied(message: str) -> FormRefused:
    return FormRefused("403 Forbidden", "AccessDenied", message)


def _is_form(environ: Mapping[str, Any]) -> bool:
    return (
        environ["REQUEST_METHOD"] == "POST"
        and environ.get("CONTENT_TYPE", "").startswith("multipart/form-data")
        and "/" not in environ["PATH_INFO"].strip("/")
    )


def _as_put(environ: dict[str, Any], fields: Mapping[str, str], file: IO[bytes], size: int) -> dict[str, Any]:
    path = f"{environ['SCRIPT_NAME']}/{environ['PATH_INFO'].strip('/')}/{fields['key']}"
    put = (
        environ
        | {
            "REQUEST_METHOD": "PUT",
            "PATH_INFO": path,
            "RAW_URI": quote(path),  # moto finds the object by this one
            "REQUEST_URI": quote(path),
            "QUERY_STRING": "",
            "CONTENT_TYPE": fields.get("content-type", "binary/octet-stream"),
            "CONTENT_LENGTH": str(size),
            "wsgi.input": file,
            "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential={fields['x-amz-credential']}",  # moto asks only whether there is one
        }
    )
    put.pop("werkzeug.request", None)
    if "x-amz-checksum-sha256" in fields:
        put["HTTP_X_AMZ_CHECKSUM_SHA256"] = fields["x-amz-checksum-sha256"]
        put["HTTP_X_AMZ_SDK_CHECKSUM_ALGORITHM"] = "SHA256"
    return put


def _without_content(start_response: Any) -> Any:
    """S3 answers 204 to a form, and 200 to a PUT."""

    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        kept = [(name, value) for name, value in headers if name.lower() not in ("content-length", "content-type")]
        return start_response("204 No Content" if status.startswith("200") else status, kept, *more)

    return start


def _refuse(refused: FormRefused, start_response: Any) -> Iterable[bytes]:
    document = f"<Error><Code>{refused.code}</Code><Message>{escape(str(refused))}</Message></Error>"
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n{document}'.encode()
    headers = [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))]
    start_response(refused.status, [*headers, ("Access-Control-Allow-Origin", "*")])
    return [body]

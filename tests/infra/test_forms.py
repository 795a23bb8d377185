"""The bucket of one machine takes a form as S3 does: exactly the file it was made for, as long as it lasts."""

from __future__ import annotations

import hashlib
import io
import json
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import boto3
import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import Client, TestResponse

from chalicelib.shared import files
from chalicelib.shared.aws import client
from chalicelib.shared.files import UploadForm
from chalicelib.shared.settings import settings
from infra.local import forms, resources
from infra.local.client import Refused, upload
from infra.local.forms import enforcing
from infra.local.services import OtherServices
from tests.machine import forget_machine

SECRET: Final = "test"
PROOF: Final = b"proof"
LASTS: Final = timedelta(hours=1)
KEY: Final = "uploads/evidence/clm_1/evd_1"


class Bucket:
    """What came through."""

    def __init__(self) -> None:
        self.put: list[tuple[str, str, str, str | None, bytes]] = []
        self.seen: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.seen.append(environ["REQUEST_METHOD"])
        if environ["REQUEST_METHOD"] == "PUT":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            told = environ["PATH_INFO"], environ["CONTENT_TYPE"], environ["QUERY_STRING"]
            self.put.append((*told, environ.get("HTTP_X_AMZ_CHECKSUM_SHA256"), body))
        start_response("200 OK", [("ETag", '"e"'), ("Content-Length", "0")])
        return []


@pytest.fixture(autouse=True)
def signed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Clients that sign with SECRET, whatever those of other tests sign with."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    client.cache_clear()
    yield
    client.cache_clear()


def evidence() -> UploadForm:
    """As claims make it: key, type, size and sum are fixed."""
    sha256, size = hashlib.sha256(PROOF).hexdigest(), len(PROOF)
    return files.upload_form(KEY, "image/png", least_bytes=size, most_bytes=size, lasts=LASTS, sha256=sha256)


def history() -> UploadForm:
    """As imports make it: any file up to a size."""
    return files.upload_form("uploads/imp_1.csv", "text/csv", most_bytes=1000, lasts=LASTS)


MAKERS: Final = [evidence, history]


def send(
    form: UploadForm,
    bucket: Bucket,
    content: bytes | None = PROOF,
    *,
    after: timedelta = timedelta(),
    at: str = "",
    **changed: Any,
) -> TestResponse:
    fields: MultiDict[str, Any] = MultiDict(
        {**form.fields, **{name.replace("_", "-"): value for name, value in changed.items()}}
    )
    data = MultiDict((name, value) for name, value in fields.items() if value is not None)
    if content is not None:
        data["file"] = (io.BytesIO(content), "file")
    taken = enforcing(bucket, lambda: SECRET, lambda: datetime.now(UTC) + after)
    return Client(taken).post(at or "/" + form.url.rpartition("/")[2], data=data, content_type="multipart/form-data")


@pytest.mark.parametrize("maker", MAKERS)
def test_a_form_in_order_becomes_a_put_of_its_file(maker: Callable[[], UploadForm]) -> None:
    form, bucket = maker(), Bucket()
    assert send(form, bucket).status_code == 204
    path = f"/{files.bucket()}/{form.fields['key']}"
    assert bucket.put == [(path, form.fields["Content-Type"], "", form.fields.get("x-amz-checksum-sha256"), PROOF)]


@pytest.mark.parametrize("maker", MAKERS)
def test_no_field_of_a_form_can_be_another_or_be_left_out(maker: Callable[[], UploadForm]) -> None:
    form, bucket = maker(), Bucket()
    for name, value in form.fields.items():
        other = value[:-1] + ("0" if value[-1:] != "0" else "1")
        for changed in (other, None):
            altered: dict[str, Any] = {name.replace("-", "_"): changed}
            told = send(form, bucket, **altered)
            assert told.status_code in (400, 403), (name, changed)
    assert not bucket.seen


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"content": b"forge"}, 400, "BadDigest"),
        ({"content": b"longer than announced"}, 400, "EntityTooLarge"),
        ({"content": b""}, 400, "EntityTooSmall"),
        ({"content": None}, 400, "InvalidArgument"),
        ({"after": LASTS}, 403, "AccessDenied"),
        ({"acl": "public-read"}, 403, "AccessDenied"),
        ({"at": "/another-bucket"}, 403, "AccessDenied"),
        ({"policy": None}, 403, "AccessDenied"),
        ({"x_amz_signature": "0" * 64}, 403, "SignatureDoesNotMatch"),
    ],
)
def test_what_s3_refuses_is_refused_in_its_words(changes: dict[str, Any], status: int, code: str) -> None:
    bucket = Bucket()
    told = send(evidence(), bucket, **changes)
    assert (told.status_code, f"<Code>{code}</Code>" in told.text) == (status, True), told.text
    assert not bucket.seen


def test_a_form_may_be_sent_again_as_long_as_it_lasts() -> None:
    """S3 allows it, and so what was handed in is read by its version."""
    form, bucket = history(), Bucket()
    assert [send(form, bucket, content).status_code for content in (b"a", b"b")] == [204, 204]
    assert send(form, bucket, after=LASTS - timedelta(seconds=2)).status_code == 204


def test_a_form_of_another_kind_of_condition_is_understood() -> None:
    """`starts-with` is not used by the application, and is what forms of clients' own are often made of."""
    assert forms._judge_one(["starts-with", "$key", "uploads/"], {"key": KEY}, 1) == "key"
    with pytest.raises(forms.FormRefused):
        forms._judge_one(["starts-with", "$key", "exports/"], {"key": KEY}, 1)


def test_everything_else_goes_through_as_it_came() -> None:
    bucket = Bucket()
    web = Client(enforcing(bucket, lambda: SECRET))
    assert web.get("/b/k").status_code == 200
    assert web.post("/", data=b"x", headers={"X-Amz-Target": "AmazonSQS.SendMessage"}).status_code == 200
    assert web.post("/b?delete", data=b"<Delete/>").status_code == 200
    assert bucket.seen == ["GET", "POST", "POST"]


# --- the engine of one machine -------------------------------------------------------------------------------------


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of a running engine's bucket; forms and links lead there too."""
    services = OtherServices()
    reset = f"{services.url}/moto-api/reset"
    urllib.request.urlopen(reset, b"", timeout=10).close()
    monkeypatch.setenv("AWS_ENDPOINT_URL", services.url)
    stage = settings()._replace(uploads_url=services.url)
    monkeypatch.setattr(files, "settings", lambda: stage)
    make: Any = boto3.Session().client
    resources.create_queues(make("sqs"), stage.stage)
    resources.create_bucket(make("s3"), stage.stage)
    yield make
    urllib.request.urlopen(reset, b"", timeout=10).close()
    services.stop()
    forget_machine()


def test_a_browser_sends_a_form_and_fetches_the_version_that_arrived_whatever_came_later(running: Any) -> None:
    form = evidence()
    body = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    preflight = urllib.request.urlopen(urllib.request.Request(form.url, method="OPTIONS", headers=body), timeout=10)
    assert (preflight.status, preflight.headers["Access-Control-Allow-Origin"]) == (200, "https://shop.example")
    preflight.close()
    post(form, PROOF)
    with pytest.raises(Refused, match="BadDigest"):
        post(form, b"forge")
    kept = running("s3").head_object(Bucket=files.bucket(), Key=KEY, ChecksumMode="ENABLED")
    assert (kept["ContentType"], kept["ChecksumSHA256"]) == ("image/png", form.fields["x-amz-checksum-sha256"])
    link = files.link(KEY, version=kept["VersionId"])
    post(files.upload_form(KEY, "image/png", most_bytes=10, lasts=LASTS), b"later")
    with urllib.request.urlopen(link.url, timeout=10) as fetched:
        assert fetched.read() == PROOF
    queue = running("sqs").get_queue_url(QueueName=settings().name("uploads"))["QueueUrl"]
    messages = running("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    events = [json.loads(message["Body"]).get("Records", []) for message in messages]
    versions = {record["s3"]["object"]["versionId"] for event in events for record in event}
    assert kept["VersionId"] in versions
    assert len(versions) == 2


def post(form: UploadForm, content: bytes) -> None:
    upload({"url": form.url, "fields": form.fields}, io.BytesIO(content), len(content))


# --- the bucket as it is deployed ----------------------------------------------------------------------------------

BUCKETS: Final = list(resources.declared("AWS::S3::Bucket", "test").values())


@pytest.mark.parametrize("declared", BUCKETS, ids=lambda declared: str(declared["BucketName"]))
def test_a_bucket_keeps_every_version_of_what_is_uploaded(declared: dict[str, Any]) -> None:
    assert declared["VersioningConfiguration"] == {"Status": "Enabled"}
    for rule in declared["LifecycleConfiguration"]["Rules"]:
        assert not "uploads/".startswith(rule["Prefix"]), rule
        assert not rule["Prefix"].startswith("uploads/"), rule


@pytest.mark.parametrize("declared", BUCKETS, ids=lambda declared: str(declared["BucketName"]))
def test_a_browser_may_send_a_form_and_fetch_a_file(declared: dict[str, Any]) -> None:
    (rule,) = declared["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedOrigins"] == ["*"]
    assert {"GET", "POST"} <= set(rule["AllowedMethods"])
    assert "PUT" not in rule["AllowedMethods"]
    assert "DELETE" not in rule["AllowedMethods"]


def test_the_bucket_of_one_machine_is_the_one_that_is_deployed(aws: None) -> None:
    declared = resources.declared("AWS::S3::Bucket", "test")["Files"]
    assert client("s3").get_bucket_versioning(Bucket=files.bucket())["Status"] == "Enabled"
    (rule,) = client("s3").get_bucket_cors(Bucket=files.bucket())["CORSRules"]
    assert rule["AllowedMethods"] == declared["CorsConfiguration"]["CorsRules"][0]["AllowedMethods"]

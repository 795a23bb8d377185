"""Libraries as the package has them: what was taken out comes when it is used, and of botocore's handlers those of our services are all there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from botocore.handlers import BUILTIN_HANDLERS

from infra import lighter
from tests.infra.conftest import alone


def test_what_was_taken_out_comes_when_it_is_used(unpacked: Path) -> None:
    assert json.loads(alone(unpacked, USED).splitlines()[-1]) == {
        "dates": [2026, 2026],
        "typing": ["TypedDict", "deprecated"],
        "paths": [1, 2],
        "schemas": [{"type": "integer"}, "IntType", "None"],
        "xml": "ResponseParserError",
        "proxies": {},
        "put_off": ["configparser", "locale", "shlex", "subprocess", "tempfile"],
        "settings": {"a": {"b": "1"}},
    }


def test_a_proxy_that_the_environment_names_is_taken(unpacked: Path) -> None:
    given = {"HTTPS_PROXY": "http://proxy.test:3128", "NO_PROXY": "near.test"}
    assert json.loads(alone(unpacked, PROXIES, **given)) == [given["HTTPS_PROXY"], {}]


def test_every_handler_of_a_service_we_call_is_registered_and_no_other(unpacked: Path) -> None:
    ours = "dynamodb", "dynamodb-streams", "s3", "sqs", "ssm", "sts", "kms"
    expected = [
        event
        for event, handler, *_ in BUILTIN_HANDLERS
        if not handler.__module__.startswith("moto")
        and not event.startswith("docs.")
        and ("." not in event or event.split(".")[1] in ours)
    ]
    assert json.loads(alone(unpacked, HANDLERS)) == expected
    assert "before-parameter-build.s3.CopyObject" in expected


def test_a_client_of_every_service_can_be_made_and_reads_its_answers(unpacked: Path) -> None:
    content = json.loads(alone(unpacked, CLIENTS, SERVICES=" ".join(lighter.SERVICES_CALLED)).splitlines()[-1])
    assert content == {"clients": len(lighter.SERVICES_CALLED), "listed": ["a/b", 2026], "signed": True}


def test_a_library_that_reads_otherwise_than_it_did_does_not_get_in(tmp_path: Path) -> None:
    changed = tmp_path / "httpsession.py"
    changed.write_text("conn.ca_certs = path\n")
    with pytest.raises(lighter.Unlike, match=r"httpsession\.py.*conn\.ca_certs = get_cert_path"):
        lighter.mend(changed, *lighter.MENDED["botocore/httpsession.py"][0])


USED = """
import json
import chalicelib
import dateutil.parser, tempfile, botocore.configloader, typing_extensions, msgspec, botocore.parsers, botocore.utils
from aws_lambda_powertools.utilities import jmespath_utils
from dateutil.parser import parse
try:
    botocore.parsers.create_parser("query").parse({"body": b"<a", "headers": {}, "status_code": 200}, None)
except Exception as why:
    xml = type(why).__name__
put_off = [name for name in chalicelib.later.MODULES if isinstance(sys.modules[name], chalicelib.later.Later)]
profile = tempfile.NamedTemporaryFile("w", suffix=".ini")
profile.write("[a]\\nb = 1\\n")
profile.flush()
print(json.dumps({
    "put_off": put_off,
    "settings": botocore.configloader.raw_config_parse(profile.name),
    "dates": [parse("2026-11-29").year, dateutil.parser.isoparse("2026-11-29").year],
    "typing": [typing_extensions.TypedDict.__name__, typing_extensions.deprecated.__name__],
    "paths": jmespath_utils.query({"a": [{"b": 1}, {"b": 2}]}, "a[].b"),
    "schemas": [msgspec.json.schema(int), type(msgspec.inspect.type_info(int)).__name__, str(getattr(msgspec, "other", None))],
    "xml": xml,
    "proxies": botocore.utils.get_environ_proxies("https://dynamodb.us-east-1.amazonaws.com"),
}))
"""
PROXIES = """
import json
from botocore.utils import get_environ_proxies
print(json.dumps([get_environ_proxies("https://far.test")["https"], get_environ_proxies("https://near.test")]))
"""
HANDLERS = """
import json
from botocore.handlers import BUILTIN_HANDLERS
print(json.dumps([event for event, *_ in BUILTIN_HANDLERS]))
"""
CLIENTS = """
import json, os
from botocore.awsrequest import AWSResponse
from chalicelib.shared import aws
made = {name: aws.client(name) for name in os.environ["SERVICES"].split()}

class Body:
    def stream(self, *args, **kwargs):
        yield b"<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>a%2Fb</Key>" + (
            b"<LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents></ListBucketResult>"
        )

s3 = made["s3"]
s3.meta.events.register("before-send.s3", lambda request, **kwargs: AWSResponse(request.url, 200, {}, Body()))
found = s3.list_objects_v2(Bucket="b")["Contents"][0]
print(json.dumps({
    "clients": len(made),
    "listed": [found["Key"], found["LastModified"].year],
    "signed": "X-Amz-Signature" in s3.generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"}),
}))
"""

"""The zip as Lambda sees it: each handler found, alone, without what only a developer has; one request served."""

from __future__ import annotations

import hashlib
import json
import marshal
import zipfile
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from infra import package
from infra.local import resources
from infra.local.services import OtherServices
from tests.infra.conftest import alone

UNCHECKED_HASH = 1
DEVELOPERS_ONLY = {"boto3", "moto", "pytest", "infra", "tests", "yaml", "chalice.cli"}
NOT_IN_THE_AUTHORIZER = DEVELOPERS_ONLY | {"pynamodb", "botocore", "msgspec", "aws_lambda_powertools", "jwt", "app"}


def handlers(template: dict[str, Any]) -> dict[str, str]:
    return {
        name: told["Properties"]["Handler"]
        for name, told in template["Resources"].items()
        if told["Type"] == "AWS::Serverless::Function"
    }


def imported(unpacked: Path, handler: str) -> set[str]:
    module, _, name = handler.rpartition(".")
    told = alone(
        unpacked, f"import {module}, json; assert callable({module}.{name}); print(json.dumps(list(sys.modules)))"
    )
    return set(json.loads(told.splitlines()[-1]))


def test_every_handler_can_be_imported_alone(template: dict[str, Any], unpacked: Path) -> None:
    for handler in handlers(template).values():
        modules = imported(unpacked, handler)
        assert not modules & DEVELOPERS_ONLY, handler


def test_the_authorizer_imports_nothing_heavy(template: dict[str, Any], unpacked: Path) -> None:
    module = handlers(template)["SignedIn"].rpartition(".")[0]
    used = f"import {module}, chalicelib.identity.tokens, json; print(json.dumps(list(sys.modules)))"
    assert not set(json.loads(alone(unpacked, used))) & NOT_IN_THE_AUTHORIZER


def test_triggers_stand_in_app_py_where_their_failures_are_logged(template: dict[str, Any]) -> None:
    others = {name: handler for name, handler in handlers(template).items() if not handler.startswith("app.")}
    assert others == {"SignedIn": "chalicelib.identity.authorizer.signed_in"}


def test_one_request_is_served_from_the_zip(unpacked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    services = OtherServices()
    try:
        monkeypatch.setenv("AWS_ENDPOINT_URL", services.url)
        resources.create_tables(botocore.session.get_session().create_client("dynamodb"), "prod")
        said = alone(unpacked, ASK_FOR_HEALTH, AWS_ENDPOINT_URL=services.url, SURETY_STAGE="prod")
    finally:
        services.stop()
    answer = json.loads(said.splitlines()[-1])
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"])["status"] == "ok"


def test_bytecode_comes_with_the_code_and_names_lambdas_folder(packaged: Path, unpacked: Path) -> None:
    sources = {path.relative_to(unpacked) for path in unpacked.rglob("*.py")}
    compiled = {
        path.relative_to(unpacked).parent.parent / f"{path.name.split('.')[0]}.py" for path in unpacked.rglob("*.pyc")
    }
    assert sources == compiled
    app = next((unpacked / "__pycache__").glob("app.*.pyc")).read_bytes()
    assert int.from_bytes(app[4:8], "little") == UNCHECKED_HASH
    assert marshal.loads(app[16:]).co_filename == "/var/task/app.py"


def test_the_same_contents_make_the_same_zip(packaged: Path, unpacked: Path, tmp_path: Path) -> None:
    package.compile_all(unpacked)
    package.close(unpacked, tmp_path / "again.zip")
    assert digest(tmp_path / "again.zip") == digest(packaged / "deployment.zip")


def test_nothing_but_the_product_is_in_the_zip(packaged: Path) -> None:
    with zipfile.ZipFile(packaged / "deployment.zip") as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert not tops & {"infra", "tests", "docs", "benchmarks", ".chalice", ".local"}
    assert {"app.py", "chalicelib", "pynamodb", "botocore"} <= tops


def test_a_requirement_that_did_not_get_in_is_named(tmp_path: Path) -> None:
    (tmp_path / "msgspec-0.1.dist-info").mkdir()
    listed = tmp_path / "requirements.txt"
    listed.write_text(
        "msgspec==0.1 \\\n    --hash=sha256:0\nPy_JWT==2 ; python_version >= '3.0' \\\n    --hash=sha256:0\n"
    )
    with pytest.raises(package.NotPacked, match="py-jwt"):
        package._must_be_whole(tmp_path, listed)


def test_only_services_that_are_called_are_described(unpacked: Path) -> None:
    data = unpacked / "botocore" / "data"
    assert {folder.name for folder in data.iterdir() if folder.is_dir()} == package.SERVICES_CALLED
    assert not list(data.rglob("*.gz"))


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


ASK_FOR_HEALTH = """
import json, app
told = app.app({
    "requestContext": {"resourcePath": "/v1/health", "httpMethod": "GET", "path": "/v1/health", "identity": {}},
    "headers": {}, "multiValueQueryStringParameters": None, "pathParameters": None, "stageVariables": None, "body": None,
}, None)
print(json.dumps(told))
"""

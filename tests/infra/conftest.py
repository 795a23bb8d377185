"""What is deployed, built once for all tests and processes that look at it: for this machine's kind of processor, so that it can be run."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from infra import templates
from infra.package import NotPacked, lambda_python, package
from tests.once import once

ARCHITECTURE = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"


def _interpreter() -> str:
    """Lambda's Python where this machine has it, else ours: the package is made for it, and run by it."""
    try:
        return lambda_python()
    except NotPacked:
        return sys.executable


INTERPRETER = _interpreter()


@pytest.fixture(scope="session")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Packaging fetches what the package holds; where the package index is out of reach, its tests are skipped by name."""
    folder = once(tmp_path_factory, "packaged", _package)
    if folder is None:
        pytest.skip("PACKAGE NOT TESTED: the package index is out of reach, and packaging needs it")
    return folder


def _package(folder: Path) -> Path | None:
    if not _reaches_the_index(folder):
        return None
    return package("prod", folder / "built", architecture=ARCHITECTURE, interpreter=INTERPRETER)


def _reaches_the_index(folder: Path) -> bool:
    """Whether pip can fetch the smallest thing the package needs."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-cache-dir",
        "--no-deps",
        "--dest",
        str(folder),
        "jmespath",
    ]
    return subprocess.run(command, capture_output=True, timeout=120, check=False).returncode == 0


@pytest.fixture(scope="session")
def template(packaged: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = templates.read(packaged / "sam.yaml")
    return loaded


@pytest.fixture(scope="session")
def unpacked(packaged: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(packaged / "deployment.zip") as archive:
        archive.extractall(folder)
    return folder


def alone(unpacked: Path, program: str, **environment: str) -> str:
    """What a program prints in an interpreter that knows the standard library and the package, and nothing else."""
    given = {
        "PATH": os.environ["PATH"],
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_EC2_METADATA_DISABLED": "true",
        **environment,
    }
    command = [INTERPRETER, "-I", "-S", "-B", "-c", f"import sys; sys.path.insert(0, {str(unpacked)!r})\n{program}"]
    ran = subprocess.run(command, capture_output=True, text=True, env=given, cwd="/", timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout

"""Installs packages of the operating system by name, where that is ours to do: Debian's apt, as root. Needs nothing but Python 3."""

from __future__ import annotations

import os
import shutil
import subprocess


def may_install() -> bool:
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def install(*packages: str) -> bool:
    """Whether apt installed all of them. Says what it does; asks nothing."""
    if not may_install():
        return False
    print(f"Installing {' '.join(packages)} with apt-get.", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    wanted = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    if _run(wanted, quiet):
        return True
    return _run(["apt-get", "update", "-qq"], quiet) and _run(wanted, quiet)


def _run(command: list[str], environment: dict[str, str]) -> bool:
    return subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0

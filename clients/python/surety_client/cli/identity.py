"""Whom the command line speaks to, and as whom: from its options, the environment, or a file.

~/.config/surety/config.toml
    url = "https://api.example"
    token = "…"                  # or token_command = "print-my-token", or as = "officer:me:admin" in a sandbox
"""

from __future__ import annotations

import os
import shlex
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from surety_client.connection import Connection, Token
from surety_client.sandbox import SandboxToken

LOCAL: Final = "http://127.0.0.1:8000"


class NoIdentity(Exception):
    """Nobody said who asks, or not in a form that can be read; the message says what to do."""


def connection(url: str | None, identity: str | None, environment: Mapping[str, str] = os.environ) -> Connection:
    kept = _file(environment)
    where = url or environment.get("SURETY_URL") or kept.get("url") or LOCAL
    return Connection(where, _token(where, identity, environment, kept))


def config_file(environment: Mapping[str, str]) -> Path:
    home = environment.get("XDG_CONFIG_HOME") or Path(environment.get("HOME", "~")).expanduser() / ".config"
    return Path(home) / "surety" / "config.toml"


def _file(environment: Mapping[str, str]) -> dict[str, Any]:
    try:
        return tomllib.loads(config_file(environment).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as wrong:
        raise NoIdentity(f"{config_file(environment)} is not TOML: {wrong}") from None


def _token(url: str, identity: str | None, environment: Mapping[str, str], kept: Mapping[str, Any]) -> Token | None:
    """What was typed goes before what was set, and that before what was kept."""
    if identity:
        return _in_sandbox(url, identity)
    if token := environment.get("SURETY_TOKEN"):
        return token
    if named := environment.get("SURETY_AS"):
        return _in_sandbox(url, named)
    if command := kept.get("token_command"):
        return lambda: _said_by(str(command))
    if token := kept.get("token"):
        return str(token)
    return _in_sandbox(url, str(kept["as"])) if "as" in kept else None


def _in_sandbox(url: str, identity: str) -> Token:
    """`officer:me:admin,risk`, `member:mem_…`: role, name, an officer's duties."""
    role, _, rest = identity.partition(":")
    name, _, duties = rest.partition(":")
    if not name:
        raise NoIdentity("Say who you are as role:name or officer:name:duty,duty, such as officer:me:admin.")
    return SandboxToken(url, role, name, *filter(None, duties.split(",")))


def _said_by(command: str) -> str:
    process = subprocess.run(shlex.split(command), capture_output=True, text=True, check=False)  # noqa: S603 - the user's own
    if process.returncode:
        raise NoIdentity("token_command of the configuration ended with an error.")
    return process.stdout.strip()

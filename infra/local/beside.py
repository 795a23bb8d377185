"""Beside `make run`: a partner of the service, a process of its own until Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import threading
import urllib.error
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from infra.local import keys
from infra.local.client import Refused
from infra.local.engine import LOCAL


class Partner(AbstractContextManager[Any], Protocol):
    """It listens at `url` while it is entered."""

    url: str


def home() -> Path:
    """Where the service on this machine keeps what is its own."""
    return Path(os.environ.get("SURETY_HOME", LOCAL))


def secret_of(partner_id: str) -> str:
    """What a partner of the service on this machine, or of a kit, signs with; nothing where there is none."""
    return os.environ.get("KIT_SECRET") or keys.of_bank(partner_id, home())


def run(
    make: Callable[..., Partner], kind: str, partner_id: str, *, port: str, shows: str, rules: Callable[[], Any]
) -> int:
    """The partner that `make` makes, until somebody ends it: what the process exits with. `shows` says what its books tell, `rules` what it goes by."""
    service = os.environ.get("SURETY_URL") or f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}"
    if not (secret := secret_of(partner_id)):
        print(f"There is no key for the {kind} {partner_id!r}: is `make run` running?", file=sys.stderr)
        return 1
    in_kit = bool(os.environ.get("KIT_SECRET"))  # a kit's world begins anew each time
    books = None if in_kit else home() / f"{kind}-{partner_id}.books"
    ending = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda *_: ending.set())
    try:
        partner = make(
            partner_id,
            service,
            secret,
            port=int(port),
            rules=rules(),
            ways=(os.environ.get("MISCHIEF") or "").split(),
            seed=int(os.environ.get("SEED") or "0"),
            tell=lambda line: print(line, flush=True),
            kept=books,
        )
        with partner:
            print(
                f"{partner_id} listens at {partner.url} and speaks to {service}. GET {partner.url}/books shows {shows}.",
                flush=True,
            )
            ending.wait()
    except (Refused, urllib.error.URLError, OSError, ValueError) as reason:
        print(f"The {kind} cannot run: {reason}", file=sys.stderr)
        return 1
    return 0

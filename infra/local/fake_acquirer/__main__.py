"""`make fake-acquirer ACQUIRER=alipay`: an acquirer beside `make run`, until Ctrl-C (ACQUIRER_PORT=, HOLD=1, MISCHIEF="twice shuffled", SEED=, SURETY_URL=)."""

from __future__ import annotations

import os
import signal
import sys
import threading
import urllib.error
from pathlib import Path

from infra.local import keys
from infra.local.client import Refused
from infra.local.engine import LOCAL
from infra.local.fake_acquirer.server import FakeAcquirer


def main() -> int:
    acquirer_id = os.environ.get("ACQUIRER") or "alipay"
    service = os.environ.get("SURETY_URL") or f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}"
    secret = keys.of_bank(acquirer_id, Path(os.environ.get("SURETY_HOME", LOCAL)))
    if not secret:
        print(f"There is no key for an acquirer {acquirer_id!r}: is `make run` running?", file=sys.stderr)
        return 1
    ending = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda *_: ending.set())
    try:
        acquirer = FakeAcquirer(
            acquirer_id,
            service,
            secret,
            port=int(os.environ.get("ACQUIRER_PORT") or "8110"),
            rules={"hold": bool(os.environ.get("HOLD"))},
            ways=(os.environ.get("MISCHIEF") or "").split(),
            seed=int(os.environ.get("SEED") or "0"),
            tell=lambda said: print(said, flush=True),
        )
        with acquirer:
            print(
                f"{acquirer_id} listens at {acquirer.url} and speaks to {service}. "
                f"GET {acquirer.url}/books shows what became of payments.",
                flush=True,
            )
            ending.wait()
    except (Refused, urllib.error.URLError, OSError, ValueError) as reason:
        print(f"The acquirer cannot run: {reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

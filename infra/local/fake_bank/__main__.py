"""`make fake-bank BANK=ccb`: a bank beside `make run`, until Ctrl-C (BANK_PORT=, RULES=, MISCHIEF="twice shuffled", SEED=, SURETY_URL=).

Beside the conformance kit, which plays the service: SURETY_URL=http://127.0.0.1:8200 KIT_SECRET=whsec_…, with the kit's KIT_PORT and KIT_SECRET.
"""

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
from infra.local.fake_bank.server import RULES, FakeBank, rules_of


def main() -> int:
    bank_id = os.environ.get("BANK") or "ccb"
    service = os.environ.get("SURETY_URL") or f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}"
    secret = os.environ.get("KIT_SECRET") or keys.of_bank(bank_id, Path(os.environ.get("SURETY_HOME", LOCAL)))
    if not secret:
        print(f"There is no key for a bank {bank_id!r}: is `make run` running?", file=sys.stderr)
        return 1
    ending = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda *_: ending.set())
    try:
        bank = FakeBank(
            bank_id,
            service,
            secret,
            port=int(os.environ.get("BANK_PORT") or "8100"),
            rules=rules_of(Path(os.environ.get("RULES") or RULES)),
            ways=(os.environ.get("MISCHIEF") or "").split(),
            seed=int(os.environ.get("SEED") or "0"),
            tell=lambda said: print(said, flush=True),
        )
        with bank:
            print(
                f"{bank_id} listens at {bank.url} and speaks to {service}. GET {bank.url}/books shows what it is owed.",
                flush=True,
            )
            ending.wait()
    except (Refused, urllib.error.URLError, OSError, ValueError) as reason:
        print(f"The bank cannot run: {reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

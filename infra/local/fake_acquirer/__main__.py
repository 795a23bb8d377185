"""`make fake-acquirer ACQUIRER=alipay`: an acquirer beside `make run`, until Ctrl-C (ACQUIRER_PORT=, HOLD=1, MISCHIEF="twice shuffled", SEED=, SURETY_URL=)."""

from __future__ import annotations

import os
import sys

from infra.local import beside
from infra.local.fake_acquirer.server import FakeAcquirer

if __name__ == "__main__":
    sys.exit(
        beside.run(
            FakeAcquirer,
            "acquirer",
            os.environ.get("ACQUIRER") or "alipay",
            port=os.environ.get("ACQUIRER_PORT") or "8110",
            shows="what became of payments",
            rules=lambda: {"hold": bool(os.environ.get("HOLD"))},
        )
    )

"""`make redrive`: tries everything that consumers could not take, with a progress bar; `make redrive SINCE=2026-03-02T00:00:00Z` replays
what was written since then, up to UNTIL.

SURETY_URL=https://… SURETY_TOKEN=… python -m infra.local.redrive     another service than 127.0.0.1:$PORT, as the officer of that token
"""

from __future__ import annotations

import os
import sys
from typing import Any

from infra.local.client import Client, from_terminal
from infra.local.job import progress, say, tell, watch


def main(arguments: list[str]) -> int:
    if len(arguments) > 2:
        say.print("From when, and until when? make redrive SINCE=2026-03-02T00:00:00Z UNTIL=2026-03-02T01:00:00Z")
        return 2
    body = dict(zip(("since", "until"), arguments, strict=False))
    return from_terminal(lambda client: redrive(client, body), say)


def redrive(client: Client, body: dict[str, Any]) -> bool:
    """Ask for a redrive and watch it to its end. Whether everything was taken."""
    officer = os.environ.get("SURETY_TOKEN") or client.token("officer", "redriver", "admin")
    with progress() as bars:
        task = bars.add_task("redrive", total=None, status="")
        done = watch(client, client.post("/v1/redrives", body, officer)["id"], officer, bars, task)
    tell(done)
    left = done["counts"].get("failed", 0)
    say.print(
        f"  {left} could not be taken and are tried again: GET /v1/dead-letters" if left else "  Nothing is left."
    )
    return not left


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

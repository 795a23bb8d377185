"""`make run`: the whole service on one machine, until Ctrl-C. No account, no container, and no network once it is installed.

Starts the engine and the services beside it, makes what `infra/tables.yaml` declares, serves the application over HTTP and feeds
its stream, queue and schedule handlers. Everything it starts ends with it.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path


def main() -> int:
    print("Starting Surety: an engine, its tables, the application, a sample world.", flush=True)
    # After the first sign of life: these take a second or more to import.
    from infra.local.client import Client, Refused
    from infra.local.engine import LOCAL
    from infra.local.quickstart import tour
    from infra.local.runner import CannotRun, Surety
    from infra.local.sample import Sample

    port, home = int(os.environ.get("PORT", "8000")), Path(os.environ.get("SURETY_HOME", LOCAL))
    sandbox = os.environ.get("SANDBOX", "1") != "0"
    make = Sample.make_small if os.environ.get("SAMPLE") == "small" else Sample.make
    prepare = (lambda url: make(Sample(Client(url)))) if sandbox else None
    ending = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda *_: ending.set())
    try:
        with Surety(port, sandbox=sandbox, home=home, prepare=prepare) as surety:
            print(tour(surety), flush=True)
            ending.wait()
            print("\nEnding.", flush=True)
    except CannotRun as reason:
        print(reason, file=sys.stderr)
        return 1
    except Refused as error:
        print(f"The sample could not be made: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

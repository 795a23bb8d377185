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
    from infra.local.documentation import Documentation
    from infra.local.engine import LOCAL
    from infra.local.quickstart import tour
    from infra.local.runner import CannotRun, Surety
    from infra.local.sample import Sample

    port, home = int(os.environ.get("PORT", "8000")), Path(os.environ.get("SURETY_HOME", LOCAL))
    sandbox = os.environ.get("SANDBOX", "1") != "0"
    is_small = os.environ.get("SAMPLE") == "small"
    begin = Sample.make_small if is_small else Sample.begin
    prepare = (lambda url: begin(Sample(Client(url)))) if sandbox else None
    redrive = os.environ.get("REDRIVE", "0") == "1"
    most_a_second = float(os.environ.get("LIMIT") or 0) or None
    ending = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda *_: ending.set())
    try:
        with (
            Documentation(sandbox=sandbox) as documentation,
            Surety(
                port,
                sandbox=sandbox,
                home=home,
                documentation=documentation,
                prepare=prepare,
                most_a_second=most_a_second,
                redrive=redrive,
            ) as surety,
        ):
            print(tour(surety), flush=True)
            if sandbox and not is_small:
                threading.Thread(target=_go_on, args=(surety.url, ending), name="sample", daemon=True).start()
            ending.wait()
            print("\nEnding.", flush=True)
    except CannotRun as reason:
        print(reason, file=sys.stderr)
        return 1
    except Refused as error:
        print(f"The sample could not be made: {error}", file=sys.stderr)
        return 1
    return 0


def _go_on(url: str, ending: threading.Event) -> None:
    """Make the rest of the sample beside whoever looks at it already. What an end cuts short the next start goes on with."""
    from infra.local.client import Client, Refused
    from infra.local.sample import Sample

    try:
        Sample(Client(url)).make()
        print("The sample world is whole: every screen of the console has something to show.", flush=True)
    except (Refused, OSError, SystemExit) as failure:
        if not ending.is_set():
            print(f"The rest of the sample could not be made: {failure}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

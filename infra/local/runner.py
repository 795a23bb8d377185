"""Everything `make run` starts, in the order in which it must be there, and ends in the other.

    with Surety(port=8000, sandbox=True) as surety:
        … surety.url …

The application reads its settings when it is imported, so the environment is set first and the application imported last.
"""

from __future__ import annotations

import errno
import fcntl
import json
import logging
import os
import socket
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import IO, Any, Final, TextIO

import boto3

from chalicelib.documentation.service import Site
from infra.local import keys, resources
from infra.local.bell import Bell
from infra.local.engine import LOCAL, DynamoDBLocal, NoEngine
from infra.local.stored_forms import Change, Misread, StoredForms

STAGE: Final = "local"
ONE_LOCK: Final = """\
No DynamoDB Local: {reason}.
Running on moto instead, one call at a time: slower as tables grow, and NOTHING SURVIVES A RESTART."""
EVER: Final = "2010-01-01T00:00:00Z"
SURVIVES: Final = "Tables survive a restart ({data}); files and messages in queues do not."


class CannotRun(Exception):
    """Another run, or another program, has what this one needs; the message says which."""


class Surety:
    """The running service: `url` is where, `log` where it writes down what it does, `survives` what of it outlives it.

    It says each request on standard output, unless it is to be `quiet`. `prepare` is given the address of the service before anybody
    else is answered: what it makes is there when the service is ready. Data in older forms is refused by name, or `redrive` makes what was
    made from the journal again, which takes the sandbox. Without `documentation` there are no pages at `/docs`. More requests
    than `most_a_second` are refused as the gateway does where it is deployed.
    """

    def __init__(
        self,
        port: int,
        *,
        sandbox: bool,
        home: Path = LOCAL,
        quiet: bool = False,
        documentation: Site | None = None,
        prepare: Callable[[str], object] | None = None,
        most_a_second: float | None = None,
        redrive: bool = False,
    ) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.survives = SURVIVES.format(data=_shown(home / "data"))
        self.log = _shown(home / "log.jsonl")
        self.sandbox = sandbox
        self._port, self._home, self._quiet, self._prepare = port, home, quiet, prepare
        self._documentation, self._most_a_second = documentation, most_a_second
        self._forms, self._redrive = StoredForms(home / "data"), redrive
        self._older: tuple[Change, ...] = ()
        self._running = ExitStack()
        self._bell = Bell()

    def __enter__(self) -> Surety:
        with ExitStack() as started:
            self._home.mkdir(parents=True, exist_ok=True)
            started.enter_context(_only_run(self._home / "running", self.url))
            _must_be_free(self._port)
            self._start_engines(started)
            self._make_resources()
            self._serve(started)
            self._running = started.pop_all()
        return self

    def _hear(self, method: str, path: str, status: int, seconds: float) -> None:
        """What may have written wakes whoever feeds on it."""
        if method == "POST":
            self._bell.ring()
        if not self._quiet:
            _say(method, path, status, seconds)

    def __exit__(self, *failure: object) -> None:
        self._running.close()

    def _start_engines(self, started: ExitStack) -> None:
        """DynamoDB Local in this thread, since it ends with the thread that began it; beside it, in another, moto, slow to import."""
        with ThreadPoolExecutor(1) as beside:
            others = beside.submit(_other_services, self._bell.ring)
            dynamodb = self._dynamodb(started)
            services = others.result()
        started.callback(services.stop)
        self._parameters = keys.kept(self._home / "keys.json")
        jwks = keys.public_set(self._parameters)
        if dynamodb is None:  # one call at a time: some wait long for their turn
            os.environ.setdefault("SURETY_STORE_SECONDS", "10")
        _set_environment(services.url, dynamodb or services.url, self.url, self.sandbox, jwks)

    def _dynamodb(self, started: ExitStack) -> str | None:
        """Where the engine is, or None where moto has to do, which is said aloud."""
        self._places: Path | None = self._home / "data"
        try:
            self._older = self._forms.older(is_redriven=self._redrive, shown=_shown(self._places))
            engine = DynamoDBLocal.start(self._places)
        except Misread as forms:
            raise CannotRun(str(forms)) from None
        except NoEngine as reason:
            self._places, self._older, self.survives = None, (), ONE_LOCK.format(reason=reason)
            print(self.survives, file=sys.stderr, flush=True)
            return None
        started.callback(engine.stop)
        return engine.url

    def _make_resources(self) -> None:
        session = boto3.Session()
        tables: Any = session.client("dynamodb")
        resources.delete_tables(tables, STAGE, [table for change in self._older for table in change.tables])
        resources.create_tables(tables, STAGE)
        resources.create_queues(session.client("sqs"), STAGE)
        resources.create_bucket(session.client("s3"), STAGE)
        keys.put(session.client("ssm"), STAGE, self._parameters)

    def _serve(self, started: ExitStack) -> None:
        import app
        from chalicelib.documentation import service as documentation
        from chalicelib.shared import observe
        from infra.local.gateway import Limit, LocalServer
        from infra.local.pollers import Pollers

        if self._documentation:
            documentation.made_by(self._documentation)

        log = started.enter_context(self.log.open("a", buffering=1))
        _log_to(log, observe.logger.name)
        started.callback(_log_to, StringIO(), observe.logger.name)  # a request that nobody waits for may still end
        pollers = Pollers(app.app, bell=self._bell, places=self._places, tell=lambda line: print(line, flush=True))
        pollers.start()
        started.callback(pollers.stop)
        if self._older:
            with LocalServer(app.app) as unannounced:
                self._make_again(unannounced.url)
        if self._prepare:
            with LocalServer(app.app, heard=self._hear) as unannounced:
                self._prepare(unannounced.url)
        limit = Limit.of(self._most_a_second) if self._most_a_second else None
        server = LocalServer(app.app, self._port, heard=self._hear, limit=limit).start()
        started.callback(server.stop)

    def _make_again(self, url: str) -> None:
        """What was emptied, from everything that was ever written; the data has its number when all of it was taken."""
        from infra.local.client import Client
        from infra.local.redrive import redrive

        if not redrive(Client(url), {"since": EVER}):
            raise CannotRun(
                "Not everything could be made again. What failed is named above; make run REDRIVE=1 tries once more."
            )
        self._forms.keep()


def _other_services(written: Callable[[], object]) -> Any:
    from infra.local.services import OtherServices

    return OtherServices(written)


def _set_environment(services: str, dynamodb: str, url: str, sandbox: bool, jwks: str) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        os.environ.pop(name, None)
    os.environ.update(
        AWS_DEFAULT_REGION="us-east-1",
        AWS_REGION="us-east-1",
        AWS_ACCESS_KEY_ID="local",
        AWS_SECRET_ACCESS_KEY="local",
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        AWS_EC2_METADATA_DISABLED="true",
        AWS_ENDPOINT_URL=services,
        AWS_ENDPOINT_URL_DYNAMODB=dynamodb,
        AWS_ENDPOINT_URL_DYNAMODB_STREAMS=dynamodb,
        NO_PROXY=",".join(filter(None, [os.environ.get("NO_PROXY"), "127.0.0.1"])),
        POWERTOOLS_METRICS_DISABLED="true",
        SURETY_STAGE=STAGE,
        SURETY_SANDBOX=json.dumps(sandbox),
        SURETY_LOOPBACK_CALLBACKS=json.dumps(sandbox),
        SURETY_JWKS=jwks,
        SURETY_BASE_URL=url,
    )


def _only_run(file: Path, url: str) -> IO[str]:
    """The mark of a running service: the lock is the kernel's, so a run that was killed leaves none behind."""
    mark = open(file, "a+")  # noqa: SIM115 - kept open as long as the service runs
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        mark.seek(0)
        raise CannotRun(f"Surety is running from this folder already: {mark.read()}.") from None
    mark.truncate(0)
    mark.write(f"{url}, process {os.getpid()}")
    mark.flush()
    return mark


def _shown(path: Path) -> Path:
    """A path as one would type it here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _must_be_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as taken:
            if taken.errno != errno.EADDRINUSE:
                raise
            raise CannotRun(
                f"Another program listens on port {port}. Choose another: make run PORT={port + 1}"
            ) from None


def _log_to(log: TextIO, name: str) -> None:
    for handler in logging.getLogger(name).handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(log)


def _say(method: str, path: str, status: int, seconds: float) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {method} {path} {status} {seconds * 1000:.0f} ms", flush=True)

"""Lambda's side of one process, for measuring: a Runtime API of our own and the real runtime client beside the package.

`start_once(...)` starts a new process on an unpacked package and tells the CPU time it used until it was ready for its first event,
or until its first answer was in.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

RUNTIME_CLIENT: Final = ("awslambdaric", "runtime_client", "snapshot_restore_py", "simplejson")
PYTHON: Final = os.environ.get("LAMBDA_PYTHON") or str(getattr(sys, "_base_executable", sys.executable))
PATIENCE_SECONDS: Final = 60


@dataclass
class RuntimeApi:
    """Lambda's side of one process: hands out one event, takes one answer."""

    event: dict[str, Any] | None
    ready: threading.Event = field(default_factory=threading.Event)
    answers: queue.Queue[tuple[str, bytes]] = field(default_factory=queue.Queue)
    handed_out: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def listening(self) -> Iterator[str]:
        api = self

        class Conversation(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                api.ready.set()
                if api.event is None or api.handed_out.is_set():
                    threading.Event().wait(PATIENCE_SECONDS)
                    return
                api.handed_out.set()
                self._tell(200, json.dumps(api.event).encode())

            def do_POST(self) -> None:
                body = (
                    self.rfile.read(int(self.headers["Content-Length"]))
                    if "Content-Length" in self.headers
                    else self._chunks()
                )
                api.answers.put((self.path.rsplit("/", 1)[-1], body))
                self._tell(202, b"{}")

            def _chunks(self) -> bytes:
                body = b""
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

            def _tell(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Lambda-Runtime-Trace-Id", "Root=1-00000000-000000000000000000000000;Sampled=0")
                self.send_header("Lambda-Runtime-Aws-Request-Id", "00000000-0000-4000-8000-000000000000")
                self.send_header("Lambda-Runtime-Deadline-Ms", "4102444800000")
                self.send_header(
                    "Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:f"
                )
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """One line for each request would be part of the figures."""

        class Listener(ThreadingHTTPServer):
            daemon_threads, block_on_close = True, False

            def handle_error(self, request: Any, client_address: Any) -> None:
                """The process was ended while it waited: that is how each measurement ends."""

        server = Listener(("127.0.0.1", 0), Conversation)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            server.server_close()


def cpu_ms_of(process: subprocess.Popen[bytes]) -> float:
    """End the process and tell the CPU time it used until then."""
    process.send_signal(signal.SIGKILL)
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return (used.ru_utime + used.ru_stime) * 1000


def copy_runtime_client(folder: Path) -> Path:
    """The real runtime client with what it needs, and nothing else of this environment."""
    folder.mkdir(parents=True)
    for name in RUNTIME_CLIENT:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            raise RuntimeError(f"{name} is not installed: make the virtual environment anew")
        source = Path(spec.origin)
        if spec.submodule_search_locations:
            shutil.copytree(source.parent, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
    subprocess.run([PYTHON, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", str(folder)], check=True)
    return folder


def start_once(
    client: Path, task: Path, handler: str, event: dict[str, Any] | None = None, extra: Mapping[str, str] | None = None
) -> float:
    """CPU milliseconds of one cold start: until ready, or until the first answer where there is an event."""
    runtime_api = RuntimeApi(event)
    with runtime_api.listening() as address:
        command = [PYTHON, "-S", "-s", "-m", "awslambdaric", handler]
        process = subprocess.Popen(
            command,
            cwd=task,
            env=environment(client, task, address) | dict(extra or {}),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            if not runtime_api.ready.wait(PATIENCE_SECONDS) or process.poll() is not None:
                raise RuntimeError(f"{handler} did not start: {_last_words(process)!r}")
            if event is not None:
                kind, answer = runtime_api.answers.get(timeout=PATIENCE_SECONDS)
                if kind != "response" or json.loads(answer).get("statusCode", 200) >= 300:
                    raise RuntimeError(f"{handler} answered {kind}: {answer[:600]!r}")
        finally:
            used = cpu_ms_of(process)
            if process.stderr:
                process.stderr.close()
    return used


def _last_words(process: subprocess.Popen[bytes]) -> bytes:
    return os.read(process.stderr.fileno(), 4000) if process.stderr else b""


def environment(client: Path, task: Path, address: str) -> dict[str, str]:
    """What a process in Lambda sees, and nothing of ours."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join((str(task), str(client))),
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_LAMBDA_RUNTIME_API": address,
        "LAMBDA_TASK_ROOT": str(task),
        "AWS_LAMBDA_FUNCTION_NAME": "f",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "PYTHONNODEBUGRANGES": "1",
        "SURETY_STAGE": "local",
        "SURETY_SANDBOX": "false",
    }

"""The AWS services around DynamoDB, from moto on loopback: queues, files, parameters; and DynamoDB where no real engine is found.

Upload forms are held to what they say (`forms.py`). moto keeps everything in memory. It loses updates when two requests change one item, and closes a file that another request
has just replaced before it has answered: its DynamoDB and its S3 are served one call at a time.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterable
from typing import Any, Final

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from infra.local import forms, memory

_BY_THEMSELVES: Final = ("AmazonSQS.", "AmazonSSM.")
"""Services that bear many calls at once; S3 is the one that names no target."""


POLL_SECONDS: Final = 0.5
"""How long an end may wait for a server that has nothing to do."""
_WRITES: Final = ("AmazonSQS.SendMessage",)


class _Keeping(MotoRequestHandler):
    """Without the header by which the server ends a connection after each answer."""

    protocol_version = "HTTP/1.1"

    def send_header(self, keyword: str, value: str) -> None:
        if keyword.lower() != "connection":
            super().send_header(keyword, value)

    def setup(self) -> None:
        """Behind each answer the server reads whatever has come, since it means to close: the next request. So it looks at a pair that is silent."""
        super().setup()
        self.connection, self._silent = socket.socketpair()

    def finish(self) -> None:
        super().finish()
        self.connection.close()
        self._silent.close()


class OtherServices:
    """A running moto server: `url` says where, `stop` ends it. `written` is called after a message or a file came in.

    With `tls` (a certificate's file and its key's) it speaks HTTPS, and keeps connections as AWS does.
    """

    def __init__(self, written: Callable[[], object] = lambda: None, *, tls: tuple[str, str] | None = None) -> None:
        memory.spare()
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        checked = forms.enforcing(_one_by_one(DomainDispatcherApplication(create_backend_app)), _secret)
        served = _telling(checked, written)
        self._http = make_server(
            "127.0.0.1",
            0,
            served,
            threaded=True,
            request_handler=_Keeping if tls else MotoRequestHandler,
            ssl_context=tls,
        )
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(
            target=self._http.serve_forever, args=(POLL_SECONDS,), name="services", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def _telling(served: Callable[..., Iterable[bytes]], written: Callable[[], object]) -> Callable[..., Iterable[bytes]]:
    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answered = served(environ, start_response)
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        if target.startswith(_WRITES) or (not target and environ["REQUEST_METHOD"] in ("PUT", "POST")):
            written()
        return answered

    return answer


def _secret() -> str:
    """What the application signs its forms with."""
    return os.environ["AWS_SECRET_ACCESS_KEY"]


def _one_by_one(served: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    lock = threading.Lock()

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("HTTP_X_AMZ_TARGET", "").startswith(_BY_THEMSELVES):
            return served(environ, start_response)
        with lock:
            return list(served(environ, start_response))

    return answer

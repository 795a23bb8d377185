"""A small identity provider on loopback: authorization code with PKCE, and an id token with the nonce it was given."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

from tests.conftest import TOKEN_KEY
from tests.world import token

CLIENT = "console"
CODE = "a-code-that-is-good-once"


class Issuer:
    """`url` is where. `nonce` is put into id tokens in the place of the one that was asked for; `asked` is the last authorization request."""

    def __init__(self) -> None:
        self.nonce: str | None = None
        self.asked: dict[str, str] = {}
        self.served = 0
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"

    @contextmanager
    def running(self) -> Iterator[Issuer]:
        thread = threading.Thread(target=self._http.serve_forever, args=(0.1,), daemon=True)
        thread.start()
        yield self
        self._http.shutdown()
        self._http.server_close()
        thread.join()

    def authorize(self, body: dict[str, str]) -> str:
        """Where the browser is sent back to: here everybody is the officer `anna`."""
        assert (body["response_type"], body["code_challenge_method"], body["client_id"]) == ("code", "S256", CLIENT)
        self.asked = body
        return f"{body['redirect_uri']}?{urlencode({'code': CODE, 'state': body['state'], 'iss': self.url})}"

    def exchange(self, body: dict[str, str]) -> dict[str, str]:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(body["code_verifier"].encode()).digest()).decode()
        assert challenge.rstrip("=") == self.asked["code_challenge"]
        assert (body["code"], body["redirect_uri"]) == (CODE, self.asked["redirect_uri"])
        self.served += 1
        claims = {"iss": self.url, "aud": CLIENT, "sub": "anna", "nonce": self.nonce or self.asked["nonce"]}
        return {
            "access_token": token("officer", "anna", "claims"),
            "id_token": jwt.encode(claims, TOKEN_KEY, algorithm="ES256"),
            "token_type": "Bearer",
        }

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        issuer = self

        class Conversation(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(302)
                self.send_header("Location", issuer.authorize(_plain(urlsplit(self.path).query)))
                self.end_headers()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Access-Control-Allow-Origin", "*")
                self.end_headers()
                self.wfile.write(json.dumps(issuer.exchange(_plain(body))).encode())

            def log_message(self, format: str, *args: Any) -> None:
                """Nobody reads it."""

        return Conversation


def _plain(query: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(query).items()}

"""Speaks to a running Surety over HTTP, as anybody the sandbox signs a token for."""

from __future__ import annotations

import itertools
import json
import os
import urllib.error
import urllib.request
from typing import Any


class Refused(Exception):
    """The service said no: `problem` is its answer."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('code')}: {problem.get('detail')} {problem.get('fix')}")
        self.status = status
        self.problem = problem


class Client:
    """`by` is a token: `token("officer", "somebody", "admin")`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._run = os.urandom(6).hex()
        self._numbers = itertools.count(1)

    def token(self, role: str, sub: str, *duties: str) -> str:
        asked = {"role": role, "sub": sub} | ({"duties": list(duties)} if duties else {})
        told: str = self._send("POST", "/v1/sandbox/tokens", asked, {})["token"]
        return told

    def get(self, path: str, by: str | None = None) -> Any:
        return self._send("GET", path, None, _signed(by))

    def post(self, path: str, body: Any = None, by: str | None = None) -> Any:
        key = {"Idempotency-Key": f"{self._run}-{next(self._numbers)}"}
        return self._send("POST", path, {} if body is None else body, _signed(by) | key)

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        sent = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path, sent, {"Content-Type": "application/json", **headers}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            raise Refused(refused.code, json.loads(refused.read())) from None


def _signed(by: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {by}"} if by else {}

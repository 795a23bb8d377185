"""One API, spoken to as one caller: address, token, keys of requests, tries."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final

import httpx

from surety_client.problems import problem_of
from surety_client.retrying import Retries

Token = str | Callable[[], str]
"""A token, or what gives one whenever a request is sent."""
TIMEOUT_SECONDS: Final = 30.0
KEY: Final = "Idempotency-Key"


class Connection:
    """`send` gives the answer of a request that was granted, and raises what was said otherwise."""

    def __init__(
        self,
        base_url: str,
        token: Token | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        retries: Retries | None = None,
        http: httpx.Client | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._token, self._headers = token, dict(headers or {})
        self._retries = retries or Retries()
        self._http = http or httpx.Client(timeout=TIMEOUT_SECONDS)

    def send(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Under a new Idempotency-Key where it is a POST and `headers` name none, with a token as it is at each try."""
        fixed = {**({KEY: str(uuid.uuid4())} if method == "POST" else {}), **self._headers, **(headers or {})}
        body = {} if json is None and method == "POST" else json

        def once() -> httpx.Response:
            return self._http.request(
                method, self.base_url + url, params=params, json=body, headers=fixed | self._authorization()
            )

        answer = self._retries.send(once)
        if answer.is_success:
            return answer
        raise problem_of(answer)

    def with_headers(self, headers: Mapping[str, str]) -> Connection:
        """The same caller, who says more with each request."""
        return Connection(
            self.base_url, self._token, headers=self._headers | dict(headers), retries=self._retries, http=self._http
        )

    def close(self) -> None:
        self._http.close()

    def _authorization(self) -> dict[str, str]:
        token = self._token() if callable(self._token) else self._token
        return {"Authorization": f"Bearer {token}"} if token else {}

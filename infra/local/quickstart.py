"""What `make run` prints when it is ready: where the API, its documentation and the officers' console are, and three commands that work as they stand."""

from __future__ import annotations

from chalicelib.members.rules import id_of
from infra.local.runner import Surety
from infra.local.sample import LANTERNS


def tour(surety: Surety) -> str:
    places = f"""
Surety is ready.   Ctrl-C ends it and everything it started.

  The API             {surety.url}/v1
  The documentation   {surety.url}/docs
  The console         {surety.url}/console
  Is it well?         {surety.url}/v1/health
  Its log             {surety.log}

{surety.survives}
"""
    return places + (_commands(surety.url) if surety.sandbox else "")


def _commands(url: str) -> str:
    """Three to copy: a token, a supplier that joined with its limit and the working, and a storefront as anybody sees it."""
    return f"""
See it, in a browser, at the console's address. Four clicks lead to a covered order: An officer with every duty, All lists, Orders, and one that is funded.

Try it, in another terminal:

  TOKEN=$(curl -s {url}/v1/sandbox/tokens -d '{{"role": "officer", "sub": "me", "duties": ["admin"]}}' -H 'Content-Type: application/json' | sed 's/.*"token":"\\([^"]*\\).*/\\1/')
  curl -s '{url}/v1/suppliers?status=active&limit=1' -H "Authorization: Bearer $TOKEN"
  curl -s {url}/v1/storefronts/{id_of(LANTERNS)}
"""

"""What `make run` prints when it is ready: where things are, and three commands that work as they stand."""

from __future__ import annotations

from infra.local.runner import Surety


def tour(surety: Surety) -> str:
    return f"""
Surety is ready.   Ctrl-C ends it and everything it started.

  The documentation   {surety.url}/docs
  Is it well?         {surety.url}/v1/health
  Its log             .local/log.jsonl

{surety.survives}
"""

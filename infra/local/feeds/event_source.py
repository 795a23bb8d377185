"""What the sources have in common: a handler, its context, its answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from chalice.local import LambdaContext

Handler = Callable[[dict[str, Any], Any], Any]
Tell = Callable[[str], None]

AFTER_FAILURE_SECONDS: Final = 1.0
JOB_SECONDS: Final = 900


def lambda_context() -> Any:
    return LambdaContext("surety-local", memory_size=512, max_runtime_ms=JOB_SECONDS * 1000)


def failed_items(told: Any) -> set[str]:
    """The items of a batch that the handler could not take; none where it answers nothing."""
    return {failure["itemIdentifier"] for failure in (told or {}).get("batchItemFailures", [])}

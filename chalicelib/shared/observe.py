"""Logs, metrics and traces. One line for each request, with its id; never a name, an address, an amount or a token."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final, ParamSpec, TypeVar

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

from chalicelib.shared.settings import settings

P = ParamSpec("P")
R = TypeVar("R")

logger: Final = Logger(service="surety", log_uncaught_exceptions=False)
metrics: Final = Metrics(namespace="Surety", service="surety")
metrics.set_default_dimensions(stage=settings().stage)  # two stages of one account count apart, and ring apart


def count(name: str, value: int = 1) -> None:
    """Add to a counter; sent with `flush` at the end of the request or job."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)


def flush() -> None:
    if metrics.metric_set:
        metrics.flush_metrics()
        metrics.clear_metrics()


def job(work: Callable[[Any], R]) -> Callable[[Any], R]:
    """What schedules, queues and streams call: one line and one count for each run, and every failure told before it is raised.

    It needs no middleware of the application, and so works wherever its handler is imported.
    """

    @functools.wraps(work)
    def run(event: Any) -> R:
        about = {"job": work.__name__, "fired_at": getattr(event, "time", None)}
        try:
            done = traced(work)(event)
        except Exception:
            logger.exception("job failed", extra=about)
            count("JobFailed")
            raise
        else:
            logger.info("job", extra=about)
            count("JobRan")
            return done
        finally:
            flush()

    return run


def traced(use_case: Callable[P, R]) -> Callable[P, R]:
    """A subsegment for a use-case where the stage traces. The X-Ray SDK is imported only then: it doubles a cold start."""
    if not settings().trace:
        return use_case

    @functools.wraps(use_case)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with _tracer().provider.in_subsegment(f"## {use_case.__module__}.{use_case.__name__}"):
            return use_case(*args, **kwargs)

    return run


@functools.lru_cache(maxsize=1)
def _tracer() -> Any:
    from aws_lambda_powertools.tracing import Tracer

    return Tracer(service="surety", auto_patch=False)

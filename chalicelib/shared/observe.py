"""Logs and metrics. One line for each request, with its id; never a name, an address, an amount or a token."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final, TypeVar

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import Metrics, MetricUnit

from chalicelib.shared.settings import settings

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
            done = work(event)
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

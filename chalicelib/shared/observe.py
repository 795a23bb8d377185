"""Logs and metrics. One line for each request, with its id; never a name, an address, an amount or a token."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from logging import LogRecord
from typing import Any, Final, TypeVar

import msgspec
from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter
from aws_lambda_powertools.metrics import Metrics, MetricUnit

from chalicelib.shared.settings import settings

R = TypeVar("R")


class Line(LambdaPowertoolsFormatter):
    """Powertools' line, put together at once where nothing went wrong: its own goes through all that a record may hold four times over."""

    def format(self, record: LogRecord) -> str:
        if record.exc_info or record.args:
            return super().format(record)
        line: dict[str, Any] = {
            "level": record.levelname,
            "location": f"{record.funcName}:{record.lineno}",
            "message": record.msg,
            "timestamp": self.formatTime(record),
            "service": _SERVICE,
        }
        for name, value in vars(record).items():
            if name not in _OF_EVERY_RECORD and value is not None:
                line[name] = value
        if trace := os.environ.get("_X_AMZN_TRACE_ID"):
            line["xray_trace_id"] = trace.split(";")[0].removeprefix("Root=")
        return msgspec.json.encode(line, enc_hook=str).decode()


_SERVICE: Final = "surety"
_OF_EVERY_RECORD: Final = frozenset({*vars(LogRecord("", 0, "", 0, "", None, None)), "asctime", "message"})

logger: Final = Logger(service=_SERVICE, log_uncaught_exceptions=False, logger_formatter=Line(service=_SERVICE))
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

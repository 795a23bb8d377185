"""Every trigger of Surety on one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from chalice.app import Chalice, CloudWatchEvent, Cron, DynamoDBEvent, Rate, ScheduledEventConfig, SQSEvent

from chalicelib.banks import jobs as bank_jobs
from chalicelib.banks.declared import INSTRUCTIONS
from chalicelib.banks.routes import routes as banks
from chalicelib.claims.declared import CLAIMS
from chalicelib.claims.routes import routes as claims
from chalicelib.claims.service import evidence as claims_evidence
from chalicelib.claims.service import subscribers as claims_subscribers
from chalicelib.daybook import jobs as daybook_jobs
from chalicelib.daybook.routes import routes as daybook
from chalicelib.dead_letters import jobs as dead_letter_jobs
from chalicelib.dead_letters.registry import declare
from chalicelib.dead_letters.routes import routes as dead_letters
from chalicelib.deposits import jobs as deposit_jobs
from chalicelib.deposits.monthly import jobs as monthly_jobs
from chalicelib.deposits.monthly.routes import routes as adjustments
from chalicelib.deposits.routes import routes as deposits
from chalicelib.deposits.rulebooks import previews
from chalicelib.deposits.rulebooks.routes import routes as rulebooks
from chalicelib.identity.authorizer import identity
from chalicelib.ledger import jobs as ledger_jobs
from chalicelib.ledger.routes import routes as ledger
from chalicelib.members.routes import routes as members
from chalicelib.notices import jobs as notices_jobs
from chalicelib.notices.declared import DELIVERIES
from chalicelib.notices.routes import routes as notices
from chalicelib.orders.declared import ORDERS
from chalicelib.orders.routes import routes as orders
from chalicelib.orders.service import subscribers as orders_subscribers
from chalicelib.recoveries import jobs as recovery_jobs
from chalicelib.recoveries.declared import RECOVERIES
from chalicelib.recoveries.routes import routes as recoveries
from chalicelib.reference.routes import routes as reference
from chalicelib.reference.service import describe
from chalicelib.registry import MACHINES
from chalicelib.runs import jobs as run_jobs
from chalicelib.runs import sweeps
from chalicelib.runs.declared import RUNS
from chalicelib.runs.jobs import Job
from chalicelib.runs.routes import routes as runs
from chalicelib.settlement import jobs as settlement_jobs
from chalicelib.settlement.declared import BANK_EVENTS
from chalicelib.settlement.routes import routes as settlement
from chalicelib.shared import clock
from chalicelib.shared.files import Arrived
from chalicelib.shared.http import Routes
from chalicelib.shared.observe import job
from chalicelib.shared.periods import instant
from chalicelib.shared.settings import settings
from chalicelib.shared.stream import Follower, follower
from chalicelib.suppliers import jobs as supplier_jobs
from chalicelib.suppliers.declared import APPEALS
from chalicelib.suppliers.routes import routes as suppliers

SLICES: tuple[Routes, ...] = (
    members,
    daybook,
    runs,
    suppliers,
    rulebooks,
    deposits,
    adjustments,
    recoveries,
    orders,
    claims,
    banks,
    settlement,
    notices,
    ledger,
    dead_letters,
    reference,
)
FOLLOWERS: Final[Mapping[str, Follower]] = {
    "orders.day-book": orders_subscribers.follow,
    "claims.follow": claims_subscribers.follow,
    "deposits.follow": deposit_jobs.follow,
    "recoveries.follow": recovery_jobs.follow,
    "banks.instruct": bank_jobs.instruct,
    "notices.notify": notices_jobs.notify,
}
"""Who draws consequences from the entries of the journal. A shard of its stream bears two readers: the books, and all of these."""
TOGETHER: Final = frozenset({"orders.day-book", "notices.notify"})
"""Those of them that take the entries of a batch together."""
FOLLOWING: Final = tuple(follower(name, follow, many=name in TOGETHER) for name, follow in FOLLOWERS.items())
QUEUES: Final = ("uploads", "work", "notices")
"""Queues whose messages go back to them after their five tries, with growing pauses."""

if settings().sandbox:  # elsewhere these doors are not there at all
    from chalicelib.sandbox import bent_clock, partner_bank
    from chalicelib.sandbox import service as sandbox_service
    from chalicelib.sandbox.bank_routes import routes as sandbox_banks
    from chalicelib.sandbox.routes import routes as sandbox

    bent_clock.install()
    partner_bank.install()
    sandbox_service.followers[:] = [ledger_jobs.book, *FOLLOWERS.values()]
    SLICES += (sandbox, sandbox_banks)

JOBS: dict[str, Job] = {
    daybook_jobs.IMPORT: daybook_jobs.IMPORTING,
    ledger_jobs.CLOSE: bank_jobs.CLOSING,
    supplier_jobs.QUALIFICATION: supplier_jobs.QUALIFYING,
    deposit_jobs.DAILY: deposit_jobs.ASSESSING,
    recovery_jobs.SET_OFF: recovery_jobs.SETTING_OFF,
    **monthly_jobs.JOBS,
    **previews.JOBS,
    dead_letter_jobs.REDRIVE: dead_letter_jobs.REDRIVING,
}
"""What the queue of work may ask for, by the job's name."""

ARRIVALS: dict[str, Callable[[Arrived], Any]] = {
    daybook_jobs.UPLOADS: daybook_jobs.file_arrived,
    claims_evidence.UPLOADS: claims_evidence.file_arrived,
}
"""Who takes the files that are put into the bucket, by the prefix of their keys."""

app = Chalice(app_name="surety", configure_logs=False)
app.register_blueprint(identity)
for routes in SLICES:
    app.register_blueprint(routes)
describe(SLICES)


@app.on_dynamodb_record(stream_arn=settings().stream("bank-events"), batch_size=100)
@job
def bank_events_changed(event: DynamoDBEvent) -> dict[str, Any]:
    return dead_letter_jobs.consume(event.to_dict()["Records"], [settlement_jobs.EVENTS])


@app.schedule(Rate(1, unit=Rate.MINUTES))
@job
def instructions_due(event: CloudWatchEvent) -> int:
    return sweeps.sweep(INSTRUCTIONS, clock.now())


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def bank_events_waiting(event: CloudWatchEvent) -> int:
    return sweeps.sweep(BANK_EVENTS, clock.now())


@app.on_sqs_message(queue=settings().name("uploads"), batch_size=10)
@job
def files_arrived(event: SQSEvent) -> dict[str, Any]:
    return run_jobs.files_arrived(event.to_dict(), ARRIVALS)


@app.on_sqs_message(queue=settings().name("work"), batch_size=1)
@job
def shards_waiting(event: SQSEvent) -> dict[str, Any]:
    return run_jobs.work(event.to_dict(), JOBS, MACHINES)


@app.on_dynamodb_record(stream_arn=settings().stream("journal"), batch_size=100)
@job
def journal_written(event: DynamoDBEvent) -> dict[str, Any]:
    told = event.to_dict()["Records"]
    ledger_jobs.measure(told)
    return dead_letter_jobs.consume(told, [ledger_jobs.BOOKS])


@app.on_dynamodb_record(stream_arn=settings().stream("journal"), batch_size=10)
@job
def journal_followed(event: DynamoDBEvent) -> dict[str, Any]:
    return dead_letter_jobs.consume(event.to_dict()["Records"], FOLLOWING)


@app.on_dynamodb_record(stream_arn=settings().stream("day-book"), batch_size=100)
@job
def days_changed(event: DynamoDBEvent) -> dict[str, Any]:
    return dead_letter_jobs.consume(event.to_dict()["Records"], [deposit_jobs.DAYS])


@app.schedule(Cron(5, 16, "*", "*", "?", "*"))  # 00:05 in Shanghai
@job
def deposits_daily(event: CloudWatchEvent) -> str:
    return deposit_jobs.begin_daily(clock.ahead(instant(event.time))).id


@app.schedule(Cron(0, 10, 5, "*", "?", "*"))  # 18:00 on the 5th in Shanghai
@job
def deposits_rehearsal(event: CloudWatchEvent) -> str:
    return monthly_jobs.rehearse(clock.ahead(instant(event.time)))


@app.schedule(Cron(30, 16, 5, "*", "?", "*"))  # 00:30 on the 6th in Shanghai
@job
def deposits_monthly(event: CloudWatchEvent) -> str | None:
    return monthly_jobs.begin_due(clock.ahead(instant(event.time)))


@app.schedule(Rate(1, unit=Rate.HOURS))  # where the day before was not done yet, or a month was missed
@job
def deposits_overdue(event: CloudWatchEvent) -> str | None:
    return monthly_jobs.begin_due(clock.ahead(instant(event.time)))


@app.schedule(Cron(45, 16, "*", "*", "?", "*"))  # 00:45 in Shanghai
@job
def books_close(event: CloudWatchEvent) -> str:
    return ledger_jobs.close_books(clock.ahead(instant(event.time))).id


@app.schedule(Rate(1, unit=Rate.MINUTES))
@job
def orders_due(event: CloudWatchEvent) -> int:
    return sweeps.sweep(ORDERS, clock.now())


@app.schedule(Rate(1, unit=Rate.MINUTES))
@job
def claims_due(event: CloudWatchEvent) -> int:
    return sweeps.sweep(CLAIMS, clock.now())


@app.schedule(Rate(1, unit=Rate.MINUTES))
@job
def appeals_due(event: CloudWatchEvent) -> int:
    return sweeps.sweep(APPEALS, clock.now())


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def runs_due(event: CloudWatchEvent) -> int:
    return sweeps.sweep(RUNS, clock.now())


@app.on_sqs_message(queue=settings().name("notices"), batch_size=5)
@job
def notices_waiting(event: SQSEvent) -> dict[str, Any]:
    return notices_jobs.send(event.to_dict())


@app.schedule(Rate(1, unit=Rate.MINUTES))
@job
def notices_due(event: CloudWatchEvent) -> int:
    return sweeps.sweep(DELIVERIES, clock.now())


@app.schedule(Cron(30, 16, 9, "*", "?", "*"))  # 00:30 on the 10th in Shanghai
@job
def qualification_monthly(event: CloudWatchEvent) -> str:
    return supplier_jobs.start_monthly(clock.ahead(instant(event.time))).id


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def recoveries_due(event: CloudWatchEvent) -> int:
    return sweeps.sweep(RECOVERIES, clock.now())


@app.schedule(Cron(0, 17, "*", "*", "?", "*"))  # 01:00 in Shanghai
@job
def recoveries_set_off(event: CloudWatchEvent) -> str:
    return recovery_jobs.begin_set_off(clock.ahead(instant(event.time))).id


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def dead_letters_collected(event: CloudWatchEvent) -> int:
    return dead_letter_jobs.collect()


@app.schedule(Rate(1, unit=Rate.MINUTES))
@job
def dead_letters_due(event: CloudWatchEvent) -> int:
    return dead_letter_jobs.try_due(clock.now())


def _by_the_calendar() -> dict[str, Callable[[dict[str, Any]], Any]]:
    """Schedules that do not come again by themselves within the hour, by the name of their function."""
    return {
        source.name: partial(_tick, source.name)
        for source in app.event_sources
        if isinstance(source, ScheduledEventConfig) and isinstance(source.schedule_expression, Cron)
    }


def _tick(name: str, tick: dict[str, Any]) -> Any:
    return app.handler_map[name](tick, None)


declare(
    streams=[ledger_jobs.BOOKS, *FOLLOWING, settlement_jobs.EVENTS, deposit_jobs.DAYS],
    queues=QUEUES,
    schedules=_by_the_calendar(),
)

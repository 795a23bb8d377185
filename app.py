"""Every trigger of Surety on one page.

What a trigger does is imported when it first fires: a slice with the first request for one of its routes, which
`chalicelib/route_table.py` lists. So a function starts with what it needs, however many slices there are.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from chalice.app import Chalice, CloudWatchEvent, Cron, DynamoDBEvent, Rate, Response, ScheduledEventConfig, SQSEvent

from chalicelib import slices
from chalicelib.dead_letters.registry import Registry, declare
from chalicelib.identity.authorizer import identity, signed_in
from chalicelib.route_table import ROUTES
from chalicelib.shared import clock
from chalicelib.shared.http import CORS
from chalicelib.shared.machines import Machine
from chalicelib.shared.observe import job
from chalicelib.shared.periods import instant
from chalicelib.shared.settings import settings

QUEUES: Final = ("uploads", "work", "webhooks")
"""Queues whose messages go back to them after their five tries, with growing pauses."""

app = Chalice(app_name="surety", configure_logs=False)
app.register_blueprint(identity)


def _register(method: str, path: str, module: str, name: str, public: bool, doc: str) -> None:
    """A route whose slice is imported with its first request."""

    def view(**named: str) -> Response:
        return slices.load(module).answer(method, path, named, app.current_request)

    view.__name__, view.__doc__ = name, doc
    app.route(
        path,
        methods=[method],
        authorizer=None if public else signed_in,
        cors=CORS,
        content_types=["*/*"],  # a wrong one is refused by the endpoint, in this API's words
    )(view)


for route in ROUTES:
    if route[2] in slices.MODULES or settings().sandbox:
        _register(*route)

if settings().sandbox:  # elsewhere it is not imported at all
    from chalicelib.sandbox.installing import install

    install()


@app.on_dynamodb_record(stream_arn=settings().stream("bank-events"), batch_size=100)
@job
def bank_events_changed(event: DynamoDBEvent) -> dict[str, Any]:
    from chalicelib.bank_events import jobs as bank_event_jobs
    from chalicelib.dead_letters import jobs as dead_letter_jobs
    from chalicelib.office import jobs as office_jobs

    consumers = [bank_event_jobs.EVENTS, office_jobs.BANK_EVENTS]
    return dead_letter_jobs.consume(event.to_dict()["Records"], consumers)


@app.schedule(Rate(1, unit=Rate.MINUTES))
@job
def instructions_due(event: CloudWatchEvent) -> int:
    from chalicelib.banks.declared import INSTRUCTIONS

    return _sweep(INSTRUCTIONS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def bank_events_waiting(event: CloudWatchEvent) -> int:
    from chalicelib.bank_events.declared import BANK_EVENTS

    return _sweep(BANK_EVENTS)


@app.on_sqs_message(queue=settings().name("uploads"), batch_size=10)
@job
def files_arrived(event: SQSEvent) -> dict[str, Any]:
    from chalicelib.consumers import ARRIVALS
    from chalicelib.runs import jobs as run_jobs

    return run_jobs.files_arrived(event.to_dict(), ARRIVALS)


@app.on_sqs_message(queue=settings().name("work"), batch_size=1)
@job
def shards_waiting(event: SQSEvent) -> dict[str, Any]:
    from chalicelib.consumers import JOBS
    from chalicelib.registry import MACHINES
    from chalicelib.runs import jobs as run_jobs

    return run_jobs.work(event.to_dict(), JOBS, MACHINES)


@app.on_dynamodb_record(stream_arn=settings().stream("journal"), batch_size=100)
@job
def journal_written(event: DynamoDBEvent) -> dict[str, Any]:
    from chalicelib.dead_letters import jobs as dead_letter_jobs
    from chalicelib.ledger import jobs as ledger_jobs

    records = event.to_dict()["Records"]
    ledger_jobs.measure(records)
    return dead_letter_jobs.consume(records, [ledger_jobs.BOOKS])


@app.on_dynamodb_record(stream_arn=settings().stream("journal"), batch_size=10)
@job
def journal_followed(event: DynamoDBEvent) -> dict[str, Any]:
    from chalicelib.consumers import SUBSCRIPTIONS
    from chalicelib.dead_letters import jobs as dead_letter_jobs

    return dead_letter_jobs.consume(event.to_dict()["Records"], SUBSCRIPTIONS)


@app.on_dynamodb_record(stream_arn=settings().stream("day-book"), batch_size=100)
@job
def days_changed(event: DynamoDBEvent) -> dict[str, Any]:
    from chalicelib.dead_letters import jobs as dead_letter_jobs
    from chalicelib.deposits import jobs as deposit_jobs
    from chalicelib.monitoring import jobs as monitoring_jobs

    return dead_letter_jobs.consume(event.to_dict()["Records"], [deposit_jobs.DAYS, monitoring_jobs.DAYS])


@app.on_dynamodb_record(stream_arn=settings().stream("exports"), batch_size=100)
@job
def exports_changed(event: DynamoDBEvent) -> dict[str, Any]:
    from chalicelib.dead_letters import jobs as dead_letter_jobs
    from chalicelib.exports import jobs as export_jobs

    return dead_letter_jobs.consume(event.to_dict()["Records"], [export_jobs.SUBSIDIES])


@app.schedule(Cron(5, 16, "*", "*", "?", "*"))  # 00:05 in Shanghai
@job
def deposits_daily(event: CloudWatchEvent) -> str:
    from chalicelib.deposits import jobs as deposit_jobs

    return deposit_jobs.begin_daily(clock.to_business_time(instant(event.time))).id


@app.schedule(Cron(0, 10, 5, "*", "?", "*"))  # 18:00 on the 5th in Shanghai
@job
def deposits_rehearsal(event: CloudWatchEvent) -> str:
    from chalicelib.deposits.monthly import jobs as monthly_jobs

    return monthly_jobs.rehearse(clock.to_business_time(instant(event.time)))


@app.schedule(Cron(30, 16, 5, "*", "?", "*"))  # 00:30 on the 6th in Shanghai
@job
def deposits_monthly(event: CloudWatchEvent) -> str | None:
    from chalicelib.deposits.monthly import jobs as monthly_jobs

    return monthly_jobs.begin_due(clock.to_business_time(instant(event.time)))


@app.schedule(Rate(1, unit=Rate.HOURS))  # where the day before was not done yet, or a month was missed
@job
def deposits_overdue(event: CloudWatchEvent) -> str | None:
    from chalicelib.deposits.monthly import jobs as monthly_jobs

    return monthly_jobs.begin_due(clock.to_business_time(instant(event.time)))


@app.schedule(Cron(45, 16, "*", "*", "?", "*"))  # 00:45 in Shanghai
@job
def books_close(event: CloudWatchEvent) -> str:
    from chalicelib.ledger import jobs as ledger_jobs

    return ledger_jobs.close_books(clock.to_business_time(instant(event.time))).id


@app.schedule(Rate(1, unit=Rate.MINUTES))
@job
def orders_due(event: CloudWatchEvent) -> int:
    from chalicelib.orders.declared import ORDERS

    return _sweep(ORDERS)


@app.schedule(Rate(1, unit=Rate.MINUTES))
@job
def claims_due(event: CloudWatchEvent) -> int:
    from chalicelib.claims.declared import CLAIMS

    return _sweep(CLAIMS)


@app.schedule(Rate(1, unit=Rate.MINUTES))
@job
def appeals_due(event: CloudWatchEvent) -> int:
    from chalicelib.suppliers.declared import APPEALS

    return _sweep(APPEALS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def runs_due(event: CloudWatchEvent) -> int:
    from chalicelib.runs.declared import RUNS

    return _sweep(RUNS)


@app.on_sqs_message(queue=settings().name("webhooks"), batch_size=5)
@job
def webhooks_waiting(event: SQSEvent) -> dict[str, Any]:
    from chalicelib.webhooks import jobs as webhook_jobs

    return webhook_jobs.send(event.to_dict())


@app.schedule(Rate(1, unit=Rate.MINUTES))
@job
def webhooks_due(event: CloudWatchEvent) -> int:
    from chalicelib.webhooks.declared import DELIVERIES

    return _sweep(DELIVERIES)


@app.schedule(Cron(30, 16, 9, "*", "?", "*"))  # 00:30 on the 10th in Shanghai
@job
def qualification_monthly(event: CloudWatchEvent) -> str:
    from chalicelib.suppliers import jobs as supplier_jobs

    return supplier_jobs.start_monthly(clock.to_business_time(instant(event.time))).id


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def recoveries_due(event: CloudWatchEvent) -> int:
    from chalicelib.recoveries.declared import RECOVERIES

    return _sweep(RECOVERIES)


@app.schedule(Cron(0, 17, "*", "*", "?", "*"))  # 01:00 in Shanghai
@job
def recoveries_set_off(event: CloudWatchEvent) -> str:
    from chalicelib.recoveries import jobs as recovery_jobs

    return recovery_jobs.begin_set_off(clock.to_business_time(instant(event.time))).id


@app.schedule(Cron(20, 16, "*", "*", "?", "*"))  # 00:20 in Shanghai
@job
def credit_limits(event: CloudWatchEvent) -> str:
    from chalicelib.credit import jobs as credit_jobs

    return credit_jobs.begin_limits(clock.to_business_time(instant(event.time))).id


@app.schedule(Cron(20, 17, 14, "*", "?", "*"))  # 01:20 on the 15th in Shanghai
@job
def pre_offers_monthly(event: CloudWatchEvent) -> str:
    from chalicelib.credit import jobs as credit_jobs

    return credit_jobs.begin_pre_offers(clock.to_business_time(instant(event.time))).id


@app.schedule(Cron(40, 17, 2, "*", "?", "*"))  # 01:40 on the third in Shanghai
@job
def peers_monthly(event: CloudWatchEvent) -> str:
    from chalicelib.credit import jobs as credit_jobs

    return credit_jobs.begin_peers(clock.to_business_time(instant(event.time))).id


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def scores_due(event: CloudWatchEvent) -> int:
    from chalicelib.credit.declared import SCORES

    return _sweep(SCORES)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def pre_offers_due(event: CloudWatchEvent) -> int:
    from chalicelib.credit.declared import PRE_OFFERS

    return _sweep(PRE_OFFERS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def consents_due(event: CloudWatchEvent) -> int:
    from chalicelib.credit.declared import CONSENTS

    return _sweep(CONSENTS)


@app.schedule(Cron(0, 19, 1, "*", "?", "*"))  # 03:00 on the second in Shanghai
@job
def portfolio_monthly(event: CloudWatchEvent) -> str:
    from chalicelib.loans import jobs as loan_jobs

    return loan_jobs.begin_portfolio(clock.to_business_time(instant(event.time))).id


@app.schedule(Cron(30, 18, "*", "*", "?", "*"))  # 02:30 in Shanghai
@job
def contagion_nightly(event: CloudWatchEvent) -> str:
    from chalicelib.guarantees import jobs as guarantee_jobs

    return guarantee_jobs.begin_contagion(clock.to_business_time(instant(event.time))).id


@app.schedule(Cron(0, 18, "*", "*", "?", "*"))  # 02:00 in Shanghai
@job
def monitoring_daily(event: CloudWatchEvent) -> str:
    from chalicelib.monitoring import jobs as monitoring_jobs

    return monitoring_jobs.begin_daily(clock.to_business_time(instant(event.time))).id


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def reconciliation_due(event: CloudWatchEvent) -> int:
    from chalicelib.reconciliation.declared import ITEMS

    return _sweep(ITEMS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def cases_due(event: CloudWatchEvent) -> int:
    from chalicelib.cases.declared import CASES

    return _sweep(CASES)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def groups_due(event: CloudWatchEvent) -> int:
    from chalicelib.groups.declared import GROUPS

    return _sweep(GROUPS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def agreements_due(event: CloudWatchEvent) -> int:
    from chalicelib.credit.declared import AGREEMENTS

    return _sweep(AGREEMENTS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def offers_due(event: CloudWatchEvent) -> int:
    from chalicelib.credit.declared import OFFERS

    return _sweep(OFFERS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def reviews_due(event: CloudWatchEvent) -> int:
    from chalicelib.credit.declared import REVIEWS

    return _sweep(REVIEWS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def applications_due(event: CloudWatchEvent) -> int:
    from chalicelib.credit.declared import APPLICATIONS

    return _sweep(APPLICATIONS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def firms_due(event: CloudWatchEvent) -> int:
    from chalicelib.firms.declared import FIRMS

    return _sweep(FIRMS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def trainings_due(event: CloudWatchEvent) -> int:
    from chalicelib.trainings.declared import TRAININGS

    return _sweep(TRAININGS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def listings_due(event: CloudWatchEvent) -> int:
    from chalicelib.listings.declared import LISTINGS

    return _sweep(LISTINGS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def quotes_due(event: CloudWatchEvent) -> int:
    from chalicelib.quotes.declared import QUOTES

    return _sweep(QUOTES)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def acquirer_payments_due(event: CloudWatchEvent) -> int:
    from chalicelib.acquiring.declared import PAYMENTS

    return _sweep(PAYMENTS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def settlements_due(event: CloudWatchEvent) -> int:
    from chalicelib.acquiring.declared import SETTLEMENTS

    return _sweep(SETTLEMENTS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def receivables_due(event: CloudWatchEvent) -> int:
    from chalicelib.receivables.declared import RECEIVABLES

    return _sweep(RECEIVABLES)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def alerts_due(event: CloudWatchEvent) -> int:
    from chalicelib.monitoring.declared import ALERTS

    return _sweep(ALERTS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def channels_due(event: CloudWatchEvent) -> int:
    from chalicelib.channels.declared import CHANNELS

    return _sweep(CHANNELS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def nominations_due(event: CloudWatchEvent) -> int:
    from chalicelib.channels.declared import NOMINATIONS

    return _sweep(NOMINATIONS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def channel_memberships_due(event: CloudWatchEvent) -> int:
    from chalicelib.channels.declared import MEMBERSHIPS

    return _sweep(MEMBERSHIPS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def sanctions_due(event: CloudWatchEvent) -> int:
    from chalicelib.conduct.declared import SANCTIONS

    return _sweep(SANCTIONS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def peer_reports_due(event: CloudWatchEvent) -> int:
    from chalicelib.conduct.declared import PEER_REPORTS

    return _sweep(PEER_REPORTS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def incentives_due(event: CloudWatchEvent) -> int:
    from chalicelib.conduct.declared import INCENTIVES

    return _sweep(INCENTIVES)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def guarantee_calls_due(event: CloudWatchEvent) -> int:
    from chalicelib.guarantees.declared import CALLS

    return _sweep(CALLS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def member_claims_due(event: CloudWatchEvent) -> int:
    from chalicelib.guarantees.declared import MEMBER_CLAIMS

    return _sweep(MEMBER_CLAIMS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def risk_pools_due(event: CloudWatchEvent) -> int:
    from chalicelib.guarantees.declared import POOLS

    return _sweep(POOLS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def credit_lines_due(event: CloudWatchEvent) -> int:
    from chalicelib.credit.declared import LINES

    return _sweep(LINES)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def loans_due(event: CloudWatchEvent) -> int:
    from chalicelib.loans.declared import LOANS

    return _sweep(LOANS)


@app.schedule(Rate(5, unit=Rate.MINUTES))
@job
def dead_letters_collected(event: CloudWatchEvent) -> int:
    from chalicelib.dead_letters import jobs as dead_letter_jobs

    return dead_letter_jobs.collect()


@app.schedule(Rate(1, unit=Rate.MINUTES))
@job
def dead_letters_due(event: CloudWatchEvent) -> int:
    from chalicelib.dead_letters import jobs as dead_letter_jobs

    return dead_letter_jobs.try_due(clock.now())


def _sweep(machine: Machine) -> int:
    from chalicelib.runs import sweeps

    return sweeps.sweep(machine, clock.now())


def _by_the_calendar() -> dict[str, Callable[[dict[str, Any]], Any]]:
    """Schedules that do not come again by themselves within the hour, by the name of their function."""
    return {
        source.name: partial(_tick, source.name)
        for source in app.event_sources
        if isinstance(source, ScheduledEventConfig) and isinstance(source.schedule_expression, Cron)
    }


def _tick(name: str, tick: dict[str, Any]) -> Any:
    return app.handler_map[name](tick, None)


def _consumers() -> Registry:
    from chalicelib.consumers import STREAMS

    return Registry(
        streams={consumer.name: consumer for consumer in STREAMS}, queues=QUEUES, schedules=_by_the_calendar()
    )


declare(_consumers)

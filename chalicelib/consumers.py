"""Who consumes streams, queues and arriving files: imported by the functions that do, and not by the API's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from chalicelib.acquiring import jobs as acquiring_jobs
from chalicelib.bank_events import jobs as bank_event_jobs
from chalicelib.banks import jobs as bank_jobs
from chalicelib.channels import jobs as channel_jobs
from chalicelib.channels.service import nominations as channel_nominations
from chalicelib.claims.service import evidence as claims_evidence
from chalicelib.claims.service import subscribers as claims_subscribers
from chalicelib.conduct import jobs as conduct_jobs
from chalicelib.conduct.service import peer_reports
from chalicelib.credit import jobs as credit_jobs
from chalicelib.credit.service import documents as credit_documents
from chalicelib.daybook import jobs as daybook_jobs
from chalicelib.dead_letters import jobs as dead_letter_jobs
from chalicelib.deposits import jobs as deposit_jobs
from chalicelib.deposits.monthly import jobs as monthly_jobs
from chalicelib.deposits.rulebooks import previews
from chalicelib.exports import jobs as export_jobs
from chalicelib.firms import jobs as firm_jobs
from chalicelib.firms.service import uploads as firms_uploads
from chalicelib.groups import jobs as group_jobs
from chalicelib.guarantees import jobs as guarantee_jobs
from chalicelib.ledger import jobs as ledger_jobs
from chalicelib.listings import jobs as listing_jobs
from chalicelib.listings.service import uploads as listings_uploads
from chalicelib.loans import jobs as loan_jobs
from chalicelib.monitoring import jobs as monitoring_jobs
from chalicelib.monitoring.service import shadow_runs
from chalicelib.office import jobs as office_jobs
from chalicelib.orders.service import subscribers as orders_subscribers
from chalicelib.reconciliation import jobs as reconciliation_jobs
from chalicelib.recoveries import jobs as recovery_jobs
from chalicelib.runs.jobs import Job
from chalicelib.shared.files import Arrived
from chalicelib.shared.stream import Consumer, Subscriber, subscriber
from chalicelib.shared.uploads import Uploads
from chalicelib.suppliers import jobs as supplier_jobs
from chalicelib.webhooks import jobs as webhook_jobs

SUBSCRIBERS: Final[Mapping[str, Subscriber]] = {
    "orders.day-book": orders_subscribers.follow,
    "claims.follow": claims_subscribers.follow,
    "acquiring.follow": acquiring_jobs.follow,
    "deposits.follow": deposit_jobs.follow,
    "recoveries.follow": recovery_jobs.follow,
    "credit.follow": credit_jobs.follow,
    "channels.follow": channel_jobs.follow,
    "firms.follow": firm_jobs.follow,
    "groups.follow": group_jobs.follow,
    "listings.follow": listing_jobs.follow,
    "loans.follow": loan_jobs.follow,
    "guarantees.follow": guarantee_jobs.follow,
    "monitoring.follow": monitoring_jobs.follow,
    "conduct.follow": conduct_jobs.follow,
    "banks.instruct": bank_jobs.instruct,
    "reconciliation.follow": reconciliation_jobs.follow,
    "banks.tell": bank_event_jobs.tell_banks,
    "webhooks.notify": webhook_jobs.notify,
    "office.work": office_jobs.follow_work,
    "office.search": office_jobs.follow_terms,
    "office.entries": office_jobs.follow_entries,
    "office.reports": office_jobs.follow_reports,
}
"""Who draws consequences from the entries of the journal. A shard of its stream bears two readers: the books, and all of these."""
TOGETHER: Final = frozenset({"orders.day-book", "webhooks.notify", "office.search", "office.entries", "office.reports"})
"""Those of them that take the entries of a batch together."""
SUBSCRIPTIONS: Final = tuple(subscriber(name, follow, many=name in TOGETHER) for name, follow in SUBSCRIBERS.items())
STREAMS: Final[tuple[Consumer, ...]] = (
    ledger_jobs.BOOKS,
    *SUBSCRIPTIONS,
    bank_event_jobs.EVENTS,
    office_jobs.BANK_EVENTS,
    deposit_jobs.DAYS,
    monitoring_jobs.DAYS,
    export_jobs.SUBSIDIES,
)

JOBS: dict[str, Job] = {
    daybook_jobs.IMPORT: daybook_jobs.IMPORTING,
    export_jobs.IMPORT: export_jobs.IMPORTING,
    channel_jobs.IMPORT: channel_jobs.IMPORTING,
    ledger_jobs.CLOSE: bank_jobs.CLOSING,
    credit_jobs.LIMITS: credit_jobs.RECOMPUTING,
    supplier_jobs.QUALIFICATION: supplier_jobs.QUALIFYING,
    deposit_jobs.DAILY: deposit_jobs.ASSESSING,
    credit_jobs.PRE_OFFERS: credit_jobs.LOOKING,
    credit_jobs.PEERS: credit_jobs.COMPARING,
    credit_jobs.SCORES: credit_jobs.SCORING,
    loan_jobs.PORTFOLIO: loan_jobs.REPORTING,
    guarantee_jobs.CONTAGION: guarantee_jobs.STRESSING,
    monitoring_jobs.DAILY: monitoring_jobs.DECIDING,
    shadow_runs.JOB: shadow_runs.TRYING,
    recovery_jobs.SET_OFF: recovery_jobs.SETTING_OFF,
    **monthly_jobs.JOBS,
    **previews.JOBS,
    dead_letter_jobs.REDRIVE: dead_letter_jobs.REDRIVING,
}
"""What the queue of work may ask for, by the job's name."""

DOCUMENTS: Final[tuple[Uploads[Any, Any], ...]] = (
    channel_nominations.FILES,
    firms_uploads.FILES,
    credit_documents.FILES,
    peer_reports.FILES,
    listings_uploads.FILES,
)
"""The files of aggregates' documents: each kind under a prefix of its own, and removed when its retention ends."""
ARRIVALS: dict[str, Callable[[Arrived], Any]] = {
    daybook_jobs.UPLOADS: daybook_jobs.file_arrived,
    claims_evidence.UPLOADS: claims_evidence.file_arrived,
    **{kind.prefix: kind.file_arrived for kind in DOCUMENTS},
}
"""Who takes the files that are put into the bucket, by the prefix of their keys."""

"""What each function may touch: one matrix, from which `.chalice/policy-<function>.json` is written.

    make policies

The matrix names tables, queues, parameters and files by their short names. What a trigger needs besides (its stream, its queue, where a
failed call is put aside, its log) follows from `app.py`; indexes go with their table. Tests hold the files to the matrix, and every handler
that the suite calls to what its file says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from chalice.app import DynamoDBEventConfig, ScheduledEventConfig, SQSEventConfig

from infra.local import resources

FOLDER: Final = Path(__file__).parent.parent / ".chalice"
HERE: Final = "${AWS::Region}:${AWS::AccountId}"
READ: Final = ("BatchGetItem", "GetItem", "Query")
WRITE: Final = (*READ, "BatchWriteItem", "ConditionCheckItem", "PutItem", "UpdateItem")
TAKE: Final = ("ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ReceiveMessage")


WRITTEN: Final = "written"
"""For whoever works on nearly every table: naming those to be read whole once more would not fit into its role."""


class Grants(NamedTuple):
    """Short names, separated by blanks. Who writes a table may read it too."""

    reads: str = ""
    writes: str = ""
    scans: str = ""
    """Tables that may be read whole, beside being read or written; WRITTEN are all that are written."""
    deletes: str = ""
    rereads: str = ""
    """Tables whose stream is read again where a position in it was put aside."""
    sends: str = ""
    """Queues."""
    takes: str = ""
    """Queues whose messages are taken by the function itself."""
    parameters: str = ""
    files: str = ""
    """`use`: read and put; `list`; `destroy`: every version of a document."""
    keys: str = ""
    """Keys of KMS, by their aliases: data keys are made and opened under them."""


WITHOUT_A_CLOCK: Final = ("signed_in",)
"""Everything else reads the clock, and in a sandbox's stage with it the row by which that goes ahead."""
MOST_INDEXED: Final = 24
"""Who asks the indexes of more tables may ask those of all: each by its name would not fit into a role's policy. Most hold nothing but names."""
MOST_NAMED: Final = 60
"""Who may touch more tables names those of one family together."""
BOOKS: Final = "ledger-chains ledger-lines ledger-totals"
DEAD: Final = "webhooks-dead schedules-dead streams-dead uploads-dead work-dead"
STREAMS: Final = "bank-events day-book exports journal"
MONEY: Final = (
    "acquirer-payments claims deposits instructions journal listing-stocks orders settlements suppliers uniques"
)
"""What a payment may change."""
CREDIT: Final = "credit-lines exposures group-positions groups loans"
"""What a bank may report of a loan."""
GUARANTEES: Final = "guarantee-calls member-claims risk-pools"
"""What guarantors are called on to pay, what members owe one another, and what a bank keeps for calls."""
ASKED: Final = "agreements applications offers reviews"
"""What a bank may report of what a firm asks of it, and what the firm's own entries bring about."""
FACTS: Final = "acquirer-payments alerts bank-feeds baselines channel-days channel-entries claims conduct-counts credit-histories day-book deliveries deposits feed-days firm-signs incentives instructions journal listing-stocks listings members orders receivables reconciliation-items recoveries sanctions sandbox settlements suppliers trades uniques watches"
"""What may follow from an entry."""
CHANNELS: Final = "channel-memberships channels nominations"
"""Country channels, who is named for them, and who is in them."""
OFFICE: Final = "office-counts office-entries office-terms office-work"
"""What officers' lists are made of."""
BEGIN_A_RUN: Final = Grants(writes="journal runs", sends="work")
BEGIN_A_MONTH: Final = Grants(reads="rulebooks", writes="journal runs", scans="rulebooks", sends="work")

MATRIX: Final[dict[str, Grants]] = {
    "signed_in": Grants(),
    "api_handler": Grants(
        reads=f"{BOOKS} dead-letters score-peers",
        writes=f"{FACTS} {CREDIT} {ASKED} {GUARANTEES} {CHANNELS} {OFFICE} bank-events cases consents contagion-nights data-keys data-packs export-days exports firms group-seats peer-reports portfolios pre-offers quotes rule-sheets rulebooks runs scores subsidies subsidy-lines training-places trainings webhook-counts webhook-endpoints",
        scans="deposits exposures journal ledger-chains members rulebooks suppliers",
        sends="webhooks work",
        parameters="badge-key banks/* cursor-key marks-key persons-key sandbox-token-key",
        files="use",
        keys="persons",
    ),
    "bank_events_changed": Grants(
        reads="ledger-totals members rulebooks",
        writes=f"{MONEY} {CREDIT} {ASKED} {GUARANTEES} {OFFICE} bank-books bank-events dead-letters",
        scans="rulebooks",
    ),
    "bank_events_waiting": Grants(
        reads="ledger-totals members rulebooks",
        writes=f"{MONEY} {CREDIT} {ASKED} {GUARANTEES} bank-books bank-events",
        scans="rulebooks",
        sends="work",
    ),
    "journal_written": Grants(reads="journal", writes=f"{BOOKS} dead-letters"),
    "journal_followed": Grants(
        reads=f"{CHANNELS} bank-events cases consents data-packs export-days firms ledger-totals peer-reports rulebooks runs trainings webhook-endpoints",
        writes=f"{FACTS} {BOOKS} {CREDIT} {ASKED} {GUARANTEES} {OFFICE} dead-letters pre-offers scores",
        scans="rulebooks",
        sends="webhooks",
        parameters="banks/* marks-key",
        files="destroy",
    ),
    "days_changed": Grants(
        reads="consents day-book feed-days members rulebooks runs trades",
        writes="alerts dead-letters deposits exposures journal watches",
        scans="rulebooks",
    ),
    "exports_changed": Grants(reads="exports", writes="dead-letters journal subsidies subsidy-lines"),
    "files_arrived": Grants(
        reads="ledger-totals rulebooks",
        writes="applications claims deposits firms journal listing-stocks listings nominations orders peer-reports runs suppliers",
        scans="rulebooks",
        sends="work",
        files="use destroy",
    ),
    "shards_waiting": Grants(
        reads="group-seats rule-sheets webhook-endpoints",
        writes=f"{FACTS} {BOOKS} {CREDIT} {ASKED} {GUARANTEES} {CHANNELS} {OFFICE} bank-books bank-events cases consents contagion-nights dead-letters export-days exports firms peer-reports portfolios pre-offers quotes rulebooks runs score-peers scores subsidies subsidy-lines trainings",
        scans=WRITTEN,
        deletes="dead-letters",
        rereads=STREAMS,
        sends="webhooks uploads work",
        takes=DEAD,
        parameters="banks/* marks-key",
        files="use list destroy",
    ),
    "webhooks_waiting": Grants(reads="alerts consents", writes="deliveries journal webhook-counts webhook-endpoints"),
    "orders_due": Grants(writes="journal listing-stocks orders suppliers", sends="work"),
    "claims_due": Grants(
        reads="day-book ledger-totals members rulebooks",
        writes="claims deposits journal listing-stocks orders suppliers",
        scans="rulebooks",
        sends="work",
    ),
    "appeals_due": Grants(reads="day-book members", writes="journal suppliers", sends="work"),
    "recoveries_due": Grants(
        reads="day-book ledger-totals members", writes="journal recoveries suppliers", sends="work"
    ),
    "reconciliation_due": Grants(writes="journal reconciliation-items", sends="work"),
    "loans_due": Grants(writes=f"{CREDIT} journal", sends="work"),
    "credit_lines_due": Grants(writes="credit-lines journal", sends="work"),
    "applications_due": Grants(writes="applications journal", sends="work"),
    "reviews_due": Grants(writes="applications journal reviews", sends="work"),
    "offers_due": Grants(writes="applications journal offers reviews", sends="work"),
    "agreements_due": Grants(writes="agreements applications journal", sends="work"),
    "peers_monthly": BEGIN_A_RUN,
    "scores_due": Grants(writes="journal scores", sends="work"),
    "pre_offers_due": Grants(writes="journal pre-offers", sends="work"),
    "pre_offers_monthly": BEGIN_A_RUN,
    "consents_due": Grants(writes="consents journal", sends="work"),
    "cases_due": Grants(writes="cases journal", sends="work"),
    "channels_due": Grants(writes="channels journal", sends="work"),
    "nominations_due": Grants(writes="journal nominations", sends="work"),
    "channel_memberships_due": Grants(writes="channel-memberships journal", sends="work"),
    "incentives_due": Grants(writes="incentives journal", sends="work"),
    "peer_reports_due": Grants(writes="journal peer-reports", sends="work"),
    "trainings_due": Grants(writes="journal trainings", sends="work"),
    "alerts_due": Grants(writes="alerts exposures journal", sends="work"),
    "sanctions_due": Grants(
        reads="alerts cases loans", writes="conduct-counts exposures journal sanctions", sends="work"
    ),
    "groups_due": Grants(writes="group-positions groups journal", sends="work"),
    "firms_due": Grants(writes="firms journal", sends="work"),
    "listings_due": Grants(writes="journal listing-stocks listings", sends="work"),
    "quotes_due": Grants(writes="journal quotes", sends="work"),
    "acquirer_payments_due": Grants(reads="orders", writes="acquirer-payments journal", sends="work"),
    "settlements_due": Grants(
        reads="channel-memberships ledger-totals",
        writes="journal listing-stocks orders settlements suppliers",
        sends="work",
    ),
    "receivables_due": Grants(writes="journal receivables", sends="work"),
    "guarantee_calls_due": Grants(reads="groups loans member-claims", writes="guarantee-calls journal", sends="work"),
    "member_claims_due": Grants(writes="journal member-claims", sends="work"),
    "risk_pools_due": Grants(writes="journal risk-pools", sends="work"),
    "instructions_due": Grants(writes="instructions journal sandbox uniques", sends="work", parameters="banks/*"),
    "webhooks_due": Grants(writes="deliveries", sends="webhooks work"),
    "runs_due": BEGIN_A_RUN,
    "books_close": BEGIN_A_RUN,
    "credit_limits": BEGIN_A_RUN,
    "deposits_daily": BEGIN_A_RUN,
    "deposits_rehearsal": BEGIN_A_MONTH,
    "deposits_monthly": BEGIN_A_MONTH,
    "deposits_overdue": BEGIN_A_MONTH,
    "qualification_monthly": BEGIN_A_RUN,
    "recoveries_set_off": BEGIN_A_RUN,
    "portfolio_monthly": BEGIN_A_RUN,
    "contagion_nightly": BEGIN_A_RUN,
    "monitoring_daily": Grants(reads="feed-days", writes="journal runs", sends="work"),
    "dead_letters_collected": Grants(
        writes="dead-letters journal runs", deletes="dead-letters", rereads=STREAMS, sends="work", takes=DEAD
    ),
    "dead_letters_due": Grants(
        reads=f"{CHANNELS} cases consents data-packs export-days exports firms peer-reports rulebooks trainings webhook-endpoints",
        writes=f"{FACTS} {BOOKS} {CREDIT} {ASKED} {GUARANTEES} {OFFICE} bank-events dead-letters pre-offers runs scores subsidies subsidy-lines",
        scans="rulebooks",
        deletes="dead-letters",
        sends="webhooks uploads work",
        parameters="banks/* marks-key",
        files="destroy",
    ),
}


def policy(function: str) -> dict[str, Any]:
    """The policy document of a function."""
    return {"Version": "2012-10-17", "Statement": list(_statements(function, MATRIX[function]))}


def _statements(function: str, granted: Grants) -> Iterator[dict[str, Any]]:
    title = "APIHandler" if function == "api_handler" else "".join(map(str.capitalize, function.split("_")))
    yield _allow(
        "logs", ("CreateLogStream", "PutLogEvents"), [f"{HERE}:log-group:/aws/lambda/${{AWS::StackName}}-{title}-*"]
    )
    tables = f"{granted.reads} {granted.writes}".split()
    for actions, names in (
        (READ, granted.reads),
        ((*WRITE, "Scan") if granted.scans == WRITTEN else WRITE, granted.writes),
        (("Scan",), granted.scans.removeprefix(WRITTEN)),
        (("DeleteItem",), granted.deletes),
    ):
        yield from _on(actions, "dynamodb", [f"{HERE}:table/{_ours(name)}" for name in _named(names.split())])
    if function not in WITHOUT_A_CLOCK and "sandbox" not in tables:
        yield _allow("dynamodb", ("GetItem",), [f"{HERE}:table/{_ours('sandbox')}"])
    indexed = [name for name in tables if name in _indexed()]
    of = ["*"] if len(indexed) > MOST_INDEXED else indexed
    yield from _on(("Query",), "dynamodb", [f"{HERE}:table/{_ours(name)}/index/*" for name in of])
    yield from _on(("GetRecords", "GetShardIterator"), "dynamodb", [_stream(name) for name in granted.rereads.split()])
    yield from _on(("GetQueueUrl", "SendMessage"), "sqs", [f"{HERE}:{_ours(name)}" for name in granted.sends.split()])
    taken = (*granted.takes.split(), *_queues_of(function))
    yield from _on(TAKE, "sqs", [f"{HERE}:{_ours(name)}" for name in taken])
    yield from _on(
        ("GetParameter",), "ssm", [f"{HERE}:parameter/surety/${{Stage}}/{name}" for name in granted.parameters.split()]
    )
    bucket = f"::{_ours('files')}-${{AWS::AccountId}}"
    if "use" in granted.files:
        yield _allow("s3", ("GetObject", "GetObjectVersion", "PutObject"), [f"{bucket}/*"])
    if "list" in granted.files:
        yield _allow("s3", ("ListBucket",), [bucket])
    if "destroy" in granted.files:
        yield _allow(
            "s3",
            ("DeleteObjectVersion",),
            [f"{bucket}/{prefix}*" for prefix in _documents()],
        )
        yield _allow("s3", ("ListBucketVersions",), [bucket])
    for name in granted.keys.split():
        has_alias = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": {"Fn::Sub": f"alias/{_ours(name)}"}}}
        yield _allow("kms", ("Decrypt", "GenerateDataKey"), [f"{HERE}:key/*"]) | {"Condition": has_alias}
    yield from _of_the_trigger(function)


def _queues_of(function: str) -> Iterator[str]:
    """The queue whose messages Lambda takes with the function's role."""
    import app

    for source in app.app.event_sources:
        if source.name == function and isinstance(source, SQSEventConfig):
            yield _short(source.queue)


def _of_the_trigger(function: str) -> Iterator[dict[str, Any]]:
    """What Lambda does with the function's role: reads its stream, puts aside what failed."""
    import app

    for source in app.app.event_sources:
        if source.name != function:
            continue
        if isinstance(source, ScheduledEventConfig):
            yield from _on(("GetQueueUrl", "SendMessage"), "sqs", [f"{HERE}:{_ours('schedules-dead')}"])
        if isinstance(source, DynamoDBEventConfig):
            table = _short(source.stream_arn.split("/")[1])
            yield _allow("dynamodb", ("DescribeStream", "GetRecords", "GetShardIterator"), [_stream(table)])
            yield from _on(("GetQueueUrl", "SendMessage"), "sqs", [f"{HERE}:{_ours('streams-dead')}"])


def _on(actions: Iterable[str], service: str, resources: list[str]) -> Iterator[dict[str, Any]]:
    if resources:
        yield _allow(service, actions, resources)


def _allow(service: str, actions: Iterable[str], resources: Iterable[str]) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Action": [f"{service}:{action}" for action in sorted(actions)],
        "Resource": [{"Fn::Sub": f"arn:${{AWS::Partition}}:{service}:{resource}"} for resource in sorted(resources)],
    }


def _ours(name: str) -> str:
    return f"surety-${{Stage}}-{name}"


def _short(name: str | None) -> str:
    """`surety-local-bank-events` is `bank-events`."""
    from chalicelib.shared.settings import settings

    return (name or "").removeprefix(settings().name(""))


def _stream(table: str) -> str:
    return f"{HERE}:table/{_ours(table)}/stream/*"


def _documents() -> list[str]:
    """Under which prefixes of the bucket documents are kept, and removed when their retention ends."""
    from chalicelib import consumers

    return [kind.prefix for kind in consumers.DOCUMENTS]


def _named(names: list[str]) -> list[str]:
    """Names of tables, with `ledger-*` for all that begin so where each of them is among the names: more than so many do not fit one by one."""
    if len(names) <= MOST_NAMED:
        return names
    stems = {
        stem: {table for table in _tables() if table.startswith(stem)}
        for stem in {f"{name.partition('-')[0]}-" for name in names}
    }
    whole = {stem: family for stem, family in stems.items() if len(family) > 1 and family <= set(names)}
    alone = [name for name in names if not any(name in family for family in whole.values())]
    return [*alone, *(f"{stem}*" for stem in whole)]


@cache
def _tables() -> dict[str, Any]:
    """Every table by its own name."""
    tables = resources.declared("AWS::DynamoDB::Table", "x").values()
    return {one["TableName"].removeprefix("surety-x-"): one for one in tables}


def _indexed() -> set[str]:
    """Tables that have an index."""
    return {name for name, table in _tables().items() if "GlobalSecondaryIndexes" in table}


def written(function: str) -> str:
    """The policy file of a function as it is to be."""
    return json.dumps(policy(function), indent=2) + "\n"


def main() -> None:
    for function in MATRIX:
        (FOLDER / f"policy-{function}.json").write_text(written(function))


if __name__ == "__main__":
    main()

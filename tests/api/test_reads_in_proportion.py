"""Whatever is read reads by what it returns: every route, over the small world with a hundred more of everything, and with twice as many."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from chalicelib.consumers import SUBSCRIPTIONS
from chalicelib.dead_letters import jobs as dead_letters
from chalicelib.shared.http import Endpoint
from chalicelib.shared.tables import AT_ONCE
from infra.local.memory import indexes
from tests.api.api_requests import ApiRequest, ApiUnderTest, endpoints, example_query, name
from tests.api.seeds import OFFICER, Seeds
from tests.api.test_pages import LISTS, items_of
from tests.ledger.books import project, raw_journal, stream
from tests.machine import machine, tables
from tests.registry.test_jobs_in_proportion import reading
from tests.size import at_size

LIMIT: Final = 2
FEW: Final = AT_ONCE + 10
"""More than one look at an index takes, which is a hundred names."""
MANY: Final = at_size(10, 2) * FEW
GROWING: Final = {
    "GET /v1/storefronts/{member_id}/channel-badge": "a membership of each channel",
    "GET /v1/storefronts/{member_id}/channel-badge.svg": "a membership of each channel",
    "GET /v1/storefronts/{member_id}/notes": "sanctions that have not ended: one of a measure for each loan",
    "GET /v1/members/{member_id}/integrity/statement": "sanctions that have not ended",
    "GET /s/{member_id}": "both",
    "GET /v1/channels/{channel_id}/figures": "months before the window",
    "GET /v1/channels/{channel_id}/figures.csv": "months before the window",
    "GET /v1/channels/{channel_id}/figures.svg": "months before the window",
    "GET /v1/alerts/{alert_id}/figures": "earlier alerts of the loan, by their names",
    "GET /v1/guarantee-calls": "groups of a member, of which one at a time is alive",
    "GET /v1/members/{member_id}/obligations": "groups of a member",
    "GET /v1/members/{member_id}/overview": "groups of a member",
    "GET /v1/members/{member_id}/score": "loans of a member and its shares of calls: a late one counts, however many came after it",
    "GET /v1/work": "counts to a thousand of each kind, by their names",
    "GET /v1/ledger/verification": "a page of the chains it verifies",
    "GET /v1/ledger/trial-balance": "months since the books were closed: `make bench-books`",
}
"""What reads more where there is more, and of what."""
QUERIES: Final = {
    "GET /v1/bank-instructions": {"status": "sent"},
    "GET /v1/imports": {"kind": "trade_history"},
    "GET /v1/search": {"q": "91330200MA2AAAAA1A"},
}
"""For lists that show nothing of the small world unless they are asked."""
NOT_FILLED: Final = {
    "GET /v1/bank-events": "none is at its end",
    "GET /v1/contagion": "no night was worked out",
    "GET /v1/deposits": "none waits",
    "GET /v1/deposits/{seller_id}/statements": "by the deposit's version",
    "GET /v1/guarantee-calls/{call_id}/statement": "by the call's version",
    "GET /v1/introduction-fees": "no bank owes one, unless its product says so",
    "GET /v1/ledger/accounts/{account}": "nothing is booked on that account",
    "GET /v1/loans/{loan_id}/statement": "by the loan's version",
    "GET /v1/members/{member_id}/obligations": "a call that was read without its share is none of the member's",
    "GET /v1/members/{member_id}/subsidies": "no subsidy",
    "GET /v1/members/{member_id}/trainings": "nobody is registered",
    "GET /v1/orders/{order_id}/payments": "none by an acquirer",
    "GET /v1/penalty-appeals": "no appeal",
    "GET /v1/suppliers/{member_id}/coverage": "no order with cover",
    "GET /v1/webhook-endpoints": "few by their bound",
}
"""Lists that no number of copies makes longer, besides timelines, which end at the version of their thing."""
IN_PARTS: Final = frozenset({"runs", "conduct-counts"})
"""Tables in which the second part of a key is a part of a thing, and not one of many."""
_MONTH: Final = re.compile(r"\d{4}-\d{2}")


def test_every_route_reads_by_what_it_returns_and_not_by_what_there_is(under_test: ApiUnderTest, seeds: Seeds) -> None:
    records = stream(raw_journal())
    project(records)
    dead_letters.consume(records, SUBSCRIPTIONS)
    world = machine().snapshot(lasting=True)
    crowd(FEW)
    few = {asked: read_by(under_test, seeds, *asked) for asked in every_request(seeds)}
    machine().restore(world)
    crowd(MANY)
    many = {asked: read_by(under_test, seeds, *asked) for asked, (read, _) in few.items() if read}
    grown = {name(endpoint) for (endpoint, by), (read, _) in many.items() if read != few[endpoint, by][0]}
    assert grown == GROWING.keys()
    full = {name(endpoint) for (endpoint, _), (_, shown) in many.items() if shown == LIMIT}
    assert {of for of in LISTS.keys() - full if not of.endswith("/timeline")} == NOT_FILLED.keys()


def every_request(seeds: Seeds) -> Iterator[tuple[Endpoint, str | None]]:
    """Every route that reads; a list as an officer, a buyer and a supplier see it."""
    for endpoint in endpoints():
        if name(endpoint) in LISTS and not endpoint.public:
            yield from ((endpoint, by) for by in (OFFICER, seeds.buyer, seeds.supplier))
        elif endpoint.method == "GET":
            yield endpoint, None if endpoint.public else seeds.token_for(endpoint.by.roles)


def read_by(under_test: ApiUnderTest, seeds: Seeds, endpoint: Endpoint, by: str | None) -> tuple[Counter[str], int]:
    """What a request reads, and how many items it shows where it asks for LIMIT of a list."""
    is_list = name(endpoint) in LISTS
    query = example_query(endpoint) | QUERIES.get(name(endpoint), {}) | ({"limit": str(LIMIT)} if is_list else {})
    text = "&".join(f"{key}={value}" for key, value in query.items())
    with reading() as read:
        reply = under_test.send(ApiRequest(endpoint, by=by, ids=seeds.ids, query=text))
    assert reply.status < 500 or name(endpoint) in GROWING, (name(endpoint), reply.body)
    return read, len(items_of(endpoint, reply)) if is_list and reply.status == 200 else 0


def crowd(many: int) -> None:
    """So many beside each item, in all indexes where it stands; where that is known by one item, the others need none."""
    for table in tables():
        is_one_of_many = table.range_key_attr and table.name.rpartition("-test-")[2] not in IN_PARTS
        key = table.range_key_attr if is_one_of_many else table.hash_key_attr
        places = [index.schema[0]["AttributeName"] for index in table.global_indexes]
        places += [table.hash_key_attr] if is_one_of_many else []
        seen: set[Any] = set()
        for item in list(indexes.all_of(table)):
            stands = {(place, item.attrs[place].value) for place in places if place in item.attrs} or {("", "")}
            if stands <= seen:
                continue
            seen |= stands
            item = {attribute: value.to_regular_json() for attribute, value in item.attrs.items()}
            for number in range(many):
                table.put_item(item | {key: _other(item[key], number)})


def _other(value: dict[str, str], number: int) -> dict[str, str]:
    """Another key: an id that ends otherwise, a month long ago, another number."""
    kind, text = next(iter(value.items()))
    if kind == "N":
        return {"N": str(int(text) + 1 + number)}
    if _MONTH.match(text):
        return {"S": f"{1900 + number // 12}-{number % 12 + 1:02}{text[7:]}"}
    return {"S": f"{text[:-6]}{number:06}" if len(text) > 20 else f"{text}-{number:06}"}

"""The words for codes and for names of fields: what a client shows people where the API says `part_funded` or `order_id`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final, get_args, get_type_hints

from msgspec.inspect import LiteralType, StructType, multi_type_info

from chalicelib import slices
from chalicelib.claims.rules.claim import FileStatus, Kind, OfferStatus
from chalicelib.conduct.rules.sanction import Ground, Measure
from chalicelib.consumers import JOBS, STREAMS
from chalicelib.deposits.rules import categories, lint
from chalicelib.guarantees.rules.call import ShareStatus
from chalicelib.ledger.rules.chart import CHART
from chalicelib.monitoring.rules.alert import SubjectKind
from chalicelib.monitoring.rules.finding import Level, Rule
from chalicelib.office.rules.reports import REPORTS
from chalicelib.office.rules.sections import SECTIONS
from chalicelib.office.rules.task import waiting_names
from chalicelib.office.rules.things import THINGS
from chalicelib.receivables.rules.receivable import Kind as ReceivableKind
from chalicelib.reference import error_examples, problems, schemas, told
from chalicelib.registry import MACHINES
from chalicelib.route_table import ROUTES
from chalicelib.runs.rules import RunStatus
from chalicelib.shared import policies
from chalicelib.shared.http import Endpoint
from chalicelib.shared.state_machine import BY_ITSELF, StateMachine, Table
from chalicelib.shared.texts import Text
from chalicelib.suppliers.rules.coverage import STATUSES
from chalicelib.webhooks import event_examples

_OF_PARTS: Final = [code for form in (FileStatus, OfferStatus, ShareStatus, RunStatus) for code in get_args(form)]
"""Statuses of what is no machine: a claim's files and offers, the shares of a call, runs."""
_DONE_TO_A_THING: Final = re.compile(r"/v1/.*\}/([a-z-]+)")
"""The last word of a path below an id: what its POST does, or tries out."""
_IN_WORDS: Final = re.compile("[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")
"""A code that stands for a word. What is written otherwise (`FOB`, `30/360`) says the same in every language."""
_UNJOINED: Final = re.compile(
    r"(?<=\bpre) (?=offers?\b|shipment\b)|(?<=\bpost) (?=delivery\b)|(?<=\bcut) (?=off\b)|(?<=\bpaid) (?=in capital\b)"
)
"""Where English joins with a hyphen what a code can only part."""
_JOINED: Final = ("field", "list", "policy", "thing")
"""Words that stand alone: sentences of the API take those of the other contexts as the code has them."""
_RELEASE: Final = re.compile(r"\d\.\d")
"""Of a library, by whose tables something was made: it is called the same in every language."""
_IS_LIST: Final = re.compile(r"/v1/[^.]*[^}.]")
_A_THING: Final = re.compile(r"([a-z-]+)/\{")
_NAMED: Final = re.compile("`([a-z][a-z0-9_]*)`")
_IN_A_PATH: Final = re.compile(r"\{(\w+)\}")
_IN_ENGLISH_ALONE: Final = ("calendars", "credit-products", "deposits", "fx", "scorecard")
"""Policies that say in words what they hold. Others that do say it in every language themselves."""
UNITS: Final = ("bp", "ppm", "minor", "milli", "micro", "hundredths")
"""What ends the name of a whole number that counts parts of a whole: people read the whole (`rate_bp` is a rate)."""
_SHORT: Final[Mapping[str, str]] = {
    "alg": "algorithm",
    "bp": "share",
    "crv": "curve",
    "dpd": "days past due",
    "hs": "HS",
    "iss": "issuer",
    "kid": "key id",
    "kty": "key type",
    "lang": "language",
    "p": "chance",
    "p90": "90th percentile",
    "q": "quality",
    "ref": "reference",
    "seq": "number in the sequence",
    "sha256": "SHA-256",
    "sla": "time to answer",
    "url": "address",
    "usd": "USD",
}
"""What the API's names abbreviate."""
_IN_FULL: Final[Mapping[str, str]] = {
    **categories.IN_FULL,
    "aggregate_id": "id of what it is about",
    "days_to_decide": "time to decide",
    "declaration_no": "declaration number",
    "en": "in English",
    "gmv": "sales",
    "more_gmv": "more sales",
    "most_bytes": "largest size",
    "param": "field concerned",
    "par_1": "at least 1 day late",
    "par_30": "more than 30 days late",
    "par_90": "more than 90 days late",
    "registration_no": "registration number",
    "ship_by_at": "ship by",
    "supplier_fault_percent": "supplier's part of the fault, in percent",
    "usd_6m": "USD of 6 months",
    "zh": "in Chinese",
    "zh-CN": "in Chinese",
}
"""Names that say too little word for word."""

_SHORT_CODES: Final[Mapping[str, str]] = {
    "days30": "30 days",
    "fx": "exchange rates",
    "fx_difference": "exchange difference",
    "fx_position": "currency position",
    "gmv": "sales",
}
"""The same of codes."""

_TO_DO: Final[Mapping[str, str]] = {
    "corrections": "propose a correction",
    "deductions": "deduct",
    "limit-simulations": "simulate a limit",
    "payments": "pay in",
    "penalties": "give a penalty",
    "reinstatement": "reinstate the supplier",
    "risks": "register a risk",
    "specials": "ask for a special deposit",
    "substitutes": "change the security",
    "suspension": "suspend the supplier",
    "withdrawal": "leave the programme",
}
"""Actions that the API calls after the thing that comes of them."""

_OF_A_THING: Final[Mapping[str, str]] = {
    "advice.by": "by when",
    "claims.lines": "lines of the order",
    "cover.limit": "limit of cover",
    "credit-lines.limit": "credit limit",
    "decisions.number": "number of the decision",
    "incentives.points": "points earned",
    "instalments.number": "number of the instalment",
    "penalties.points": "penalty points",
    "quotes.rate": "exchange rate",
    "scores.points": "points of the score",
    "seats.number": "number of the seat",
    "suppliers.limit": "limit of cover",
    "suppliers.points": "penalty points",
}
"""Names that mean something else elsewhere: behind the word of the path of things that have them, or the name of the field that they are inside."""


def codes() -> dict[str, list[str]]:
    """Kinds of things, their statuses and what else becomes of them, who acts, what deadlines are called, and so on; each in order.

    `bank` are partner banks and acquirers by their ids; `value` are codes that fields may hold and that are
    none of these; a deadline of the same name (the day until which an `inspection_report` is due) is no word for what a field holds.
    """
    machines = [machine.rules for machine in MACHINES if machine.rules is not None]
    by_context = {
        "kind": {
            *(machine.table.kind for machine in machines),
            *(thing.kind for thing in THINGS.values()),
            *get_args(ReceivableKind),
            *get_args(SubjectKind),
            *told.KINDS,
        },
        "status": {*(code for machine in machines for code in _statuses(machine)), *_OF_PARTS, *told.OUTCOMES},
        "action": {*_actions(machines), *_commands()},
        "actor": {actor for machine in machines for each in machine.table.transitions for actor in each.actors},
        "deadline": {timer.name for machine in machines for timer in machine.timers}
        | waiting_names()
        | {*told.DEADLINES},
        "rule": set(get_args(Rule)),
        "level": set(get_args(Level)),
        "measure": set(get_args(Measure)),
        "ground": set(get_args(Ground)),
        "programme": set(STATUSES),
        "remedy": set(get_args(Kind)),
        "account": set(CHART),
        "job": set(JOBS),
    }
    others = (
        {code for code in _other_codes() if _IN_WORDS.fullmatch(code)}
        | {each.name for each in STREAMS}
        | {*_refusals()}
    )
    by_context["bank"] = {*_partners()}
    apart = [each for context, each in by_context.items() if context != "deadline"]
    by_context["value"] = (others | {*_values_of_policies()}).difference(*apart)
    by_context |= {
        "event": {event_code(each.name) for machine in machines for each in machine.table.transitions}
        | {event_code(name.partition(".")[2]) for name in event_examples.every()}
        | {*told.EVENTS},
        "list": {path.rpartition("/")[2] for path in _read() if _IS_LIST.fullmatch(path)},
        "thing": {part for path in _read() for part in _A_THING.findall(path)},
        "policy": set(policies.names()),
        "sentence": {*_sentences_of_policies(), *told.WHY},
    }
    by_context["field"] = _names() | (_names_of_policies() | _names_of_refusals()).difference(*by_context.values())
    return {context: sorted(filter(None, words)) for context, words in by_context.items()}


def words() -> dict[str, dict[str, Text]]:
    """The word for each of them. Why something was refused is said by the title of the refusal."""
    named = {context: {code: _word(context, code) for code in of_context} for context, of_context in codes().items()}
    titles = _refusals()
    named["bank"] = {code: Text(name, {}, context="bank") for code, name in _partners().items()}
    return named | {"value": {code: titles.get(code, word) for code, word in named["value"].items()}}


def _word(context: str, code: str) -> Text:
    if context == "sentence":
        return Text(code, {})
    in_words = {"action": _deed, "field": field_words, "thing": thing_words, "value": _value}.get(context, _letters)
    words = in_words(code)
    return Text(_UNJOINED.sub("-", words) if context in _JOINED else words, {}, context=context)


def _letters(code: str) -> str:
    return _SHORT_CODES.get(code) or code.replace(".", ": ").replace("_", " ").replace("-", " ")


def _deed(code: str) -> str:
    return _TO_DO.get(code) or _letters(code)


def _value(code: str) -> str:
    return _letters(without_unit(code))


def field_words(name: str) -> str:
    """`buyer_country` is buyer country, `overdue_dpd` overdue days past due: without the unit that a name ends with."""
    in_full = _IN_FULL.get(name) or _OF_A_THING.get(name)
    if in_full:
        return in_full
    return " ".join(_SHORT.get(part, part) for part in re.split("[_-]", without_unit(name)))


def without_unit(name: str) -> str:
    plain, _, unit = name.rpartition("_")
    return without_unit(plain) if plain and unit in UNITS else name


def _names() -> set[str]:
    fields = {field.encode_name for struct in structs() for field in struct.fields}
    in_paths = {name for each in of_officers() for name in _IN_A_PATH.findall(each.path)}
    counted = {column.name for report in REPORTS.values() for column in report.columns}
    sold = {name for book in policies.versions("deposits") for name in book.values["categories"]}
    return fields | in_paths | counted | sold | {*told.FACTS, *_OF_A_THING}


def _names_of_refusals() -> set[str]:
    """What refusals tell beside the words of every problem (`maximum`, `due_at`), as they were recorded or as their own words name it."""
    answers = (each["answer"] for each in error_examples.every().values())
    told_of = {name for answer in answers for name in answer}.difference(problems.Problem.__struct_fields__)
    texts = (text for error in problems.every() for text in (error.title, error.fix))
    return told_of | {name for text in texts for name in _NAMED.findall(text)}


def _names_of_policies() -> set[str]:
    """Names inside the values of every version: one is compared with another."""
    every = (policy for name in policies.names() for policy in policies.versions(name))
    return {name for policy in every for name in _keys(policy.values) if _IN_WORDS.fullmatch(name)}


def _values_of_policies() -> Iterator[str]:
    """Codes that policies hold: evidence that is asked for, what follows arrears, reasons of penalties. The ids of things are none."""
    every = (policy for name in policies.names() for policy in policies.versions(name))
    return (code for policy in every for code in _texts(policy.values) if _IN_WORDS.fullmatch(code))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in inside:
        yield from () if name == "id" else _texts(inner)


def _sentences_of_policies() -> set[str]:
    """Of every version: what a market, a class of violations or a product is called."""
    every = (policy for name in _IN_ENGLISH_ALONE for policy in policies.versions(name))
    return {text for policy in every for text in _texts(policy.values) if " " in text and not _RELEASE.search(text)}


def _partners() -> dict[str, str]:
    """What banks and acquirers are called, of every version: a thing may be with one that is a partner no more."""
    every = (policy.values for policy in policies.versions("banks"))
    return {each["id"]: each["name"] for values in every for each in (*values["partners"], *values["acquirers"])}


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _keys(inner)


@cache
def _refusals() -> dict[str, Text]:
    """The title of each refusal by its code, where every endpoint is loaded."""
    for _ in _endpoints():
        pass
    return {error.code: Text(error.title, {}) for error in problems.every()}


def _other_codes() -> Iterator[str]:
    """The values of every field that may hold only some, what tells one form from another, and what kinds of accounts there are."""
    for struct in structs():
        yield from [struct.tag] if isinstance(struct.tag, str) else []
        for field in struct.fields:
            yield from _literals(field.type)
    for account in CHART.values():
        yield from (account.kind, account.normal)
    yield from (section.name for section in SECTIONS)
    yield from get_args(lint.Code)
    yield from (*told.CONSUMERS, *told.REASONS)


def event_code(name: str) -> str:
    """What is told of an event behind its kind, as a code: `call.confirmed` of a loan is `call_confirmed`."""
    return name.replace(".", "_").replace("-", "_")


def thing_words(folder: str) -> str:
    """What one thing of those in a folder is called: `recoveries` has a recovery."""
    return _letters(f"{folder.removesuffix('ies')}y" if folder.endswith("ies") else folder.removesuffix("s"))


def _read() -> Iterator[str]:
    return (path for method, path, *_ in ROUTES if method == "GET" and path.startswith("/v1/"))


def _literals(form: Any) -> Iterator[str]:
    if isinstance(form, LiteralType):
        yield from (value for value in form.values if isinstance(value, str))
    elif not isinstance(form, StructType):
        for inner in schemas.inside(form):
            yield from _literals(inner)


@cache
def structs() -> tuple[StructType, ...]:
    """What officers are answered and may send, with all that is inside."""
    return tuple(schemas.structs(multi_type_info(_forms())))


def _forms() -> list[Any]:
    forms = [form for each in of_officers() for form in (each.response, each.request, each.query)]
    return [form for form in dict.fromkeys(forms) if form is not None]


def of_officers() -> Iterator[Endpoint]:
    """The endpoints that officers may ask, or anybody."""
    return (each for each in _endpoints() if not each.by.roles or "officer" in each.by.roles)


def _endpoints() -> Iterator[Endpoint]:
    """Of every stage, so that the words are the same in all of them."""
    for module in (*slices.MODULES, *slices.SANDBOX):
        yield from slices.load(module).endpoints


def _actions(machines: list[StateMachine[Any, Any]]) -> Iterator[str]:
    """What `allowed_actions` name: transitions that people make. Other machines and the clock make theirs unasked."""
    unasked = BY_ITSELF | {machine.table.kind for machine in machines}
    for machine in machines:
        yield from (each.name for each in machine.table.transitions if each.actors - unasked)


def _commands() -> Iterator[str]:
    for endpoint in _endpoints():
        command = _DONE_TO_A_THING.fullmatch(endpoint.path)
        if command and endpoint.method == "POST":
            yield command[1]


def _statuses(machine: StateMachine[Any, Any]) -> Iterator[str]:
    table: Table[Any, Any] = machine.table
    for transition in table.transitions:
        yield from transition.sources
        yield from () if callable(transition.targets) else transition.targets
    yield from table.ends
    for timer in machine.timers:
        yield from [timer.outcome] if isinstance(timer.outcome, str) else _may_return(timer.outcome)


def _may_return(function: Callable[..., str]) -> Iterator[str]:
    """The codes that a function may answer with, as it declares them itself."""
    yield from get_args(get_type_hints(function).get("return"))

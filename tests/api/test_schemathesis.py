"""The API against its own document: thousands of requests made from it, valid and not, and every answer held to it.

All of schemathesis' checks are on, with a fixed seed. What is set otherwise than it comes, and why:

- positive data may be answered 422: a request that fits the document can still break a business rule (a supplier that is not
  enrolled, instalments that do not add up), and 422 is how this API says so;
- positive data may be answered 400, but only by a rule the document cannot state (an amount with the wrong number of digits for its
  currency, a cursor nobody gave out): never with a code that says the form was wrong, which a check of our own holds;
- the sandbox's clock is moved by two days at most: every day on the way is closed and every month evaluated, and doing that for a year
  belongs to `tests/sandbox`;
- no NUL in generated text: it is refused wherever it stands, and `test_bad_input.py` sends it everywhere;
- none says for whom it acts or names itself: the tokens here may not, `test_acting.py` sends those headers everywhere, and a
  request's own name is any text;
- each request carries a token of a role the endpoint is open to, and none is generated; the check `ignored_auth` drops and spoils it by
  itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

import app
from chalicelib.reference import problems
from chalicelib.reference.reading import component
from infra.local.gateway import Gateway
from tests.api.seeds import Seeds
from tests.size import IS_FULL, at_size

ACCEPTED: Final = ["2xx", "400", "401", "403", "404", "409", "422"]
REFUSED: Final = ["400", "401", "403", "404", "405", "409", "413", "415", "422", "431"]
"""A cursor that is far too long is refused by the gateway, before us."""
MOST_HOURS: Final = 48
ELSEWHERE: Final = {
    f"#/components/parameters/{name}" for name in ("Surety-Acting-For", "Surety-Acting-Person", "X-Request-Id")
}
OF_FORM: Final = frozenset({"bad_field", "not_json", "idempotency_key_required", "body_too_large", "not_storable"})
CONFIG: Final[dict[str, Any]] = {
    "generation": {
        "deterministic": True,
        "no-shrink": True,
        "allow-x00": False,
        "with-security-parameters": False,
    },
    # The document's examples are sent by `test_examples.py`, values at and past the bounds of each field by `test_bad_input.py`, too.
    "phases": {"coverage": {"enabled": IS_FULL}, "examples": {"enabled": IS_FULL}},
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ACCEPTED},
        "negative_data_rejection": {"expected-statuses": REFUSED},
    },
}
Case = schemathesis.Case[Any]
GATEWAY: Final = Gateway(app.app, seconds=None)


def served(environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], object]) -> list[bytes]:
    """The gateway without a socket, and uncompressed, for nothing here undoes it: both are in `tests/infra/test_gateway.py`."""
    headers = {
        name[5:]: value
        for name, value in environ.items()
        if name.startswith("HTTP_") and name != "HTTP_ACCEPT_ENCODING"
    }
    headers |= {name: environ[name] for name in ("CONTENT_TYPE", "CONTENT_LENGTH") if environ.get(name)}
    answer = GATEWAY.answer(
        environ["REQUEST_METHOD"],
        f"{environ['REQUEST_URI'].partition('?')[0]}?{environ['QUERY_STRING']}",
        {name.replace("_", "-").lower(): value for name, value in headers.items()},
        environ["wsgi.input"].read(),
    )
    several = ((name, value if isinstance(value, list) else [value]) for name, value in answer.headers.items())
    start_response(f"{answer.status} {answer.status}", [(name, value) for name, values in several for value in values])
    return [answer.body]


@schemathesis.hook
def before_load_schema(context: Any, raw_schema: dict[str, Any]) -> None:
    """Take the headers of `ELSEWHERE` out of every operation: a case made for one of them would only repeat another."""
    for operation in (operation for methods in raw_schema["paths"].values() for operation in methods.values()):
        operation["parameters"] = [
            parameter for parameter in operation.get("parameters", []) if parameter.get("$ref") not in ELSEWHERE
        ]


schema = schemathesis.openapi.from_wsgi("/v1/openapi.json", served, config=SchemathesisConfig.from_dict(CONFIG))


@schema.parametrize()
@settings(max_examples=at_size(12, 4), suppress_health_check=list(HealthCheck))
def test_the_api_does_what_its_document_says(case: Case, seeds: Seeds) -> None:
    if _fits(case):
        case.path_parameters = {name: _there(seeds, name, text) for name, text in case.path_parameters.items()}
        if case.path == "/v1/sandbox/clock" and isinstance(case.body, dict):
            hours = case.body.get("advance_hours")
            case.body["advance_hours"] = min(hours, MOST_HOURS) if isinstance(hours, int | float) else None
    roles = case.operation.definition.raw.get("x-roles", [])
    headers = {"Authorization": f"Bearer {seeds.token_for(roles)}"} if roles else {}
    case.call_and_validate(headers=headers, additional_checks=[what_fits_has_the_right_form, refusals_are_documented])


def what_fits_has_the_right_form(context: Any, response: schemathesis.Response, case: Case) -> None:
    """The document says everything about form: what fits it is not refused for its form."""
    if response.status_code == 400 and _fits(case):
        assert response.json()["code"] not in OF_FORM, response.json()


def refusals_are_documented(context: Any, response: schemathesis.Response, case: Case) -> None:
    """A refusal's form and code are ones that the document names at that status, where the document has the status."""
    view = case.operation.definition.raw["responses"].get(str(response.status_code))
    if view and response.status_code >= 400:
        named = component(view, "responses", case.operation.schema.raw_schema)
        media = response.headers["content-type"][0].partition(";")[0]
        assert media in named["content"], media
        if media == problems.MEDIA:  # else it is a page, which the document has at this status too
            assert response.json()["code"] in named["x-codes"], response.json()


def _fits(case: Case) -> bool:
    """Whether the request was made to fit the document, all of it."""
    return case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE


def _there(seeds: Seeds, name: str, text: str) -> str:
    """Every second id is one that is there, so that endpoints open and not only names are missing."""
    return seeds.ids.get(name, text) if len(text) % 2 else text

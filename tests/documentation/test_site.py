"""The documentation site as a whole: every page light, readable without script, fetching nothing from elsewhere, every link leading somewhere."""

from __future__ import annotations

import gzip
import json
import posixpath
import re
from functools import lru_cache
from html.parser import HTMLParser

import pytest

from chalicelib.daybook.rules.reasons import REASONS
from chalicelib.documentation.service import BASE_URL
from chalicelib.reference import problems
from chalicelib.shared.settings import settings
from infra.site import site
from infra.site.endpoints import Endpoints
from infra.site.site import Site
from tests.api.api_requests import document
from tests.world import Api

MOST_BYTES = 150_000
"""Of a page, compressed."""
ONE_OF_EACH = (
    "docs", "docs/conventions", "docs/guides", "docs/guides/start", "docs/api", "docs/api/claims", "docs/states", "docs/states/order", "docs/events",
    "docs/events/from-bank", "docs/events/webhooks", "docs/errors", "docs/errors/not_found", "docs/changes",
)  # fmt: skip
VOID = {"meta", "link", "wbr", "br", "img", "input", "hr"}
Files = dict[str, str]


@lru_cache(maxsize=1)
def files() -> Files:
    """Every file of the site as it is written for a file server."""
    site = Site(suffix=".html", base_url="https://api.surety.example", document=document())
    pages = {path: (site.read(path) or b"").decode() for path in site.paths()}
    named = {path if posixpath.splitext(path)[1] else f"{path}.html": written for path, written in pages.items()}
    return named | {"v1/openapi.json": json.dumps(document())}


def pages() -> Files:
    return {path: written for path, written in files().items() if path.endswith(".html")}


def test_no_file_is_heavy() -> None:
    weights = {path: len(gzip.compress(written.encode())) for path, written in files().items() if "openapi" not in path}
    assert {path: weight for path, weight in weights.items() if weight > MOST_BYTES} == {}


def test_every_link_leads_to_a_place_that_is_there() -> None:
    places = {path: set(re.findall(r'\sid="([^"]+)"', written)) for path, written in pages().items()}
    lost = [
        (path, link)
        for path, written in pages().items()
        for link in set(re.findall(r'(?:href|src)="([^"]+)"', written))
        if not _is_there(posixpath.dirname(path), path, link, places)
    ]
    assert lost == []


def test_names_of_places_are_given_once() -> None:
    doubled = {}
    for path, written in pages().items():
        names = re.findall(r'\sid="([^"]+)"', written)
        if len(names) != len(set(names)):
            doubled[path] = sorted({name for name in names if names.count(name) > 1})
    assert doubled == {}


def test_what_the_search_finds_is_there() -> None:
    places = {path: set(re.findall(r'\sid="([^"]+)"', written)) for path, written in pages().items()}
    rows = json.loads(files()["docs/search.json"])
    assert {kind for kind, *_ in rows} >= {"guide", "endpoint", "field", "error", "event", "states"}
    assert [place for *_, place in rows if not _is_there("", "", place, places)] == []


def test_every_endpoint_code_and_group_has_its_place() -> None:
    written = "".join(files().values())
    for methods in document()["paths"].values():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in written
    assert {f"docs/errors/{error.code}.html" for error in problems.every()} <= set(files())


def test_every_code_says_who_answers_with_it_or_where_it_is_met() -> None:
    errors = Site(document=document()).errors
    assert [
        code for code, kind in errors.kinds.items() if not errors.answered_by(kind) and not errors.met_elsewhere(kind)
    ] == []


def test_each_reason_of_a_refused_row_has_a_point_of_its_own() -> None:
    points = re.findall(
        r"<li><code>(\w+)</code>: |<li><a [^>]*><code>(\w+)</code></a>: ",
        files()["docs/conventions.html"].replace("<wbr>", ""),
    )
    assert [reason or linked for reason, linked in points] == [*REASONS]


def test_no_answer_that_is_made_up_holds_half_a_word() -> None:
    halves = re.findall(r"&quot;([a-z ]+ie)&quot;", "".join(pages().values()))
    assert halves == []


@pytest.mark.parametrize("path", ONE_OF_EACH)
def test_a_page_is_whole_and_fetches_nothing_from_elsewhere(api: Api, path: str) -> None:
    reply = api.get(f"/{path}")
    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    policy = reply.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri")
    assert "unsafe" not in policy
    seen = _Seen()
    seen.feed(reply.raw.decode())
    assert seen.open == []
    assert not {"iframe", "object", "embed", "style"} & set(seen.tags)
    assert [name for name, _ in seen.attributes if name.startswith("on") or name == "style"] == []
    assert [
        value
        for name, value in seen.attributes
        if name == "src" and "/" in value.replace("../", "").replace("docs/", "")
    ] == []
    assert seen.words_in_scripts == ""


def test_a_page_that_is_not_there_is_refused_by_name(api: Api) -> None:
    reply = api.get("/docs/errors/nothing_like_it")
    assert (reply.status, reply["code"], reply["fix"]) == (
        404,
        "not_found",
        "Start at /docs, which leads to every page.",
    )


def test_a_refusal_leads_to_the_page_of_its_code(api: Api) -> None:
    refused = api.get("/v1/policies/nothing_like_it")
    page = api.get(refused["doc_url"])
    assert page.status == 200
    assert "<h1><code>not_found</code></h1>" in page.raw.decode()


def test_files_beside_the_pages_say_what_they_are(api: Api) -> None:
    media = {"site.css": "text/css", "site.js": "text/javascript", "changes.atom": "application/atom+xml"}
    for name, kind in media.items():
        reply = api.get(f"/docs/{name}")
        assert reply.headers["Content-Type"] == f"{kind}; charset=utf-8"
        assert BASE_URL not in reply.raw.decode()


def test_requests_can_be_tried_in_a_sandbox_and_nowhere_else() -> None:
    with_it, without = (Endpoints(document(), has_try_it=there).page("Quotes").content for there in (True, False))
    assert "data-request" in with_it
    assert "data-request" not in without
    assert "Try it" not in without


def test_what_examples_begin_with_is_a_file_in_a_sandbox_and_nowhere_else(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = api.get("/docs/prelude.sh")
    assert reply.headers["Content-Type"] == "text/x-shellscript; charset=utf-8"
    assert "export ORDER_ID=" in reply.raw.decode()
    assert BASE_URL not in reply.raw.decode()
    assert "/docs/prelude.sh" in api.get("/docs/api/orders").raw.decode()
    without = settings()._replace(sandbox=False)
    monkeypatch.setattr(site, "settings", lambda: without)
    elsewhere = Site(document=document())
    assert not {"docs/prelude.sh", "docs/samples.json", "docs/try.js"} & set(elsewhere.paths())
    assert b"prelude.sh" not in (elsewhere.read("docs/api/orders") or b"")


class _Seen(HTMLParser):
    """What stands in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.words_in_scripts = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.words_in_scripts += data


def _is_there(folder: str, path: str, link: str, places: dict[str, set[str]]) -> bool:
    page, _, name = link.partition("#")
    target = posixpath.normpath(posixpath.join(folder, page)) if page else path
    if target not in files():
        return False
    return not name or target not in places or name in places[target]

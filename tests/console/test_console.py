"""The console as it is served: its policy, its files by release, the forms of endpoints, its sentences."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Final

import pytest

from chalicelib.console import service, texts, vendor
from chalicelib.shared.languages import ENGLISH, OFFERED
from chalicelib.shared.texts import in_language
from infra import catalogue
from tests.world import Api

APP: Final = Path(service.__file__).parent / "app"
MOST_BYTES: Final = 150_000
"""Of a page with all that it loads before it shows what the API tells, compressed."""
DRAWS: Final = ("vendor/chart.js", "vendor/uplot.js")
"""A figure is drawn by one of them, as it is short or long."""


def test_a_browser_may_do_with_the_page_what_is_named_and_nothing_else(api: Api) -> None:
    reply = api.get("/console")
    policy = reply.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'; trusted-types lit-html" in policy
    assert reply.headers["Cache-Control"] == "no-cache"
    inline = re.findall(r"<script(?![^>]*src)([^>]*)>", reply.raw.decode())
    assert [each.strip() for each in inline] == ['type="importmap"', 'type="application/json" id="stage"']


@pytest.mark.parametrize("module", sorted(APP.glob("*.js")), ids=lambda module: module.name)
def test_no_module_makes_markup_of_text_or_keeps_anything_personal(module: Path) -> None:
    source = module.read_text()
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|unsafeHTML|document\.write|\beval\(|new Function", source
    )
    kept = set(re.findall(r"(?:local|session)Storage\.setItem\((\w+)", source))
    assert kept <= {"KEPT", "THEME", "ON_THE_WAY"}
    assert '"Idempotency-Key"' not in source or module.name == "api.js"
    for imported in re.findall(r'from "([^"]+)"|import\("([^"]+)"\)', source):
        name = next(filter(None, imported))
        assert name in vendor.MODULES or (APP / name.removeprefix("./")).is_file(), name


def test_a_file_is_kept_for_ever_and_one_of_another_release_is_gone(api: Api) -> None:
    reply = api.get(f"/console/{service.release()}/main.js")
    assert (reply.status, reply.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
    gone = api.get("/console/0000000000/main.js")
    assert (gone.status, gone["code"]) == (404, "console_release_gone")
    assert api.get(f"/console/{service.release()}/other.js")["code"] == "not_found"


def test_no_screen_is_heavy_with_all_that_it_loads(api: Api) -> None:
    told = [
        api.get(path).raw for path in ("/console", f"/console/{service.release()}/{service.STYLE}", "/console/routes")
    ]
    texts_of_all = [len(gzip.compress(api.get(f"/console/texts/{language}").raw)) for language in OFFERED]
    weights = {name: len(gzip.compress(module.encode())) for name, module in service.modules().items()}
    whole = sum(len(gzip.compress(each)) for each in told) + max(texts_of_all) + max(weights[name] for name in DRAWS)
    first = service.reached_from(service.FIRST)
    heavy = {
        screen.stem: weight
        for screen in APP.glob("screen_*.js")
        if (weight := whole + sum(weights[name] for name in first | service.reached_from(screen.name))) > MOST_BYTES
    }
    assert heavy == {}


def test_a_form_is_what_the_endpoint_takes_with_all_it_refers_to(api: Api) -> None:
    form = api.get("/console/forms/claims_determine").body
    assert (form["method"], form["duties"], form["roles"]) == ("POST", ["claims"], ["officer"])
    assert set(form["body"]["required"]) == {"outcome", "approved", "supplier_fault_percent"}
    assert "Money" in form["definitions"]
    assert api.get("/console/forms/nothing").status == 404


def test_every_sentence_is_said_in_every_language_that_is_offered(api: Api) -> None:
    assert api.get("/console/texts/en")["texts"] == {text: text for text in texts.sentences()}
    for language in ("zh-Hans", "ko"):
        content = api.get(f"/console/texts/{language}")["texts"]
        assert content.keys() == set(texts.sentences())
        worded = [text for text in content if re.search("[a-z]", re.sub(r"\{\w+\}", "", text))]
        assert not [text for text in worded if content[text] == text]
    assert api.get("/console/texts/tlh").status == 404


def test_a_form_follows_its_reader_and_is_kept_apart_for_each_language(api: Api) -> None:
    def form(language: str) -> tuple[str, str]:
        reply = api.get("/console/forms/claims_determine", Accept_Language=language)
        assert (reply.headers["Content-Language"], reply.headers["Vary"]) == (language, "Accept-Language")
        return reply["says"], reply["body"]["properties"]["reasoning"]["description"]

    assert form("en") == (
        "Decide. Large claims need a second officer to decide the same.",
        "Why, in words that both sides read.",
    )
    assert form("ko") == (
        "판정합니다. 금액이 큰 클레임은 두 번째 담당자가 같은 판정을 내려야 합니다.",
        "까닭, 양측이 읽을 글.",
    )
    assert form("zh-Hans")[1] == "原因，双方将读到的文字。"


def test_what_a_list_or_a_command_says_of_itself_is_said_in_every_language(api: Api) -> None:
    """Of all that officers open: codes, such as a currency's standard, are the same in each."""
    forms = [service.form(each.name) for each in catalogue.opened_in_the_console()]
    assert {each.method for each in forms} == {"GET", "POST"}
    data = {text for form in forms for text in catalogue.sentences_of(form) if re.search("[a-z]{3} [a-z]", text)}
    assert len(data) > 300
    english = {
        language: [text for text in data if in_language(text, language) == text]
        for language in OFFERED
        if language != ENGLISH
    }
    assert not any(english.values()), english


def test_the_routes_say_which_command_an_action_is(api: Api) -> None:
    routes = {route["name"]: route for route in api.get("/console/routes")["items"]}
    assert routes["claims_determine"]["thing"] == "/v1/claims/{claim_id}"
    assert "determine" in routes["claims_determine"]["actions"]
    assert "reference_health" not in routes

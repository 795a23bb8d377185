"""The docs page: whole in itself, nothing fetched, every link leads somewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from chalicelib.reference import problems
from tests.api.api_requests import document
from tests.world import Api, Reply


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in ("meta", "br", "wbr", "link", "img", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, name: str) -> list[str]:
        return [value for attribute, value in self.attributes if attribute == name]


@pytest.fixture
def page(api: Api) -> Reply:
    return api.get("/docs")


@pytest.fixture
def seen(page: Reply) -> _Seen:
    parser = _Seen()
    parser.feed(page.raw.decode())
    assert parser.open == []
    return parser


def test_the_page_is_html_for_anybody(page: Reply) -> None:
    assert page.status == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"


def test_nothing_is_fetched_from_anywhere(page: Reply, seen: _Seen) -> None:
    assert not {"script", "link", "img", "iframe", "object", "embed", "video", "audio", "form"} & set(seen.tags)
    assert seen.all("src") + seen.all("srcset") + seen.all("style") + seen.all("onclick") == []
    style = re.search(r"<style>(.*?)</style>", page.raw.decode(), re.DOTALL)
    assert style is not None
    assert not re.search(r"url\(|@import", style[1])
    assert all(link.startswith(("#", "v1/")) for link in seen.all("href"))


def test_the_browser_is_told_to_fetch_nothing(page: Reply) -> None:
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_every_link_leads_to_something_on_the_page(seen: _Seen) -> None:
    anchors = seen.all("id")
    assert len(set(anchors)) == len(anchors)
    assert {link[1:] for link in seen.all("href") if link.startswith("#")} <= set(anchors)


def test_every_problem_can_be_linked_to_by_its_code(seen: _Seen) -> None:
    assert {error.code for error in problems.every()} <= set(seen.all("id"))


def test_a_refusal_links_to_its_explanation(api: Api, seen: _Seen) -> None:
    refused = api.get("/v1/policies/nothing_like_it")
    page, _, code = refused["doc_url"].partition("#")
    assert page.endswith("/docs")
    assert code in seen.all("id")


def test_every_door_is_on_the_page_with_a_command_to_copy(page: Reply) -> None:
    text = page.raw.decode()
    for path, methods in document()["paths"].items():
        assert f'<h3 class="path">{path}</h3>' in text
        assert len(methods) >= 1
    endpoints = sum(len(methods) for methods in document()["paths"].values())
    assert text.count("curl -sS") == endpoints

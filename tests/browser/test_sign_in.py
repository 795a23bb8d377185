"""Signing in with an identity provider: PKCE, state and nonce, and a token that is nowhere but in the page's memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from chalicelib.console import service as console_service
from infra.local.sample import LANTERNS
from tests.browser.conftest import AXE, Service
from tests.browser.console import Console
from tests.browser.issuer import CLIENT, Issuer
from tests.browser.watching import Watched
from tests.stage import read_settings

KEPT: Final = "JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])"


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    """A stage that is no sandbox, with an identity provider for its console."""
    with Issuer().running() as running:
        monkeypatch.setenv("SURETY_SANDBOX", "false")
        monkeypatch.setenv("SURETY_CONSOLE_CLIENT_ID", CLIENT)
        monkeypatch.setenv("SURETY_AUTHORIZE_URL", f"{running.url}/authorize")
        monkeypatch.setenv("SURETY_TOKEN_URL", f"{running.url}/token")
        _read_anew()
        yield running
        monkeypatch.undo()
        _read_anew()


def _read_anew() -> None:
    read_settings()
    console_service.html.cache_clear()
    console_service.policy.cache_clear()


def test_an_officer_signs_in_and_the_token_is_kept_nowhere(service: Service, page: Page, issuer: Issuer) -> None:
    watched = Watched(page, service.url, allowed=(issuer.url,))
    page.goto(f"{service.url}/console#/all")
    page.get_by_role("button", name="Sign in").press("Enter")
    page.get_by_role("heading", name="All lists").wait_for()
    assert page.get_by_text("anna").is_visible()
    kept = page.evaluate(KEPT)
    assert not any(secret in kept for secret in ("eyJ", "code=", "state=", "verifier"))
    Console(page, service, AXE).must_be_accessible()
    watched.must_be_clean()

    page.reload()
    page.get_by_role("button", name="Sign in").wait_for()

    page.goto(f"{service.url}/console?code=stolen&state=of-somebody-else")
    page.get_by_text("was not begun here").wait_for()
    assert "code=" not in page.url

    issuer.nonce = "of another sign-in"
    page.get_by_role("button", name="Sign in").press("Enter")
    page.get_by_text("answered another sign-in").wait_for()
    assert issuer.served == 2
    assert page.get_by_role("navigation").count() == 0


def test_what_was_written_comes_along_to_the_identity_provider_and_back_and_is_kept_nowhere_then(
    service: Service, page: Page, issuer: Issuer
) -> None:
    watched = Watched(page, service.url, allowed=(issuer.url,))
    page.goto(f"{service.url}/console#/members/{service.sample.ids[LANTERNS]}")
    page.get_by_role("button", name="Sign in").press("Enter")
    note = page.get_by_label("A note that only officers read")
    note.fill("Nobody answered the telephone.")
    page.route("**/v1/cases", lambda route: route.fulfill(status=401, json={"title": "Authentication required."}))
    page.get_by_role("button", name="Write it down").press("Enter")
    page.get_by_role("button", name="Sign in").press("Enter")
    expect(note).to_have_value("Nobody answered the telephone.")
    assert "telephone" not in page.evaluate(KEPT)
    page.unroute("**/v1/cases")
    page.get_by_role("button", name="Write it down").press("Enter")
    page.locator(".said", has_text="Nobody answered the telephone.").wait_for()
    expect(note).to_have_value("")
    watched.must_be_clean()

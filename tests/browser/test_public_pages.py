"""Public pages in a browser: read without a script, on a phone, by whoever uses a keyboard or a screen reader."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import AXE, Service
from tests.browser.console import Console
from tests.browser.shots import channel_of, exporter_of
from tests.browser.watching import Watched

PHONE = ViewportSize(width=390, height=844)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_is_read_on_a_phone_and_by_everybody(service: Service, page: Page, scheme: str) -> None:
    watched = Watched(page, service.url)
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    console = Console(page, service, AXE)
    for place in (f"/s/{exporter_of(service.sample)}", f"/c/{channel_of(service.sample)}", "/s/mem_cut_off"):
        page.goto(f"{service.url}{place}")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], place
        console.must_be_accessible()
        watched.must_be_clean()


def test_without_a_script_a_buyer_goes_from_a_storefront_to_its_channel_in_another_language(
    service: Service, chromium_browser: Browser
) -> None:
    context = chromium_browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{service.url}/s/{exporter_of(service.sample)}")
    page.get_by_role("link", name="한국어").press("Enter")
    expect(page.get_by_role("heading", level=2).first).to_have_text("배지")
    page.get_by_text("산출 방식").first.press("Enter")
    page.get_by_role("link", name="채널 보기").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("한국 채널")
    page.get_by_role("link", name="의류").press("Enter")
    expect(page.get_by_role("link", name="의류")).to_have_attribute("aria-current", "true")
    page.get_by_role("link", name="공급업체 보기").first.press("Enter")
    expect(page.get_by_role("heading", name="직접 확인하기")).to_be_visible()
    context.close()
